"""The beginning of a course: its folder with everything released, or no folder at all."""

from __future__ import annotations

from pathlib import Path

from autograder.files import write_atomically
from autograder.gradebook.release import release
from autograder.grading.course import Course, CourseError
from autograder.grading.names import FILE, Names


def begin(folder: Path, course_id: str, names: Path | None = None) -> tuple[Course, list[str]]:
    """Make a course's folder and release everything; give back the names of what was released.

    Parameters
    ----------
    folder : Path
    course_id : str
    names : Path, optional
        An earlier course's names of behaviours, to be taken over.

    Raises
    ------
    CourseError
        If the folder already holds a course, the names cannot be read, or an assignment cannot be released: then
        nothing of it is left.
    """
    taken_over = b""
    if names is not None:
        if not names.is_file():
            raise CourseError(f"There is no file {names}; give the names.toml of an earlier course.")
        if (folder / FILE).exists():
            raise CourseError(f"{folder / FILE} is there already: leave --names out, or move it away.")
        _ = Names.read_file(names)
        taken_over = names.read_bytes()
    with Course.in_the_making(folder, course_id) as course:
        released = release(course)
        if taken_over:
            write_atomically(course.root / FILE, taken_over)
    return Course.open(folder), released
