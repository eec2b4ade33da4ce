"""Personal numbers to hand out: what each student of the roster is asked, as text and as a table for a mail merge."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder import catalogue
from autograder.desk.platforms.sheet import harmless
from autograder.exercises import Exercise, written
from autograder.files import PRIVATE, write_atomically
from autograder.grading.course import Course, CourseError
from autograder.grading.roster import Person
from autograder.judging.answers import LocalAnswer

OFF = (
    "The numbers of exercises count once nbgrader_config.py says c.MtlGrade.personal_numbers = True; "
    "until then everybody is graded with the published ones."
)


@dataclass(frozen=True)
class Handout:
    """What one student is asked.

    Attributes
    ----------
    id, first_name, last_name, email : str
    text : str
        The statements with the student's numbers, as Markdown.
    answers : dict of str to float
        The right values by variable, and what a written answer works out; for whoever marks, never for the student.
    """

    id: str
    first_name: str
    last_name: str
    email: str
    text: str
    answers: dict[str, float]


def handouts(course: Course, assignment: str, students: Sequence[str] = ()) -> list[Handout]:
    """What each student is asked in an assignment; by default everybody on the roster.

    Raises
    ------
    CourseError
        If the course has no such assignment, nothing in it has personal numbers, a student is not on the roster, or
        nobody is.
    """
    with_numbers = {
        name: found for name, one in course.assignments.items() if (found := _asked_with_numbers(name, one.exercises))
    }
    if assignment not in with_numbers:
        raise CourseError(
            f"{assignment!r} asks nothing with personal numbers; such are in {', '.join(with_numbers) or 'no set'}."
        )
    if not course.roster:
        raise CourseError(
            f"{course.roster_path} has nobody yet: personal numbers are drawn from the ids that stand there."
        )
    people = [person for person in course.roster if not students or person.id in students]
    unknown = sorted(set(students) - {person.id for person in people})
    if unknown:
        raise CourseError(f"{unknown[0]!r} is not on {course.roster_path}.")
    return [_handout(person, with_numbers[assignment]) for person in people]


def _asked_with_numbers(assignment: str, exercises: Sequence[str]) -> list[Exercise | written.Question]:
    """What an assignment asks of everybody with numbers of their own: exercises, then written questions."""
    by_hand = [exercise for exercise in map(catalogue.load, exercises) if exercise.published]
    return [*by_hand, *written.of_assignment(assignment)]


def wait_for_the_setting(course: Course, assignment: str) -> bool:
    """True where an assignment has exercises whose personal numbers the course has not asked for."""
    asked = _asked_with_numbers(assignment, course.assignments[assignment].exercises)
    return not course.personal_numbers and any(isinstance(one, Exercise) for one in asked)


def _handout(person: Person, asked: Sequence[Exercise | written.Question]) -> Handout:
    texts: list[str] = []
    answers: dict[str, float] = {}
    for one in asked:
        if isinstance(one, Exercise):
            own = one.for_student(person.id)
            texts.append(own.statement)
            answers |= _answers(own)
        else:
            texts.append(one.statement(person.id))
            answers |= one.answers(person.id)
    return Handout(person.id, person.first_name, person.last_name, person.email, "\n\n".join(texts), answers)


def _answers(exercise: Exercise) -> dict[str, float]:
    """The right value of each variable, as the first right answer has it."""
    value = LocalAnswer.of(exercise, next(iter(exercise.alternatives.values())))()
    return dict(zip(exercise.entries, value if len(exercise.entries) > 1 else (value,)))


def table(handed_out: Sequence[Handout], answers: bool = False) -> str:
    """A row for each student, for a mail merge; with ``answers`` a column for each right value, for whoever marks."""
    names = list(handed_out[0].answers) if answers else []
    with io.StringIO(newline="") as text:
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["id", "first_name", "last_name", "email", "text", *names])
        for one in handed_out:
            person = map(harmless, (one.id, one.first_name, one.last_name, one.email))
            writer.writerow([*person, one.text, *(f"{one.answers[name]:g}" for name in names)])
        return text.getvalue()


def write_table(path: Path, handed_out: Sequence[Handout], answers: bool = False) -> None:
    """Write the table so that it is there whole or not at all, readable by its owner alone."""
    write_atomically(path, table(handed_out, answers).encode(), mode=PRIVATE)
