'''Quick tests: seven questions a lesson, passed with five, written as one TOML file a lesson (``05.toml``).

The format
----------
::

    title = "Missing labels and masked losses"
    lesson = "05_missing_labels"
    setup = """
    import torch
    from mtl_teach.losses import masked_loss
    total = 0.35 + 2 * 0.85
    by_batch = wrong("masked_mean", "divides_by_batch_size")
    """

    [[question]]
    id = "total"
    text = "A batch has losses 0.35 and 0.85 with weights 1 and 2. What is the total?"

    [[question.option]]
    correct = true
    value = "total"
    show = "{value:.2f}"
    why = "0.35 + 2 · 0.85 = {value:.2f}: a weighted sum, not an average."

    [[question.option]]
    value = "total / 3"
    show = "{value:.2f}"
    why = "That divides by the sum of the weights."

``setup``
    Python that runs once when the file is read. Its names are at hand in every expression and text below it.
    Already there: ``wrong(exercise, misconception)``, which gives the named wrong answer of an exercise as a
    function, ``np`` and ``math``. Import the rest, torch too.
``again``
    Optional tables with other numbers for another attempt: the name of a number that ``setup`` computes with, and a
    Python expression that takes its place, ``coverage = "0.25"``. What is computed from it, and every text that puts
    it in, follows. The assignment has the numbers of ``setup``.
``question``
    Exactly seven. ``id`` is unique in the file, ``text`` is the question.
``question.option``
    Two to five a question.

    ``value``
        Optional Python expression, computed when the file is read: the right number, or the output of a
        misconception. Never type a number that code can compute.
    ``show``
        The option as the learner reads it; default ``"{value}"`` where there is a value.
    ``why``
        The explanation, shown after the test whether or not the option was chosen. Say why it is right, or
        which thought leads there and what is wrong with it.
    ``correct``
        ``true``, ``false`` (the default), or a Python expression whose truth decides (``value`` is at hand in
        it). Use an expression wherever a claim can be computed: a question that stops being true then fails
        when it is read. Exactly one option is correct.

In ``text``, ``show`` and ``why``, ``{name}`` and ``{name:.2f}`` put in a name of ``setup`` or ``value`` (Python's
``str.format``; write ``{{`` for a brace), and back-quotes mark code. No two options of a question may read the
same. Write options of similar length, without "all of the above": the order is shuffled at every attempt.

Try a file while you write it: ``mtl-teach quiz 05``; in a notebook ``from mtl_teach.learn import quiz; quiz("05")``.
``mtl-grade build`` makes it an assignment as well (``qt05_missing_labels``), whose options are shuffled once, by their
place in this file: change wording as you like, but add, drop or move a question or an option only before it is handed
out.
'''

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import json
import math
import random
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder import exercises

HERE = Path(__file__).parent
COMPUTED = HERE / "computed.json"  # where it is, as in the browser edition, nothing needs to be worked out
N_QUESTIONS = 7
LETTERS = "ABCDE"  # that options are called by
PASS_MARK = 5


class QuizError(ValueError):
    """There is no such quick test, or its file is not as it must be; the message names the place."""


@dataclass(frozen=True)
class Option:
    """One answer to choose: its text, why it is right or wrong, and whether it is right."""

    text: str
    why: str
    correct: bool


@dataclass(frozen=True)
class Question:
    """A question with its options, of which exactly one is correct.

    ``version`` is another one as soon as something is asked, offered or right that was not before; explanations do
    not count.
    """

    id: str
    text: str
    options: tuple[Option, ...]
    version: str

    @property
    def right(self) -> Option:
        """The correct option."""
        return next(option for option in self.options if option.correct)


@dataclass(frozen=True)
class Quiz:
    """A quick test: its number, such as ``"05"``, its title, the slug of its lesson and its questions.

    ``numbers`` says which of its sets of numbers it shows.
    """

    id: str
    title: str
    lesson: str
    questions: tuple[Question, ...]
    numbers: int = 0

    def shuffled(self, rng: random.Random) -> Quiz:
        """The same test with questions and options in another order."""
        questions = [
            replace(question, options=tuple(rng.sample(question.options, len(question.options))))
            for question in self.questions
        ]
        return replace(self, questions=tuple(rng.sample(questions, len(questions))))

    def score(self, chosen: Sequence[int | None]) -> int:
        """How many of the chosen options, one index (or None) a question, are correct."""
        return sum(
            index is not None and question.options[index].correct
            for question, index in zip(self.questions, chosen, strict=True)
        )

    def missed(self, chosen: Sequence[int | None]) -> list[str]:
        """The ids of the questions whose chosen option, one index (or None) a question, is not correct."""
        return [
            question.id
            for question, index in zip(self.questions, chosen, strict=True)
            if index is None or not question.options[index].correct
        ]


def passed(score: int) -> bool:
    """True for a score that passes.

    >>> passed(4), passed(5)
    (False, True)
    """
    return score >= PASS_MARK


def verdict(test: Quiz, score: int) -> str:
    """One sentence: the score, whether it passes, and what to do next."""
    right = f"{score} of {len(test.questions)} right"
    if score == len(test.questions):
        return f"Passed: {right}."
    if passed(score):
        return f"Passed: {right} (needed: {PASS_MARK}). Read the explanations of what you missed."
    return f"Not passed yet: {right} (needed: {PASS_MARK}). Read the explanations, then try again."


def all_quizzes() -> tuple[str, ...]:
    """The numbers of the quick tests that there are.

    >>> "05" in all_quizzes()
    True
    """
    return tuple(sorted(path.stem for path in HERE.glob("*.toml")))


def quiz_id(name: str | int) -> str:
    """The number of a quick test from what a learner types: ``5``, ``"05"`` or a lesson's slug.

    Raises
    ------
    QuizError
        If there is none.

    Examples
    --------
    >>> quiz_id(5), quiz_id("05_missing_labels")
    ('05', '05')
    """
    wanted = str(name).split("_")[0].zfill(2)
    if wanted not in all_quizzes():
        raise QuizError(f"There is no quick test `{name}`; there are: {', '.join(all_quizzes())}.")
    return wanted


def load(name: str | int, numbers: int = 0) -> Quiz:
    """Read the quick test of a lesson.

    Parameters
    ----------
    name : str or int
    numbers : int
        Which of the file's sets of numbers: 0 are those of the assignment; after the last the first comes again.

    Raises
    ------
    QuizError
        If there is none, or its file is not in the format above.
    """
    number = quiz_id(name)
    path, which = HERE / f"{number}.toml", numbers and numbers % how_many(number)
    if not _is_installed("torch") and COMPUTED.is_file():
        return _computed_before(number, which)
    return read(path, which) if which else read(path)


@functools.cache
def how_many(number: str) -> int:
    """How many sets of numbers a quick test has."""
    return 1 + len(tomllib.loads((HERE / f"{number}.toml").read_text(encoding="utf-8")).get("again", []))


def _is_installed(package: str) -> bool:
    return importlib.util.find_spec(package) is not None


@functools.cache
def _computed_before(number: str, numbers: int) -> Quiz:
    """A quick test as :mod:`~autograder.quizzes.computed` wrote it down."""
    data = json.loads(COMPUTED.read_text(encoding="utf-8"))[number][numbers]
    questions = (
        Question(**{**question, "options": tuple(Option(**option) for option in question["options"])})
        for question in data["questions"]
    )
    return Quiz(**{**data, "questions": tuple(questions)})


@functools.cache
def versions(number: str) -> tuple[str, ...]:
    """The version of every question of a quick test, without working out a number that it shows."""
    data = tomllib.loads((HERE / f"{number}.toml").read_text(encoding="utf-8"))
    return tuple(_version(item, str(data.get("setup", ""))) for item in data["question"])


@functools.cache
def question_ids(number: str) -> tuple[str, ...]:
    """The ids of the questions of a quick test in the order of its file, without working out a number that it shows.

    >>> len(question_ids("05"))
    7
    """
    data = tomllib.loads((HERE / f"{number}.toml").read_text(encoding="utf-8"))
    return tuple(str(item.get("id")) for item in data["question"])


@functools.cache
def mistakes_of(number: str) -> tuple[str, ...]:
    """The exercises whose known wrong answers a quick test uses to work out its options."""
    text = (HERE / f"{number}.toml").read_text(encoding="utf-8")
    return tuple(sorted(set(re.findall(r"""\bwrong\(\s*["'](\w+)["']""", text))))


@functools.cache
def read(path: Path, numbers: int = 0) -> Quiz:
    """Read one file in the format above, with one of its sets of numbers.

    Raises
    ------
    QuizError
        If the file is not as it must be; the message names the file, the question and the option.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise QuizError(f"{path.name} is not TOML: {error}.") from error
    try:
        setup = str(data.get("setup", ""))
        others = [{}, *data.get("again", [])]
        names = _names(setup, others[numbers])
        questions = tuple(
            _question(item, number, names, setup) for number, item in enumerate(data.get("question", []), 1)
        )
        _must(len(questions) == N_QUESTIONS, f"a quick test has {N_QUESTIONS} questions; got {len(questions)}")
        _must(len({question.id for question in questions}) == N_QUESTIONS, "the `id` of each question is its own")
        return Quiz(path.stem, _text(data, "title", {}), _text(data, "lesson", {}), questions, numbers)
    except QuizError as error:
        raise QuizError(f"{path.name}: {error}.") from error


def asked(name: str | int) -> tuple[str, tuple[str, ...]]:
    """The title of a quick test and what it asks, without options; "…" stands for each number that is computed.

    Nothing is run, so this takes no time and gives nothing away.

    Raises
    ------
    QuizError
        If there is none of this name.

    Examples
    --------
    >>> title, questions = asked("05")
    >>> title, len(questions)
    ('Missing labels and masked losses', 7)
    """
    data = tomllib.loads((HERE / f"{quiz_id(name)}.toml").read_text(encoding="utf-8"))
    texts = (re.sub(r"\{\{|\}\}|\{[^{}]*\}", _without_number, question["text"]) for question in data["question"])
    return data["title"], tuple(texts)


def _without_number(found: re.Match[str]) -> str:
    return found[0][0] if found[0] in ("{{", "}}") else "…"


def _names(setup: str, others: dict[str, str]) -> dict[str, Any]:
    """What ``setup`` computes, where some of its names get another value as soon as they have one."""
    names: dict[str, Any] = {"np": np, "math": math, "wrong": _wrong}
    unknown = set(others)
    try:
        for statement in ast.parse(setup).body:
            exec(compile(ast.Module([statement], []), "setup", "exec"), names)  # our own file, shipped with the package
            if isinstance(statement, ast.Assign):
                targets = [node for target in statement.targets for node in ast.walk(target)]
                stored = {node.id for node in targets if isinstance(node, ast.Name)} & set(others)
                names |= {name: _computed(str(others[name]), names) for name in stored}
                unknown -= stored
    except QuizError:
        raise
    except Exception as error:
        raise QuizError(f"`setup` stops with {type(error).__name__}: {error}") from error
    _must(not unknown, f"`again` has {sorted(unknown)}, which `setup` does not set")
    return names


def _wrong(exercise: str, misconception: str) -> Callable[..., Any]:
    """The wrong answer of this name, or a sentence with the names that there are."""
    answers = exercises.load(exercise).misconceptions
    _must(misconception in answers, f"`{exercise}` has no misconception `{misconception}`; it has {sorted(answers)}")
    return answers[misconception].function


def _question(item: dict[str, Any], number: int, names: dict[str, Any], setup: str) -> Question:
    where = f"question {number} ({item.get('id', 'without id')})"
    try:
        unknown = set(item) - {"id", "text", "option"}
        _must(not unknown, f"unknown key {sorted(unknown)}")
        found = item.get("option", [])
        _must(2 <= len(found) <= 5, f"a question has 2 to 5 options; got {len(found)}")
        options = tuple(_option(option, place, names) for place, option in enumerate(found, 1))
        right = sum(option.correct for option in options)
        _must(right == 1, f"exactly one option is correct; got {right}")
        _must(len({option.text for option in options}) == len(options), "two options read the same")
        return Question(_text(item, "id", {}), _text(item, "text", names), options, _version(item, setup))
    except QuizError as error:
        raise QuizError(f"{where}: {error}") from error


def _version(item: dict[str, Any], setup: str) -> str:
    """Six digits for what a question asks, from the file's own words: numbers may differ between machines."""
    options = [{key: value for key, value in option.items() if key != "why"} for option in item["option"]]
    asked = json.dumps([setup, item["text"], options], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()[:6]


def _option(item: dict[str, Any], place: int, names: dict[str, Any]) -> Option:
    try:
        unknown = set(item) - {"value", "show", "why", "correct"}
        _must(not unknown, f"unknown key {sorted(unknown)}")
        names = dict(names)
        if "value" in item:
            names["value"] = _computed(item["value"], names)
        correct = item.get("correct", False)
        if isinstance(correct, str):
            correct = bool(_computed(correct, names))
        default = {"show": "{value}"} if "value" in item else {}
        return Option(_text({**default, **item}, "show", names), _text(item, "why", names), correct)
    except QuizError as error:
        raise QuizError(f"option {place}: {error}") from error


def _computed(expression: str, names: dict[str, Any]) -> Any:
    try:
        return eval(compile(expression, "value", "eval"), dict(names))  # our own file, as above
    except Exception as error:
        raise QuizError(f"`{expression}` stops with {type(error).__name__}: {error}") from error


def _text(item: dict[str, Any], key: str, names: dict[str, Any]) -> str:
    text = item.get(key)
    _must(isinstance(text, str) and bool(text.strip()), f"`{key}` is missing or empty")
    try:
        return " ".join(str(text).format_map(names).split()) if names else str(text).strip()
    except (KeyError, ValueError, AttributeError, IndexError, TypeError) as error:
        raise QuizError(f"`{key}` cannot be filled in ({type(error).__name__}: {error})") from error


def _must(holds: bool, sentence: str) -> None:
    if not holds:
        raise QuizError(sentence)
