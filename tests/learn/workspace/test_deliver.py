"""A workspace arrives whole, is brought up to date, and never loses an answer."""

import pytest

from autograder.course_files import course_root
from mtl_teach.learn.workspace.deliver import WorkspaceError, update
from mtl_teach.learn.workspace.places import MANIFEST, find_workspace
from tests.learn.conftest import LESSON, PROBLEM_SET, RIGHT, cell, notebook, read, write


def edit(path, name, text):
    page = read(path)
    for one in page["cells"]:
        if one["id"] == name:
            one["source"] = text
    write(path, page)


def answer(path):
    (one,) = [one for one in read(path)["cells"] if one["id"] == "masked_mean"]
    return "".join(one["source"])


def test_a_new_workspace_holds_lessons_problem_sets_projects_quick_tests_and_a_home_page(workspace):
    for path in (LESSON, PROBLEM_SET, "projects/P1_house_prices.ipynb", "quick_tests/05.ipynb", "index.ipynb"):
        assert read(workspace / path)["nbformat"] == 4


def test_it_is_found_from_every_folder_in_it(workspace):
    assert find_workspace(workspace / "exercises" / "ps05_missing_labels") == workspace
    assert find_workspace(workspace.parent) is None


def test_running_it_again_changes_nothing(workspace, course):
    before = {path: path.read_bytes() for path in workspace.rglob("*.ipynb")}
    report = update(workspace, course)
    assert report.lines() == [f"The workspace in {workspace} is up to date."]
    assert {path: path.read_bytes() for path in workspace.rglob("*.ipynb")} == before


def test_an_upgrade_brings_new_material_keeps_edits_and_says_so(workspace, course):
    edit(workspace / PROBLEM_SET, "masked_mean", RIGHT)
    new = read(course / PROBLEM_SET)
    new["cells"].append(cell("more", "Something new.", "markdown"))
    write(course / PROBLEM_SET, new)
    write(course / "lessons/06_clicks_to_revenue.ipynb", notebook(cell("n-0", "# Clicks", "markdown")))
    report = update(workspace, course)
    assert answer(workspace / PROBLEM_SET) == RIGHT
    assert read(workspace / PROBLEM_SET)["cells"][-2]["id"] == "more"  # the last one says where to go on
    assert report.lines() == [
        "New: lessons/06_clicks_to_revenue.ipynb",
        f"Updated: {PROBLEM_SET.as_posix()}",
        "Updated: quick_tests/06.ipynb",  # it now leads to its lesson
        f"Kept 1 edited cell(s) in {PROBLEM_SET.as_posix()}",
    ]


def test_an_edited_cell_that_the_course_rewrote_stays_and_the_new_text_is_beside_it(workspace, course):
    edit(workspace / PROBLEM_SET, "masked_mean", RIGHT)
    edit(course / PROBLEM_SET, "masked_mean", "def masked_mean(values, mask):\n    raise NotImplementedError")
    report = update(workspace, course)
    assert answer(workspace / PROBLEM_SET) == RIGHT
    assert any("the course rewrote 1 cell(s) that you had edited" in line for line in report.lines())
    assert "raise" in answer(workspace / "from-the-course" / PROBLEM_SET)


def test_a_deleted_check_cell_and_a_deleted_notebook_come_back(workspace, course):
    page = read(workspace / PROBLEM_SET)
    write(workspace / PROBLEM_SET, {**page, "cells": page["cells"][:-2]})
    (workspace / LESSON).unlink()
    report = update(workspace, course)
    assert read(workspace / PROBLEM_SET)["cells"][-1]["id"] == "check-masked_mean"
    assert report.restored == [LESSON.as_posix()]


@pytest.mark.parametrize("content", ["{ broken", "[]", '{"cells": 3}'], ids=["not JSON", "a list", "no cells"])
def test_a_file_that_is_no_notebook_is_left_as_it_is(workspace, course, content):
    (workspace / LESSON).write_text(content)
    report = update(workspace, course)
    assert (workspace / LESSON).read_text() == content
    assert any("was left as it is" in line for line in report.lines())
    delivered = read(workspace / "from-the-course" / LESSON)["cells"]
    assert [one for one in delivered if "signpost" not in one["id"]] == read(course / LESSON)["cells"]


def test_somebody_elses_notebook_of_the_same_name_is_left_as_it_is(tmp_path, course):
    own = notebook(cell("x", "my own page", "markdown"))
    write(tmp_path / "folder/index.ipynb", own)
    report = update(tmp_path / "folder", course)
    assert "my own page" in (tmp_path / "folder/index.ipynb").read_text()
    assert any("index.ipynb is not a notebook of this course" in line for line in report.lines())


def test_a_damaged_record_is_kept_aside_and_every_answer_stays(workspace, course):
    edit(workspace / PROBLEM_SET, "masked_mean", RIGHT)
    (workspace / MANIFEST).write_text("{")
    report = update(workspace, course)
    assert answer(workspace / PROBLEM_SET) == RIGHT
    assert any("was damaged; it is kept as workspace-damaged-" in line for line in report.lines())


def test_windows_line_endings_are_no_edit(workspace, course):
    text = (workspace / LESSON).read_text().replace("\\n", "\\r\\n")
    (workspace / LESSON).write_text(text)
    edit(course / LESSON, "m-0", "# Missing labels\n\nBetter text.")
    report = update(workspace, course)
    assert report.edited == {}
    assert "Better text." in (workspace / LESSON).read_text()


def test_the_courses_own_sources_are_never_taken_for_a_workspace():
    with pytest.raises(WorkspaceError, match="holds the sources of the course itself; choose another folder"):
        update(course_root())


def test_a_folder_that_cannot_be_written_is_refused_in_one_sentence(tmp_path, course):
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkspaceError, match=r"file cannot be written to \(.*\); choose another folder"):
        update(tmp_path / "file", course)
