"""Quick tests: what every question asks, and who chose which option."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.desk.reporting.gather import Answer, Gathered, Key
from autograder.desk.reporting.measures import share
from autograder.files import Cell
from autograder.gradebook.feedback.asked import split_heading
from autograder.quizzes.assignment import printed_options, without_options
from autograder.results import ExerciseResult

_RIGHT = re.compile(r"""=\s*["']([A-Z])["']\s*$""", re.MULTILINE)
_OPTION = re.compile(r"option_([A-Z])")
UNKNOWN = "?"  # the right letter, where the course has the question no more
GONE = "(its text is no longer in this course)"


@dataclass(frozen=True)
class Chosen:
    """One option of a question.

    Attributes
    ----------
    letter, text : str
        The text as Markdown.
    right : bool
    count : int
    students : tuple of str
        Who chose it; empty where no id may be told.
    why : str
        Which thought leads there, as those read it who chose it; empty where nobody did.
    """

    letter: str
    text: str
    right: bool
    count: int
    students: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Question:
    """One question of a quick test.

    Attributes
    ----------
    exercise, title, text : str
        The text as Markdown.
    handed_in, right : int
        How many handed in the test, and have it right.
    options : tuple of Chosen
    unanswered, unreadable : int
        How many chose nothing, and how many wrote something that is no letter of an option.
    """

    exercise: str
    title: str
    text: str
    handed_in: int
    right: int
    options: tuple[Chosen, ...]
    unanswered: int
    unreadable: int

    @property
    def right_share(self) -> float | None:
        """Share of those who handed in that have it right."""
        return share(self.right, self.handed_in)


def question_of(gathered: Gathered, key: Key, cells: dict[str, Cell]) -> Question:
    """One question as the course handed it out, with what was chosen.

    Parameters
    ----------
    gathered : Gathered
    key : (str, str)
    cells : dict of str to Cell
        The cells of the assignment's source by name: its letters are those that students had before them, whatever
        the bank says today.
    """
    name = key[1]
    answers = gathered.answers[key]
    about = cells[f"about-{name}"].source if f"about-{name}" in cells else ""
    found = _RIGHT.search(cells[name].source) if name in cells else None
    right = found[1] if found else UNKNOWN
    printed = printed_options(about)
    chosen: dict[str, list[Answer]] = {}
    for student, result in answers:
        chosen.setdefault(_letter(result, right), []).append((student, result))
    letters = sorted({*printed, *(letter for letter in chosen if letter.isalpha() or letter == UNKNOWN)})
    heading, text = split_heading(without_options(about))
    options = tuple(
        Chosen(
            letter,
            printed.get(letter, GONE),
            letter == right,
            len(chosen.get(letter, ())),
            gathered.told(student for student, _ in chosen.get(letter, ())),
            next((check.message for _, one in chosen.get(letter, ()) for check in one.checks if check.message), ""),
        )
        for letter in letters
    )
    return Question(
        name,
        heading or answers[0][1].title,
        text,
        len(answers),
        sum(result.passed for _, result in answers),
        options,
        len(chosen.get("", ())),
        len(chosen.get("-", ())),
    )


def _letter(result: ExerciseResult, right: str) -> str:
    """The letter that was chosen; empty where none was, a dash where it is none."""
    if result.passed:
        return right
    if result.not_started:
        return ""
    found = _OPTION.fullmatch(result.misconception)
    return found[1] if found else "-"
