"""Which problem set a file is and how much of it is answered: by what stands in it, then by names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from autograder import catalogue
from autograder.files import NotANotebook, cells_of, read_notebook
from autograder.grading.assignment import Assignment
from autograder.quizzes import question
from autograder.results import UsageError

MAX_LINE = 200  # a definition's name stands in the first characters of its line
MAX_CELLS = 5_000
MAX_KNOWN = 10_000
_CHECK = re.compile(r"""\bcheck\(\s{0,9}["']([\w-]{1,80})["']""")
_DEFINITION = re.compile(r"(?:async )?(?:def|class) +(\w+)|(\w+) *(?::[^=]*)?=(?!=)")
_NUMBERED = re.compile(r"([A-Za-z]+)0*(\d+)_(.+)")
_WORDS = {"ps": "problem set", "qt": "quick test"}


# ---- by names ----------------------------------------------------------------------------------------------------


class SetNames:
    """How people write the names of a course's problem sets.

    Parameters
    ----------
    names : iterable of str

    Examples
    --------
    >>> sets = SetNames(["ps05_missing_labels", "ps06_clicks"])
    >>> sets.named("Problem Set 5 - Ada"), sets.named("PS6 (1).ipynb"), sets.named("ps05 and ps06")
    ('ps05_missing_labels', 'ps06_clicks', '')
    """

    def __init__(self, names: Iterable[str]) -> None:
        names = list(names)
        heads = Counter(_head(name) for name in names)
        self._patterns = [
            (re.compile(rf"(?<![^\W_]){pattern}(?![^\W_])", re.IGNORECASE), name)
            for name in names
            for pattern in _patterns(name, heads[_head(name)] == 1)
        ]
        self._known: dict[str, list[tuple[int, int, int, str]]] = {}  # folders come again and again

    def _found(self, text: str) -> list[tuple[int, int, int, str]]:
        """Every name in a text as (minus its length, from, to, problem set), the longest first."""
        if text in self._known:
            return self._known[text]
        found = []
        for pattern, name in self._patterns:
            for match in pattern.finditer(text[:1000]):
                found.append((match.start() - match.end(), *match.span(), name))
        if len(self._known) > MAX_KNOWN:
            self._known.clear()
        self._known[text] = sorted(found)
        return self._known[text]

    def named(self, text: str) -> str:
        """The problem set that a text names; empty for none or two of them."""
        found = self._found(text)
        within = [(start, end) for _, start, end, name in found[:1]]
        names = {name for _, start, end, name in found if not any(a <= start and end <= b for a, b in within)}
        names |= {name for size, _, _, name in found if size == found[0][0]}
        return names.pop() if len(names) == 1 else ""

    def is_only(self, text: str) -> bool:
        """True where a text is a problem set's name and nothing else."""
        return any(
            not text[:start].strip(" _-") and not text[end:].strip(" _-") for _, start, end, _ in self._found(text)
        )

    def without(self, text: str) -> str | None:
        """A text without the problem set's name in it; None if it names none."""
        for _, start, end, _ in self._found(text):
            return f"{text[:start]} {text[end:]}".strip(" _-.,()[]")
        return None

    def after(self, text: str) -> str:
        """What follows ``<problem set>-`` at the beginning of a text, as in a repository's name; else empty."""
        for _, start, end, _ in self._found(text):
            if start == 0 and text[end : end + 1] in ("-", "_"):
                return text[end + 1 :]
        return ""


def _head(name: str) -> str:
    match = _NUMBERED.fullmatch(name) or re.fullmatch(r"([A-Za-z]+)0*(\d+)()", name)
    return f"{match[1].casefold()}{match[2]}" if match else ""


def _patterns(name: str, short: bool) -> Iterator[str]:
    between = r"[\W_]{0,3}"
    yield between.join(map(re.escape, re.findall(r"[^\W_]+", name)))
    match = re.match(r"([A-Za-z]+)0*(\d+)(?![^_])", name) if short else None
    if match:
        yield rf"{match[1]}{between}0*{match[2]}"
        words = _WORDS.get(match[1].casefold(), "")
        if words:
            yield rf"{words.replace(' ', between)}{between}0*{match[2]}"


# ---- by content --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Content:
    """What a file is.

    Attributes
    ----------
    assignment : str
        The problem set that most of it belongs to; empty where nothing or two sets are equally in it.
    answered : int
        How many of its answers are begun: cells that are not as they were handed out, or functions defined.
    readable : bool
    why : str
        Where there is no assignment: what was found.
    """

    assignment: str = ""
    answered: int = 0
    readable: bool = True
    why: str = ""


@dataclass(frozen=True)
class Known:
    """The problem sets of a course, turned round: which one a cell, a check or a function belongs to.

    A name that belongs to two of them says nothing and is left out.
    """

    cells: Mapping[str, str]
    entries: Mapping[str, str]
    exercises: Mapping[str, str]
    stubs: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, assignments: Mapping[str, Assignment], release: Path) -> Known:
        """From a course's problem sets and the folder of what was handed out."""
        cells = _unique((cell, one.name) for one in assignments.values() for cell in one.cells)
        exercises = _unique((exercise, one.name) for one in assignments.values() for exercise in one.exercises)
        entries = _unique((entry, exercises[one]) for one in exercises for entry in _entries(one))
        return cls(cells, entries, exercises, {name: _stubs(release / name / f"{name}.ipynb") for name in assignments})

    def notebook(self, data: bytes) -> Content:
        """What a notebook is, whatever its bytes are."""
        try:
            cells = cells_of(read_notebook(data))[:MAX_CELLS]
        except NotANotebook as error:
            return Content(readable=False, why=str(error))
        votes: Counter[str] = Counter()
        defined: Counter[str] = Counter()
        for cell in cells:
            votes[self.cells.get(cell.name, "")] += 1
            if cell.kind == "code":
                votes.update(self._checked(cell.source))
                here = Counter(self.entries.get(name, "") for name in set(definitions(cell.source)))
                votes.update(here)
                if cell.name not in self.cells:
                    defined.update(here)
        assignment, why = _most(votes)
        if not assignment:
            return Content(why=why)
        stub = self.stubs.get(assignment, {})
        changed = sum(
            bool(cell.source.strip()) and cell.source.strip() != stub[cell.name] for cell in cells if cell.name in stub
        )
        return Content(assignment, changed + defined[assignment] if stub else votes[assignment])

    def python(self, data: bytes) -> Content:
        """What a plain Python file is: the set whose functions it defines."""
        text = data.decode("utf-8-sig", "replace")
        votes = Counter(self.entries.get(name, "") for name in set(definitions(text)))
        assignment, why = _most(votes)
        return Content(assignment, votes[assignment] if assignment else 0, why=why)

    def _checked(self, source: str) -> Iterator[str]:
        for match in _CHECK.finditer(source):
            name = match[1]
            yield self.exercises.get(name) or self.exercises.get(name.rpartition("-")[0], "")


def definitions(source: str) -> Iterator[str]:
    """The names that a text defines at the left margin, read line by line in no more time than it is long."""
    for line in source.splitlines():
        match = _DEFINITION.match(line[:MAX_LINE])
        if match:
            yield match[1] or match[2]


def _most(votes: Counter[str]) -> tuple[str, str]:
    votes.pop("", None)
    first = votes.most_common(2)
    if not first:
        return "", "none of its cells or functions belongs to a problem set of this course"
    if len(first) == 2 and first[0][1] == first[1][1]:
        return "", f"as much of {first[0][0]} as of {first[1][0]} is in it"
    return first[0][0], ""


def _unique(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    owners: dict[str, set[str]] = {}
    for name, owner in pairs:
        owners.setdefault(name, set()).add(owner)
    return {name: found.pop() for name, found in owners.items() if name and len(found) == 1}


def _entries(exercise: str) -> tuple[str, ...]:
    """The functions of an exercise; a quick test's `answer_1` is every quick test's, and its bank takes seconds."""
    if question.is_quick(exercise):
        return ()
    try:
        return catalogue.load(exercise).entries
    except UsageError:
        return ()


def _stubs(path: Path) -> dict[str, str]:
    """The answer cells as they were handed out, by name; none where nothing was."""
    try:
        cells = cells_of(read_notebook(path.read_bytes()))
    except (OSError, NotANotebook):
        return {}
    marks = [(cell, cell.metadata.get("nbgrader")) for cell in cells]
    return {cell.name: cell.source.strip() for cell, mark in marks if isinstance(mark, dict) and mark.get("solution")}
