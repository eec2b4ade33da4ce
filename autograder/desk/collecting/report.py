"""What became of every file, by student, for people and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.table import Table
from rich.text import Text

from autograder.desk.collecting.matching import NOBODY
from autograder.desk.collecting.questions import FILE, Question

STATUSES = ("placed", "replaced", "kept", "already here")
MAX_LINES = 20  # of refused files for one reason


@dataclass(frozen=True)
class Outcome:
    """One attempt that found its person.

    Attributes
    ----------
    student, assignment, status, file : str
        ``status`` is "placed", "replaced" (an older attempt is kept), "kept" (another attempt counts) or
        "already here".
    time : str or None
        When what is graded now was handed in, UTC.
    late : bool
        The platform says so.
    said : tuple of str
        What a person should know, a sentence each.
    """

    student: str
    assignment: str
    status: str
    file: str
    time: str | None = None
    late: bool = False
    said: tuple[str, ...] = ()


@dataclass
class Report:
    """What :func:`~autograder.desk.collecting.collect.collect` did.

    Attributes
    ----------
    outcomes : list of Outcome
    open : list of Question
    missing : list of (student, assignment)
        On the roster, and nothing from them.
    refused : list of (file, why)
        What somebody handed in and could not be taken.
    ignored : Counter
        How many files were nobody's answer, by reason.
    said : list of str
    keep : str
    """

    keep: str = "last"
    outcomes: list[Outcome] = field(default_factory=list)
    open: list[Question] = field(default_factory=list)
    missing: list[tuple[str, str]] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    ignored: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 where every file found a place or was rightly left out, 1 where a person has to do something."""
        return 1 if self.open or self.refused or not self.outcomes else 0

    def of(self, status: str) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if outcome.status == status]

    def to_dict(self) -> dict[str, Any]:
        """For programs: a list for each status, then what is open, missing, refused and ignored."""
        lists = {status.replace(" ", "_"): [asdict(one) for one in self.of(status)] for status in STATUSES}
        return {
            "keep": self.keep,
            **lists,
            "open": [asdict(question) for question in self.open],
            "missing": [{"student": student, "assignment": name} for student, name in self.missing],
            "refused": [{"file": file, "why": why} for file, why in self.refused],
            "ignored": dict(self.ignored),
            "said": self.said,
        }

    def lines(self) -> Iterator[str]:
        """For people, one fact a line, without a table."""
        counts = [f"{len(self.of(status))} {status}" for status in STATUSES if self.of(status)]
        counts += [f"{len(self.open)} open"] if self.open else []
        counts += [f"{len(self.missing)} missing"] if self.missing else []
        counts += [f"{len(self.refused)} refused"] if self.refused else []
        yield ", ".join(counts or ["nothing that can be graded"]) + "."
        for outcome in sorted(self.outcomes, key=lambda one: (one.student, one.assignment)):
            late = " LATE" if outcome.late else ""
            time = f" {outcome.time[:16].replace('T', ' ')} UTC" if outcome.time else ""
            yield f"{outcome.status}: {outcome.student} {outcome.assignment}{time}{late} ({outcome.file})"
            for sentence in outcome.said:
                yield f"  {sentence}"
        yield from self.rest()

    def rest(self) -> Iterator[str]:
        """What is not about a placed file."""
        unknown = Counter(question.why for question in self.open if question.why.startswith(NOBODY))
        for question in self.open:
            if unknown[question.why] < 2:
                likely = f" Perhaps {question.suggestions}." if question.suggestions else ""
                stop = "" if question.why.endswith("?") else "."
                yield f"open: {question.file}: {question.why}{stop}{likely}"
        for why, count in unknown.items():
            if count > 1:
                yield f"open: {count} files: {why}."
        reasons: Counter[str] = Counter()
        for file, why in self.refused:
            reasons[why] += 1
            if reasons[why] <= MAX_LINES:
                yield f"refused: {file}: {why}"
        for why, count in reasons.items():
            if count > MAX_LINES:
                yield f"refused: {count - MAX_LINES} more: {why}"
        for name in dict.fromkeys(name for _, name in self.missing):
            who = [student for student, one in self.missing if one == name]
            yield f"missing: {name}: {', '.join(who)}"
        for why, count in self.ignored.items():
            yield f"left out: {count} {why}"
        yield from self.said
        if unknown and not self.outcomes:
            yield "Read the class in with `mtl-grade roster FILE --course DIR` and run the same command again."
        if len(self.open) > unknown.total() or (unknown and self.outcomes):
            yield f"Fill in the blanks of {FILE} in the course's folder and run the same command again."

    def table(self) -> Table:
        """What was placed, for a terminal."""
        grid = Table("student", "problem set", "what", "handed in (UTC)", "file")
        for outcome in sorted(self.outcomes, key=lambda one: (one.student, one.assignment)):
            time = (outcome.time or "time not known")[:16].replace("T", " ") + (" LATE" if outcome.late else "")
            file = "\n".join([outcome.file, *outcome.said])
            grid.add_row(*map(Text, (outcome.student, outcome.assignment, outcome.status, time, file)))
        return grid
