"""The beginning of a course: its folder with everything released, or no folder at all."""

from __future__ import annotations

import os
from pathlib import Path

from autograder.gradebook.release import release
from autograder.grading.course import Course, take_back


def begin(folder: Path, course_id: str) -> tuple[Course, list[str]]:
    """Make a course's folder and release everything; give back the names of what was released.

    Raises
    ------
    CourseError
        If the folder already holds a course, or an assignment cannot be released: then nothing of it is left.
    """
    root = Path(folder).resolve()
    missing = [one for one in (root, *root.parents) if not one.exists()]
    before = set(os.listdir(root)) if root.is_dir() else set()
    course = Course.create(root, course_id)
    try:
        return course, release(course)
    except BaseException:
        take_back(root, set(os.listdir(root)) - before, missing)
        raise
