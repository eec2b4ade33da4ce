"""What waits for a person is listed with what to do, and settled by a decision."""

import json
import shutil

import pytest

from autograder.grading.course import GRADE, ZERO, CourseError
from autograder.grading.intake import FOUND, IN_TEXT
from autograder.grading.record import GRADER_ERROR, UNGRADABLE
from autograder.grading.review import OURS, Waiting, settle, waiting
from autograder.results import Verdict
from tests.autograder.by_hand import FULL, checked, graded, result
from tests.autograder.conftest import ANSWERS, NAME, hand_in, with_answer

WORDS = "The mask takes rows without a label out of the loss."


def in_text(released):
    """The answer in a text cell, and the written one in a cell of their own."""
    made = with_answer(released, "right")
    for cell in made["cells"]:
        if cell["id"] == "masked_mean":
            cell["cell_type"] = "markdown"
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
        if cell["id"] == "why-masking":
            cell["source"] = "YOUR ANSWER HERE"
    made["cells"].insert(0, {"cell_type": "markdown", "id": "own", "metadata": {}, "source": WORDS})
    return made


def test_nothing_waits_where_all_is_well(course, released):
    hand_in(course, "ada", with_answer(released, "right"))
    assert waiting(course) == []
    graded(course, "ada", with_answer(released, "right"), FULL)
    assert waiting(course) == []


def test_what_cannot_be_read_waits_before_and_after_it_was_graded(course):
    hand_in(course, "ada", b"{")
    reason = "the file is not a notebook: it is not valid JSON"
    todo = (
        f"look at submitted/ada/{NAME} and ask for the right file; "
        f"`mtl-grade review ada {NAME} --course {course.root} --zero REASON` gives no points"
    )
    assert waiting(course) == [Waiting("ada", NAME, "", reason, todo)]
    graded(course, "ada", b"{", status=UNGRADABLE, reason=reason)
    assert waiting(course) == [Waiting("ada", NAME, "", reason, todo)]


def test_parts_wait_each_with_its_cell_and_the_texts_that_were_found(course, released):
    hand_in(course, "ada", in_text(released))
    code, words = waiting(course)
    assert (code.cell, code.reason, code.texts) == ("check-masked_mean", IN_TEXT, ())
    assert (words.cell, words.reason, words.texts) == ("why-masking", FOUND, (WORDS,))
    assert f"`mtl-grade review ada {NAME} --course {course.root} --grade` has it graded as code" in code.todo


def test_the_list_can_be_of_one_student_or_one_assignment(course):
    for student in ("ada", "bob"):
        hand_in(course, student, b"{")
    (course.root / "submitted" / "bob" / "holiday").mkdir()
    (course.root / "submitted" / "*").mkdir()
    assert [one.student for one in waiting(course)] == ["ada", "bob", "bob", "*"]
    assert [one.student for one in waiting(course, student="ada")] == ["ada"]
    assert [one.student for one in waiting(course, assignment=NAME)] == ["ada", "bob"]
    assert waiting(course, student="bob", assignment="holiday")[0].reason == "not a problem set of this course"


def test_our_own_failures_wait_too(course, released):
    graded(course, "ada", released, status=GRADER_ERROR, reason="no sandbox")
    graded(course, "bob", released, result(checked(Verdict.GRADER_ERROR)))
    assert [(one.student, one.cell, one.reason) for one in waiting(course)] == [
        ("ada", "", "no sandbox"),
        ("bob", "check-masked_mean", OURS),
    ]


def test_a_zero_settles_for_good_and_works_twice(course):
    hand_in(course, "ada", b"{")
    for _ in range(2):
        said = settle(course, "ada", NAME, ZERO, " It is empty. ")
        assert said == f"ada {NAME} gets no points for what waited: It is empty."
        assert course.decision("ada", NAME) == {"decision": "zero", "reason": "It is empty."}
        assert waiting(course) == []
    hand_in(course, "ada", b"[")
    assert len(waiting(course)) == 1


def test_looking_settles_what_was_found(course, released):
    hand_in(course, "ada", in_text(released))
    for _ in range(2):
        assert settle(course, "ada", NAME, GRADE) == f"ada {NAME} will be graded as it was found."
        assert waiting(course) == []
    handed_in = course.handed_in(course.submission("ada", NAME))
    sources = {cell["id"]: (cell["cell_type"], cell["source"]) for cell in handed_in.notebook["cells"]}
    assert sources["masked_mean"] == ("code", ANSWERS["right"])
    assert sources["why-masking"] == ("markdown", WORDS)
    assert (handed_in.review, len(handed_in.said)) == ((), 2)


def test_a_notebook_of_another_set_is_graded_as_this_one_once_a_person_says_so(course):
    hand_in(course, "ada", {"cells": [{"cell_type": "code", "source": "x = 1"}]})
    assert (
        f"`mtl-grade review ada {NAME} --course {course.root} --grade` grades it all the same"
        in waiting(course)[0].todo
    )
    settle(course, "ada", NAME, GRADE)
    assert course.handed_in(course.submission("ada", NAME)).reason == ""


@pytest.mark.parametrize(
    ("student", "assignment", "decision", "reason", "said"),
    [
        ("nobody", NAME, ZERO, "x", "'nobody' handed in nothing for ps05_masks, or is not in the class."),
        ("../ada", NAME, ZERO, "x", "'../ada' handed in nothing"),
        ("ada", "ps99", ZERO, "x", "'ps99' is no problem set of this course: ps05_masks."),
        ("ada", NAME, ZERO, " ", "--zero needs the reason"),
        ("ada", NAME, GRADE, "", "ada's ps05_masks cannot be graded: the file is not a notebook"),
        ("bob", NAME, GRADE, "", "Nothing of bob's ps05_masks waits for a person."),
    ],
)
def test_what_cannot_be_settled_is_one_sentence(course, released, student, assignment, decision, reason, said):
    hand_in(course, "ada", b"{")
    hand_in(course, "bob", with_answer(released, "right"))
    with pytest.raises(CourseError) as refused:
        settle(course, student, assignment, decision, reason)
    assert str(refused.value).startswith(said)
    assert "\n" not in str(refused.value)
    assert not (course.private / "decisions").exists()


def test_a_list_is_made_without_writing_anything(course, released):
    hand_in(course, "ada", in_text(released))
    shutil.rmtree(course.private / "records", ignore_errors=True)
    before = sorted(path for path in course.root.rglob("*"))
    json.dumps([one.__dict__ for one in waiting(course)])
    assert sorted(path for path in course.root.rglob("*")) == before
