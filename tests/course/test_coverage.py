"""The course carries everything its sources say, and teaches right what they say wrong: every place is opened.

The two lists are in ``coverage.toml``, which also says how a place is written.
"""

import re
import tomllib
from pathlib import Path

import pytest

from autograder import catalogue
from autograder.authoring import notebooks
from autograder.course_files import course_root
from autograder.quizzes import bank

ROOT = course_root()
TABLES = tomllib.loads(Path(__file__).with_name("coverage.toml").read_text(encoding="utf-8"))
PLACES = sorted({place for table in TABLES.values() for row in table for place in row["places"]})
KINDS = {
    "lesson": lambda number: cells(only(ROOT.glob(f"lessons/{number}_*.py"))),
    "project": lambda number: cells(only(ROOT.glob(f"lessons/projects/{number}_*.py"))),
    "quiz": lambda number: [question_text(question) for question in bank.load(number).questions],
    "set": lambda name: [cell.source for cell in graded_cells(name.split()[0]) if cell.id == name.split()[1]],
    "page": lambda name: sections(ROOT / ("README.md" if name == "README" else f"lessons/pages/{name}.md")),
}


def only(paths):
    (path,) = paths
    return path


def cells(path):
    return [cell.source for cell in notebooks.read_source(path).cells]


def graded_cells(number):
    return notebooks.read_source(only(ROOT.glob(f"solutions/ps{number}_*.py"))).cells


def question_text(question):
    return " ".join([question.text, *(f"{option.text} {option.why}" for option in question.options)])


def sections(path):
    return re.split(r"^#+ ", path.read_text(encoding="utf-8"), flags=re.MULTILINE)


def plain(text):
    """Text without its line breaks, and without the marks of a quotation."""
    return " ".join(text.replace("\n> ", "\n").split())


def split(place):
    where, _, phrase = place.partition(": ")
    kind, name = where.split(" ", 1)
    return kind, name, plain(phrase)


@pytest.mark.parametrize(("table", "count"), [("item", 102), ("error", 40)])
def test_every_number_stands_in_its_list_once_with_words_and_a_place(table, count):
    assert [row["number"] for row in TABLES[table]] == list(range(1, count + 1))
    assert [row["number"] for row in TABLES[table] if not (row["about"].strip() and row["places"])] == []


@pytest.mark.parametrize("place", [place for place in PLACES if not place.startswith("exercise ")])
def test_a_phrase_stands_in_one_cell_section_or_question_of_its_place(place):
    kind, name, phrase = split(place)
    assert len(phrase) >= 12  # short words stand everywhere
    assert any(phrase in plain(text) for text in KINDS[kind](name)), f"{kind} {name} does not say: {phrase}"


@pytest.mark.parametrize("place", [place for place in PLACES if place.startswith("exercise ")])
def test_an_exercise_is_asked_in_a_problem_set_and_knows_the_mistake(place):
    _, name, mistake = split(place)
    asked = [cell.id for path in notebooks.problem_sets(ROOT) for cell in notebooks.read_source(path).cells]
    assert f"check-{name}" in asked
    assert not mistake or mistake in catalogue.load(name).misconceptions
