"""The home page shows where the learner is and what is next."""

import platform
import re

import pytest

from mtl_teach.learn import home
from mtl_teach.learn.course_map import course_map, next_step
from mtl_teach.learn.home import as_html, as_text
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace import notebooks
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import PROBLEM_SET, read
from tests.learn.test_progress import FAILED, PASSED


@pytest.fixture
def progress(workspace):
    return Progress(workspace / PROGRESS)


def step(workspace):
    return next_step(course_map(workspace))


def pass_all(progress, workspace):
    from dataclasses import replace

    for task in course_map(workspace)[0].tasks:
        progress.record_check(replace(PASSED, exercise=task.id))


def test_the_way_is_lesson_exercises_quick_test_and_then_projects(workspace, progress):
    assert step(workspace).path == "lessons/05_missing_labels.ipynb"
    progress.record_check(FAILED)
    assert step(workspace).sentence.startswith("Go on with the exercise “Mean of the observed entries”")
    assert step(workspace).path == PROBLEM_SET.as_posix()
    pass_all(progress, workspace)
    assert step(workspace).path == "quick_tests/05.ipynb"
    progress.record_quick_test("05", 4, 7)
    assert step(workspace).path == "quick_tests/05.ipynb"
    progress.record_quick_test("05", 5, 7)
    assert step(workspace).path == "projects"
    assert course_map(workspace)[0].done


def test_exercises_stand_in_the_order_of_the_problem_set(workspace):
    (lesson,) = course_map(workspace)
    assert lesson.tasks[0].id == "masked_mean"  # the only one in this small problem set
    assert lesson.title == "Missing labels"


def test_a_renamed_problem_set_keeps_its_progress(workspace, progress):
    progress.record_check(PASSED)
    (workspace / PROBLEM_SET).rename(workspace / PROBLEM_SET.with_name("renamed.ipynb"))
    (state,) = [task.state for task in course_map(workspace)[0].tasks if task.id == "masked_mean"]
    assert state == "passed"


def test_text_and_html_show_the_same_state(workspace, progress):
    progress.record_check(PASSED)
    progress.record_quick_test("05", 3, 7)
    lessons = course_map(workspace)
    page, text = as_html(lessons), as_text(lessons)
    assert "✓ Mean of the observed entries (passed)" in page
    assert f"exercises: 1 of {len(lessons[0].tasks)} passed" in text
    for shown in (page, text):
        assert "… not passed, best 3 of 7" in shown
        assert step(workspace).path in shown


def test_the_home_page_shows_the_map_before_anything_is_run(workspace):
    cells = read(workspace / "index.ipynb")["cells"]
    (cell,) = [cell for cell in cells if cell["id"] == notebooks.HOME_CELL]
    assert "Work through the lesson" in cell["outputs"][0]["data"]["text/html"]


def test_home_prints_the_map_and_says_when_there_is_no_workspace(workspace, monkeypatch, capsys):
    home.home()
    assert "Next: Work through the lesson" in capsys.readouterr().out
    monkeypatch.chdir(workspace.parent)
    home.home()
    assert "make one with: mtl-teach start" in capsys.readouterr().out


def test_home_says_when_progress_cannot_be_read(workspace, capsys):
    (workspace / PROGRESS).mkdir()
    home.home()
    assert "Progress cannot be read or saved in" in capsys.readouterr().out


def test_home_says_that_damaged_progress_was_kept_aside(workspace, capsys):
    (workspace / PROGRESS).write_bytes(b"x" * 5000)
    home.home()
    assert "it is kept as progress-damaged-" in capsys.readouterr().err


def test_a_lesson_without_a_heading_goes_by_its_name(workspace):
    (workspace / "lessons/06_clicks_to_revenue.ipynb").write_text("{")
    assert course_map(workspace)[1].title == "Clicks to revenue"


def test_lesson_problem_set_and_quick_test_lead_to_each_other_and_home(workspace):
    for path, links in (
        ("lessons/05_missing_labels.ipynb", f"[Problem set 05](../{PROBLEM_SET.as_posix()}) · [Quick test 05](../qu"),
        (PROBLEM_SET, "[Lesson 05](../../lessons/05_missing_labels.ipynb) · [Quick test 05](../../quick_tests/05.ip"),
        ("quick_tests/05.ipynb", "[Lesson 05](../lessons/05_missing_labels.ipynb) · [Problem set 05](../exercises"),
        ("projects/P1_house_prices.ipynb", "[Home page](../index.ipynb)"),
    ):
        found = ["".join(one["source"]) for one in read(workspace / path)["cells"] if "signpost" in one["id"]]
        assert found
        assert all(links in text for text in found), path
        for target in re.findall(r"\]\(([^)]+)\)", found[0]):
            assert (workspace / path).parent.joinpath(target).resolve().is_file(), target


def test_a_notebook_is_delivered_as_the_kernel_would_save_it(workspace):
    """Else every notebook counts as changed as soon as it is opened, and is asked about when it is closed."""
    language = read(workspace / PROBLEM_SET)["metadata"]["language_info"]
    assert (language["name"], language["version"]) == ("python", platform.python_version())


def test_the_pages_arrive_as_notebooks_whose_links_lead_to_notebooks(tmp_path):
    pages = tmp_path / "lessons" / "pages"
    pages.mkdir(parents=True)
    (pages / "help.md").write_text("# Help\n\n[words](glossary.md#mask), [lesson](../05_missing_labels.ipynb)\n")
    ((path, notebook),) = notebooks.pages(tmp_path)
    assert path == "lessons/pages/help.ipynb"
    text = "".join(notebook["cells"][0]["source"])
    assert "[words](glossary.ipynb#mask), [lesson](../05_missing_labels.ipynb)" in text
