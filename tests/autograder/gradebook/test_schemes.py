"""The one reader of mark schemes: right for every question of the course, and honest about any other form."""

import json

import pytest

from autograder.course_files import course_root
from autograder.gradebook.schemes import Line, lines_of, schemes_of
from tests.course.test_written_work import WRITTEN

SET = "ps05_missing_labels"
QUESTION = f"{SET}/why-masking"
SOLUTIONS = course_root() / "solutions"
OURS = {one.id: one for name in WRITTEN for one in schemes_of(SOLUTIONS / name / f"{name}.ipynb")}
every_question = pytest.mark.parametrize("scheme", OURS.values(), ids=list(OURS))


def test_every_written_question_of_the_eleven_sets_is_read():
    assert list(OURS) == [f"{name}/{cell}" for name, cells in WRITTEN.items() for cell in cells]


@every_question
def test_its_lines_add_up_to_its_points(scheme):
    assert sum(line.points for line in scheme.lines) == scheme.most > 0
    assert len(scheme.lines) <= 9  # a key for each
    assert all(line.text and not line.text.endswith((".", ";")) for line in scheme.lines)
    assert len({line.missing for line in scheme.lines}) == len(scheme.lines)


@every_question
def test_no_word_of_the_scheme_is_lost_between_its_lines_and_its_note(scheme):
    said = [f"1 for {line.text}" for line in scheme.lines]
    read = f"{'; '.join(said)}. {scheme.note}".replace("1 for", "1 point for", 1).strip()
    assert read == " ".join(scheme.whole.split())


@every_question
def test_question_model_answer_and_exemplars_are_there(scheme):
    assert len(scheme.asked.split()) > 20
    assert len(scheme.model.split()) >= 60
    assert not any(word in scheme.asked for word in ("Model answer", "Mark scheme"))
    assert [one.kind for one in scheme.exemplars] == ["Full", "Partial", "Missing"]
    assert (scheme.exemplars[0].points, scheme.exemplars[2].points) == (scheme.most, 0)
    assert not scheme.code


def test_what_comes_before_a_question_with_numbers_is_shown_too():
    assert OURS[QUESTION].given.startswith("## A batch of your own")
    assert OURS["ps02_when_label_scale_matters/why-ols"].given == ""


def test_a_quick_test_has_nothing_to_mark():
    assert schemes_of(SOLUTIONS / "qt05_missing_labels" / "qt05_missing_labels.ipynb") == ()


def test_a_scheme_may_be_a_list_and_have_half_points():
    scheme = "- 1.5 points for a claim.\n- 0.5 for\n  its reason; not for 2 of them.\n- 2 points for a limit"
    lines, note = lines_of(scheme, 4)
    assert lines == (Line(1.5, "a claim"), Line(0.5, "its reason; not for 2 of them"), Line(2.0, "a limit"))
    assert note == ""
    assert lines[0].missing == "Missing: a claim."


@pytest.mark.parametrize(
    "scheme",
    [
        "Up to four points.",
        "1 point for a claim; 1 for a reason.",  # of four
        "Of these: 2 points for a claim; 2 for a reason.",
        "| points | for |\n|---|---|\n| 4 | all |",
        "",
    ],
)
def test_a_scheme_in_another_form_has_no_lines(scheme):
    assert lines_of(scheme, 4) == ((), "")


def rewritten(tmp_path, text):
    """The problem set with another text in the cell of its written answer."""
    notebook = json.loads((SOLUTIONS / SET / f"{SET}.ipynb").read_text(encoding="utf-8"))
    next(cell for cell in notebook["cells"] if cell["id"] == "why-masking")["source"] = text
    path = tmp_path / f"{SET}.ipynb"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (scheme,) = schemes_of(path)
    return scheme


def test_a_scheme_that_an_instructor_rewrote_is_text_to_read(tmp_path):
    scheme = rewritten(tmp_path, "A **good** answer gets all six.")
    assert (scheme.lines, scheme.whole, scheme.model, scheme.exemplars) == (
        (),
        "A **good** answer gets all six.",
        "",
        (),
    )
    assert scheme.most == 6


def test_a_scheme_whose_points_do_not_add_up_keeps_its_model_answer(tmp_path):
    text = (
        "**Model answer.** It is so.\n\n**Mark scheme.** 1 point for all.\n\n- *Full (1):* so.\n- *Fair (0.5):* or so."
    )
    scheme = rewritten(tmp_path, text)
    assert (scheme.lines, scheme.whole, scheme.model) == ((), "1 point for all.", "It is so.")
    assert [(one.kind, one.points, one.text) for one in scheme.exemplars] == [
        ("Full", 1, "so."),
        ("Fair", 0.5, "or so."),
    ]
