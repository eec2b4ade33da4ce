"""What a course says of behaviours: written so that people can read it, found again, and never lost."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.grading.course import CourseError
from autograder.grading.names import FILE, MAX_FILE, MAX_TITLE, Name, Names, shape_of_answer, title_of
from autograder.grading.record import UNGRADABLE
from autograder.results import Verdict
from autograder.visible import clean
from tests.autograder.by_hand import FULL, checked, graded, record, result
from tests.autograder.conftest import ANSWERS, hand_in, with_answer

DAY = date(2026, 11, 27)
FIRST = Name("masked_mean", "0" * 12, "Adds 1", "You add 1. Why?", DAY)
SECOND = Name("masked_mean", "a" * 12, "Halves", "You halve.", DAY)
POOR = Name("masked_mean", "0" * 12, "Long", "It is right, and long.", DAY, right=True)


@pytest.fixture
def path(tmp_path):
    return tmp_path / FILE


def given_names(path, *names):
    for name in names:
        Names.read_file(path).give(name)
    return Names.read_file(path)


def test_a_course_without_a_file_has_no_names(course):
    names = Names.read(course)
    assert (len(names), names.of("masked_mean", "0" * 12), names.path) == (0, None, course.root / FILE)


def test_a_name_is_found_again_by_exercise_and_fingerprint(path):
    names = given_names(path, FIRST, SECOND, POOR)
    assert list(names) == [FIRST, SECOND, POOR]
    assert names.of("masked_mean", "0" * 12) == FIRST
    assert names.of_right("masked_mean", "0" * 12) == POOR
    assert names.of_right("masked_mean", "a" * 12) is names.of("delta_m", "0" * 12) is None


def test_the_file_can_be_read_by_people(path):
    given_names(path, FIRST, POOR)
    text = path.read_text()
    assert text.startswith("# What this course says")
    assert text.endswith(
        '\n[wrong.masked_mean.000000000000]\ntitle = "Adds 1"\nmessage = "You add 1. Why?"\ndate = 2026-11-27\n'
        '\n[right.masked_mean.000000000000]\ntitle = "Long"\nmessage = "It is right, and long."\ndate = 2026-11-27\n'
    )


def test_a_second_name_for_the_same_replaces_the_first_in_its_place_and_gives_it_back(path):
    names = given_names(path, FIRST, SECOND)
    path.write_text(path.read_text().replace("\n[wrong.masked_mean.a", "\n# by hand\n[wrong.masked_mean.a") + "# end\n")
    names = Names.read_file(path)
    other = Name("masked_mean", "0" * 12, "Other", "Said otherwise.", date(2027, 1, 2))
    assert names.give(other) == FIRST
    assert list(names) == list(Names.read_file(path)) == [other, SECOND]
    text = path.read_text()
    assert "You add 1" not in text
    assert text.index("Other") < text.index("# by hand") < text.index("Halves") < text.index("# end")
    assert names.give(POOR) is None


def test_what_was_written_by_hand_needs_a_message_only(path):
    path.write_text('other = 1\n[wrong.masked_mean.0123456789ab]\nmessage = """\nTwo\nlines."""\n')
    (name,) = Names.read_file(path)
    assert name == Name("masked_mean", "0123456789ab", "Two lines", "Two\nlines.", None)
    Names.read_file(path).give(FIRST)
    assert path.read_text().startswith("other = 1\n")
    assert list(Names.read_file(path)) == [name, FIRST]


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=80).filter(str.strip), st.text(max_size=30))
def test_any_message_comes_back_as_it_was(tmp_path_factory, message, title):
    path = tmp_path_factory.mktemp("names") / FILE
    name = Name("masked_mean", "0" * 12, clean(title), clean(message), DAY)
    assert list(given_names(path, name, name)) == [name]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[wrong", "cannot be read: Expected"),
        ("wrong = 1", "`wrong` is no table"),
        ("wrong.masked_mean = 1", "`wrong.masked_mean` is no table"),
        ("wrong.masked_mean.0123456789ab = 1", "`wrong.masked_mean.0123456789ab` is no table"),
        (
            "[right.masked_mean.xyz]\nmessage = 'a'",
            r"`\[right.masked_mean.xyz\]` does not end in 12 hexadecimal digits",
        ),
        ("[wrong.masked_mean.0123456789ab]\n", "has no message of 1 to 1,000 characters"),
        ("[wrong.masked_mean.0123456789ab]\nmessage = ' '", "has no message of 1 to 1,000 characters"),
        ("[wrong.masked_mean.0123456789ab]\nmessage = 'a'\ndate = 'b'", "a date that is none"),
        ("[wrong.masked_mean.0123456789ab]\nmessage = 'a'\ntitle = 2", "a title that is no text"),
        ("x = " + "[" * 5_000, "cannot be read"),
        ("#" * (MAX_FILE + 1), "bytes; at most"),
        (b"\xff", "it is no text in UTF-8"),
    ],
)
def test_a_damaged_file_is_named_in_one_sentence_and_left_as_it_is(course, text, why):
    data = text if isinstance(text, bytes) else text.encode()
    (course.root / FILE).write_bytes(data)
    with pytest.raises(CourseError, match=why):
        Names.read(course)
    assert (course.root / FILE).read_bytes() == data


def test_a_link_is_not_followed(course, tmp_path):
    (tmp_path / "elsewhere").write_text("")
    (course.root / FILE).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CourseError, match="is a link"):
        Names.read(course)


@pytest.mark.parametrize(
    "text",
    [
        '["wrong".masked_mean.000000000000]\nmessage = "a"\n',
        'note = """\n[wrong.masked_mean.000000000000]\n"""\n',
    ],
)
def test_a_table_that_cannot_be_written_beside_the_others_is_said_and_nothing_changes(path, text):
    path.write_text(text)
    with pytest.raises(CourseError, match=r"`\[wrong.masked_mean.000000000000\]` cannot be written beside"):
        Names.read_file(path).give(FIRST)
    assert path.read_text() == text


def test_a_title_is_the_beginning_of_the_message():
    assert title_of("You add\n1; why?") == "You add 1"
    assert title_of("No end") == "No end"
    assert title_of("word " * 40).endswith("word…")
    assert len(title_of("word " * 40)) <= MAX_TITLE
    assert title_of("x = 0.5 is too much") == "x = 0.5 is too much"


# ---- what is said of a record --------------------------------------------------------------------------------------


def wrong(fingerprint):
    return result(checked(Verdict.FAILED), fingerprint=fingerprint)


def test_a_wrong_answer_is_told_what_is_said_of_its_behaviour(course, released):
    names = given_names(course.root / FILE, FIRST)
    assert names.about(course, graded(course, "ada", released, wrong("0" * 12))) == {"masked_mean": FIRST}
    assert names.about(course, record(course, "ada", wrong("b" * 12))) == {}
    assert names.about(course, record(course, "ada", wrong(""))) == {}
    assert names.about(course, record(course, "ada", wrong("0" * 12), status=UNGRADABLE)) == {}


def test_a_right_answer_is_told_what_is_said_of_its_shape(course, released):
    shape = shape_of_answer("masked_mean", ANSWERS["right"])
    names = given_names(course.root / FILE, Name("masked_mean", shape, "Long", "Long.", DAY, right=True))
    hand_in(course, "ada", with_answer(released, ANSWERS["right"].replace("values", "v") + "  # mine"))
    assert list(names.about(course, record(course, "ada", FULL))) == ["masked_mean"]
    assert names.about(course, record(course, "ada", wrong(shape))) == {}
    hand_in(course, "ada", with_answer(released, ANSWERS["wrong"]))
    assert names.about(course, record(course, "ada", FULL)) == {}


def test_an_exercise_that_is_gone_has_no_shape():
    assert shape_of_answer("not_there", "x = 1") == ""
