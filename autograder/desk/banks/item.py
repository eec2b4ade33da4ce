"""A quick test as every format needs it: its questions with all that can be said of them, as clean text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from autograder.quizzes.bank import Quiz
from autograder.quizzes.question import questions_of
from autograder.visible import clean

_NO_TEXT = re.compile("[\ufffe\uffff]")  # no XML file may hold them
LONGEST_TAG = 50  # characters, in Moodle


@dataclass(frozen=True)
class Choice:
    """An option: its text, whether it is the right one, and what to say to whoever chose it."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Item:
    """A question; texts are in the bank's own marks (see `markup`).

    Attributes
    ----------
    name : str
        What a list of questions shows: ``qt05.3 empty mask``; letters, digits, blanks and dots.
    text : str
    choices : tuple of Choice
        In the order of the assignment, so that letters mean the same everywhere.
    explanation : str
        What to say to everybody: the right option and why.
    tags : tuple of str
        Lesson and topic; words and blanks.
    """

    name: str
    text: str
    choices: tuple[Choice, ...]
    explanation: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Bank:
    """The questions of one quick test, with its name (``qt05``) and its title."""

    name: str
    title: str
    items: tuple[Item, ...]


def bank_of(quiz: Quiz) -> Bank:
    """A quick test with the numbers that it shows.

    >>> from autograder.quizzes import bank
    >>> made = bank_of(bank.load("05"))
    >>> made.title, made.items[3].name, made.items[3].tags
    ('Quick test 5: Missing labels and masked losses', 'qt05.4 empty mask', ('05_missing_labels', 'empty mask'))
    """
    items = []
    for place, (question, exercise) in enumerate(zip(quiz.questions, questions_of(quiz)), 1):
        topic = _words(question.id.replace("_", " "))
        choices = tuple(Choice(_said(one.text), one.correct, _said(one.why)) for one in exercise.options)
        right = next(choice for choice in choices if choice.right)
        explanation = f"Right is “{right.text}”. {right.feedback}"
        tags = tuple(tag[:LONGEST_TAG].strip() for tag in (_words(quiz.lesson), topic))
        items.append(Item(f"qt{quiz.id}.{place} {topic}", _said(question.text), choices, explanation, tags))
    title = " ".join(f"Quick test {int(quiz.id)}: {_said(quiz.title)}".split())
    return Bank(f"qt{quiz.id}", title, tuple(items))


def _said(text: str) -> str:
    """Text with nothing hidden in it: what a file cannot hold, or nobody would see, is written out."""
    return _NO_TEXT.sub("\ufffd", clean(text)).strip()


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
