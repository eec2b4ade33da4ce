"""The bridge to nbgrader: cells are repaired, verdicts become outputs, our own failures go to a person.

nbgrader stays the gradebook: our verdicts go in, repaired cells and manual marks are respected.
"""

import copy
import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat.v4.rwbase import rejoin_lines
from nbgrader.api import Gradebook
from traitlets.config import Config, Configurable

from autograder import render
from autograder.desk import run
from autograder.gradebook import marks
from autograder.gradebook.cells import MAX_COMMENT, comment_on
from autograder.gradebook.feedback.write import feedback
from autograder.gradebook.plugin import InjectResults, RepairCells, SaveGrades, configure, record_for
from autograder.grading import grade_class
from autograder.grading.course import Course
from autograder.grading.names import Name, Names
from autograder.grading.record import GRADER_ERROR, UNGRADABLE
from autograder.results import Verdict
from tests.autograder.by_hand import FULL, checked, graded, record, result
from tests.autograder.conftest import NAME, hand_in, with_answer

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


def test_a_text_that_two_locked_cells_have_names_neither(submitted):
    with Gradebook(submitted.database) as gradebook:
        gradebook.add_assignment("essay")
        gradebook.add_notebook("essay", "essay")
        for name in ("first-rule", "second-rule"):
            gradebook.add_source_cell(name, "essay", "essay", cell_type="markdown", source="A rule.", locked=True)
        gradebook.add_submission("essay", "ada")
    found = {"cell_type": "markdown", "id": "found", "metadata": {}, "source": "A rule."}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [found]}
    fixed = repaired(submitted, notebook, "essay")
    assert set(metadata(fixed)) == {"first-rule", "second-rule"}
    assert "nbgrader" not in cells(fixed)["found"].metadata


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


def test_what_the_course_says_of_a_behaviour_stands_first_in_the_comment(submitted, released):
    name = Name("masked_mean", "a" * 12, "Sum", "You sum.", None)
    Names.read(submitted).give(name)
    one = result(checked(Verdict.FAILED, most=9.0, summary="It is not."), fingerprint="a" * 12)
    saved(submitted, with_answer(released, "wrong"), one)
    assert comments_of(submitted)[ANSWER] == comment_on(one, name) == f"Your tutor says: You sum.\n{comment_on(one)}"


def test_without_a_word_of_ours_the_word_of_nbgrader_stands(submitted, released):
    saved(submitted, released, FULL)
    assert comments_of(submitted) == {ANSWER: "No response.", WRITTEN: "No response."}


def test_a_comment_has_a_line_for_each_thing_that_went_wrong_and_one_for_what_waits():
    one = result(
        checked(Verdict.PASSED),
        checked(Verdict.FAILED, sentence="The gradient is right.", summary="It is not.", message="You divided."),
        checked(Verdict.SKIPPED, sentence="It is quick.", summary="Fix this first: the gradient."),
        checked(Verdict.STUDENT_ERROR, sentence="It is empty."),
        checked(Verdict.GRADER_ERROR, sentence="It is whole.", summary="Marked for review."),
    )
    assert comment_on(one).splitlines() == [
        "✗ failed: The gradient is right. It is not. You divided.",
        "✗ error: It is empty.",
        "! for review: It is whole. Marked for review.",
        "– 1 check waits for what is above.",
    ]
    assert comment_on(FULL) == ""


def test_a_record_made_by_hand_is_current(submitted, released):
    """What all tests here rest on: nothing is graded anew behind their back."""
    made = graded(submitted, "ada", released, FULL)
    assert submitted.current_record(submitted.submission("ada", NAME)) == made
    assert record(submitted, "ada", FULL)["key"] == made["key"]


# ---- with real sandboxes, from what is handed in to the gradebook ----------------------------------------------

sandboxed = pytest.mark.sandbox


def grades_of(course, student):
    with Gradebook(course.database) as gradebook:
        handed_in = gradebook.find_submission(NAME, student)
        return {
            grade.cell.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for notebook in handed_in.notebooks
            for grade in notebook.grades
        }


def said_to(course, student):
    with Gradebook(course.database) as gradebook:
        handed_in = gradebook.find_submission(NAME, student)
        return {c.cell.name: c.auto_comment or "" for notebook in handed_in.notebooks for c in notebook.comments}


def in_the_gradebook(course, student):
    """The penalty that nbgrader's own pages and exports show."""
    with Gradebook(course.database) as gradebook:
        return gradebook.find_submission_notebook(NAME, NAME, student).late_submission_penalty


def nbgrader(course, *arguments):
    """Run the nbgrader command as an instructor would."""
    programs = Path(sys.executable).parent
    env = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [programs / "nbgrader", *arguments], cwd=course.root, env=env, capture_output=True, text=True, timeout=120
    )


def broken(notebook, how):
    """A right submission whose notebook was tampered with."""
    notebook = with_answer(copy.deepcopy(notebook), "right")
    cells = notebook["cells"]
    by_id = {cell["id"]: cell for cell in cells}
    check = by_id["check-masked_mean"]
    if how == "test cell deleted":
        cells.remove(check)
    elif how == "test cell duplicated":
        cells.append({**copy.deepcopy(check), "id": "another"})
    elif how == "answer cell duplicated":
        cells.append({**copy.deepcopy(by_id["masked_mean"]), "id": "another"})
    elif how == "points changed":
        check["metadata"]["nbgrader"]["points"] = 1000
    elif how == "grade flipped":
        check["metadata"]["nbgrader"]["grade"] = False
    elif how == "test cell renamed":
        check["metadata"]["nbgrader"]["grade_id"] = "something-else"
        check["id"] = "something-else"
    elif how == "test cell rewritten":
        check["source"] = "9.0"
    elif how == "all metadata stripped":
        for cell in cells:
            cell["metadata"] = {}
    elif how == "metadata is rubbish":
        check["metadata"]["nbgrader"] = ["no", "dictionary"]
    elif how == "cell turned into text":
        check["cell_type"] = "markdown"
        del check["outputs"], check["execution_count"]
    elif how == "written answer deleted":
        cells.remove(by_id["why-masking"])
    elif how == "set-up deleted":
        cells.remove(by_id["setup"])
    return notebook


TAMPERED = (
    "test cell deleted", "test cell duplicated", "answer cell duplicated", "points changed", "grade flipped",
    "test cell renamed", "test cell rewritten", "all metadata stripped", "metadata is rubbish", "cell turned into text",
    "written answer deleted", "set-up deleted",
)  # fmt: skip


@sandboxed
def test_right_partial_and_hostile_answers_get_their_marks_and_disturb_nobody(course, released):
    for student in ("right", "wrong", "exit"):
        hand_in(course, student, with_answer(copy.deepcopy(released), student))
    hand_in(course, "unsolved", released)
    summary = run.run(course)
    assert (summary.graded, summary.written, summary.for_review) == (4, 4, [])
    got = {
        student: grades_of(course, student)["check-masked_mean"][0]
        for student in ("right", "wrong", "exit", "unsolved")
    }
    assert got == {"right": 9.0, "wrong": 6.0, "exit": 0.0, "unsolved": 0.0}
    assert "NaN * 0 is NaN" in said_to(course, "wrong")["masked_mean"]
    assert grades_of(course, "right")["why-masking"] == (None, None, True)


@pytest.mark.parametrize("how", TAMPERED)
@sandboxed
def test_a_tampered_notebook_is_repaired_and_gets_what_its_answer_is_worth(course, released, how):
    hand_in(course, "tampering", broken(released, how))
    hand_in(course, "honest", with_answer(released, "right"))
    gone = [("tampering", "why-masking")] if how == "written answer deleted" else []
    assert [(one.student, one.cell) for one in run.run(course).for_review] == gone
    assert grades_of(course, "tampering")["check-masked_mean"][0] == 9.0
    assert grades_of(course, "honest")["check-masked_mean"][0] == 9.0
    with Gradebook(course.database) as gradebook:
        assert gradebook.find_submission(NAME, "tampering").max_score == 13.0


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"cells": [', "not valid JSON"),
        (b"", "the file is empty"),
        (b"[1, 2]", "not a notebook"),
        (b'{"nbformat": 4, "cells": 7}', "no list of cells"),
        (b'{"nbformat": 2, "cells": []}', "none of its cells"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "none of its cells"),
        (b" " * (11 * 2**20), "has 11,534,336 bytes"),
        (b"[" * 200_000, "not valid JSON"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@sandboxed
def test_what_cannot_be_graded_goes_to_review_with_the_reason_and_others_are_graded(course, released, data, reason):
    hand_in(course, "odd", data)
    hand_in(course, "honest", with_answer(released, "right"))
    summary = run.run(course)
    assert [(one.student, reason in one.reason) for one in summary.for_review] == [("odd", True)]
    assert grades_of(course, "odd")["check-masked_mean"] == (None, None, True)
    assert reason in said_to(course, "odd")["masked_mean"]
    assert grades_of(course, "honest")["check-masked_mean"][0] == 9.0


@sandboxed
def test_a_renamed_notebook_is_graded_and_a_missing_one_is_for_review_and_never_a_silent_zero(course, released):
    hand_in(course, "renamed", with_answer(released, "right"), name="my solution")
    (course.root / "submitted" / "missing" / NAME).mkdir(parents=True)
    (waits,) = run.run(course).for_review
    assert (waits.student, waits.reason) == ("missing", "no notebook named ps05_masks.ipynb was handed in")
    assert grades_of(course, "missing")["check-masked_mean"] == (None, None, True)
    assert grades_of(course, "renamed")["check-masked_mean"][0] == 9.0


@sandboxed
def test_an_old_format_notebook_is_read(course, released):
    right = with_answer(released, "right")
    cells = [
        {
            "cell_type": "code",
            "language": "python",
            "metadata": cell["metadata"],
            "input": cell["source"],
            "outputs": [],
        }
        for cell in right["cells"]
        if cell["cell_type"] == "code"
    ]
    hand_in(
        course, "old", {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": cells}]}
    )
    run.run(course)
    assert grades_of(course, "old")["check-masked_mean"][0] == 9.0


@sandboxed
def test_a_resubmission_is_graded_afresh_and_does_not_keep_old_marks(course, released):
    hand_in(course, "ada", with_answer(copy.deepcopy(released), "right"))
    run.run(course)
    worse = with_answer(copy.deepcopy(released), "wrong")
    worse["cells"] = [cell for cell in worse["cells"] if cell["id"] != "check-masked_mean"]
    hand_in(course, "ada", worse)
    assert run.run(course).graded == 1
    assert grades_of(course, "ada")["check-masked_mean"][0] == 6.0
    hand_in(course, "ada", b"{")
    run.run(course)
    assert grades_of(course, "ada")["check-masked_mean"] == (None, None, True)


@sandboxed
def test_a_manual_score_always_wins(course, released):
    hand_in(course, "ada", with_answer(copy.deepcopy(released), "wrong"))
    run.run(course)
    with Gradebook(course.database) as gradebook:
        grade = gradebook.find_grade("check-masked_mean", NAME, NAME, "ada")
        grade.manual_score = 8.5
        gradebook.db.commit()
    hand_in(course, "ada", with_answer(copy.deepcopy(released), "right"))
    run.run(course)
    assert grades_of(course, "ada")["check-masked_mean"] == (9.0, 8.5, True)
    assert [(row["raw_score"], row["score"]) for row in marks.marks(course)] == [(8.5, None)]


@sandboxed
def test_handing_in_late_costs_what_the_course_has_set(course, released):
    with (course.root / "nbgrader_config.py").open("a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    with Gradebook(course.database) as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-01-10 12:00:00")
    for student, hour in (("ada", 11), ("bob", 13)):
        hand_in(course, student, with_answer(copy.deepcopy(released), "right"))
        note = course.root / "submitted" / student / NAME / "timestamp.txt"
        note.write_text(f"2026-01-10 {hour}:00:00 UTC")
    run.run(course)
    columns = ("student", "raw_score", "late_penalty")
    assert [tuple(row[one] for one in columns) for row in marks.marks(course)] == [("ada", 9.0, 0.0), ("bob", 9.0, 9.0)]
    assert grades_of(course, "bob")["check-masked_mean"][0] == 9.0
    assert in_the_gradebook(course, "bob") == 9.0
    note.write_text("2026-01-10 11:30:00 UTC")  # the instructor grants bob an hour and a half
    summary = run.run(course)
    assert (summary.graded, summary.written) == (0, 1)
    assert [tuple(row[one] for one in columns) for row in marks.marks(course)] == [("ada", 9.0, 0.0), ("bob", 9.0, 0.0)]
    assert in_the_gradebook(course, "bob") is None


@sandboxed
def test_grading_again_changes_nothing(course, released):
    hand_in(course, "ada", with_answer(released, "wrong"))
    run.run(course)
    before = course.record_path("ada", NAME).read_bytes()
    summary = run.run(course)
    assert (summary.graded, summary.cached, summary.written) == (0, 1, 0)
    assert course.record_path("ada", NAME).read_bytes() == before


@sandboxed
def test_feedback_shows_our_messages_and_no_script_of_the_student(course, released):
    nasty = (
        "print('<script>alert(1)</script>')\nprint('\\x1b[31mred')\n"
        + "def masked_mean(values, mask):\n    return (values * mask).sum()"
    )
    hand_in(course, "ada", with_answer(released, nasty))
    run.run(course)
    assert feedback(course) == 1
    page = (course.root / "feedback" / "ada" / NAME / f"{NAME}.html").read_text()
    assert "<script>alert(1)" not in page
    assert "\x1b" not in page
    assert "checks passed" in page
    assert "def test_value" not in page
    assert "BEGIN SOLUTION" not in page


@sandboxed
def test_the_nbgrader_command_gives_the_marks_of_our_run_with_and_without_records(course, released, tmp_path):
    answers = {"ada": "right", "bob": "wrong", "eve": "exit"}
    for student, answer in answers.items():
        hand_in(course, student, with_answer(copy.deepcopy(released), answer))
    done = nbgrader(course, "autograde", NAME)
    assert done.returncode == 0, done.stderr
    by_command = {student: grades_of(course, student) for student in answers}
    out = nbgrader(course, "export", "--to", str(tmp_path / "grades.csv"))
    assert out.returncode == 0, out.stderr
    exported = (tmp_path / "grades.csv").read_text()
    for path in course.private.glob("records/*/*.json"):
        path.unlink()
    run.run(course)
    assert {student: grades_of(course, student) for student in answers} == by_command
    assert {row["student"]: row["raw_score"] for row in marks.marks(course)} == {"ada": 9.0, "bob": 6.0, "eve": 0.0}
    assert "ada" in exported
    assert ",9.0," in exported


@sandboxed
def test_a_failure_of_the_grader_goes_to_review_and_is_tried_again(course, released, monkeypatch):
    hand_in(course, "ada", with_answer(released, "right"))
    record = {
        **grade_class.failed(course.job(course.submission("ada", NAME), course.layers()), RuntimeError("out of luck")),
    }
    course.write_record(record)
    assert course.current_record(course.submission("ada", NAME)) is None
    summary = run.run(Course.holding(course.root / "submitted"))
    assert summary.graded == 1
    assert grades_of(course, "ada")["check-masked_mean"][0] == 9.0
