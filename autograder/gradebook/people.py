"""Who is in the gradebook: everybody on the roster, and nobody else."""

from __future__ import annotations

from nbgrader.api import Gradebook, Student

from autograder.grading.course import Course
from autograder.grading.roster import Person, Roster


def class_of(course: Course) -> Roster:
    """The class: the roster, or the folders of ``submitted/`` where the roster has no rows yet."""
    if len(course.roster):
        return course.roster
    return Roster.of(Person(name) for name in sorted({submission.student for submission in course.submissions()}))


def enter_people(gradebook: Gradebook, people: Roster) -> int:
    """Give everybody a row with name and e-mail; give back how many rows were made or changed.

    Nobody is removed: whoever left the class keeps their marks.
    """
    changed = 0
    known = {student.id: student for student in gradebook.students}
    for person in people:
        student = known.get(person.id)
        wanted = {"first_name": person.first_name, "last_name": person.last_name, "email": person.email}
        wanted = {name: value for name, value in wanted.items() if value}
        if student is None:
            gradebook.db.add(Student(id=person.id, **wanted))
        elif any(getattr(student, name) != value for name, value in wanted.items()):
            for name, value in wanted.items():
                setattr(student, name, value)
        else:
            continue
        changed += 1
    gradebook.db.commit()
    return changed
