"""The demonstration: every kind of student hands in what it is called after, and a row that is wrong says so."""

import json

import pytest

from autograder import exercises
from autograder.desk import demo
from autograder.desk.demo import KINDS, make_class, table
from autograder.gradebook.enter import write_gradebook
from autograder.grading.record import GRADED, UNGRADABLE
from autograder.results import Verdict
from tests.autograder.by_hand import checked, graded, record, result
from tests.autograder.conftest import NAME

BY_NAME = {kind.name: kind for kind in KINDS}
MISTAKES = list(exercises.load("masked_mean").misconceptions)
FULL = result(checked(Verdict.PASSED, most=9.0))
NOTHING = result(checked(Verdict.FAILED, most=9.0, summary="It is not."))
NAMED = [
    result(checked(Verdict.FAILED, most=9.0, points=6.0, misconception=name, message="Look again."))
    for name in MISTAKES[:3]
]


@pytest.fixture(autouse=True)
def one_problem_set(monkeypatch):
    monkeypatch.setattr(demo, "ASSIGNMENTS", (NAME,))


def handed_in(course):
    """What each kind of student handed in: bytes by the kind's name."""
    who = make_class(course, len(KINDS))
    return {kind.name: course.submission(student, NAME).notebook for student, kind in who.items()}


def answer(data):
    return "".join(next(cell["source"] for cell in json.loads(data)["cells"] if cell["id"] == "masked_mean"))


def test_kinds_of_students_come_in_turn(course):
    who = make_class(course, len(KINDS) + 1)
    assert list(who) == [f"student{number:03}" for number in range(1, len(KINDS) + 2)]
    assert list(who.values()) == [*KINDS, KINDS[0]]
    assert len({kind.name for kind in KINDS}) == len(KINDS) == 12


def test_every_kind_hands_in_what_it_is_called_after(course):
    data = handed_in(course)
    released = json.loads((course.root / "release" / NAME / f"{NAME}.ipynb").read_bytes())
    assert "kept.sum() / count" in answer(data["right"])
    assert "kept.sum() / count" not in answer(data["right, another style"])
    assert [cell["id"] for cell in json.loads(data["unsolved"])["cells"]] == [cell["id"] for cell in released["cells"]]
    assert "NotImplementedError" in answer(data["unsolved"])
    assert "while True" in answer(data["infinite loop"])
    assert "def masked_mean(" in answer(data["infinite loop"])
    assert "import a_package_that_is_not_there" in answer(data["crash at import"])
    assert "os._exit(0)" in answer(data["os._exit(0)"])
    assert "warnings.warn" in answer(data["warns on stderr"])
    assert "kept.sum() / count" in answer(data["warns on stderr"])
    assert "kept.sum() / count" in answer(data["deleted test cell"])
    assert "check-masked_mean" not in [cell["id"] for cell in json.loads(data["deleted test cell"])["cells"]]
    with pytest.raises(ValueError, match="Expecting"):
        json.loads(data["not a notebook"])
    assert len({answer(data[f"misconception {number}"]) for number in (1, 2, 3)}) == 3


@pytest.mark.parametrize(
    ("kind", "as_it_should_be", "not_so"),
    [
        ("right", FULL, NOTHING),
        ("unsolved", NOTHING, NAMED[0]),
        ("misconception 1", NAMED[0], NAMED[1]),
        ("misconception 2", NAMED[1], NAMED[0]),
        ("misconception 3", NAMED[2], FULL),
        ("deleted test cell", FULL, NAMED[0]),
    ],
)
def test_each_kind_has_a_result_that_it_should_have(course, kind, as_it_should_be, not_so):
    assignment = course.assignments[NAME]
    judge = BY_NAME[kind].as_it_should_be
    assert judge(record(course, "ada", as_it_should_be), assignment)
    assert not judge(record(course, "ada", not_so), assignment)


def test_full_marks_for_too_few_exercises_are_not_full_marks(course):
    assert not BY_NAME["right"].as_it_should_be(record(course, "ada"), course.assignments[NAME])
    assert not BY_NAME["unsolved"].as_it_should_be(record(course, "ada"), course.assignments[NAME])


def test_one_spoilt_answer_costs_its_own_exercise_and_no_other(course):
    judge = BY_NAME["infinite loop"].as_it_should_be
    assignment = course.assignments[NAME]
    other = result(checked(Verdict.PASSED), exercise="delta_m")
    assert judge(record(course, "ada", NOTHING, other), assignment)
    assert not judge(record(course, "ada", FULL, other), assignment)
    assert not judge(record(course, "ada", NOTHING), assignment)
    spoilt = result(checked(Verdict.FAILED), exercise="delta_m")
    assert not judge(record(course, "ada", NOTHING, spoilt), assignment)


def test_what_is_no_notebook_must_be_for_review_with_a_reason(course):
    judge = BY_NAME["not a notebook"].as_it_should_be
    assignment = course.assignments[NAME]
    assert judge(record(course, "ada", status=UNGRADABLE, reason="no notebook"), assignment)
    assert not judge(record(course, "ada", status=UNGRADABLE), assignment)
    assert not judge(record(course, "ada", status=GRADED, reason="no notebook"), assignment)


def test_a_row_is_as_it_should_be_only_if_record_and_gradebook_say_so(course, released):
    graded(course, "ada", released, FULL)
    graded(course, "bob", released, NAMED[0])
    who = {"ada": BY_NAME["right"], "bob": BY_NAME["misconception 1"], "cleo": BY_NAME["right"]}
    assert [row.as_it_should_be for row in table(course, who)] == [False] * 3  # nothing is in the gradebook yet
    write_gradebook(course)
    ada, bob, cleo = table(course, who)
    assert (ada.student, ada.kind, ada.assignment, ada.as_it_should_be) == ("ada", "right", NAME, True)
    assert (ada.score, ada.max_score, ada.wrong) == (9.0, 9.0, "")
    assert (bob.score, bob.max_score, bob.as_it_should_be) == (6.0, 9.0, True)
    assert bob.wrong == f"masked_mean: [{MISTAKES[0]}] Look again."
    assert (cleo.score, cleo.wrong, cleo.as_it_should_be) == (0, "no record", False)
    course.write_record(record(course, "ada", NAMED[0]))  # the gradebook has 9 points for it
    assert not next(table(course, {"ada": BY_NAME["misconception 1"]})).as_it_should_be
