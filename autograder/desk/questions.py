"""``mtl-grade questions``: the quick tests as a file of questions that a learning platform imports.

Each question has the numbers that the assignment shows. What a format cannot hold is named and left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from autograder.desk.banks.form import Form
from autograder.desk.banks.item import Bank, bank_of
from autograder.desk.banks.registry import form_of
from autograder.files import PRIVATE, write_atomically
from autograder.quizzes import bank as quick_tests
from autograder.results import UsageError


@dataclass(frozen=True)
class LeftOut:
    """A question that a format cannot hold, and why."""

    question: str
    why: str


@dataclass
class Written:
    """What was written where, what was not, and how it gets into the platform."""

    path: Path
    form: Form
    quizzes: tuple[str, ...]
    questions: int
    left_out: list[LeftOut] = field(default_factory=list)
    unchanged: bool = False

    def lines(self) -> list[str]:
        """What to tell the instructor."""
        said = [f"Left out: {one.question}: {one.why}." for one in self.left_out]
        if not self.questions:
            return [*said, f"Nothing is left to write into {self.path}."]
        how_many = f"{self.questions} question{'s' * (self.questions != 1)} of {len(self.quizzes)} quick test"
        same = " (was there already)" if self.unchanged else ""
        about = [f"{how_many}{'s' * (len(self.quizzes) != 1)}: {self.path}{same}", self.form.way_in, self.form.lacks]
        return [*said, *filter(None, about)]

    def to_dict(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "file": str(self.path),
            "format": self.form.name,
            "quizzes": list(self.quizzes),
            "questions": self.questions,
            "left_out": [asdict(one) for one in self.left_out],
            "lacks": self.form.lacks,
            "unchanged": self.unchanged,
        }


def write(names: Sequence[str], form: str, to: Path | None = None, again: bool = False) -> Written:
    """Write the questions of quick tests in one format.

    Parameters
    ----------
    names : sequence of str
        Numbers or lessons' names; none means all.
    form : str
        One of ``FORMATS``.
    to : Path, optional
        The file to write; by default one in the current folder.
    again : bool
        True writes over a file that says something else.

    Raises
    ------
    UsageError
        If there is no such quick test or format, a bank cannot be read, or the file is there and says something else.
    """
    wanted = form_of(form)
    try:
        quizzes = sorted({quick_tests.quiz_id(name) for name in names} or quick_tests.all_quizzes())
        banks = [bank_of(quick_tests.load(name)) for name in quizzes]
    except quick_tests.QuizError as error:
        raise UsageError(str(error)) from error
    path = to or Path((banks[0].name if len(banks) == 1 else "quick-tests") + wanted.suffix)
    if path.is_dir():
        raise UsageError(f"--to must be the name of a file; {path} is a folder.")
    kept, left_out = _what_fits(banks, wanted)
    done = Written(path, wanted, tuple(bank.name for bank in banks), sum(len(bank.items) for bank in kept), left_out)
    if kept:
        _put(done, wanted.data(kept), again)
    return done


def _what_fits(banks: Sequence[Bank], form: Form) -> tuple[list[Bank], list[LeftOut]]:
    left_out = [LeftOut(item.name, why) for bank in banks for item in bank.items if (why := form.refuses(item))]
    names = {one.question for one in left_out}
    kept = [replace(bank, items=tuple(item for item in bank.items if item.name not in names)) for bank in banks]
    return [bank for bank in kept if bank.items], left_out


def _put(done: Written, data: bytes, again: bool) -> None:
    """Write the file; nothing is written over unasked."""
    if done.path.exists():
        done.unchanged = done.path.read_bytes() == data
        if done.unchanged:
            return
        if not again:
            raise UsageError(
                f"{done.path} is there and says something else: --again writes over it, --to says where else."
            )
    write_atomically(done.path, data, mode=PRIVATE)
