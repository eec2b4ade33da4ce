"""The beginning of a course: its folder with everything released, or no folder at all."""

from __future__ import annotations

from pathlib import Path

from autograder.gradebook.release import release
from autograder.grading.course import Course


def begin(folder: Path, course_id: str) -> tuple[Course, list[str]]:
    """Make a course's folder and release everything; give back the names of what was released.

    Raises
    ------
    CourseError
        If the folder already holds a course, or an assignment cannot be released: then nothing of it is left.
    """
    with Course.in_the_making(folder, course_id) as course:
        names = release(course)
    return Course.open(folder), names
