"""The map of the course follows the workspace: its lessons, their titles, and what there is to pass."""

import pytest

from mtl_teach.learn.course_map import course_map
from tests.learn.conftest import LESSON, PROBLEM_SET, cell, notebook, write

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
