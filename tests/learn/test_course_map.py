"""The map of the course follows the workspace: its lessons, their titles, and what there is to pass."""

import pytest

from mtl_teach.learn import course_map as course_map_module
from mtl_teach.learn.course_map import Lesson, Place, Step, also_begun, course_map, next_step, projects_of
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.deliver import update
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import LESSON, PROBLEM_SET, cell, notebook, read, write

TITLES = {
    "its first heading": [cell("m", "Text.\n\n# Missing labels\n\n# Later", "markdown")],
    "no number": [cell("m", "# 5. Missing labels", "markdown")],
    "Windows line endings": [cell("m", "# Missing labels\r\n\r\nText.", "markdown")],
    "no comment of the code": [cell("c", "# a comment"), cell("m", "# Missing labels", "markdown")],
    "its name where it has no heading": [cell("m", "## Only a part", "markdown")],
}


@pytest.mark.parametrize("cells", TITLES.values(), ids=TITLES)
def test_a_lesson_is_called_by(workspace, cells):
    write(workspace / LESSON, notebook(*cells))
    assert [lesson.title for lesson in course_map(workspace)] == ["Missing labels"]


def test_a_lesson_with_nothing_to_pass_is_never_done(workspace):
    write(workspace / "lessons" / "99_outlook.ipynb", notebook(cell("m", "# Outlook", "markdown")))
    *_, outlook = course_map(workspace)
    assert (outlook.slug, outlook.title, outlook.quick_test, outlook.problem_set) == ("99_outlook", "Outlook", "", "")
    assert outlook.tasks == ()
    assert outlook.tasks_done
    assert outlook.quick_test_done
    assert not outlook.done


def test_a_lesson_whose_problem_set_is_gone_keeps_its_exercises(workspace):
    (workspace / PROBLEM_SET).unlink()
    (lesson,) = course_map(workspace)
    assert lesson.problem_set == ""
    assert "masked_mean" in [task.id for task in lesson.tasks]


# ---- places, written answers, projects ---------------------------------------------------------------------------


def test_a_lesson_knows_its_minutes_and_where_the_learner_was_last(workspace):
    cells = [
        cell("top", "# 5. A\n\n**Before:** 4. **Time:** 80 minutes. **Difficulty:** ●", "markdown"),
        cell("a", "1"),
        cell("mean", "Text\n\n## The `mean` of $\\ell$", "markdown"),
        cell("b", "2"),
    ]
    write(workspace / LESSON, notebook(*cells))
    progress = Progress(workspace / PROGRESS)
    progress.record_place("05_missing_labels", "The `mean` of $\\ell$", 1, 2)
    (lesson,) = course_map(workspace)
    assert lesson.minutes == 80
    assert (lesson.place.section, lesson.place.cell, lesson.place.share) == ("The mean of ℓ", "mean", 0.5)
    progress.record_place("05_missing_labels", "Gone", 2, 2)
    (lesson,) = course_map(workspace)
    assert (lesson.place.section, lesson.place.cell, lesson.read) == ("", "", True)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("**Time:** 45 minutes.", 45),
        ("**Time:** about 3 hours.", 180),
        ("**Time:** 1 hour", 60),
        ("**Time:** about 4.5 hours, 26 points.", 270),
        ("Time: 9", 0),
    ],
)
def test_the_time_of_a_notebook_is_read_from_its_text(workspace, text, minutes):
    write(workspace / LESSON, notebook(cell("m", f"# A\n\n{text}", "markdown")))
    assert course_map(workspace)[0].minutes == minutes


def written(name, text="YOUR ANSWER HERE"):
    made = cell(name, text, "markdown", graded=True)
    made["metadata"]["nbgrader"] |= {"grade": True, "solution": True}
    return made


def test_written_answers_are_known_by_set_and_name_with_title_minutes_and_state(workspace):
    page = read(workspace / PROBLEM_SET)
    about = cell("about-why", "### In words: why?\n*8 minutes, 4 points, marked by a person.*", "markdown")
    other = cell("about-second", "## In writing: which one? (4 points)\n\nText.", "markdown")
    page["cells"] += [about, written("why"), other, written("second")]
    write(workspace / PROBLEM_SET, page)
    Progress(workspace / PROGRESS).record_written("ps05_missing_labels/why", "begun")
    (lesson,) = course_map(workspace)
    assert [(one.id, one.title, one.minutes, one.state, one.cell) for one in lesson.written] == [
        ("ps05_missing_labels/why", "Why?", 8, "begun", "about-why"),
        ("ps05_missing_labels/second", "Which one?", 8, "open", "about-second"),
    ]


def test_in_a_browser_the_map_has_what_can_be_passed_there(workspace, monkeypatch):
    monkeypatch.setattr(course_map_module, "in_browser", lambda: True)
    (lesson,) = course_map(workspace)
    assert [task.id for task in lesson.tasks] == ["masked_mean"]
    write(workspace / PROBLEM_SET, notebook(cell("about-masked_mean", "In the book.", "markdown"), written("why")))
    (lesson,) = course_map(workspace)
    assert (lesson.tasks, lesson.written) == ((), ())


def test_an_exercise_knows_where_its_problem_set_speaks_of_it(workspace):
    page = read(workspace / PROBLEM_SET)
    page["cells"].insert(1, cell("about-masked_mean", "## Mean of the observed entries", "markdown"))
    write(workspace / PROBLEM_SET, page)
    (lesson,) = course_map(workspace)
    assert [task.cell for task in lesson.tasks if task.id == "masked_mean"] == ["about-masked_mean"]
    assert {task.cell for task in lesson.tasks if task.id != "masked_mean"} == {""}


def test_a_project_knows_its_milestones_and_those_that_were_reached(workspace):
    code = 'board.show("1a. Predictions", f(x))\nboard.show("1b. Beaten", g())\nboard.show("1a. Predictions", f(y))'
    cells = [cell("p-0", "# Project 1. Houses\n\n**Time:** about 3 hours.", "markdown"), cell("p-1", code)]
    write(workspace / "projects/P1_house_prices.ipynb", notebook(*cells))
    progress = Progress(workspace / PROGRESS)
    (project,) = projects_of(workspace)
    assert (project.slug, project.title, project.minutes, project.begun) == ("P1_house_prices", "Houses", 180, False)
    assert project.milestones == ("1a. Predictions", "1b. Beaten")
    progress.record_milestone("P1_house_prices", "1b. Beaten")
    progress.record_milestone("P1_house_prices", "of an older version")
    (project,) = projects_of(workspace)
    assert (project.n_passed, project.begun, project.done) == (1, True, False)
    progress.record_milestone("P1_house_prices", "1a. Predictions")
    assert projects_of(workspace)[0].done


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 7}', '{"cells": [{"cell_type": "code", "source": 3}]}'])
def test_damaged_notebooks_stay_on_the_map(workspace, content):
    for path in (LESSON, PROBLEM_SET, "projects/P1_house_prices.ipynb"):
        (workspace / path).write_text(content)
    Progress(workspace / PROGRESS).record_place("05_missing_labels", "A", 1, 2)
    (lesson,), (project,) = course_map(workspace), projects_of(workspace)
    assert (lesson.title, project.title) == ("Missing labels", "House prices")
    assert lesson.place.section == ""
    assert project.milestones == ()
    assert next_step([lesson], [project]).sentence == "Continue: lesson 5."


def test_every_lesson_and_project_of_the_course_says_its_time_and_has_something_to_do(tmp_path):
    update(tmp_path / "ws")
    lessons, projects = course_map(tmp_path / "ws"), projects_of(tmp_path / "ws")
    assert all(lesson.minutes >= 45 for lesson in lessons)
    assert all(one.minutes and one.cell for lesson in lessons for one in (*lesson.tasks, *lesson.written))
    assert sum(len(lesson.written) for lesson in lessons) == 12
    assert all(project.minutes and len(project.milestones) >= 5 for project in projects)
    assert len(projects) == 5


def test_a_lesson_left_in_the_middle_is_begun_as_well_and_one_that_waits_is_not():
    place = Place("The mask", "mask", 1, 4, "2026-01-01")
    common = ("05_missing_labels", "Missing labels", LESSON.as_posix(), "", (), "05", None, 60)
    left = Lesson(*common, place)
    found = also_begun([left, Lesson(*common)], [], Step("", ""))
    assert [step.sentence[:26] for step in found] == ["Continue: lesson 5, “The m"]
    assert all(step.begun for step in found)
