"""What points somewhere inside the course arrives."""

import re

import pytest

from autograder import exercises
from autograder.authoring import notebooks
from autograder.course_files import course_root

ROOT = course_root()
TEXTS = sorted([*ROOT.glob("lessons/pages/*.md"), *notebooks.sources(ROOT), *notebooks.problem_sets(ROOT)])
LINK = re.compile(r"\]\(([\w./-]+\.(?:md|ipynb|py|toml))(?:#[^)]*)?\)")


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.stem)
def test_every_link_inside_the_course_leads_to_a_file(path):
    links = LINK.findall(path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("exercise_id", exercises.all_ids())
def test_an_exercise_names_a_heading_of_its_lesson(exercise_id):
    exercise = exercises.load(exercise_id)
    lesson = (ROOT / "lessons" / f"{exercise.lesson}.py").read_text(encoding="utf-8")
    assert exercise.section in re.findall(r"^# #+ (.*)$", lesson, re.MULTILINE)
