"""What waits for a person, why and what to do about it; and what a person decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from autograder.grading.course import GRADE, ZERO, Course, CourseError, Submission
from autograder.grading.folder import shown
from autograder.grading.intake import NO_NUMBERS
from autograder.grading.record import GRADER_ERROR, results_of
from autograder.results import typed

OURS = "a check itself failed"


@dataclass(frozen=True)
class Waiting:
    """One thing at which a person must look.

    Attributes
    ----------
    student, assignment : str
    cell : str
        The cell that carries the marks; empty where it is the whole submission.
    reason : str
        Why a person must look.
    todo : str
        What to do.
    texts : tuple of str
        What the student wrote outside the answers' cells, where a written answer is missing.
    """

    student: str
    assignment: str
    cell: str
    reason: str
    todo: str
    texts: tuple[str, ...] = ()


def waiting(course: Course, student: str = "", assignment: str = "") -> list[Waiting]:
    """Everything that waits for a person, by student: of all, or of one student or assignment."""
    found = [
        one
        for submission in course.submissions()
        if student in ("", submission.student) and assignment in ("", submission.assignment)
        for one in of_submission(course, submission)
    ]
    if not assignment:
        todo = "put the person on roster.csv, or give the folder the id of somebody there"
        found += [Waiting(who, "", "", why, todo) for who, why in course.strangers() if student in ("", who)]
    return found


def of_submission(course: Course, submission: Submission) -> Iterator[Waiting]:
    """What waits for a person in one submission, by its record or, where it has none yet, by what was handed in."""
    who, name = submission.student, submission.assignment
    if name not in course.assignments:
        yield Waiting(who, shown(name), "", "not a problem set of this course", "rename or remove the folder")
        return
    record = course.read_record(who, name)
    if record is not None and record.get("status") == GRADER_ERROR:
        yield Waiting(
            who, name, "", record["reason"], "run again; if it stays, `mtl-grade doctor` says what is missing"
        )
        return
    record = course.current_record(submission)
    for exercise, result in results_of(record).items() if record else ():
        if result.needs_review:
            yield Waiting(who, name, f"check-{exercise}", OURS, "run again; if it stays, mark it by hand")
    undecided = list(_undecided(course, submission, record))
    if undecided and course.decision(who, name) is None:
        yield from undecided


def _undecided(course: Course, submission: Submission, record: dict[str, Any] | None) -> Iterator[Waiting]:
    """What only a person can decide, as the record says it; as it was handed in, where there is no record yet."""
    who, name = submission.student, submission.assignment
    handed_in = None if record else course.handed_in(submission)
    reason = handed_in.reason if handed_in else record["reason"] if record else ""
    review = [asdict(part) for part in handed_in.review] if handed_in else record["review"] if record else []
    texts = handed_in.outside if handed_in else tuple(record["outside"]) if record else ()
    grade, zero = (
        typed("review", who, name, "--course", course.root, *one) for one in (["--grade"], ["--zero", "REASON"])
    )
    zero = f"{zero} gives no points"
    if reason:
        again = f"look at submitted/{who}/{name} and ask for the right file"
        readable = course.handed_in(submission).notebook is not None
        todo = f"{again}; {grade} grades it all the same" if readable else again
        yield Waiting(who, name, "", reason, f"{todo}; {zero}")
    for part in review:
        takes = "has it graded as code" if part["cell"].startswith("check-") else "takes it as the answer, to be marked"
        if part["reason"] == NO_NUMBERS:
            takes = "counts it with the published numbers"
        todo = f"{grade} {takes}; {zero} for it"
        yield Waiting(who, name, part["cell"], part["reason"], todo, texts if part["cell"][:6] != "check-" else ())


def settle(course: Course, student: str, assignment: str, decision: str, reason: str = "") -> str:
    """Note what a person decided of a submission; give back what comes of it, in a sentence.

    Parameters
    ----------
    course : Course
    student, assignment : str
    decision : str
        "grade": take it as it was found, as this problem set. "zero": no points for what waits.
    reason : str
        Why, for a zero: the student reads it.

    Raises
    ------
    CourseError
        If there is no such submission, nothing of it waits for a person, or it cannot be graded.
    """
    if assignment not in course.assignments:
        raise CourseError(f"{shown(assignment)!r} is no problem set of this course: {', '.join(course.assignments)}.")
    handed = {one.student: one for one in course.submissions() if one.assignment == assignment}
    if student not in handed:
        raise CourseError(f"{shown(student)!r} handed in nothing for {assignment}, or is not in the class.")
    submission = handed[student]
    if decision == ZERO and not reason.strip():
        raise CourseError("--zero needs the reason, in a sentence that the student will read.")
    before = course.decision(student, assignment)
    if before is None and not list(_undecided(course, submission, None)):
        raise CourseError(f"Nothing of {student}'s {assignment} waits for a person.")
    handed_in = course.handed_in(submission)
    if decision == GRADE and handed_in.notebook is None:
        raise CourseError(
            f"{student}'s {assignment} cannot be graded: {handed_in.reason}; ask for the file again, or use --zero."
        )
    course.decide(submission, decision, reason.strip())
    if decision == GRADE:
        return f"{student} {assignment} will be graded as it was found."
    return f"{student} {assignment} gets no points for what waited: {reason.strip()}"
