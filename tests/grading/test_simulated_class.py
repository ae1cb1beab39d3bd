"""Does every kind of learner end with the points earned, through the real command?"""

from pathlib import Path

import pytest

from ka_course.simulated_class import members

ROOT = Path(__file__).parents[2]
CHAPTERS = sorted(path.parent.name for path in (ROOT / "solutions").glob("ch*/tasks.py"))
# A class takes a minute: chapters take turns in one language, one chapter goes through both. The
# checks are compared in both languages for every chapter in tests/solutions.
TURNS = [(name, "en" if int(name.removeprefix("ch")) % 2 else "zh") for name in CHAPTERS]
TURNS += [("ch03", "zh")]
pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("chapter", "lang"), TURNS)
def test_every_answer_gets_its_verdict_on_the_secret_company(classroom, assignment, chapter, lang):
    room, tasks = classroom(chapter, lang), assignment(chapter)
    class_ = members(tasks)
    room.roster("worked", *(member.name for member in class_))
    room.submit("worked", room.worked)
    for member in class_:
        room.submit(member.name, room.answered(member.codes))
    room.grade()
    everything = sum(task.points for task in tasks.tasks.values())
    assert room.score("worked") == everything
    for member in class_:
        found = {
            task: (about["outcome"], about["misconception"])
            for task, about in room.record(member.name).outcomes.items()
        }
        assert found == member.outcomes, member.name
        earned = sum(
            tasks.tasks[task].points for task, (outcome, _) in found.items() if outcome == "right"
        )
        assert room.score(member.name) == earned, member.name
        assert not room.record(member.name).notes
