"""The table of the instructor's guide that says what each part of a problem set takes and earns.

``python -m tests.effort`` writes it.
"""

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from autograder import exercises
from autograder.authoring import notebooks
from autograder.course_files import course_root
from tests.answers import source_cells

ROOT = course_root()
PAGE = ROOT / "lessons" / "pages" / "instructors_guide.md"
BEGIN, END = "<!-- written by python -m tests.effort -->\n", "<!-- end of what it wrote -->"
HEAD = "| set | exercises: minutes, points | in writing | together |\n|---|---|---|---|\n"


@dataclass(frozen=True)
class Part:
    """One thing that a problem set asks: an exercise, or an answer in words."""

    name: str
    minutes: int
    points: float
    written: bool

    def __str__(self) -> str:
        return f"`{self.name}` {self.minutes}, {self.points:g}"


def parts(path: Path) -> list[Part]:
    """What a problem set asks, in its order."""
    cells = source_cells(path)
    found = []
    for before, cell in itertools.pairwise(cells):
        tag = cell.tags[0]
        if tag == "check":
            one = exercises.load(cell.grade_id.removeprefix("check-"))
            found.append(Part(one.id, one.minutes, one.max_score, False))
        elif tag.startswith("manual:"):
            minutes = int(re.search(r"\*(\d+) minutes, ", before.source)[1])
            found.append(Part(cell.grade_id, minutes, float(tag.removeprefix("manual:")), True))
    return found


def every_set() -> dict[str, list[Part]]:
    return {path.stem: parts(path) for path in notebooks.problem_sets(ROOT)}


def total(found: list[Part]) -> tuple[int, float]:
    return sum(one.minutes for one in found), sum(one.points for one in found)


def minutes_of_lessons() -> int:
    """What the lessons say of themselves, together."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("lessons/[0-9]*.py"))]
    return sum(int(re.search(r"\*\*Time:\*\* (\d+) minutes", text)[1]) for text in texts)


def table() -> str:
    """A row for each set, then what all of them take together."""
    rows = ""
    for name, found in every_set().items():
        coded, words = ([one for one in found if one.written is written] for written in (False, True))
        minutes, points = total(found)
        both = ("; ".join(map(str, some)) for some in (coded, words))
        rows += f"| {name[:4]} | {' | '.join(both)} | {minutes} min, {points:g} |\n"
    together = [one for found in every_set().values() for one in found]
    coded, words = (total([one for one in together if one.written is written]) for written in (False, True))
    code, text, lessons = (round(minutes / 60) for minutes in (coded[0], words[0], minutes_of_lessons()))
    return (
        f"{HEAD}{rows}\n"
        f"Exercises take about {code} hours ({coded[1]:g} points), written answers {text} ({words[1]:g} points), the "
        f"twelve lessons {lessons}: about {code + text + lessons} hours in all, without quick tests and projects.\n"
    )


def written() -> str:
    """The page with the table as it must be."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
