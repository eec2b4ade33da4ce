"""A workspace arrives whole, is brought up to date, and never loses an answer."""

import os

import pytest

from autograder.course_files import course_root
from autograder.quizzes.bank import all_quizzes
from mtl_teach import __version__
from mtl_teach.learn.workspace import deliver
from mtl_teach.learn.workspace.deliver import WorkspaceError, update
from mtl_teach.learn.workspace.merge import delivered
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
    for path in (
        LESSON,
        PROBLEM_SET,
        "projects/P1_house_prices.ipynb",
        "quick_tests/quick_test_05.ipynb",
        "index.ipynb",
    ):
        assert read(workspace / path)["nbformat"] == 4


def test_only_what_a_learner_works_in_is_delivered(course, tmp_path):
    page = notebook(cell("x", "left over", "markdown"))
    for path in (
        "exercises/ps05_missing_labels/.ipynb_checkpoints/old-checkpoint.ipynb",
        "exercises/qt05_missing_labels/qt05_missing_labels.ipynb",
        "solutions/ps05_missing_labels.ipynb",
        "lessons/.ipynb_checkpoints/05.ipynb",
        "lessons/05_missing_labels.py",
    ):
        write(course / path, page)
    report = update(tmp_path / "ws", course)
    quick = [f"quick_tests/quick_test_{number}.ipynb" for number in all_quizzes()]
    assert sorted(report.added) == sorted(
        [
            LESSON.as_posix(),
            PROBLEM_SET.as_posix(),
            "projects/P1_house_prices.ipynb",
            "index.ipynb",
            "review.ipynb",
            "written.ipynb",
            *quick,
        ]
    )
    files = [path.relative_to(tmp_path / "ws").as_posix() for path in (tmp_path / "ws").rglob("*") if path.is_file()]
    assert sorted(files) == sorted([*report.added, ".mtl-teach/workspace.json"])
    assert report.lines() == [f"Made a workspace in {tmp_path / 'ws'} ({len(report.added)} notebooks)."]


def test_what_was_delivered_is_remembered_with_the_version_that_delivered_it(workspace):
    manifest = read(workspace / MANIFEST)
    assert (manifest["version"], manifest["course"]) == (1, __version__)
    for path, cells in manifest["files"].items():
        if path != "index.ipynb":  # which shows the progress, too
            assert cells == [list(one) for one in delivered(read(workspace / path))]
    assert set(manifest["files"]) == {path.relative_to(workspace).as_posix() for path in workspace.rglob("*.ipynb")}


def test_it_is_found_from_every_folder_in_it(workspace, monkeypatch):
    assert find_workspace(workspace / "exercises" / "ps05_missing_labels") == workspace
    assert find_workspace(workspace.parent) is None
    monkeypatch.chdir(workspace / "lessons")
    assert find_workspace() == workspace


def test_the_nearest_workspace_around_a_folder_is_found_and_a_folder_of_the_name_is_none(workspace, course):
    update(workspace / "own" / "other", course)
    assert find_workspace(workspace / "own" / "other" / "lessons") == workspace / "own" / "other"
    (workspace / "own" / MANIFEST).mkdir(parents=True)
    assert find_workspace(workspace / "own") == workspace


def test_a_workspace_may_be_named_from_the_home_folder(course, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert update("~/mine", course).root == tmp_path / "mine"


def test_without_a_course_given_the_one_of_the_package_is_delivered(tmp_path, course, monkeypatch):
    monkeypatch.setattr(deliver, "course_root", lambda: course)
    assert LESSON.as_posix() in update(tmp_path / "ws").added


def test_running_it_again_changes_nothing(workspace, course):
    before = {path: path.read_bytes() for path in workspace.rglob("*.ipynb")}
    report = update(workspace, course)
    assert report.lines() == [f"The workspace in {workspace} is up to date."]
    assert {path: path.read_bytes() for path in workspace.rglob("*.ipynb")} == before


def test_a_quick_test_under_its_older_name_is_taken_along_with_what_was_written_in_it(workspace, course):
    new, old = workspace / "quick_tests/quick_test_05.ipynb", workspace / "quick_tests/05.ipynb"
    page = read(new)
    page["cells"].append(cell("mine", "my = 1"))
    new.unlink()
    write(old, page)
    manifest = read(workspace / MANIFEST)
    manifest["files"]["quick_tests/05.ipynb"] = manifest["files"].pop("quick_tests/quick_test_05.ipynb")
    write(workspace / MANIFEST, manifest)
    update(workspace, course)
    assert not old.exists()
    assert read(new)["cells"][-1]["source"] == ["my = 1"]
    files = read(workspace / MANIFEST)["files"]
    assert "quick_tests/quick_test_05.ipynb" in files
    assert "quick_tests/05.ipynb" not in files


def test_where_both_names_of_a_quick_test_are_taken_neither_is_lost(workspace, course):
    new, old = workspace / "quick_tests/quick_test_05.ipynb", workspace / "quick_tests/05.ipynb"
    page = read(new)
    page["cells"].append(cell("mine", "new = 1"))
    write(new, page)
    write(old, {**page, "cells": [cell("mine", "old = 1")]})
    manifest = read(workspace / MANIFEST)
    manifest["files"]["quick_tests/05.ipynb"] = manifest["files"]["quick_tests/quick_test_05.ipynb"]
    write(workspace / MANIFEST, manifest)
    update(workspace, course)
    assert read(new)["cells"][-1]["source"] == ["new = 1"]
    assert "old = 1" in old.read_text()


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
        "Updated: quick_tests/quick_test_06.ipynb",  # it now leads to its lesson
        f"Kept 1 edited cell(s) in {PROBLEM_SET.as_posix()}",
    ]


def test_an_edited_cell_that_the_course_rewrote_stays_and_the_new_text_is_beside_it(workspace, course):
    edit(workspace / PROBLEM_SET, "masked_mean", RIGHT)
    edit(course / PROBLEM_SET, "masked_mean", "def masked_mean(values, mask):\n    raise NotImplementedError")
    report = update(workspace, course)
    assert answer(workspace / PROBLEM_SET) == RIGHT
    path = PROBLEM_SET.as_posix()
    assert report.lines() == [
        f"Kept 1 edited cell(s) in {path}",
        f"In {path} the course rewrote 1 cell(s) that you had edited; yours were kept, and the course's version is in "
        f"from-the-course/{path}.",
    ]
    assert "raise" in answer(workspace / "from-the-course" / PROBLEM_SET)
    assert update(workspace, course).lines() == [f"The workspace in {workspace} is up to date."]


def test_what_was_edited_is_no_news_where_the_course_is_the_same(workspace, course):
    edit(workspace / PROBLEM_SET, "masked_mean", RIGHT)
    assert update(workspace, course).lines() == [f"The workspace in {workspace} is up to date."]
    assert not (workspace / "from-the-course").exists()


def test_every_edited_cell_is_counted(workspace, course):
    for name in ("m-1", "m-2"):
        edit(workspace / LESSON, name, "mine")
    edit(course / LESSON, "m-0", "# Missing labels\n\nBetter text.")
    report = update(workspace, course)
    assert (report.updated, report.edited) == ([LESSON.as_posix()], {LESSON.as_posix(): 2})


def test_a_cell_that_the_course_took_out_goes_although_nothing_else_changed(workspace, course):
    page = read(course / LESSON)
    write(course / LESSON, {**page, "cells": page["cells"][:-1]})
    report = update(workspace, course)
    assert [one["id"] for one in read(workspace / LESSON)["cells"]] == ["m-0", "signpost-top", "m-1", "signpost-end"]
    assert report.lines() == [f"The workspace in {workspace} is up to date."]


def test_a_notebook_that_the_course_no_longer_has_stays_with_the_learner(workspace, course):
    (course / LESSON).unlink()
    before = read(workspace / LESSON)
    update(workspace, course)
    assert read(workspace / LESSON) == before
    assert LESSON.as_posix() in read(workspace / MANIFEST)["files"]


def test_a_deleted_check_cell_and_a_deleted_notebook_come_back(workspace, course):
    page = read(workspace / PROBLEM_SET)
    write(workspace / PROBLEM_SET, {**page, "cells": page["cells"][:-2]})
    (workspace / LESSON).unlink()
    report = update(workspace, course)
    assert read(workspace / PROBLEM_SET)["cells"][-1]["id"] == "check-masked_mean"
    assert report.lines() == [f"Updated: {PROBLEM_SET.as_posix()}", f"Put back: {LESSON.as_posix()}"]
    assert [one["id"] for one in read(workspace / LESSON)["cells"] if "signpost" not in one["id"]] == [
        "m-0",
        "m-1",
        "m-2",
    ]


@pytest.mark.parametrize(
    "content",
    [b"{ broken", b"[]", b'{"cells": 3}', b'{"cells": [3]}', b"\xff"],
    ids=["not JSON", "a list", "no cells", "cells that are none", "not UTF-8"],
)
def test_a_file_that_is_no_notebook_is_left_as_it_is(workspace, course, content):
    remembered = read(workspace / MANIFEST)["files"][LESSON.as_posix()]
    (workspace / LESSON).write_bytes(content)
    for _ in range(2):
        report = update(workspace, course)
        assert (workspace / LESSON).read_bytes() == content
        path = LESSON.as_posix()
        assert report.lines() == [
            f"{path} is not a notebook of this course, so it was left as it is; the course's own is in "
            f"from-the-course/{path}."
        ]
    assert read(workspace / MANIFEST)["files"][LESSON.as_posix()] == remembered
    delivered = read(workspace / "from-the-course" / LESSON)["cells"]
    assert [one for one in delivered if "signpost" not in one["id"]] == read(course / LESSON)["cells"]


def test_somebody_elses_notebook_of_the_same_name_is_left_as_it_is(tmp_path, course):
    own = notebook(cell("x", "my own page", "markdown"))
    for path in ("index.ipynb", LESSON):
        write(tmp_path / "folder" / path, own)
    for _ in range(3):  # it is not remembered as the course's own either
        report = update(tmp_path / "folder", course)
        assert {path.name for path in (tmp_path / "folder/from-the-course").rglob("*.ipynb")} == {
            "index.ipynb",
            LESSON.name,
        }
        for path in ("index.ipynb", LESSON):
            assert read(tmp_path / "folder" / path) == own
            assert any(f"{path} is not a notebook of this course" in line for line in report.lines())


def test_a_notebook_of_the_course_that_lay_there_before_the_workspace_is_taken_over(tmp_path, course):
    page = read(course / LESSON)
    page["cells"][1]["source"] = "mine"
    write(tmp_path / "folder" / LESSON, page)
    report = update(tmp_path / "folder", course)
    assert report.notices == [  # nothing tells what was delivered then
        f"In {LESSON.as_posix()} the course rewrote 1 cell(s) that you had edited; yours were kept, and the course's "
        f"version is in from-the-course/{LESSON.as_posix()}."
    ]
    assert [one["source"] for one in read(tmp_path / "folder" / LESSON)["cells"] if one["id"] == "m-1"] == ["mine"]


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"files": []}'], ids=["not JSON", "a list", "no files", "files that are no table"]
)
def test_a_damaged_record_is_kept_aside_and_every_answer_stays(workspace, course, content):
    edit(workspace / PROBLEM_SET, "masked_mean", RIGHT)
    (workspace / MANIFEST).write_text(content)
    report = update(workspace, course)
    assert answer(workspace / PROBLEM_SET) == RIGHT
    (aside,) = (workspace / ".mtl-teach").glob("workspace-damaged-*.json")
    assert aside.read_text() == content
    assert report.notices[0] == (
        f"The list of what was delivered was damaged; it is kept as {aside.name}. "
        "Every cell that differs from the course counts as yours and was kept."
    )
    assert not report.made
    assert update(workspace, course).lines() == [f"The workspace in {workspace} is up to date."]


def test_windows_line_endings_are_no_edit(workspace, course):
    text = (workspace / LESSON).read_text().replace("\\n", "\\r\\n")
    (workspace / LESSON).write_text(text)
    edit(course / LESSON, "m-0", "# Missing labels\n\nBetter text.")
    report = update(workspace, course)
    assert report.edited == {}
    assert "Better text." in (workspace / LESSON).read_text()


def test_a_home_page_that_is_no_notebook_is_left_as_it_is(workspace, course):
    (workspace / "index.ipynb").write_text("mine")
    update(workspace, course)
    assert (workspace / "index.ipynb").read_text() == "mine"


def test_what_a_killed_start_left_is_swept_up(workspace, course):
    part = workspace / "lessons" / ".05_missing_labels.ipynb.0123456789abcdef.part"
    part.write_text("{")
    os.utime(part, (0, 0))
    update(workspace, course)
    assert not part.exists()


def test_the_courses_own_sources_are_never_taken_for_a_workspace(tmp_path, course):
    with pytest.raises(WorkspaceError, match="holds the sources of the course itself; choose another folder"):
        update(course_root())
    (tmp_path / "other" / "solutions").mkdir(parents=True)
    assert update(tmp_path / "other", course).made


def test_a_folder_that_cannot_be_written_is_refused_in_one_sentence(tmp_path, course):
    (tmp_path / "file").write_text("")
    match = (
        r"file cannot be written to \((File exists|Not a directory)\); choose another folder, for example: mtl-teach"
    )
    with pytest.raises(WorkspaceError, match=match):
        update(tmp_path / "file", course)
