"""After an exercise is passed: at most one question about the learner's own answer, made by running it.

What is right is what the answer returns: it has passed. What is wrong is what the exercise's known mistakes return for
the same question. It is never for marks, may be skipped, and is asked until it is answered or skipped, then no more.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import math
import random
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from autograder import exercises
from autograder.engine.inside.channel import Tensor
from autograder.engine.outcome import AnswerError
from autograder.exercises import Exercise
from autograder.judging.answers import LocalAnswer
from autograder.judging.diagnosis import as_numbers, same_outcome
from autograder.marked import plain, rich
from autograder.quizzes.bank import LETTERS, Option
from autograder.testing import Misconception, Probe, tensor
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.notebook import WRAPPED, focus, live, show
from mtl_teach.learn.lesson.own_inputs import SMALL, Small
from mtl_teach.learn.progress import Progress, keep, kept, save
from mtl_teach.learn.reviewing import cards
from mtl_teach.learn.reviewing.asking import BOTH, NEITHER, Ask, mixed
from mtl_teach.learn.reviewing.page import explained

SECONDS = 0.5  # that making a question may take
TRIES = 6  # inputs that are drawn
FEWEST, MOST = 2, 3  # wrong options
APART = 0.02  # of the largest entry: two options are not told apart by rounding
LONGEST = 70  # characters of an option that is a value
IDEA_WORDS = 30
NO_IDEA = "whatever goes in"  # what is said of a constant
SPECIAL = re.compile(r"\d|^(After|As soon|At|By default|For|If|In|On|Right|Under|Value|When|Where|With|Without)\b")

Function = Callable[..., Any]
_settled: set[str] = set()  # what was answered or skipped in this kernel, also outside a workspace


# ---- making a question -----------------------------------------------------------------------------------------


def question_for(exercise: str, answers: Sequence[Any], rng: random.Random, seconds: float = math.inf) -> Ask | None:
    """A question about an answer that has passed; None where there is nothing good to ask.

    Parameters
    ----------
    exercise : str
    answers : sequence of objects
        What was checked.
    rng : random.Random
        Decides on the input, on what is asked of it, and on the order of the options.
    seconds : float
        After so many no other input is tried.
    """
    if exercise not in SMALL or len(answers) != 1:
        return None
    one, end = exercises.load(exercise), time.monotonic() + seconds
    for _ in range(TRIES):
        about = _About(one, answers[0], SMALL[exercise](rng), rng)
        for make in rng.sample(KINDS, len(KINDS)):
            if question := make(about):
                return question
        if time.monotonic() > end:
            return None
    return None


class _About:
    """An exercise's answer and one small input: what comes back of it, from the answer and from the known mistakes."""

    def __init__(self, one: Exercise, answer: Function, small: Small, rng: random.Random) -> None:
        self.one, self.answer, self.small, self.rng = one, answer, small, rng
        self.call = f"`{_call(one, small.args)}`"

    def outcomes(self, calls: Iterable[tuple[Any, ...]], wrap: Callable[[Function], Function] | None) -> _Outcomes:
        """For some calls: the answer's outcomes, and those of every known mistake, of a family the first member's."""
        probes = [Probe(as_sent(self.one, args)) for args in calls]

        def of(function: Any) -> list[Any]:
            return list(LocalAnswer.of(self.one, wrap(function) if wrap else function).outcomes(probes))

        known = (one.members[0] for one in self.one.misconceptions.values() if NO_IDEA not in one.message)
        return of(self.answer), ((wrong, of(wrong.function)) for wrong in known)

    def ask(self, text: str, right: tuple[str, str], wrong: Sequence[tuple[str, str]]) -> Ask:
        """The question: each option is its text and what is said of it after it was chosen."""
        options = [Option(*right, correct=True), *(Option(*one, correct=False) for one in wrong)]
        return Ask("Your own code", text, mixed(options, self.rng))


_Outcomes = tuple[list[Any], Iterable[tuple[Misconception, list[Any]]]]


def _value(about: _About) -> Ask | None:
    """What does your code return?"""
    if not about.small.by_value:
        return None
    found = _number_and_others(about, about.outcomes([about.small.args], None))
    if not found:
        return None
    right, wrong = found
    return about.ask(f"What does your code return for {about.call}?", (right, f"Your code returns {right}."), wrong)


def _slope(about: _About) -> Ask | None:
    """What is the gradient at an entry?"""
    for place in about.rng.sample(list(about.small.slopes), len(about.small.slopes)):
        wrap = functools.partial(_differentiated, about.small.slopes[place])
        found = _number_and_others(about, about.outcomes([about.small.args], wrap))
        if found:
            right, wrong = found
            text = f"Your code is called as {about.call}. What is the gradient of its result at {place}?"
            return about.ask(text, (right, f"Through your code, autograd gives {right} there."), wrong)
    return None


def _unchanged(about: _About) -> Ask | None:
    """Which of two changed inputs leaves the result as it is?"""
    changes = about.small.changes
    for first, second in _pairs(list(changes), about.rng):
        own, others = about.outcomes([about.small.args, changes[first], changes[second]], None)
        right = _stays(own)
        if right is None or right[0] == right[1]:
            continue
        alike: dict[tuple[bool, bool], list[Misconception]] = {}
        for known, outcomes in others:
            stays = _stays(outcomes)
            if stays and stays != right:
                alike.setdefault(stays, []).append(known)
        if not alike:
            continue  # no known mistake is taken in by this
        texts = {
            (True, False): _change(about, first),
            (False, True): _change(about, second),
            (True, True): BOTH,
            (False, False): NEITHER,
        }
        before, *after = (f"`{_text(as_numbers(outcome))}`" for outcome in own)
        why = f"Your code returns {before}; with {first} {after[0]}, with {second} {after[1]}."
        said = {stays: _said("So it is", alike.get(stays, [])) for stays in texts}
        question = f"Your code is called as {about.call}. Which change leaves the result as it is?"
        wrong = [(text, said[stays]) for stays, text in texts.items() if stays != right]
        return about.ask(question, (texts[right], why), wrong)
    return None


# The last one twice, since few exercises have it.
KINDS: tuple[Callable[[_About], Ask | None], ...] = (_value, _unchanged, _slope, _slope)


def _pairs(names: list[str], rng: random.Random) -> Iterator[tuple[str, str]]:
    pairs = list(itertools.combinations(rng.sample(names, len(names)), 2))
    yield from rng.sample(pairs, len(pairs))


def _stays(outcomes: list[Any]) -> tuple[bool, bool] | None:
    """Whether each of two changes leaves a result as it is; None where that cannot be said clearly."""
    if any(isinstance(outcome, AnswerError) for outcome in outcomes):
        return None
    before, *after = map(as_numbers, outcomes)
    same = [same_outcome(one, before) for one in after]
    if not all(stays or _apart(one, before) for stays, one in zip(same, after)):
        return None
    return same[0], same[1]


def _change(about: _About, name: str) -> str:
    """A change in words, and the arguments that it changes."""
    names = [name for name, _ in about.one.arguments]
    changed = [
        f"`{argument} = {_written(new)}`"
        for argument, new, old in zip(names, about.small.changes[name], about.small.args)
        if _written(new) != _written(old)
    ]
    return f"{name}: {', '.join(changed)}"


def _number_and_others(about: _About, outcomes: _Outcomes) -> tuple[str, list[tuple[str, str]]] | None:
    """What the answer gives, as text, and what the known mistakes give instead; None where too few say something else.

    Each of the latter with what is said of it.
    """
    (own,), others = outcomes
    right = as_numbers(own)
    if not isinstance(right, np.ndarray | list) or not _is_finite(right):
        return None
    found: list[tuple[Any, list[Misconception]]] = []
    for known, (outcome,) in others:
        value = as_numbers(outcome)
        if not _is_alike(value, right) or same_outcome(value, right):
            continue
        place = next((at for at, (other, _) in enumerate(found) if same_outcome(value, other)), None)
        if place is None:
            found.append((value, [known]))
        else:
            found[place][1].append(known)
    about.rng.shuffle(found)
    found.sort(key=lambda pair: not any(known.conceptual for known in pair[1]))
    truths = _is_truth(own)
    chosen: list[tuple[Any, list[Misconception]]] = []
    for value, mistakes in found:
        if len(chosen) < MOST and all(_apart(value, other) for other in (right, *(other for other, _ in chosen))):
            chosen.append((value, mistakes))
    texts = [f"`{_text(value, truths)}`" for value in (right, *(value for value, _ in chosen))]
    if len(chosen) < FEWEST or len(set(texts)) <= len(chosen) or max(map(len, texts)) > LONGEST:
        return None
    return texts[0], [(text, _said(f"{text} comes out", mistakes)) for text, (_, mistakes) in zip(texts[1:], chosen)]


def _said(what: str, known: list[Misconception]) -> str:
    """What is said of a wrong option: the idea from which it follows, where that fits in a sentence that is true here.

    A message begins with what was seen in a check; a number in it, or a condition, may be those of the check's input.
    """
    if not known:
        return ""
    sentences = (re.split(r"(?<=[.!?])\s", one.message)[0] for one in known)
    ideas = (one for one in sentences if not SPECIAL.search(one) and len(one.split()) <= IDEA_WORDS)
    idea = next(ideas, "")
    return f"{what} with a known mistake: {idea}" if idea else f"{what} with a known mistake."


def _differentiated(place: tuple[int, tuple[int, ...]], function: Function) -> Function:
    """The function whose result is the derivative of another's by one entry of an argument."""
    argument, entry = place

    def derivative(*args: Any) -> Any:
        leaf = args[argument].detach().clone().requires_grad_()
        result = function(*args[:argument], leaf, *args[argument + 1 :])
        result = result[0] if isinstance(result, (tuple, list)) else result
        result.backward()
        return leaf.grad[entry]

    return derivative


# ---- values ----------------------------------------------------------------------------------------------------


def as_sent(one: Exercise, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """What is written down as lists, in the form in which the exercise is called."""
    return tuple(_made(value, kind) for value, (_, kind) in zip(args, one.arguments))


def _made(value: Any, kind: str) -> Any:
    container, _, dtype = kind.partition(" of ")
    if container == "as given":
        return value
    return tensor(value, dtype) if container == "tensor" else np.array(value, dtype)


def _call(one: Exercise, args: tuple[Any, ...]) -> str:
    """A call in one line; more than two arguments have names."""
    names = [f"{name}=" if len(args) > 2 else "" for name, _ in one.arguments]
    return f"{one.entries[0]}({', '.join(f'{name}{_written(value)}' for name, value in zip(names, args))})"


def _written(value: Any) -> str:
    """An argument as code, without what floats have behind the point for nothing."""
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{name}": {_written(item)}' for name, item in value.items()) + "}"
    return f"{value + 0.0:g}" if isinstance(value, float) else repr(value)


def _text(value: Any, truths: bool = False) -> str:
    """Numbers in four digits, with nothing that says what held them."""
    if isinstance(value, np.ndarray) and value.ndim:
        return f"[{', '.join(_text(item, truths) for item in value)}]"
    if isinstance(value, list):
        return f"({', '.join(_text(item, truths) for item in value)})"
    return str(bool(value)) if truths else f"{round(float(value), 9) + 0.0:.4g}"


def _is_truth(value: Any) -> bool:
    value = value.array if isinstance(value, Tensor) else value
    return isinstance(value, bool | np.ndarray | list) and np.asarray(value).dtype.kind == "b"


def _is_finite(value: Any) -> bool:
    return all(map(_is_finite, value)) if isinstance(value, list) else bool(np.isfinite(value).all())


def _is_alike(value: Any, right: Any) -> bool:
    """True for what could be right by its form: with as many dimensions and parts."""
    if isinstance(value, list) and isinstance(right, list):
        return len(value) == len(right) and all(map(_is_alike, value, right))
    return isinstance(value, np.ndarray) and isinstance(right, np.ndarray) and value.ndim == right.ndim


def _apart(value: Any, other: Any) -> bool:
    """True for two values that are far from being the same."""
    if isinstance(value, list) and isinstance(other, list):
        return len(value) != len(other) or any(map(_apart, value, other))
    if not isinstance(value, np.ndarray) or not isinstance(other, np.ndarray) or value.shape != other.shape:
        return True
    size = max((float(np.abs(one[np.isfinite(one)]).max(initial=0)) for one in (value, other)), default=0.0)
    return not np.allclose(value, other, rtol=0, atol=APART * size, equal_nan=True)


# ---- asking it -------------------------------------------------------------------------------------------------


class _TooLong(BaseException):
    """Passes through what answers catch."""


def offer(exercise: str, answers: Sequence[Any]) -> None:
    """Ask a question below a passed check, unless it was settled before or none can be made in a moment."""
    if exercise in _settled or kept(_key(exercise)):
        return
    question = _in_time(exercise, answers)
    if question is None:
        return
    options = "".join(f"<li>{rich(option.text)}</li>" for option in question.options)
    static = f"<p><strong>{ONE_QUESTION}</strong> {rich(question.text)}</p><ul>{options}</ul>"
    show(OwnCode(exercise, question).box, static, f"{question.where}: {plain(question.text)}")


ONE_QUESTION = "One question about your own code (no marks, and you may skip it)."


def _in_time(exercise: str, answers: Sequence[Any]) -> Ask | None:
    """A question that is the same each time; None where making it fails or takes too long."""
    state = random.getstate()
    try:
        if exercise in SMALL:  # what is imported must not be broken off
            _ = exercises.load(exercise).misconceptions
        with _at_most(SECONDS):
            return question_for(exercise, answers, random.Random(exercise), SECONDS)
    except (_TooLong, Exception):
        return None  # it is only an offer
    finally:
        random.setstate(state)


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Stop what takes longer, where the system can: it rings until somebody who catches everything is done, too."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    rung = False

    def ring(*_: Any) -> None:
        nonlocal rung
        rung = True
        raise _TooLong

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    if rung:
        raise _TooLong


def _key(exercise: str) -> str:
    return f"own_code/{exercise}"


class OwnCode:
    """The question in the notebook.

    Attributes
    ----------
    box : ipywidgets.VBox
        What is displayed.
    group : anywidget.AnyWidget
        The question with its options.
    check, skip : ipywidgets.Button
    """

    def __init__(self, exercise: str, question: Ask) -> None:
        import ipywidgets as widgets

        self._exercise, self._question = exercise, question
        name = f"<strong>{ONE_QUESTION}</strong><br>{rich(question.text)}"
        labels = [f"{letter}. {rich(option.text)}" for letter, option in zip(LETTERS, question.options)]
        self.group = choice_of(name, labels)
        self.check = widgets.Button(description="Check my answer", button_style="primary", layout={"width": "auto"})
        self.skip = widgets.Button(description="Skip the question", layout={"width": "auto"})
        self.check.on_click(lambda _: self.answer())
        self.skip.on_click(lambda _: self.leave())
        self._said = widgets.HTML()
        buttons = widgets.HBox([self.check, self.skip], layout=WRAPPED)
        self.box = widgets.VBox([self.group, buttons, self._said])

    def answer(self) -> None:
        """Say whether it is right, and what the code returns; a wrong answer comes back in the review."""
        chosen = self.group.index
        if chosen is None:
            self._said.value = live("Choose an answer first, or skip the question.", "own-code")
            focus(self.group)
            return
        right = self._question.options[chosen].correct
        if not right:
            save(lambda progress: self._come_back(progress, chosen))
        self._settle("right" if right else "wrong")
        self.group.disabled = True
        self._say(explained(self._question, chosen))

    def leave(self) -> None:
        """Never ask it again."""
        self._settle("skipped")
        self.group.disabled = True
        self._say("Skipped: it will not be asked again.")

    def _settle(self, how: str) -> None:
        _settled.add(self._exercise)
        keep(_key(self._exercise), how)
        self.check.layout.display = self.skip.layout.display = "none"

    def _say(self, sentences: str) -> None:
        self._said.value = live(sentences, "own-code")
        focus(self.group)  # the button had the keyboard's focus, and is gone

    def _come_back(self, progress: Progress, chosen: int) -> None:
        asked = self._question
        data = {
            "question": asked.text,
            "options": [option.text for option in asked.options],
            "answer": asked.right.text,
            "guess": asked.options[chosen].text,
            "why": [option.why for option in asked.options],
        }
        cards.misjudged(progress, self._exercise, data, cards.OWN_CODE)
