"""What customers say against an offer: every kind in every company, the same in both languages."""

import pytest

from ka_course import practice
from ka_course.practice.objections import A_KIND, NOTED, SENTENCES

# The rule of chapter 4, first hit wins; the sentences stand kind by kind in the source.
CUES = {
    "trust": ("上次 保证 没合作过 靠得住 断货", "last time|guarantee|never worked|rely on|ran out"),
    "timing": ("明年 再说 等", "next year|later|wait"),
    "product": (
        "口味 规格 包装 保质期 功能",
        "taste|pack size|packaging|shelf life|function",
    ),
    "price": ("贵 价 便宜 折扣 预算", "expensive|price|cheap|discount|budget"),
}
KINDS = ("price", "product", "timing", "trust")


def hits(sentence, lang):
    words = {kind: zh.split() if lang == "zh" else en.split("|") for kind, (zh, en) in CUES.items()}
    return [kind for kind, cues in words.items() if any(cue in sentence for cue in cues)]


@pytest.mark.parametrize("place", range(len(SENTENCES)))
def test_the_cue_words_of_both_languages_agree_and_the_first_is_the_kind_it_was_written_as(place):
    zh, en = SENTENCES[place]
    assert hits(zh, "zh") == hits(en, "en")
    assert hits(zh, "zh")[0] == KINDS[place // A_KIND]


def test_many_sentences_name_a_price_and_mean_something_else():
    mixed = [zh for zh, _ in SENTENCES if "price" in hits(zh, "zh")[1:]]
    assert len(mixed) >= 6


@pytest.mark.parametrize("seed", [practice.PRACTICE_SEED, 1, 2, 3])
def test_each_company_hears_every_kind_and_no_sentence_twice(seed):
    table = practice.generate(seed)["objections"]
    assert len(table) == NOTED == table["sentence_zh"].nunique()
    found = [hits(sentence, "zh")[0] for sentence in table["sentence_zh"]]
    assert min(found.count(kind) for kind in KINDS) >= 4
    assert (table["account_id"] == "A004").sum() == 4
    assert not {"kind", "class"} & set(table.columns)
