"""What points somewhere inside the course arrives."""

import posixpath
import re
from pathlib import Path

import pytest

from autograder import exercises
from autograder.authoring import notebooks
from autograder.course_files import course_root
from autograder.files import Cell
from autograder.sections import read_cells
from mtl_teach.learn import cheat_sheet
from mtl_teach.learn.workspace.deliver import update

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


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Cell]]:
    """The cells of every notebook of a workspace of the real course, by its path."""
    root: Path = tmp_path_factory.mktemp("links") / "mtl-course"
    update(root)
    files = sorted([*root.rglob("*.ipynb"), root / cheat_sheet.FILE])
    return {file.relative_to(root).as_posix(): read_cells(file) for file in files}


def links_of(cells: list[Cell]) -> list[tuple[str, str]]:
    texts = "\n".join(cell.source for cell in cells if cell.kind == "markdown")
    return re.findall(r"\]\((?!\w+:)([\w./-]+)(?:#([^)\s]*))?\)", texts)


def test_every_link_of_a_workspace_arrives_at_its_notebook_and_its_cell(delivered):
    broken = []
    for path, cells in delivered.items():
        for target, fragment in links_of(cells):
            there = delivered.get(posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
            name = fragment.removeprefix("cell-id=")
            if there is None or (name != fragment and name not in {cell.id for cell in there}):
                broken.append((path, target, fragment))
    assert broken == []


def test_every_lesson_links_its_terms_to_the_glossary_each_once(delivered):
    for path, cells in delivered.items():
        if re.match(r"lessons/\d", path):
            words = [fragment for target, fragment in links_of(cells) if target == "pages/glossary.ipynb" and fragment]
            assert len(words) >= 3, path
            assert len(set(words)) == len(words), path


def test_the_sources_of_the_lessons_stay_free_of_links_that_are_made():
    for path in notebooks.sources(ROOT):
        assert "cell-id=" not in path.read_text(encoding="utf-8")
