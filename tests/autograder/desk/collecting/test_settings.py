"""What a course's configuration says of collecting, read and never run."""

from datetime import UTC, datetime

import pytest

from autograder.desk.collecting.settings import Settings, due_dates, zone_of
from autograder.results import UsageError
from tests.autograder.desk.collecting.conftest import SET, dated


@pytest.fixture
def config(tmp_path):
    def write(text):
        path = tmp_path / "nbgrader_config.py"
        path.write_text(text)
        return path

    return write


def test_without_a_word_the_last_attempt_counts_on_this_machines_clock(config, tmp_path):
    assert Settings.of(config("c = get_config()\n")) == Settings("last", None)
    assert Settings.of(tmp_path / "nothing") == Settings("last", None)


def test_the_configuration_is_read_as_text_and_an_option_goes_before_it(config, tmp_path):
    path = config(
        f'import pathlib\npathlib.Path("{tmp_path}/ran").touch()\n'
        'c.MtlGrade.keep = "first"\nc.MtlGrade.timezone = "Europe/Berlin"\nc.Other.keep = "last"\n'
    )
    assert Settings.of(path) == Settings("first", zone_of("Europe/Berlin"))
    assert Settings.of(path, "last", "UTC") == Settings("last", zone_of("UTC"))
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", ["c.MtlGrade.keep = (", "\0", "(" * 100_000])
def test_a_configuration_that_is_no_python_says_nothing(config, text):
    assert Settings.of(config(text)) == Settings("last", None)


@pytest.mark.parametrize(
    ("keep", "timezone", "said"),
    [
        ("newest", "", "--keep must be last, first or best; got 'newest'"),
        ("", "../../etc/passwd", "--timezone must be a name such as Europe/Berlin or UTC; got '../../etc/passwd'"),
        ("", "Mars/Olympus", "--timezone must be a name"),
    ],
)
def test_what_there_is_not_is_refused_in_a_sentence(config, keep, timezone, said):
    with pytest.raises(UsageError, match=said):
        Settings.of(config(""), keep, timezone)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("UTC", datetime(2026, 3, 5, 23), datetime(2026, 3, 5, 23, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 3, 5, 23), datetime(2026, 3, 5, 22, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2026, 7, 5, 23), datetime(2026, 7, 5, 21, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 5, 23), datetime(2026, 3, 6, 4, tzinfo=UTC)),
        ("Europe/Berlin", datetime(1, 1, 1), None),
        ("UTC", None, None),
    ],
)
def test_a_time_on_the_courses_clock_becomes_utc(zone, local, utc):
    assert Settings("last", zone_of(zone)).utc(local) == utc


def test_due_dates_come_from_the_gradebook_and_nothing_is_written_there(course):
    database = course.root / "gradebook.db"
    database.unlink(missing_ok=True)
    assert due_dates(course.root) == {}
    assert not database.exists()
    dated(course, SET, "2026-03-06 12:00:00.000000")
    assert due_dates(course.root) == {SET: datetime(2026, 3, 6, 12, tzinfo=UTC)}
    database.write_bytes(b"not a database at all" * 100)
    assert due_dates(course.root) == {}
