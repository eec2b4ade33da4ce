"""Points follow effort: about two minutes a point, in code and in words; sets, guide and learning path say the same."""

import re

import pytest

from autograder.authoring import notebooks
from tests import effort
from tests.answers import source_cells

SETS = effort.every_set()
PARTS = {f"{name[:4]}-{part.name}": part for name, found in SETS.items() for part in found}


@pytest.mark.parametrize("part", PARTS.values(), ids=list(PARTS))
def test_a_point_stands_for_about_two_minutes(part):
    assert 1.5 <= part.minutes / part.points <= 2.5


@pytest.mark.parametrize("path", notebooks.problem_sets(effort.ROOT), ids=lambda path: path.stem)
def test_each_set_says_at_its_top_what_it_takes_and_what_it_earns(path):
    intro = " ".join(source_cells(path)[0].source.split())
    found = SETS[path.stem]
    coded, words = ([one for one in found if one.written is written] for written in (False, True))
    said = int(re.search(r"About (\d+) minutes, after lesson", intro)[1])
    assert said % 5 == 0
    assert abs(said - effort.total(found)[0]) <= 5
    checks, answers = effort.total(coded)[1], effort.total(words)[1]
    assert re.search(rf" {checks:g} points from checks, {answers:g} for the written parts?\.", intro)


def test_the_guide_holds_the_table_as_it_is():
    assert effort.PAGE.read_text(encoding="utf-8") == effort.written(), "python -m tests.effort"


def test_the_learning_path_promises_the_hours_that_lessons_and_sets_add_up_to():
    text = (effort.ROOT / "lessons" / "pages" / "learning_path.md").read_text(encoding="utf-8")
    lessons, rest = map(int, re.search(r"about (\d+) hours, and about (\d+) more for the exercises", text).groups())
    working = sum(part.minutes for part in PARTS.values())
    assert lessons == round(effort.minutes_of_lessons() / 60)
    assert abs(rest - working / 60) <= 0.75
