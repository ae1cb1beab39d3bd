import re

import pytest

from ka_lib import language, widgets
from ka_lib.errors import ParameterError
from ka_lib.role_play import load


class Clock:
    """A clock that a test winds on."""

    def __init__(self):
        self.time = 1_766_455_200.0

    def __call__(self):
        return self.time


@pytest.fixture(params=["zh", "en"], autouse=True)
def lang(request):
    language.use(request.param)
    yield request.param
    language.use("zh")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def play(clock):
    return widgets.role_play("price_negotiation", clock).play


def say(play, path):
    for code in path.split("-"):
        labels = [button.description[-1].lower() for button in play.buttons.children]
        play.buttons.children[labels.index(code)].click()


def test_nothing_can_be_said_before_the_round_has_started(play, lang):
    assert play.buttons.children == ()
    data = load("price_negotiation")
    assert data["rep_card"][lang][:20] in play.result.value
    play.begin.click()
    assert len(play.buttons.children) == 4
    assert data["nodes"]["demand"]["says"][lang][:12] in play.result.value


def test_a_reply_moves_the_meters_and_says_so(play, lang):
    play.begin.click()
    say(play, "c")
    # 50 + 6, 75 + 0
    said = {"zh": "信任 +6，到 56；毛利 +0，到 75。", "en": "Trust +6, now 56; margin +0, now 75."}
    assert said[lang] in play.result.value
    assert "<b>56</b> / 100" in play.result.value
    assert load("price_negotiation")["nodes"]["demand"]["replies"]["c"]["note"][lang] in (
        play.result.value
    )


def test_the_end_shows_the_result_and_the_three_questions(play):
    play.begin.click()
    say(play, "c-a-d-c-c-a")
    # trust 50+6+8+6+10+8+5, margin 75+0+4+2+4-4+2; 0.4*100 + 0.35*93 + 0.25*83 = 93.3
    for words in ("93", "83", "C-A-D-C-C-A"):
        assert words in play.result.value
    assert play.result.value.count("<li>") == 3
    assert play.buttons.children == ()
    assert play.talk.ending == "written"


def test_without_an_agreement_the_margin_counts_as_nothing(play, lang):
    play.begin.click()
    say(play, "b-c-d-c")
    # trust 50-9-5-14+0 = 22: 0.35*22 = 7.7
    line = {"zh": "目标 0，信任 22，毛利 0", "en": "Aim 0, trust 22, margin 0"}
    assert line[lang] in play.result.value
    assert {"zh": "双方得分 8", "en": "joint result is 8"}[lang] in play.result.value


def test_trust_that_is_too_low_is_named(clock):
    play = widgets.role_play("first_visit", clock).play
    play.begin.click()
    say(play, "a-a-c-a")
    # 40-6-8-2 = 24, no day agreed; next_time a leads on without trust
    assert play.talk.ending == "polite_no"
    play.begin.click()
    play.begin.click()
    say(play, "a-a-c-c")
    # 24 + 6 = 30, and 34 is asked
    assert play.talk.ending == "polite_no"
    assert "34" in play.result.value


def test_only_the_customer_and_the_observer_read_thoughts(play, lang):
    play.begin.click()
    thought = load("price_negotiation")["nodes"]["demand"]["feels"][lang]
    assert thought not in play.result.value
    play.role.value = "customer"
    assert thought in play.result.value
    assert play.sheet.layout.display == "none"
    play.role.value = "observer"
    assert thought in play.result.value
    assert play.sheet.layout.display == ""
    assert len(play.sheet.children) == len(load("price_negotiation")["observer"])


def test_the_clock_starts_with_the_round_and_counts_at_each_click(play, clock, lang):
    before = play.clock.value
    play.begin.click()
    running = play.clock.value
    assert running != before
    assert len(re.findall(r"\d\d:\d\d", running)) == 2
    clock.time += 200
    say(play, "c")
    assert {"zh": "已用 3 分 20 秒", "en": "3 min 20 s gone"}[lang] in play.result.value
    assert play.clock.value == running, "drawn again, the bar would start from nothing"
    clock.time += 701
    say(play, "a")
    assert {"zh": "过了 15 分钟", "en": "More than 15 minutes"}[lang] in play.result.value


def test_another_round_begins_afresh_in_the_next_role(play):
    play.begin.click()
    say(play, "c")
    play.next_role.click()
    assert play.role.value == "customer"
    assert play.talk.steps == ()
    assert play.started is None
    play.next_role.click()
    play.next_role.click()
    assert play.role.value == "rep"


def test_another_scenario_begins_afresh(play):
    play.begin.click()
    say(play, "c")
    play.scenario.value = "complaint"
    assert play.talk.steps == ()
    assert play.talk.node == "call"


def test_an_unknown_scenario_is_refused(lang):
    with pytest.raises(ParameterError) as caught:
        widgets.role_play("tea_party")
    assert {"zh": "没有叫", "en": "no role play"}[lang] in str(caught.value)


def test_a_page_without_a_kernel_shows_the_printed_version(monkeypatch, lang):
    monkeypatch.setenv("KA_STATIC", "1")
    page = widgets.role_play("complaint")._repr_html_()
    assert load("complaint")["nodes"]["call"]["says"][lang] in page
