"""Does the opening, whose release holds a line that cannot run, grade like any other chapter?"""

import pytest

pytestmark = pytest.mark.slow


def test_the_untouched_release_earns_nothing_and_mending_the_comma_earns_its_points(classroom):
    room = classroom("ch00", "zh")
    cells = {cell.id: cell for cell in room.released.cells}
    assert "，" in cells["q2"].source, "the slip is in what a cohort's learners get"
    room.roster("untouched", "mended")
    room.submit("untouched", room.released)
    room.submit("mended", room.answered({"q2": cells["q2"].source.replace("，", ", ")}))
    room.grade()
    assert room.score("untouched") == 0
    outcomes = room.record("untouched").outcomes
    assert {task: about["outcome"] for task, about in outcomes.items()} == {
        "q1": "misconception",  # it runs as it is, and measures a fifth
        "q2": "not_tried",
        "q3": "not_tried",
    }
    assert room.score("mended") == room.points("q2")
    assert not room.notes("untouched")
