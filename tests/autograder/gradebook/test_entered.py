"""What the gradebook has of each record is noted in the gradebook's own file, and a person's mark stands."""

import json
from types import SimpleNamespace

import pytest
from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder.gradebook.cells import Judged, Judgement
from autograder.gradebook.entered import Entry, Source, apply, bases_of, digest, entries, note, zero_in
from tests.autograder.conftest import NAME

SOURCE = Source(key="k", timestamp="", decision="", points="p", review=True, notebook="n")
JUDGEMENT = Judgement({"check": Judged(3.0, basis="b1"), "why": Judged(None, basis="b2")}, {"answer": "Look again."})


@pytest.fixture
def gradebook(course):
    with Gradebook(course.database) as opened:
        yield opened


def test_what_was_noted_is_read_again_and_the_last_note_counts(gradebook):
    assert entries(gradebook) == {}
    note(gradebook, "ada", NAME, None, JUDGEMENT)
    note(gradebook, "ada", NAME, SOURCE, JUDGEMENT)
    note(gradebook, "bob", NAME, None, Judgement())
    gradebook.db.commit()
    bases = {"check": "b1", "why": "b2"}
    assert entries(gradebook) == {("ada", NAME): Entry(SOURCE, bases), ("bob", NAME): Entry(None, {})}
    assert bases_of(gradebook, "ada", NAME) == bases
    assert bases_of(gradebook, "zoe", NAME) == {}


def test_a_note_that_is_rolled_back_with_its_marks_is_none(gradebook):
    entries(gradebook)
    note(gradebook, "ada", NAME, SOURCE, JUDGEMENT)
    gradebook.db.rollback()
    assert entries(gradebook) == {}


def test_the_same_work_with_other_bytes_counts_as_the_same_source():
    assert Source("k", "", "", "p", notebook="n") == Source("k", "", "", "p", notebook="m")
    assert Source("k", "", "", "p") != Source("k", "later", "", "p")


def test_a_note_of_an_earlier_version_is_read_and_says_that_nothing_was_told(gradebook):
    entries(gradebook)
    note(gradebook, "ada", NAME, SOURCE, JUDGEMENT)
    older = {key: value for key, value in vars(SOURCE).items() if key != "told"}
    gradebook.db.execute(text("UPDATE mtl_entered SET source = :source"), {"source": json.dumps(older)})
    assert entries(gradebook)["ada", NAME].source == SOURCE
    assert SOURCE.told == ""


def grade(name, auto=None, manual=None):
    return SimpleNamespace(
        cell=SimpleNamespace(name=name), auto_score=auto, manual_score=manual, needs_manual_grade=None
    )


def applied(before, **manual):
    grades = [grade(name, manual=manual.get(name)) for name in ("check", "why")]
    comment = SimpleNamespace(cell=SimpleNamespace(name="answer"), auto_comment="old")
    apply(SimpleNamespace(grades=grades, comments=[comment]), JUDGEMENT, before)
    assert comment.auto_comment == "Look again."
    return {one.cell.name: (one.auto_score, one.manual_score, one.needs_manual_grade) for one in grades}


def test_what_the_checks_decide_needs_nobody_and_the_rest_a_person():
    assert applied({}) == {"check": (3.0, None, False), "why": (None, None, True)}


def test_a_persons_mark_stands_while_what_it_is_about_stays():
    made = applied({"check": "b1", "why": "b2"}, check=1.0, why=4.0)
    assert made == {"check": (3.0, 1.0, False), "why": (None, 4.0, False)}


def test_a_persons_mark_is_looked_at_again_only_where_its_own_cell_changed():
    made = applied({"check": "b1", "why": "before"}, check=1.0, why=4.0)
    assert made == {"check": (3.0, 1.0, False), "why": (None, 4.0, True)}


def test_a_persons_mark_of_which_nothing_is_known_is_looked_at_again():
    assert applied({}, why=4.0)["why"] == (None, 4.0, True)


@pytest.mark.parametrize(
    ("decision", "why"),
    [(None, None), ({"decision": "grade", "reason": ""}, None), ({"decision": "zero", "reason": "Copied."}, "Copied.")],
)
def test_only_a_decision_for_nothing_gives_nothing(decision, why):
    assert zero_in(decision) == why


def test_a_digest_is_of_the_data_and_not_of_its_order():
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1}) != digest({"a": 1, "b": 3})
