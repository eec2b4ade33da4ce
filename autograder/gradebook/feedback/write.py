"""Which pages are due: each made once, made again when what it says has changed, kept when somebody edited it."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.files import READABLE, write_atomically
from autograder.gradebook.feedback.asked import asked
from autograder.gradebook.feedback.entered import entries_of
from autograder.gradebook.feedback.handover import hand_over
from autograder.gradebook.feedback.look import GENERATOR, as_html, look
from autograder.gradebook.feedback.page import page_of
from autograder.gradebook.given import note_given
from autograder.gradebook.marks import marks
from autograder.gradebook.release import config_of
from autograder.grading.course import Course, CourseError, Submission
from autograder.grading.names import Names

PRIVATE_FOLDER = 0o700
_SEAL = b"<!-- mtl-grade "  # begins the last line of a page: what it was made of, and what was made


@dataclass
class Pages:
    """What one call did, as (student, assignment).

    Attributes
    ----------
    made, unchanged : list
    edited : list
        Pages that somebody changed by hand: kept as they are.
    not_entered : list
        Submissions that are not graded, whose marks the gradebook does not have or has from an earlier record, or
        whose record is damaged: `mtl-grade run` is next.
    without : list
        Those that have no page of ours yet, where only pages that are there were to be renewed.
    """

    made: list[tuple[str, str]] = field(default_factory=list)
    unchanged: list[tuple[str, str]] = field(default_factory=list)
    edited: list[tuple[str, str]] = field(default_factory=list)
    not_entered: list[tuple[str, str]] = field(default_factory=list)
    without: list[tuple[str, str]] = field(default_factory=list)

    @property
    def there(self) -> int:
        """How many pages there are now."""
        return len(self.made) + len(self.unchanged) + len(self.edited)


def feedback(course: Course) -> int:
    """Make every page of a course that is due; give back how many pages there are."""
    return write_pages(course).there


def page_path(course: Course, student: str, assignment: str) -> Path:
    """Where the page of a submission lies: where nbgrader puts its own."""
    return course.root / "feedback" / student / assignment / f"{assignment}.html"


def write_pages(
    course: Course,
    students: Sequence[str] = (),
    assignments: Sequence[str] = (),
    *,
    again: bool = False,
    renew_only: bool = False,
) -> Pages:
    """Make the pages that are due.

    Parameters
    ----------
    course : Course
    students, assignments : sequence of str
        Whose and of what; by default all.
    again : bool
        Make them anew, also those that did not change or that were edited by hand.
    renew_only : bool
        Make no page where there is none yet: nobody is told a mark that was not given back.

    Raises
    ------
    CourseError
        If a name is not known in this course, or the gradebook cannot be read.
    """
    done = Pages()
    due = list(_wanted(course, students, assignments))
    if not due:
        return done
    entries = entries_of(course)
    settings = settings_of(course)
    names = Names.read(course)
    for submission in due:
        key = (submission.student, submission.assignment)
        record, entry = course.read_record(*key), entries.get(key)
        if record is None or entry is None or entry.key not in ("", record.get("key")):
            done.not_entered.append(key)
            continue
        source = course.root / "source" / submission.assignment / f"{submission.assignment}.ipynb"
        try:
            notebook = course.handed_in(submission).notebook
            by_tutor = {name: one.message for name, one in names.about(course, record).items()}
            page = page_of(record, asked(source), entry, notebook, zero=entry.zero, told=by_tutor, **settings)
        except (AttributeError, KeyError, TypeError, ValueError):  # a record that somebody edited or cut
            done.not_entered.append(key)
            continue
        inputs = hashlib.sha256(f"{look()}\n{page!r}".encode("utf-8", "surrogatepass")).hexdigest().encode()
        path = page_path(course, *key)
        old = None if again else _state_of(path)
        if renew_only and not old:
            done.without.append(key)
            continue
        if old == b"edited":
            done.edited.append(key)
            continue
        if old == inputs:
            done.unchanged.append(key)
        else:
            _write(course, path, as_html(page), inputs)
            done.made.append(key)
        hand_over(submission, path)
    told = {*done.made, *done.unchanged}
    note_given(course, (row for row in marks(course) if (row["student"], row["assignment"]) in told))
    return done


def _wanted(course: Course, students: Sequence[str], assignments: Sequence[str]) -> Iterator[Submission]:
    """The submissions that are asked for and are some of this course."""
    submissions = [one for one in course.submissions() if one.assignment in course.assignments]
    if students:
        handed_in = (one.student for one in submissions)
        _known("student", students, {*handed_in, *(person.id for person in course.roster)})
    _known("assignment", assignments, set(course.assignments))
    for one in submissions:
        if (not students or one.student in students) and (not assignments or one.assignment in assignments):
            yield one


def _known(what: str, names: Sequence[str], known: set[str]) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise CourseError(f"There is no {what} `{name}` in this course.{hint}")


def settings_of(course: Course) -> dict[str, str]:
    """The course's name and the address of its book, from ``nbgrader_config.py``."""
    config: Any = config_of(course)
    book = config.get("MtlGrade", {}).get("book", "")
    if not isinstance(book, str) or any(ord(letter) <= 0x20 for letter in book) or not _is_address(book):
        raise CourseError(
            f"{course.root / 'nbgrader_config.py'}: c.MtlGrade.book must be the address of the web book, such as "
            f'"https://example.org/book/", or a path to it from a feedback page; got {book!r}.'
        )
    name = config.get("CourseDirectory", {}).get("course_id", "")
    return {"course": str(name), "book": f"{book.rstrip('/')}/" if book else ""}


def _is_address(book: str) -> bool:
    """True for a web address and for a path, which has no scheme before its first slash."""
    return book.startswith(("https://", "http://")) or ":" not in book.partition("/")[0]


# ---- files -----------------------------------------------------------------------------------------------------


def _state_of(path: Path) -> bytes:
    """What the page there was made of; ``edited`` where ours was changed since, empty where it is none of ours."""
    try:
        page = path.read_bytes()
    except OSError:
        return b""
    if f'content="{GENERATOR}"'.encode() not in page:
        return b""  # nbgrader's own, made by its generate_feedback
    body, seal, last = page.rpartition(_SEAL)
    words = last.split()
    if not seal or len(words) != 3 or words[1] != hashlib.sha256(body).hexdigest().encode():
        return b"edited"
    return words[0]


def _write(course: Course, path: Path, text: str, inputs: bytes) -> None:
    """Write a page into a folder that only its owner enters, with what it was made of in its last line."""
    for folder in (course.root / "feedback", path.parent.parent, path.parent):
        folder.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        if folder.stat().st_mode & 0o777 != PRIVATE_FOLDER:
            folder.chmod(PRIVATE_FOLDER)
    body = text.encode("utf-8", "replace") + b"\n"
    seal = _SEAL + inputs + b" " + hashlib.sha256(body).hexdigest().encode() + b" -->\n"
    write_atomically(path, body + seal, mode=READABLE)
