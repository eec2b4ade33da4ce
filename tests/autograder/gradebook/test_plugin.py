"""The bridge to nbgrader: cells are repaired, verdicts become outputs, our own failures go to a person."""

import copy
import importlib
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.api import Gradebook
from traitlets.config import Config, Configurable

from autograder import render
from autograder.desk.course import Course
from autograder.nbplugin import (
    MAX_COMMENT,
    InjectResults,
    RepairCells,
    SaveGrades,
    comment_on,
    configure,
    record_for,
)
from autograder.results import Verdict
from autograder.submission import GRADER_ERROR, UNGRADABLE
from tests.autograder.by_hand import FULL, checked, graded, record, result
from tests.autograder.conftest import NAME, with_answer

CHECK, ANSWER, WRITTEN = "check-masked_mean", "masked_mean", "why-masking"
NASTY = "<script>alert('&')</script>"


def read(notebook):
    """A notebook's data as nbgrader hands it to a preprocessor."""
    return rejoin_lines(nbformat.from_dict(copy.deepcopy(notebook)))


def ids(notebook):
    return [cell.id for cell in notebook.cells]


def cells(notebook):
    return {cell.id: cell for cell in notebook.cells}


def metadata(notebook):
    return {cell.id: dict(cell.metadata["nbgrader"]) for cell in notebook.cells if "nbgrader" in cell.metadata}


def resources(course, student="ada", name=NAME):
    return {"nbgrader": {"db_url": course.database, "notebook": name, "assignment": name, "student": student}}


def plugged(kind, course):
    """A preprocessor where nbgrader puts it: below an exporter, below a converter that knows the course's folder."""
    converter = Configurable()
    converter.coursedir = SimpleNamespace(root=str(course.root))
    return kind(parent=Configurable(parent=converter))


@pytest.fixture
def submitted(course):
    """The course, in whose gradebook ada and bob handed in."""
    with Gradebook(course.database) as gradebook:
        for student in ("ada", "bob"):
            gradebook.add_student(student)
            gradebook.add_submission(NAME, student)
    return course


def repaired(course, notebook, name=NAME):
    return RepairCells().preprocess(read(notebook), resources(course, name=name))[0]


def marks_of(course, student="ada"):
    with Gradebook(course.database) as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        return {one.cell.name: (one.auto_score, one.manual_score, one.needs_manual_grade) for one in notebook.grades}


def comments_of(course, student="ada"):
    with Gradebook(course.database) as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        return {one.cell.name: one.auto_comment for one in notebook.comments}


def set_marks(course, student, auto, manual=None, review=True):
    with Gradebook(course.database) as gradebook:
        for one in gradebook.find_submission_notebook(NAME, NAME, student).grades:
            one.auto_score, one.manual_score, one.needs_manual_grade = auto, manual, review
        gradebook.db.commit()


# ---- what a course's configuration says ------------------------------------------------------------------------


def test_a_course_is_configured_to_repair_first_and_to_run_no_kernel():
    config = Config()
    configure(config)
    sanitize, autograde = config.Autograde.sanitize_preprocessors, config.Autograde.autograde_preprocessors
    last = [step.rpartition(".")[2] for step in [*sanitize, *autograde]]
    assert last == [
        *("RepairCells", "ClearOutput", "OverwriteKernelspec", "OverwriteCells", "CheckCellMetadata"),
        *("InjectResults", "LimitOutput", "SaveGrades", "AssignLatePenalties", "CheckCellMetadata"),
    ]
    assert config.OverwriteCells.add_missing_cells is True
    assert config.ClearSolutions.enforce_metadata is False


def test_every_step_of_the_configuration_can_be_imported():
    config = Config()
    configure(config)
    steps = [
        *config.GenerateAssignment.preprocessors,
        *config.Autograde.sanitize_preprocessors,
        *config.Autograde.autograde_preprocessors,
    ]
    for step in steps:
        module, _, name = step.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


# ---- cells are repaired ----------------------------------------------------------------------------------------


def test_an_untouched_notebook_stays_as_it_was_released(submitted, released):
    fixed = repaired(submitted, released)
    assert ids(fixed) == ids(read(released))
    assert metadata(fixed) == metadata(read(released))


@pytest.mark.parametrize("key", ["grade", "solution", "locked", "task"])
def test_a_flipped_flag_is_set_right(submitted, released, key):
    for cell in released["cells"]:
        cell["metadata"]["nbgrader"][key] ^= True
        cell["metadata"]["nbgrader"]["points"] = 1000.0
    fixed = metadata(repaired(submitted, released))
    flags = ("grade", "solution", "locked", "task")
    assert {name: tuple(marks[flag] for flag in flags) for name, marks in fixed.items()} == {
        "intro": (False, False, True, False),
        "setup": (False, False, True, False),
        ANSWER: (False, True, False, False),
        CHECK: (True, False, True, False),
        WRITTEN: (True, True, False, False),
    }
    assert {name: marks["points"] for name, marks in fixed.items() if "points" in marks} == {CHECK: 9.0, WRITTEN: 4.0}
    assert all((marks["grade_id"], marks["schema_version"]) == (name, 3) for name, marks in fixed.items())


def test_a_task_cell_keeps_its_points_and_its_kind(submitted):
    with Gradebook(submitted.database) as gradebook:
        gradebook.add_assignment("essay")
        gradebook.add_notebook("essay", "essay")
        gradebook.add_source_cell("plan", "essay", "essay", cell_type="markdown", source="Plan it.", locked=True)
        gradebook.add_task_cell("plan", "essay", "essay", max_score=5, cell_type="markdown")
        gradebook.add_submission("essay", "ada")
    empty = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    (cell,) = repaired(submitted, empty, "essay").cells
    assert (cell.cell_type, cell.source, cell.id) == ("markdown", "Plan it.", "plan")
    assert (cell.metadata.nbgrader["task"], cell.metadata.nbgrader["points"]) == (True, 5.0)
    assert (cell.metadata.nbgrader["grade"], cell.metadata.nbgrader["solution"]) == (False, False)


def test_the_second_of_two_cells_of_one_name_loses_its_key(submitted, released):
    cells_ = released["cells"]
    check = next(cell for cell in cells_ if cell["id"] == CHECK)
    cells_.append({**copy.deepcopy(check), "id": "copy", "source": "9.0"})
    fixed = repaired(submitted, released)
    assert [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in fixed.cells].count(CHECK) == 1
    assert "nbgrader" not in cells(fixed)["copy"].metadata
    assert cells(fixed)[CHECK].metadata.nbgrader["grade_id"] == CHECK


def test_two_cells_of_one_id_have_two_afterwards(submitted, released):
    check = next(cell for cell in released["cells"] if cell["id"] == CHECK)
    released["cells"] += [copy.deepcopy(check), {**copy.deepcopy(check), "metadata": {}}]
    for cell in released["cells"][-2:]:
        cell["source"] = "mine"
    fixed = ids(repaired(submitted, released))
    assert len(set(fixed)) == len(fixed) == 7
    assert fixed[:5] == ids(read(released))[:5]


def test_a_cell_without_an_id_gets_one(submitted, released):
    released["cells"].append({"cell_type": "markdown", "metadata": {}, "source": "mine"})
    released["nbformat_minor"] = 4
    fixed = repaired(submitted, released)
    assert fixed.cells[-1].id == "cell-5"
    assert (fixed.nbformat, fixed.nbformat_minor) == (4, 5)


def test_a_cell_of_the_students_own_loses_a_key_that_it_claims(submitted, released):
    released["cells"].append(
        {
            "cell_type": "code",
            "id": "mine",
            "source": "1",
            "outputs": [],
            "execution_count": None,
            "metadata": {"nbgrader": {"grade_id": "extra-marks", "grade": True, "points": 50}, "mine": True},
        }
    )
    fixed = cells(repaired(submitted, released))["mine"]
    assert dict(fixed.metadata) == {"mine": True}


def test_a_cell_whose_metadata_is_gone_is_known_by_its_id(submitted, released):
    for cell in released["cells"]:
        cell["metadata"] = {}
    fixed = repaired(submitted, released)
    assert set(metadata(fixed)) == {"intro", "setup", ANSWER, CHECK, WRITTEN}
    assert len(fixed.cells) == 5


def test_a_locked_cell_whose_names_are_gone_is_known_by_its_text_and_an_answer_is_not(submitted, released):
    for number, cell in enumerate(released["cells"]):
        cell["metadata"], cell["id"] = {}, f"other-{number}"
    fixed = repaired(submitted, released)
    names = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in fixed.cells]
    assert len(names) == 7
    assert [names.count(name) for name in ("intro", "setup", ANSWER, CHECK, WRITTEN)] == [1] * 5
    kept = {cell.id: cell.metadata.get("nbgrader", {}).get("grade_id") for cell in fixed.cells}
    assert kept == {
        "other-0": "intro",
        "other-1": "setup",
        "other-2": None,
        "other-3": CHECK,
        "other-4": None,
        ANSWER: ANSWER,
        WRITTEN: WRITTEN,
    }


@pytest.mark.parametrize("gone", [("intro",), ("setup", ANSWER), (ANSWER, CHECK), (WRITTEN,), ("intro", "setup")])
def test_deleted_cells_come_back_where_they_stood(submitted, released, gone):
    whole = read(released)
    kept = {**released, "cells": [cell for cell in released["cells"] if cell["id"] not in gone]}
    fixed = repaired(submitted, kept)
    assert ids(fixed) == ids(whole)
    for name in gone:
        assert cells(fixed)[name].source == cells(whole)[name].source
        assert cells(fixed)[name].cell_type == cells(whole)[name].cell_type
    assert metadata(fixed) == metadata(whole)


def test_a_deleted_cell_comes_back_behind_its_neighbour_also_among_the_students_own(submitted, released):
    own = {"cell_type": "markdown", "id": "own", "metadata": {}, "source": "mine"}
    kept = [cell for cell in released["cells"] if cell["id"] != CHECK]
    fixed = repaired(submitted, {**released, "cells": [own, *kept]})
    assert ids(fixed) == ["own", "intro", "setup", ANSWER, CHECK, WRITTEN]


def test_marks_of_an_earlier_submission_are_reset_and_nobody_elses(submitted, released):
    set_marks(submitted, "ada", 9.0, manual=3.0)
    set_marks(submitted, "bob", 8.0)
    repaired(submitted, released)
    assert set(marks_of(submitted, "ada").values()) == {(None, 3.0, False)}
    assert set(marks_of(submitted, "bob").values()) == {(8.0, None, True)}


# ---- verdicts become outputs -----------------------------------------------------------------------------------


def injected(course, notebook, *results, **more):
    graded(course, "ada", notebook, *results, **more)
    return cells(plugged(InjectResults, course).preprocess(read(notebook), resources(course))[0])


def shown(cell):
    """A cell's HTML, its plain text and its score, as they stand in its outputs."""
    display, score = cell.outputs
    assert (display.output_type, score.output_type) == ("display_data", "execute_result")
    return display.data["text/html"], display.data["text/plain"], score.data["text/plain"]


@pytest.mark.parametrize(
    ("points", "written"),
    [(6.5, "6.5"), (9.0, "9.0"), (9.5, "9.0"), (1000.0, "9.0"), (0.0, "0.0"), (-3.0, "0.0")],
)
def test_the_score_is_written_within_the_points_of_the_cell(submitted, released, points, written):
    one = result(checked(Verdict.FAILED, most=9.0, points=points, summary="It is not."))
    html, plain, score = shown(injected(submitted, released, one)[CHECK])
    assert score == written
    assert (html, plain) == (render.as_html(one), render.as_text(one))


def test_what_could_not_be_graded_scores_nothing_yet_and_says_why_without_markup(submitted, released):
    made = injected(submitted, released, FULL, status=UNGRADABLE, reason=f"it holds {NASTY}")
    html, plain, score = shown(made[CHECK])
    assert score == "0.0"
    assert NASTY in plain
    assert "sent to your instructor" in plain
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#x27;&amp;&#x27;)&lt;/script&gt;" in html


def test_an_exercise_that_the_record_lacks_scores_nothing_yet(submitted, released):
    _, plain, score = shown(injected(submitted, released)[CHECK])
    assert score == "0.0"
    assert "could not be graded" in plain


def test_other_cells_show_what_they_printed_and_nothing_of_what_was_handed_in(submitted, released):
    for cell in released["cells"]:
        if cell["cell_type"] == "code":
            cell["execution_count"] = 7
            cell["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "claimed"}]
    printed = {
        "setup": {"printed": "one\ntwo\n\n", "error": ""},
        ANSWER: {"printed": "three\n", "error": "NameError: x"},
    }
    made = injected(submitted, released, FULL, cells=printed)
    assert [(one.name, one.text) for one in made["setup"].outputs] == [("stdout", "one\ntwo\n")]
    assert [(one.name, one.text) for one in made[ANSWER].outputs] == [("stdout", "three\nNameError: x\n")]
    assert [cell.execution_count for cell in made.values() if cell.cell_type == "code"] == [None] * 3
    assert "outputs" not in made["intro"]


def test_a_cell_that_printed_nothing_has_no_output(submitted, released):
    made = injected(submitted, released, FULL, cells={"setup": {"printed": "\n", "error": ""}})
    assert made["setup"].outputs == made[ANSWER].outputs == []


def test_the_record_is_that_of_the_student_in_hand(submitted, released):
    graded(submitted, "ada", released, FULL)
    bob = graded(submitted, "bob", released)
    assert record_for(plugged(InjectResults, submitted), resources(submitted, "bob")) == bob


# ---- scores and comments reach the gradebook -------------------------------------------------------------------


def saved(course, notebook, *results, **more):
    """Send a submission through repair, outputs and the gradebook."""
    graded(course, "ada", notebook, *results, **more)
    done = repaired(course, notebook)
    for step in (InjectResults, SaveGrades):
        done, _ = plugged(step, course).preprocess(done, resources(course))
    return marks_of(course)


def test_a_score_is_saved_and_a_written_answer_waits_for_a_person(submitted, released):
    one = result(checked(Verdict.FAILED, most=9.0, points=6.0, summary="It is not."))
    assert saved(submitted, with_answer(released, "wrong"), one) == {
        CHECK: (6.0, None, False),
        WRITTEN: (None, None, True),
    }


def test_a_check_that_failed_by_itself_sends_its_exercise_to_review(submitted, released):
    one = result(checked(Verdict.PASSED), checked(Verdict.GRADER_ERROR, "test_gradient", 7.0))
    assert saved(submitted, released, one)[CHECK] == (None, None, True)


def test_an_exercise_that_the_record_lacks_goes_to_review(submitted, released):
    assert saved(submitted, released)[CHECK] == (None, None, True)


@pytest.mark.parametrize("status", [UNGRADABLE, GRADER_ERROR])
def test_what_was_not_graded_goes_to_review_in_every_cell_and_each_says_why(submitted, released, status, monkeypatch):
    set_marks(submitted, "ada", 9.0, review=False)
    # grading is tried once more where it failed by itself; here it fails again
    monkeypatch.setattr(Course, "record", lambda course, student, name: course.read_record(student, name))
    made = saved(submitted, released, FULL, status=status, reason="the moon is full")
    assert made == {CHECK: (None, None, True), WRITTEN: (None, None, True)}
    assert comments_of(submitted) == dict.fromkeys([ANSWER, WRITTEN], "Not graded automatically: the moon is full.")


def test_a_reason_too_long_for_a_comment_is_cut(submitted, released):
    saved(submitted, released, status=UNGRADABLE, reason="x" * 5_000)
    assert comments_of(submitted)[ANSWER] == f"Not graded automatically: {'x' * 5_000}."[:MAX_COMMENT]
    assert MAX_COMMENT == 2_000


def test_a_comment_stands_at_the_answer_that_it_is_about(submitted, released):
    one = result(checked(Verdict.FAILED, most=9.0, summary="It is not."))
    saved(submitted, with_answer(released, "wrong"), one)
    assert comments_of(submitted) == {ANSWER: comment_on(one), WRITTEN: None}


def test_without_a_word_of_ours_the_word_of_nbgrader_stands(submitted, released):
    saved(submitted, released, FULL)
    assert comments_of(submitted) == {ANSWER: "No response.", WRITTEN: "No response."}


def test_a_comment_has_a_line_for_each_check_that_did_not_pass():
    one = result(
        checked(Verdict.PASSED),
        checked(Verdict.FAILED, sentence="The gradient is right.", summary="It is not.", message="You divided."),
        checked(Verdict.SKIPPED, sentence="It is quick.", summary="Fix this first: the gradient."),
        checked(Verdict.STUDENT_ERROR, sentence="It is empty."),
        checked(Verdict.GRADER_ERROR, sentence="It is whole.", summary="Marked for review."),
    )
    assert comment_on(one).splitlines() == [
        "✗ failed: The gradient is right. It is not. You divided.",
        "– skipped: It is quick. Fix this first: the gradient.",
        "✗ error: It is empty.",
        "! for review: It is whole. Marked for review.",
    ]
    assert comment_on(FULL) == ""


def test_a_record_made_by_hand_is_current(submitted, released):
    """What all tests here rest on: nothing is graded anew behind their back."""
    made = graded(submitted, "ada", released, FULL)
    assert submitted.current_record(submitted.submission("ada", NAME)) == made
    assert record(submitted, "ada", FULL)["key"] == made["key"]
