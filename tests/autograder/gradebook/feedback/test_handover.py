"""nbgrader's own release_feedback takes our pages, and its fetch_feedback finds them, each student their own."""

import stat

import pytest
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange.default import ExchangeReleaseFeedback
from nbgrader.utils import notebook_hash

from autograder.gradebook.enter import write_gradebook
from autograder.gradebook.feedback.handover import SECRET, STAMP
from autograder.gradebook.feedback.write import page_path, write_pages
from autograder.gradebook.release import config_of
from tests.autograder.by_hand import FULL, graded
from tests.autograder.conftest import NAME, with_answer

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # nbgrader's release_feedback leaves it
OF_ADA = "0123456789abcdef" * 8


@pytest.fixture
def entered(course, released):
    """Ada handed in through the exchange, Bob by e-mail; both are graded."""
    for student in ("ada", "bob"):
        graded(course, student, with_answer(released, "right"), FULL)
    came_with(course, "ada", OF_ADA.encode())
    write_gradebook(course)
    return course


def came_with(course, student, secret, time="2026-01-10 11:00:00.500000 UTC"):
    folder = course.submission(student, NAME).folder
    (folder / SECRET).write_bytes(secret)
    (folder / STAMP).write_text(time)


def beside(course, student, name):
    return (page_path(course, student, NAME).parent / name).read_text()


def release(course, exchange):
    exchange.mkdir(exist_ok=True)
    (exchange / "mtl-test").mkdir(exist_ok=True)
    config = config_of(course)
    config.CourseDirectory.course_id = "mtl-test"
    config.CourseDirectory.assignment_id = NAME
    config.Exchange.root = str(exchange)
    ExchangeReleaseFeedback(coursedir=CourseDirectory(config=config), config=config).start()
    return {path.stem: path for path in (exchange / "mtl-test" / "feedback").iterdir()}


def test_a_page_goes_into_the_exchange_readable_under_the_name_that_its_student_looks_for(entered, tmp_path):
    write_pages(entered)
    released = release(entered, tmp_path / "exchange")
    page = released[notebook_hash(secret=OF_ADA, notebook_id=NAME)]
    assert page.read_bytes() == page_path(entered, "ada", NAME).read_bytes()
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    assert len(released) == 2  # Bob's did not stop it


def test_what_did_not_come_through_the_exchange_gets_a_secret_that_stays(entered):
    write_pages(entered)
    given = beside(entered, "bob", SECRET)
    write_pages(entered, again=True)
    assert len(given) == 128
    assert beside(entered, "bob", SECRET) == given


def test_the_same_work_handed_in_again_is_found_under_its_new_secret(entered):
    write_pages(entered)
    came_with(entered, "ada", b"f" * 128, "2026-01-11 11:00:00.000000 UTC")
    assert ("ada", NAME) in write_pages(entered).unchanged
    assert (beside(entered, "ada", SECRET), beside(entered, "ada", STAMP)) == (
        "f" * 128,
        "2026-01-11 11:00:00.000000 UTC",
    )


@pytest.mark.parametrize("secret", [b"", b"short", b"\xff" * 64, b"a b" * 20, b"x" * 2_000])
def test_no_secret_that_somebody_made_up_ends_the_release(entered, tmp_path, secret):
    came_with(entered, "ada", secret)
    write_pages(entered)
    assert len(release(entered, tmp_path / "exchange")) == 2
    assert len(beside(entered, "ada", SECRET)) == 128


def test_the_secret_beside_a_page_is_its_owners_alone(entered):
    write_pages(entered)
    path = page_path(entered, "ada", NAME).parent / SECRET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
