"""A released assignment is the same in the gradebook, and for students, whichever of three ways released it."""

import json
import shutil
import sqlite3
from pathlib import Path

import nbformat
import pytest
from nbgrader import api
from nbgrader.api import Gradebook

from autograder.course_files import course_root
from autograder.gradebook import release as module
from autograder.gradebook.release import gradebook_of, release
from autograder.gradebook.source_cells import one_transaction
from autograder.grading.course import Course, CourseError
from tests.autograder.conftest import NAME

ALL = sorted(path.parent.name for path in (course_root() / "solutions").glob("*/*.ipynb"))


def rows(course):
    """Everything in a gradebook, with names in place of the random ids."""
    with sqlite3.connect(course.root / "gradebook.db") as database:
        tables = [name for (name,) in database.execute("select name from sqlite_master where type = 'table'")]
        found = {}
        for table in tables:
            cursor = database.execute(f"select * from {table}")
            columns = [column[0] for column in cursor.description]
            found[table] = [dict(zip(columns, row)) for row in cursor]
    database.close()
    names = {row["id"]: (table, row.get("name")) for table, known in found.items() for row in known if "id" in row}
    return {
        table: sorted(
            json.dumps({key: names.get(value, value) for key, value in row.items()}, sort_keys=True) for row in known
        )
        for table, known in found.items()
    }


def files(course):
    root = course.root / "release"
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def released_by(way, folder, names, prepare=lambda course: None):
    """A new course whose assignments were released one way: as built, step by step in memory, or by nbgrader."""
    course = Course.create(folder / way, "a-course")
    for source in (course.root / "source").iterdir():
        if source.name not in names:
            shutil.rmtree(source)
    prepare(course)
    with pytest.MonkeyPatch.context() as patch:
        if way == "nbgrader":
            patch.setattr(module, "_only_steps", lambda config: False)
        elif way == "in memory":
            patch.setattr(module, "_as_built", lambda path, config: None)
        else:
            patch.setattr(module, "_students_version", None)
        assert release(Course.open(course.root)) == names
    return course


@pytest.mark.parametrize(
    "names", [["qt05_missing_labels"], pytest.param(ALL, marks=pytest.mark.slow)], ids=["one", "all"]
)
def test_three_ways_give_the_same_rows_and_the_same_bytes(tmp_path, names):
    built, in_memory, by_nbgrader = (released_by(way, tmp_path, names) for way in ("built", "in memory", "nbgrader"))
    assert len(rows(built)["source_cell"]) > 10
    assert rows(built) == rows(by_nbgrader)
    assert rows(in_memory) == rows(by_nbgrader)
    assert files(built) == files(by_nbgrader)
    assert files(in_memory) == files(by_nbgrader)
    modes = [{path.stat().st_mode for path in (one.root / "release").rglob("*.ipynb")} for one in (built, by_nbgrader)]
    assert modes[0] == modes[1]


def edit(course):
    """An instructor's own problem set: hidden tests, a mark scheme, a file beside it, and a cell that nobody grades."""
    (source,) = (course.root / "source").glob("*/*.ipynb")
    notebook = nbformat.read(source, as_version=4)
    check = next(cell for cell in notebook.cells if cell.id.startswith("check-"))
    check.source += "\n### BEGIN HIDDEN TESTS\nassert False\n### END HIDDEN TESTS"
    check.metadata.nbgrader["points"] = 3
    notebook.cells.append(nbformat.v4.new_markdown_cell("More.", id="more"))
    nbformat.write(notebook, source)
    (source.parent / "data").mkdir()
    (source.parent / "data" / "clicks.csv").write_text("a,b\n")
    (source.parent / ".ipynb_checkpoints").mkdir()
    (source.parent / ".ipynb_checkpoints" / "old.txt").write_text("old")


def test_an_edited_source_is_released_as_nbgrader_would(tmp_path):
    names = ["qt05_missing_labels"]
    with pytest.raises(TypeError):  # it is not as built: the steps are run
        released_by("built", tmp_path, names, edit)
    in_memory, by_nbgrader = (released_by(way, tmp_path, names, edit) for way in ("in memory", "nbgrader"))
    assert rows(in_memory) == rows(by_nbgrader)
    assert files(in_memory) == files(by_nbgrader)
    assert set(files(in_memory)) == {
        Path("qt05_missing_labels", "data", "clicks.csv"),
        Path(*names, f"{names[0]}.ipynb"),
    }
    assert b"assert False" not in files(in_memory)[Path(*names, f"{names[0]}.ipynb")]
    assert any("assert False" in row for row in rows(in_memory)["source_cell"])


# ---- released again --------------------------------------------------------------------------------------------


def test_released_again_nothing_changes_but_the_points_that_did(course):
    before, handed_out = rows(course), files(course)
    release(course)
    assert (rows(course), files(course)) == (before, handed_out)
    path = course.root / "source" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    next(cell for cell in notebook.cells if cell.id == "check-masked_mean").metadata.nbgrader["points"] = 90
    nbformat.write(notebook, path)
    release(course)
    with Gradebook(course.database) as gradebook:
        assert gradebook.find_grade_cell("check-masked_mean", NAME, NAME).max_score == 90


def test_cells_that_were_handed_in_are_not_taken_away_and_nothing_else_changes(course):
    with gradebook_of(course) as gradebook:
        gradebook.add_student("ada")
        gradebook.add_submission(NAME, "ada")
    before, handed_out = rows(course), files(course)
    path = course.root / "source" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "check-masked_mean"]
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match="there are submissions associated with it"):
        release(course)
    path.rename(path.with_name("renamed.ipynb"))
    with pytest.raises(CourseError, match=f"the notebooks {NAME} were handed in already; put them back"):
        release(course, [NAME])
    path.with_name("renamed.ipynb").unlink()
    with pytest.raises(CourseError, match="holds no notebook to release"):
        release(course, [NAME])
    assert (rows(course), files(course)) == (before, handed_out)


def test_a_notebook_that_was_renamed_before_anybody_handed_in_takes_the_old_ones_place(course):
    path = course.root / "source" / NAME / f"{NAME}.ipynb"
    path.rename(path.with_name("renamed.ipynb"))
    release(course, [NAME])
    with Gradebook(course.database) as gradebook:
        assert [one.name for one in gradebook.find_assignment(NAME).notebooks] == ["renamed"]
    assert set(files(course)) == {Path(NAME, "renamed.ipynb")}


def test_one_assignment_that_cannot_be_released_leaves_all_as_they_were(tmp_path, sources):
    course = Course.create(tmp_path / "course", "a-course", sources / "solutions")
    broken = course.root / "source" / "ps99_broken"
    broken.mkdir()
    (broken / "ps99_broken.ipynb").write_text('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{}]}')
    with pytest.raises(CourseError, match=r"nbgrader could not convert a notebook: .*ps99_broken"):
        release(course, [NAME, "ps99_broken"])
    assert files(course) == {}
    assert rows(course)["assignment"] == []
    assert release(course, [NAME]) == [NAME]


def test_what_is_done_in_one_transaction_is_undone_as_one(course):
    before = rows(course)

    def half():
        with gradebook_of(course) as gradebook, one_transaction(gradebook):
            gradebook.add_student("ada")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert rows(course) == before
    with gradebook_of(course) as gradebook, one_transaction(gradebook):
        gradebook.add_student("ada")
        assert rows(course) == before
    assert rows(course) != before


# ---- which way -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "only_steps", "as_made"),
    [
        ("", True, True),
        ('c.LateSubmissionPlugin.penalty_method = "zero"', True, True),
        ('c.CourseDirectory.ignore = ["*.txt"]', True, True),
        ('c.NameTheStub.begin_solution_delimeter = "BEGIN ANSWER"', True, False),
        ("c.GenerateAssignment.preprocessors = c.GenerateAssignment.preprocessors[:-1]", True, False),
        ('c.CourseDirectory.release_directory = "handed_out"', False, True),
        ("c.GenerateAssignment.permissions = 640", False, True),
        ("c.BaseConverter.pre_convert_hook = print", False, True),
        ("c.GenerateAssignment.preprocessors = []", False, False),
    ],
)
def test_a_configured_release_is_nbgraders_own(course, line, only_steps, as_made):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write(f"{line}\n")
    config = module.config_of(course)
    assert module._only_steps(config) is only_steps
    assert (module._steps(config) == module._AS_MADE) is as_made


def test_what_the_configuration_ignores_is_not_handed_out(course):
    with (course.root / "nbgrader_config.py").open("a") as file:
        file.write('c.CourseDirectory.ignore = ["*.txt"]\n')
    for name in ("notes.txt", "data.csv"):
        (course.root / "source" / NAME / name).write_text("x")
    release(course)
    assert {path.name for path in files(course)} == {f"{NAME}.ipynb", "data.csv"}


@pytest.mark.parametrize("name", ["a [b] c", "Kürs №1", "100 %, *"])
def test_a_course_may_lie_anywhere(tmp_path, sources, name):
    course = Course.create(tmp_path / name, "a-course", sources / "solutions")
    assert release(course) == [NAME]
    assert set(files(course)) == {Path(NAME, f"{NAME}.ipynb")}
    assert len(rows(course)["assignment"]) == 1


# ---- a new gradebook -------------------------------------------------------------------------------------------


def test_a_new_gradebook_is_of_the_version_that_nbgrader_would_write(tmp_path, monkeypatch):
    asked = api.get_alembic_version()
    assert module._newest_version.__wrapped__() == asked
    monkeypatch.setattr(module.dbutil, "ALEMBIC_DIR", str(tmp_path))  # where it cannot be read, alembic is asked
    monkeypatch.setattr(module, "_asked_of_alembic", lambda: "said by alembic")
    assert module._newest_version.__wrapped__() == "said by alembic"
