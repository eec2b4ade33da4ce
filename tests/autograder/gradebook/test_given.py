"""Which marks have left for the students."""

import pytest

from autograder.gradebook.given import given_back, note_given


def row(student, score, assignment="ps05"):
    return {"student": student, "assignment": assignment, "score": score}


def test_what_was_told_is_known_and_an_open_mark_is_none(course):
    note_given(course, [row("ada", 9.0), row("bob", None), row("ada", 4.0, "ps06")])
    assert given_back(course) == {("ada", "ps05"): 9.0, ("ada", "ps06"): 4.0}


def test_a_later_mark_replaces_the_earlier_and_others_stay(course):
    note_given(course, [row("ada", 9.0), row("bob", 3.0)])
    note_given(course, [row("ada", 8.0)])
    assert given_back(course) == {("ada", "ps05"): 8.0, ("bob", "ps05"): 3.0}


def test_the_same_again_writes_nothing(course):
    note_given(course, [row("ada", 9.0)])
    path = course.private / "given_back.json"
    before = path.stat().st_mtime_ns
    note_given(course, [row("ada", 9.0)])
    assert path.stat().st_mtime_ns == before
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("data", ["", "[]", "[" * 100_000, "{", '{"ps05": 3}', '{"ps05": {"ada": "much"}}'])
def test_a_file_that_cannot_be_read_says_nothing(course, data):
    (course.private / "given_back.json").write_text(data)
    assert given_back(course) == {}
