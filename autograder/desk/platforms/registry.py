"""Which platform a file is of: the one list of all of them. A new platform is its module and a line here."""

from __future__ import annotations

from pathlib import Path

from autograder.desk.platforms.blackboard import Blackboard
from autograder.desk.platforms.brightspace import Brightspace
from autograder.desk.platforms.canvas import Canvas
from autograder.desk.platforms.moodle import MoodleGradebook, MoodleWorksheet
from autograder.desk.platforms.nbgrader import NbgraderPrinted, NbgraderStudents
from autograder.desk.platforms.plain_csv import PlainCsv
from autograder.desk.platforms.platform import Platform
from autograder.desk.platforms.sheet import Sheet, SheetError

# The order is that of asking: the plainest last.
PLATFORMS: tuple[Platform, ...] = (
    Canvas(),
    MoodleWorksheet(),
    MoodleGradebook(),
    Blackboard(),
    Brightspace(),
    NbgraderPrinted(),
    NbgraderStudents(),
    PlainCsv(),
)
FORMATS = ("canvas", "moodle", "blackboard", "brightspace")  # those that take marks


def recognise(sheet: Sheet) -> Platform:
    """The platform of a table.

    Raises
    ------
    SheetError
        If nobody knows its headings, or there is nothing in it.
    """
    if not any(any(cell.strip() for cell in row) for row in sheet.rows):
        raise SheetError(f"{sheet.name} is empty: a list of students has headings and a row for each person.")
    for platform in PLATFORMS:
        if platform.recognises(sheet):
            return platform
    raise SheetError(
        f"{sheet.name} is no list of students that is known: it needs a column such as id, login or email, or the "
        f"headings of a Canvas, Moodle, Blackboard or Brightspace export; it has {', '.join(sheet.head)[:200]}."
    )


def read_table(path: Path) -> tuple[Sheet, Platform]:
    """A file and whose it is."""
    sheet = Sheet.read(path.read_bytes(), str(path))
    return sheet, recognise(sheet)


def platform_of(form: str) -> Platform:
    """The platform that `--format` names, for a file that is not there yet."""
    return next(platform for platform in PLATFORMS if platform.name == form)
