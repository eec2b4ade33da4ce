"""Which answers of a class share passages that are neither handed out, nor ours, nor what many write.

The passages are copydetect's: names, layout and comments do not count. Its windows are left out, since which
fingerprints they pick differs from run to run, and what does not count is taken off here, all of it.
"""

from __future__ import annotations

import io
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from copydetect import CodeFingerprint, compare_files

from autograder import exercises
from autograder.files import cells_of, read_notebook
from autograder.gradebook.feedback.look import count
from autograder.grading.course import Course
from autograder.grading.sources import answer_sources
from autograder.results import UsageError
from autograder.visible import clean

PASSAGE = 25  # characters of code whose names are one letter each: a line, or two short ones
LEAST = 50  # such characters of one exercise; less is a heading and how one begins
MANY, MANY_OF_A_CLASS = 5, 0.1  # what more answers than this have, and more than this share of them, is no sign
MOST = 20  # pairs on the terminal
SHORT = 10  # lines of a set's answers, below which everybody writes the same
_HEADING = re.compile(r'\s*(?:(?:def|class|from|import) |""".*"""\s*$)')


@dataclass(frozen=True)
class Side:
    """One answer of a pair.

    Attributes
    ----------
    student : str
    source : str
        A stranger's text with what hides in it written out.
    marked : tuple of (int, int)
        Where the shared passages begin and end in it.
    """

    student: str
    source: str
    marked: tuple[tuple[int, int], ...]

    @property
    def lines(self) -> int:
        """In how many lines shared passages stand."""
        found: set[int] = set()
        for start, end in self.marked:
            found.update(range(self.source.count("\n", 0, start), self.source.count("\n", 0, end) + 1))
        return len(found)


@dataclass(frozen=True)
class Shared:
    """What two answers to one exercise share."""

    exercise: str
    left: Side
    right: Side
    size: int


@dataclass(frozen=True)
class Pair:
    """Two students, and every exercise in which their answers share something."""

    students: tuple[str, str]
    shared: tuple[Shared, ...]

    @property
    def size(self) -> int:
        """How much it is, in characters of code whose names are one letter each."""
        return sum(one.size for one in self.shared)

    @property
    def lines(self) -> int:
        """In how many lines of the first one's answers it stands."""
        return sum(one.left.lines for one in self.shared)


@dataclass(frozen=True)
class Similar:
    """What came of an assignment.

    Attributes
    ----------
    assignment : str
    answers : int
        How many students' answers were compared.
    lines : float
        How many lines of their own they typically have.
    pairs : tuple of Pair
        The largest first.
    many : int
        Passages that more answers than this have were left out.
    compared : bool
        False where the answers are too short for that.
    """

    assignment: str
    answers: int
    lines: float
    pairs: tuple[Pair, ...] = ()
    many: int = MANY
    compared: bool = True

    def said(self) -> list[str]:
        """What to tell the instructor."""
        if self.answers < 2:
            return [f"{self.assignment}: {count(self.answers, 'submission')} with answers, so nothing to compare."]
        if not self.compared:
            return [
                f"{self.assignment}: not compared. Its answers typically have {count(self.lines, 'line')}, so that "
                "everybody writes the same; --short compares them all the same."
            ]
        people = count(self.answers, "submission")
        if not self.pairs:
            return [f"{self.assignment}: {people} compared, no pair to look at."]
        shown = [
            f"{' and '.join(pair.students)}: {count(pair.lines, 'line')} in "
            f"{', '.join(one.exercise for one in pair.shared)}"
            for pair in self.pairs[:MOST]
        ]
        more = [f"and {len(self.pairs) - MOST} pairs that share less"] if len(self.pairs) > MOST else []
        many = count(len(self.pairs), "pair")
        return [f"{self.assignment}: {people} compared, {many} to look at:", *shown, *more]

    def to_dict(self) -> dict[str, Any]:
        """For programs: who shares how much in which exercise, and the answers."""
        pairs = [
            {
                "students": list(pair.students),
                "size": pair.size,
                "lines": pair.lines,
                "shared": [
                    {
                        "exercise": one.exercise,
                        "size": one.size,
                        "sources": [one.left.source, one.right.source],
                        "marked": [list(map(list, one.left.marked)), list(map(list, one.right.marked))],
                    }
                    for one in pair.shared
                ],
            }
            for pair in self.pairs
        ]
        return {
            "assignment": self.assignment,
            "compared": self.compared,
            "answers": self.answers,
            "lines": self.lines,
            "many": self.many,
            "pairs": pairs,
        }


def similar(course: Course, assignment: str, short: bool = False) -> Similar:
    """Compare every answer of an assignment with every other one.

    Parameters
    ----------
    course : Course
    assignment : str
    short : bool
        True compares answers of a few lines too.

    Raises
    ------
    UsageError
        If there is no such assignment.
    """
    asked = course.assignments.get(assignment)
    if asked is None:
        raise UsageError(f"--assignment must be one of {', '.join(course.assignments)}; got {assignment!r}.")
    students = sorted({one.student for one in course.submissions() if one.assignment == assignment})
    sources = {student: answer_sources(course, student, assignment) for student in students}
    answers = {
        student: {name: _text(text) for name, text in found.items()} for student, found in sources.items() if found
    }
    ours = _ours(course, assignment)
    lines = _typical_lines(answers.values(), dict(asked.stubs))
    many = max(MANY, int(MANY_OF_A_CLASS * len(answers)))
    if lines < SHORT and not short:
        return Similar(assignment, len(answers), lines, many=many, compared=False)
    found: dict[tuple[str, str], list[Shared]] = defaultdict(list)
    for exercise in asked.exercises:
        written = {student: texts[exercise] for student, texts in answers.items() if exercise in texts}
        for one in shared_in(exercise, written, ours[exercise], many):
            found[one.left.student, one.right.student].append(one)
    pairs = [Pair(who, tuple(shared)) for who, shared in found.items()]
    pairs.sort(key=lambda pair: (-pair.size, pair.students))
    return Similar(assignment, len(answers), lines, tuple(pairs), many)


def shared_in(exercise: str, answers: Mapping[str, str], ours: Iterable[str], many: int = MANY) -> Iterator[Shared]:
    """What each two answers to an exercise share, where it is more than a line or two.

    Parameters
    ----------
    exercise : str
    answers : Mapping of str to str
        By student.
    ours : iterable of str
        Code whose passages do not count.
    many : int
        How many answers a passage may stand in and still count.
    """
    ours = list(ours)
    prints = {student: _fingerprint(_without_headings(text, ours)) for student, text in answers.items()}
    had_by = Counter(each for one in prints.values() for each in one.hashes)
    no_sign = {each for text in ours for each in _fingerprint(_text(text)).hashes}
    no_sign |= {each for each, times in had_by.items() if times > many}
    holders: dict[int, list[str]] = defaultdict(list)
    for student, one in prints.items():
        one.hashes -= no_sign
        one.hash_idx = {each: at for each, at in one.hash_idx.items() if each in one.hashes}
        for each in one.hashes:
            holders[each].append(student)
    for left, right in sorted({pair for who in holders.values() for pair in combinations(sorted(who), 2)}):
        size = min(_size(prints[left], prints[right]), _size(prints[right], prints[left]))
        if size < LEAST:
            continue
        _, _, slices = compare_files(prints[left], prints[right])
        first, second = (Side(who, answers[who], _marks(answers[who], *at)) for who, at in zip((left, right), slices))
        yield Shared(exercise, first, second, size)


def _fingerprint(text: str) -> Any:
    """Every passage of a text; a text that is too short has none."""
    return CodeFingerprint("answer.py", PASSAGE, 1, language="python", fp=io.StringIO(text))


def _without_headings(text: str, ours: Iterable[str]) -> str:
    """A text with blanks where a heading, its docstring or an import is ours, so that no passage begins there."""
    given = {line.strip() for one in ours for line in one.splitlines() if _HEADING.match(line)}
    return "".join(" " * (len(line) - 1) + "\n" if line.strip() in given else line for line in text.splitlines(True))


def _marks(text: str, starts: Iterable[float], ends: Iterable[float]) -> tuple[tuple[int, int], ...]:
    """Where passages stand, in whole words, in order and apart."""
    found: list[tuple[int, int]] = []
    for start, end in zip(map(int, starts), map(int, ends)):
        start, end = _word(text, min(start, len(text)), -1), _word(text, min(end, len(text)), 1)
        if found and start <= found[-1][1]:
            start, end = found[-1][0], max(end, found.pop()[1])
        found.append((start, end))
    return tuple(found)


def _word(text: str, at: int, step: int) -> int:
    """The end of the word that a place stands in the middle of, to the left or to the right."""
    while 0 < at < len(text) and f"x{text[at - 1]}{text[at]}".isidentifier():
        at += step
    return at


def _size(one: Any, other: Any) -> int:
    """How much of an answer stands in passages that another has too."""
    covered = {at + step for each in one.hashes & other.hashes for at in one.hash_idx[each] for step in range(PASSAGE)}
    return len(covered)


def _text(source: str) -> str:
    return clean(source.replace("\r\n", "\n")).strip("\n") + "\n"


def _ours(course: Course, assignment: str) -> dict[str, list[str]]:
    """By exercise: what was handed out, our solution, and the right and wrong answers that the checks are tried on."""
    path = course.root / "source" / assignment / f"{assignment}.ipynb"
    cells = [cell.source for cell in cells_of(read_notebook(path.read_bytes())) if cell.kind == "code"]
    stubs = [stub for _, stub in course.assignments[assignment].stubs]
    known = Path(exercises.__file__).parent
    found = {}
    for exercise in course.assignments[assignment].exercises:
        files = [known / exercise / name for name in ("alternatives.py", "misconceptions.py")]
        found[exercise] = [*cells, *stubs, *(file.read_text(encoding="utf-8") for file in files if file.is_file())]
    return found


def _typical_lines(answers: Iterable[Mapping[str, str]], stubs: Mapping[str, str]) -> float:
    """The median of the lines of code that a student wrote in all answers together, without what was handed out."""
    given = {line.strip() for stub in stubs.values() for line in stub.splitlines()}
    counts = [
        sum(1 for text in found.values() for line in map(str.strip, text.splitlines()) if _is_code(line, given))
        for found in answers
    ]
    return statistics.median(counts) if counts else 0.0


def _is_code(line: str, given: set[str]) -> bool:
    return bool(line) and not line.startswith("#") and line not in given
