import copy
from pathlib import Path

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ka_lib import language, role_play
from ka_lib.errors import ParameterError
from ka_lib.role_play import check

NAMES = ["first_visit", "price_negotiation", "complaint"]
ROOT = Path(__file__).parents[2]


def words(said):
    return {"zh": said, "en": said}


def reply(to, trust=0, margin=0, **more):
    says = {"says": words("a" * (5 + trust % 7)), "note": words("n")}
    return {**says, "trust": trust, "margin": margin, "to": to, **more}


def small():
    """Two steps: trust 90 and margin 10 to begin with, meters that would run over."""
    return {
        "id": "small",
        "start": {"node": "one", "trust": 90, "margin": 10},
        "parts": {"p": words("P")},
        "observer": [words("o")] * 4,
        "nodes": {
            "one": {
                "part": "p",
                "says": words("?"),
                "feels": words("!"),
                "replies": {
                    "a": reply("two", 20, -30),
                    "b": reply("two", -60, 5),
                    "c": reply("no"),
                },
            },
            "two": {
                "part": "p",
                "says": words("?"),
                "feels": words("!"),
                "replies": {
                    "a": reply("yes", 5, 0, least_trust=50, otherwise="no"),
                    "b": reply("no", 0, 50),
                },
            },
        },
        "endings": {
            "yes": {"agreed": True, "goal": 100, "title": words("y"), "says": words("y")},
            "no": {"agreed": False, "goal": 10, "title": words("n"), "says": words("n")},
        },
    }


def test_the_meters_stop_at_0_and_100():
    first = role_play.play(small(), "a").steps[0]
    assert (first.trust, first.margin) == (100, 0)
    assert (first.trust_change, first.margin_change) == (10, -10)
    # Held at every step: 0 + 50, not 10 - 30 + 50.
    assert role_play.play(small(), "a-b").margin == 50


def test_a_reply_that_needs_trust_is_judged_by_the_trust_after_it():
    assert role_play.play(small(), "a-a").ending == "yes"
    low = role_play.play(small(), "b-a")
    assert (low.trust, low.ending) == (35, "no")
    assert low.steps[-1].needed_trust
    # 90 - 45 + 5 is just enough.
    enough = small()
    enough["nodes"]["one"]["replies"]["b"]["trust"] = -45
    assert role_play.play(enough, "b-a").ending == "yes"


def test_every_path_of_a_small_talk():
    table = role_play.paths(small())
    expected = pd.DataFrame(
        {
            "scenario": "small",
            "path": ["a-a", "a-b", "b-a", "b-b", "c"],
            "steps": [2, 2, 2, 2, 1],
            "ending": ["yes", "no", "no", "no", "no"],
            "agreed": [True, False, False, False, False],
            "goal": [100.0, 10.0, 10.0, 10.0, 10.0],
            "trust": [100.0, 100.0, 35.0, 30.0, 90.0],
            "margin_kept": [0.0, 50.0, 15.0, 65.0, 10.0],
        }
    )
    pd.testing.assert_frame_equal(table, expected)


def test_the_joint_result_counts_margin_only_where_there_is_an_agreement():
    table = role_play.paths(small())
    result = role_play.joint(
        table["goal"],
        table["trust"],
        table["margin_kept"],
        table["agreed"],
        {"goal": 0.5, "trust": 0.3, "margin": 0.2},
    )
    # 50 + 30 + 0; 5 + 30; 5 + 10.5; 5 + 9; 5 + 27
    assert list(result) == pytest.approx([80, 35, 15.5, 14, 32])


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "weights",
    [
        {"goal": 1.0},
        {"goal": 0.5, "trust": 0.5, "margin": 0.5},
        {"goal": 1.2, "trust": -0.4, "margin": 0.2},
    ],
)
def test_weights_have_to_sum_to_one(lang, weights):
    language.use(lang)
    with pytest.raises(ParameterError) as caught:
        role_play.joint(1.0, 1.0, 1.0, True, weights)
    language_word = {"zh": "加起来等于 1", "en": "sum to 1"}[lang]
    assert language_word in str(caught.value)
    language.use("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("d", {"zh": "第 1 句不能答“d”", "en": 'Reply 1 cannot be "d"'}),
        ("c-a", {"zh": "谈到第 1 句就结束了", "en": "over after 1 replies"}),
    ],
)
def test_a_path_that_does_not_exist_is_refused(lang, path, said):
    language.use(lang)
    with pytest.raises(ParameterError) as caught:
        role_play.play(small(), path)
    assert said[lang] in str(caught.value)
    language.use("zh")


def test_an_empty_path_is_a_talk_that_has_not_begun():
    talk = role_play.play(small(), "")
    assert (talk.node, talk.path, talk.trust) == ("one", "", 90)
    assert role_play.play(small(), ["A", "a"]).path == "a-a"


def test_a_scenario_belongs_to_whoever_loaded_it():
    mine = role_play.load("complaint")
    mine["start"]["trust"] = 0
    assert role_play.load("complaint")["start"]["trust"] > 0


# --- the three of the course --------------------------------------------------------------------


def test_the_course_has_three():
    assert role_play.names() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_scenario_is_sound(name):
    """Both languages, 12 decisions, 4 endings, all reached, all end, no best reply given away."""
    assert check.problems(role_play.load(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_notebooks_find_is_what_was_written(name):
    source = yaml.safe_load(
        (ROOT / "course" / "scenarios" / f"{name}.yaml").read_text(encoding="utf-8")
    )
    assert role_play.load(name) == source


@pytest.mark.parametrize("name", NAMES)
def test_every_result_is_bounded(name):
    table = role_play.paths(name)
    result = role_play.joint(table["goal"], table["trust"], table["margin_kept"], table["agreed"])
    assert result.between(0, 100).all()
    for column in ("goal", "trust", "margin_kept"):
        assert table[column].between(0, 100).all()
    assert result.max() > 85
    assert result.min() < 15
    assert table["path"].is_unique
    assert table["steps"].min() >= 3


@pytest.mark.parametrize("name", NAMES)
def test_the_best_path_is_one_whatever_company_weighs_it(name):
    table = role_play.paths(name)
    for goal in (0.3, 0.35, 0.4, 0.45, 0.5):
        for trust in (0.2, 0.25, 0.3, 0.35, 0.4):
            weights = {"goal": goal, "trust": trust, "margin": 1 - goal - trust}
            result = role_play.joint(
                table["goal"], table["trust"], table["margin_kept"], table["agreed"], weights
            )
            first, second = result.nlargest(2)
            assert first - second > 0.1


@pytest.mark.parametrize("name", NAMES)
def test_pleasing_the_customer_at_each_step_is_not_the_best_path(name):
    scenario = role_play.load(name)
    codes = []
    while not role_play.play(scenario, codes).ending:
        open_now = role_play.play(scenario, codes).open
        codes.append(max(open_now, key=lambda code: open_now[code]["trust"]))
    pleasing = role_play.play(scenario, codes)
    table = role_play.paths(name)
    table["joint"] = role_play.joint(
        table["goal"], table["trust"], table["margin_kept"], table["agreed"]
    )
    own = table.set_index("path")["joint"]
    assert own.max() - own[pleasing.path] > 1


@pytest.mark.parametrize("name", NAMES)
def test_what_the_law_forbids_never_counts_as_an_agreement(name):
    table = role_play.paths(name)
    wrong = table[table["ending"].isin(["improper", "fee"])]
    assert len(wrong)
    assert not wrong["agreed"].any()
    assert (wrong["goal"] == 0).all()


@given(st.data())
def test_any_walk_ends_as_the_table_says(data):
    name = data.draw(st.sampled_from(NAMES))
    codes = []
    while role_play.play(name, codes).open:
        codes.append(data.draw(st.sampled_from(sorted(role_play.play(name, codes).open))))
    talk = role_play.play(name, codes)
    trust = role_play.load(name)["start"]["trust"]
    for step in talk.steps:
        trust += step.trust_change
    assert trust == talk.trust
    assert talk.ending in talk.scenario["endings"]


def test_every_reply_stands_in_the_table():
    table = role_play.replies("price_negotiation")
    scenario = role_play.load("price_negotiation")
    assert len(table) == sum(len(node["replies"]) for node in scenario["nodes"].values())
    row = table[(table["node"] == "sign") & (table["reply"] == "a")].iloc[0]
    assert (row["leads_to"], row["least_trust"], row["otherwise"]) == ("written", 62, "pending")
    assert table["least_trust"].isna().sum() == len(table) - 2


# --- what the check finds -----------------------------------------------------------------------


def broken(change):
    scenario = role_play.load("complaint")
    change(scenario)
    return " ".join(check.problems(scenario))


def test_the_check_finds_what_is_missing():
    def no_english(scenario):
        scenario["nodes"]["call"]["replies"]["a"]["note"]["en"] = " "

    def nowhere(scenario):
        scenario["nodes"]["call"]["replies"]["a"]["to"] = "moon"

    def loop(scenario):
        scenario["nodes"]["cold"]["replies"]["b"]["to"] = "boil"

    def cut_off(scenario):
        for node in scenario["nodes"].values():
            for one in node["replies"].values():
                one["to"] = "feel" if one["to"] == "boss" else one["to"]

    def few(scenario):
        del scenario["nodes"]["call"]["replies"]["b"], scenario["nodes"]["call"]["replies"]["a"]

    def out_of_reach(scenario):
        scenario["nodes"]["close"]["replies"]["c"]["least_trust"] = 101

    assert "call.a.note" in broken(no_english)
    assert "moon" in broken(nowhere)
    assert "绕回" in broken(loop)
    assert "boss" in broken(cut_off)
    assert "2 个回答" in broken(few)
    assert "recovered" in broken(out_of_reach)


def test_the_check_finds_a_best_reply_that_gives_itself_away():
    scenario = role_play.load("complaint")
    best = check.best_replies(scenario)
    for node, code in best.items():
        scenario["nodes"][node]["replies"][code]["says"]["en"] += " and so on" * 30
    assert "en 版里，最好的回答有 13/13 次最长" in " ".join(check.problems(scenario))

    first = role_play.load("complaint")
    for node, code in best.items():
        replies = first["nodes"][node]["replies"]
        first["nodes"][node]["replies"] = {code: replies.pop(code), **replies}
    assert "最好的回答有 13/13 次排在第一个" in " ".join(check.problems(first))


# --- on paper ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_the_printed_version_has_every_word(name, lang, tmp_path):
    import html

    scenario = role_play.load(name)
    sheet = role_play.handout(name, lang)
    page = sheet.save(tmp_path / "角色 扮演.html").read_text(encoding="utf-8")
    shown = html.unescape(page)
    other = {"zh": "en", "en": "zh"}[lang]
    for node in scenario["nodes"].values():
        assert node["says"][lang] in shown
        assert node["says"][other] not in shown
        for one in node["replies"].values():
            assert one["says"][lang] in shown
    for part in (scenario["rep_card"], scenario["customer_card"], *scenario["observer"]):
        assert part[lang] in shown
    assert page.count("<section>") == 3
    assert page.count('<table class="line">') == 3  # the three questions of the debrief
    # Three people, three rounds: everybody takes each role once.
    people = {"zh": ["甲", "乙", "丙"], "en": ["Person 1", "Person 2", "Person 3"]}[lang]
    assert [page.count(f"<td>{person}</td>") for person in people] == [3, 3, 3]


def test_the_printed_version_can_be_made_of_a_scenario_of_ones_own():
    mine = copy.deepcopy(role_play.load("complaint"))
    mine["title"]["zh"] = "我的 <场景>"
    assert "我的 &lt;场景&gt;" in role_play.handout(mine, "zh").page
