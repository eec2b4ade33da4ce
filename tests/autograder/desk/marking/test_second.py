"""Second marks: a sample that stays, blind to the first marks, in a private file and never in the gradebook."""

import stat

import pytest

from autograder.desk.marking.pile import Marking, schemes
from autograder.desk.marking.second import SecondMarks, folder_of, read, sample
from autograder.gradebook.by_hand import Mark, Moved, Piled, Standing, save, standings
from autograder.gradebook.enter import write_gradebook
from autograder.grading.course import CourseError
from autograder.results import UsageError
from tests.autograder.desk.marking.conftest import CELL, QUESTION, SET, hand_in


@pytest.fixture
def scheme(class_):
    return schemes(class_)[QUESTION]


def give(book, scheme, student, score, comment="", **more):
    seen = book.standings(scheme)[student].version
    return book.save(scheme, student, Mark(score, comment, **more), seen)


def many(count):
    return {f"s{n:03}": Standing(f"s{n:03}", "", 6.0, None, Mark(None, waits=True)) for n in range(count)}


def test_the_sample_is_a_share_the_same_each_time_and_grows_with_it(class_, scheme):
    small, again, large = (sample(class_, scheme, many(200), share) for share in (0.1, 0.1, 0.2))
    assert small == again == large[:20]
    assert len(large) == 40
    assert small != sorted(small)


@pytest.mark.parametrize(("count", "share", "taken"), [(0, 0.5, 0), (1, 0.1, 1), (30, 0.1, 3), (100, 0.07, 7)])
def test_of_few_answers_one_is_taken_at_least(class_, scheme, count, share, taken):
    assert len(sample(class_, scheme, many(count), share)) == taken


def test_what_was_left_empty_or_waits_for_review_is_not_in_it(class_, scheme):
    known = standings(class_, SET, CELL)
    assert sorted(sample(class_, scheme, known, 1.0)) == ["ada", "bob", "cleo"]


def test_the_sample_does_not_depend_on_the_first_marks(class_, scheme):
    before = sample(class_, scheme, standings(class_, SET, CELL), 0.5)
    save(class_, before[0], SET, CELL, Mark(6.0), standings(class_, SET, CELL)[before[0]].version)
    assert sample(class_, scheme, standings(class_, SET, CELL), 0.5) == before


def test_marks_lie_in_a_private_file_beside_the_gradebook(class_, scheme):
    book, before = SecondMarks(class_, "Kim", 1.0), standings(class_, SET, CELL)
    now = give(book, scheme, "ada", 4.5, "Good.", lines=(0, 1))
    assert now.mark == Mark(4.5, "Good.", (0, 1))
    assert stat.S_IMODE(book.path.stat().st_mode) == 0o600
    assert read(book.path)[QUESTION]["ada"][0] == now.mark
    assert standings(class_, SET, CELL) == before
    assert book.piles([scheme]) == {QUESTION: Piled(1, 3)}


def test_first_marks_do_not_reach_a_second_marker(class_, scheme):
    save(class_, "ada", SET, CELL, Mark(6.0, "All there."), standings(class_, SET, CELL)["ada"].version)
    book = SecondMarks(class_, "Kim", 1.0)
    assert book.standings(scheme)["ada"].mark == Mark(None, waits=True)
    marking = Marking(class_, {QUESTION: scheme}, book, blind=True)
    pile = marking.pile(QUESTION)
    assert {one["state"] for one in pile["answers"]} == {"unmarked"}
    shown = [marking.answer(QUESTION, one["key"]) for one in pile["answers"]]
    assert "All there." not in repr(shown)
    assert {one["name"] for one in shown} == {""}


def test_a_mark_is_taken_back_and_never_overwritten_unseen(class_, scheme):
    book = SecondMarks(class_, "Kim", 1.0)
    seen = book.standings(scheme)["ada"].version
    give(book, scheme, "ada", 4.0)
    with pytest.raises(Moved) as moved:
        book.save(scheme, "ada", Mark(1.0), seen)
    assert moved.value.now.mark.score == 4.0
    assert give(book, scheme, "ada", None).mark == Mark(None, waits=True)
    assert read(book.path) == {QUESTION: {}}


def test_two_second_markers_have_a_file_each(class_, scheme):
    for name, score in (("Kim", 1.0), ("Lee", 2.0)):
        give(SecondMarks(class_, name, 1.0), scheme, "ada", score)
    assert {path.stem for path in folder_of(class_).iterdir()} == {"Kim", "Lee"}


def test_an_answer_that_changed_is_to_be_looked_at_again(class_, scheme, handed_out):
    book = SecondMarks(class_, "Kim", 1.0)
    give(book, scheme, "ada", 4.0)
    hand_in(class_, handed_out, "ada", "Another answer.")
    write_gradebook(class_)
    assert book.standings(scheme)["ada"].mark == Mark(4.0, waits=True)
    give(book, scheme, "ada", 4.0, waits=True)  # as an undo leaves it
    assert book.standings(scheme)["ada"].mark.waits
    give(book, scheme, "ada", 4.0)
    assert not book.standings(scheme)["ada"].mark.waits


@pytest.mark.parametrize("name", ["", "../kim", ".kim", "a/b", "x" * 65])
def test_a_marker_has_a_name_that_a_file_can_have(class_, name):
    with pytest.raises(UsageError, match="a marker's name has letters"):
        SecondMarks(class_, name)


@pytest.mark.parametrize("share", [0, -0.1, 1.1, float("nan")])
def test_a_share_is_one(class_, share):
    with pytest.raises(UsageError, match="--share is above 0 and at most 1"):
        SecondMarks(class_, "Kim", share)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"q": {"ada": {}}}', b'{"q": 3}'])
def test_a_damaged_file_is_one_sentence(class_, scheme, data):
    book = SecondMarks(class_, "Kim")
    book.path.parent.mkdir()
    book.path.write_bytes(data)
    with pytest.raises(CourseError, match=r"Kim\.json cannot be read: put a backup in its place"):
        book.standings(scheme)
    assert book.path.read_bytes() == data
