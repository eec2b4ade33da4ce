"""What an assignment asks: titles, questions and what points are for, and nothing of the solutions."""

import re

import pytest

from autograder.course_files import course_root
from autograder.files import cells_of, read_notebook
from autograder.gradebook.feedback.asked import Question, asked
from tests.autograder.conftest import NAME

SOURCES = sorted((course_root() / "solutions").glob("*/*.ipynb"))


def test_the_questions_are_in_the_order_of_the_notebook():
    found = asked(course_root() / "solutions" / "ps05_missing_labels" / "ps05_missing_labels.ipynb")
    assert found.title == "Problem set 5: missing labels"
    first, second, *_ = found.questions
    assert (first.cell, first.answer, first.exercise, first.code) == (
        "check-source_exercise_1",
        "source_exercise_1",
        "source_exercise_1",
        True,
    )
    assert (second.cell, second.exercise, second.code) == ("why-masking", "", False)
    assert second.title == "In words: why does masking matter here?"
    assert second.text.startswith("*12 minutes, 6 points, marked by a person.*\n\nWrite three or four sentences")
    assert second.rubric.startswith("The formula is written clearly (1 point), ")
    assert len(found.questions) == 8


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_every_question_of_the_course_has_a_title_and_written_ones_a_rubric(path):
    found = asked(path)
    assert re.match(r"(Problem set|Quick test) \d+: ", found.title)
    for one in found.questions:
        assert one.title, one
        assert one.text, one
        assert bool(one.rubric) is not one.code, one


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stem.startswith("ps")], ids=lambda path: path.stem)
def test_nothing_of_a_solution_is_asked(path):
    words = repr(asked(path))
    assert not re.search("Model answer|Mark scheme|SOLUTION", words)
    answers = [cell.source for cell in cells_of(read_notebook(path.read_bytes())) if "SOLUTION" in cell.source]
    assert answers
    assert not any(answer in words for answer in answers)


def test_a_question_without_a_text_of_its_own_has_none(sources):
    found = asked(sources / "solutions" / NAME / f"{NAME}.ipynb")
    assert found.title == "Problem set 5"
    assert found.questions == (
        Question("check-masked_mean", "masked_mean", "", "", "", True),
        Question("why-masking", "why-masking", "", "", "", False),
    )


def test_a_changed_source_is_read_again(sources, tmp_path):
    path = tmp_path / "ps01_x.ipynb"
    text = (sources / "solutions" / NAME / f"{NAME}.ipynb").read_text()
    path.write_text(text)
    assert asked(path).title == "Problem set 5"
    path.write_text(text.replace("# Problem set 5", "# Another"))
    assert asked(path).title == "Another"
