"""A written answer beside what it is marked by, for a learner who has nobody to mark it.

Nothing of the mark scheme or the model answer is given before there is a text, and never in a problem set itself: that
may be a class's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.authoring.solutions import WrittenSolution, written_solution_of
from autograder.results import UsageError
from autograder.sections import read_cells
from mtl_teach.learn.course_map import Written, course_map
from mtl_teach.learn.progress import save

FEWEST_WORDS = 20
_UNWRITTEN = "YOUR ANSWER HERE"
_BOLD = re.compile(r"(?<!\w)\*\*(?=\S)(.+?)(?<=\S)\*\*(?!\w)")
_ITEM = re.compile(r"\s*(?:[-*] |\d+\. |\|)")


@dataclass(frozen=True)
class Text:
    """What a learner wrote.

    Attributes
    ----------
    part : Written
        The question, as the map of the course knows it.
    path : Path
        The notebook in which it stands.
    source : str
        As it is saved; empty where nothing is written.
    """

    part: Written
    path: Path
    source: str

    @property
    def n_words(self) -> int:
        return len(re.findall(r"\w+", self.source))

    @property
    def enough(self) -> bool:
        """True where there is a text to compare with anything."""
        return self.n_words >= FEWEST_WORDS

    @property
    def too_short(self) -> str:
        """What is said of a text with too few words."""
        return (
            f"Write your answer to “{self.part.title}” first, and save the notebook: {self.path.name} has "
            f"{self.n_words} words of it, and {FEWEST_WORDS} are needed before anything is shown."
        )

    @property
    def solution(self) -> WrittenSolution:
        """What it is marked by."""
        problem_set, _, cell = self.part.id.partition("/")
        return written_solution_of(problem_set, cell)

    @property
    def questions(self) -> list[str]:
        """What each point is given for, as a question about the text that is answered with yes or no."""
        marks = (mark.replace("the student's", "your") for mark in self.solution.marks)
        return [f"Is this in your text: {mark}?" for mark in marks]


ASKED_ONCE_MORE = (
    "Next come the mark scheme, as questions about your text, and the model answer. They tell what belongs in it: "
    "change your text first where you still want to."
)


def texts(workspace: Path) -> dict[str, Text]:
    """Every written answer of a workspace by its id, as it is saved."""
    found = {}
    for lesson in course_map(workspace):
        path = workspace / lesson.problem_set
        sources = {cell.grade_id: cell.source for cell in read_cells(path) if cell.kind == "markdown"}
        for part in lesson.written:
            source = sources.get(part.id.partition("/")[2], "").replace(_UNWRITTEN, "").strip()
            found[part.id] = Text(part, path, source)
    return found


def text_of(workspace: Path, what: str) -> Text:
    """One written answer, by its id, its problem set (``ps05`` or ``5``), or its name in there.

    Raises
    ------
    UsageError
        If none or several are meant.
    """
    known = texts(workspace)
    found = [text for name, text in known.items() if what in (name, *name.split("/"))] or [
        text for name, text in known.items() if _number(what) and name.startswith(f"ps{_number(what)}_")
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(text.part.id for text in found) if found else ", ".join(known)
    raise UsageError(
        f"{'Several written answers are' if found else 'No written answer is'} called `{what}`. Name one of: {names}."
    )


def _number(what: str) -> str:
    found = re.fullmatch(r"(?:ps)?(\d{1,2})", what)
    return found[1].zfill(2) if found else ""


def begun(text: Text) -> None:
    """Remember that there is a text; what is done stays so."""
    if text.part.state == "open":
        save(lambda progress: progress.record_written(text.part.id, "begun"))


def done(text: Text) -> None:
    """Remember that it was compared with the model answer."""
    save(lambda progress: progress.record_written(text.part.id, "done"))


def verdict(questions: Sequence[str], answers: Sequence[bool]) -> str:
    """What is in the text by the learner's own word, and what to do about the rest."""
    missing = [str(number) for number, there in enumerate(answers, 1) if not there]
    n_there = len(questions) - len(missing)
    if not missing:
        return f"You found all {n_there} in your text. The model answer shows whether it means the same."
    return (
        f"You found {n_there} of {len(questions)} in your text. Look in the model answer for number "
        f"{', '.join(missing)}, and add what was missing in your own words."
    )


def flowing(text: str) -> str:
    """Text with one line to a paragraph or an item of a list, wherever its lines were broken, and nothing in bold."""
    lines: list[str] = []
    for line in _BOLD.sub(r"\1", text).splitlines():
        goes_on = lines and lines[-1] and line.strip() and not _ITEM.match(line)
        lines = [*lines[:-1], f"{lines[-1]} {line.strip()}"] if goes_on else [*lines, line.rstrip()]
    return "\n".join(lines)
