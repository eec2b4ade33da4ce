"""Quick tests as exercises: every question of a bank is one, so that they are released and graded like the others.

``quick-05-1`` is the first question of ``05.toml``, which the interactive quick test shows too. The answer is a letter
in the variable ``answer_1``: the bank's own name of a question often says too much. Each wrong option is a known
mistake whose message is the bank's explanation of it; which option is right is never said.
"""

from __future__ import annotations

import functools
import random
import re
from dataclasses import dataclass
from typing import Any

from autograder.engine.inside.channel import Opaque
from autograder.exercises import Exercise, UnknownExercise
from autograder.quizzes import bank
from autograder.quizzes.bank import LETTERS, N_QUESTIONS, Option, Question, Quiz
from autograder.results import UsageError
from autograder.testing import Alternative, Answer, Check, CheckFailure, Misconception, NotStarted, fail, probe

QUICK = "quick-"  # begins the name of a question; what is left is the test's number and the question's
CHECK = "test_letter"


LONGEST = 20  # characters of a wrong text that a message repeats


_LETTER = re.compile(r"([A-Za-z])|\(([A-Za-z])\)")


_NAME = re.compile(r"(quick-\d\d-\d)-([0-9a-f]{6})")


@dataclass(frozen=True)
class Reading:
    """How the letter in a variable is read; as a probe, what tells answers apart.

    Attributes
    ----------
    name : str
        The variable.
    letters : str
        Those of the options: ``"ABCD"``.
    """

    name: str
    letters: str

    def letter(self, value: Any) -> str:
        """The letter that was chosen, as it stands before the option.

        Raises
        ------
        CheckFailure
            If ``value`` is anything but one of the letters as text.

        Examples
        --------
        >>> one = Reading("answer_1", "ABCD")
        >>> one.letter("b"), one.letter(" B "), one.letter("(b)")
        ('B', 'B', 'B')
        """
        if isinstance(value, str) and not value.strip():
            raise NotStarted(f"Not started yet: write the letter of your answer between the quotes of `{self.name}`.")
        found = _LETTER.fullmatch(value.strip()) if isinstance(value, str) else None
        letter = (found[1] or found[2]).upper() if found else ""
        if not letter or letter not in self.letters:
            raise CheckFailure(
                f"`{self.name}` must be one letter from {self.letters[0]} to {self.letters[-1]} in quotes; "
                f"got {_described(value)}."
            )
        return letter


def _described(value: Any) -> str:
    if isinstance(value, str):
        return f"the text {value[:LONGEST]!r}{'…' if len(value) > LONGEST else ''}"
    if value is None:
        return "None"
    if isinstance(value, (bool, int, float)):
        return "a number"
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__}"
    return f"an object of type {value.type_name if isinstance(value, Opaque) else type(value).__name__}"


@dataclass(frozen=True)
class QuickExercise(Exercise):
    """One question as an exercise.

    Attributes
    ----------
    options : tuple of Option
        In the order in which the assignment prints them: shuffled, always in the same way.
    version : str
        Another one as soon as something is asked, offered or right that was not before.
    """

    options: tuple[Option, ...]
    version: str

    @property
    def reading(self) -> Reading:
        """How its answer is read."""
        return Reading(self.entries[0], LETTERS[: len(self.options)])

    @property
    def right(self) -> str:
        """The letter of the right option."""
        return next(letter for letter, option in zip(LETTERS, self.options) if option.correct)

    @functools.cached_property
    def checks(self) -> tuple[Check, ...]:
        """One check of one point."""
        return (Check(self._check, CHECK, f"`{self.entries[0]}` holds the letter of the right option."),)

    def _check(self, student: Answer, rng: Any) -> None:
        letter = self.reading.letter(student())
        if letter != self.right:
            fail(f"{letter} is not the right option.")

    def probes(self) -> tuple[Any, ...]:
        """The letter is what it is: there is nothing to vary."""
        return (probe(),)

    def behaviour(self, outcome: Any) -> Any:
        """The letter however it is written; where none can be read an empty text, which is no option's behaviour."""
        try:
            return self.reading.letter(outcome)
        except CheckFailure:
            return ""

    def code(self) -> str:
        """Nothing: only a variable is read."""
        return ""

    @functools.cached_property
    def misconceptions(self) -> dict[str, Misconception]:
        """Every wrong option, with the bank's explanation of what is wrong with it."""
        return {
            f"option_{letter}": Misconception(functools.partial(str, letter), option.why, CHECK)
            for letter, option in zip(LETTERS, self.options)
            if not option.correct
        }

    @functools.cached_property
    def alternatives(self) -> dict[str, Alternative]:
        """The right letter in the ways in which people write it."""
        styles = {"capital": self.right, "small": self.right.lower(), "in_brackets": f" ({self.right}) "}
        return {name: Alternative(functools.partial(str, text), f"the letter, {name}") for name, text in styles.items()}


class OtherQuestion(UsageError):
    """A notebook was made from another bank, or another version of it, than the one installed here."""


def is_quick(name: str) -> bool:
    """True for the name of a quick test's question.

    >>> is_quick("quick-05-1"), is_quick("masked_mean")
    (True, False)
    """
    return name.startswith(QUICK)


def load(name: str) -> QuickExercise:
    """Read one question.

    Parameters
    ----------
    name : str
        ``quick-05-1``; with its version, ``quick-05-1-0a1b2c``, as a notebook asks, so that no letter is judged by
        another question.

    Raises
    ------
    UnknownExercise
        If there is no such quick test, or it has no such question.
    OtherQuestion
        If the question is not of the version in ``name``.
    """
    known = {one: number for number in bank.all_quizzes() for one in names_of(number)}
    versioned = _NAME.fullmatch(name)
    wanted, version = versioned.groups() if versioned else (name, "")
    if wanted not in known:
        raise UnknownExercise(name, tuple(known))
    quiz, place = bank.load(known[wanted]), names_of(known[wanted]).index(wanted)
    if version and version != quiz.questions[place].version:
        raise OtherQuestion(
            f"Question {place + 1} of quick test {int(quiz.id)} is another one in the installed mtl-teach than in this "
            "notebook, so your letter cannot be checked here. It is kept, and counts when it is graded."
        )
    return questions_of(quiz)[place]


def number_of(name: str) -> str:
    """The quick test that a question belongs to.

    >>> number_of("quick-05-1")
    '05'
    """
    return name.split("-")[1]


def version_of(name: str) -> str:
    """The version of a question, without working out a number that it shows."""
    number = number_of(name)
    return bank.versions(number)[names_of(number).index(name)]


def names_of(number: str) -> tuple[str, ...]:
    """The questions of a quick test as names of exercises.

    >>> names_of("05")[0]
    'quick-05-1'
    """
    return tuple(f"{QUICK}{number}-{place}" for place in range(1, N_QUESTIONS + 1))


def questions_of(quiz: Quiz) -> list[QuickExercise]:
    """Every question of a quick test as an exercise, in the order of the bank."""
    return [
        _exercise(quiz, place, name, question)
        for place, (name, question) in enumerate(zip(names_of(quiz.id), quiz.questions), 1)
    ]


def _exercise(quiz: Quiz, place: int, name: str, question: Question) -> QuickExercise:
    return QuickExercise(
        id=name,
        title=f"Quick test {int(quiz.id)}, question {place}",
        lesson=quiz.lesson,
        section="",
        entries=(f"answer_{place}",),
        signature=f'answer_{place} = "..."',
        arguments=(),
        values=True,
        difficulty=1,
        minutes=2,
        hints=(f"Read lesson {int(quiz.id)} once more, then say of every option which thought leads there.",),
        questions={CHECK: f'Is it one letter in quotes, as in `answer_{place} = "A"`?'},
        forbidden=(),
        options=tuple(random.Random(name).sample(question.options, len(question.options))),
        version=question.version,
    )
