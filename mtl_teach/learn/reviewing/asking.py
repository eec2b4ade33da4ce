"""What a card asks: a question with options in another order each time, and what is said after the answer."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from autograder import exercises
from autograder.quizzes import bank
from autograder.quizzes.bank import Option
from mtl_teach.learn.reviewing import mistakes
from mtl_teach.learn.reviewing.cards import MISTAKE, OWN_CODE, PREDICTION, QUESTION, Card

EVERY, NONE = "each of the three", "none of the three"
BOTH, NEITHER = "both of them", "neither of them"


@dataclass(frozen=True)
class Ask:
    """A card as it is asked.

    Attributes
    ----------
    where : str
        Where it comes from.
    text : str
        With back-quotes around code.
    options : tuple of Option
        Of which exactly one is correct.
    lead, code : str
        What the text is about, and what is said before it; mostly empty.
    """

    where: str
    text: str
    options: tuple[Option, ...]
    lead: str = ""
    code: str = ""

    @property
    def right(self) -> Option:
        """The correct option."""
        return next(option for option in self.options if option.correct)


def ask(card: Card, rng: random.Random) -> Ask | None:
    """A card as it is asked this time; None where the course turns out to have nothing to ask any more."""
    try:
        return _ASKED[card.kind](card, rng)
    except (bank.QuizError, exercises.UnknownExercise, KeyError, StopIteration):
        return None


def _question(card: Card, rng: random.Random) -> Ask:
    number, name = card.names
    question = next(one for one in bank.load(number, card.seen + 1).shuffled(rng).questions if one.id == name)
    return Ask(f"Quick test {int(number)}", question.text, question.options)


def _prediction(card: Card, rng: random.Random) -> Ask:
    asked = card.data
    lesson = card.names[0][:2]
    again = f" Lesson {int(lesson)} shows it." if lesson.isdigit() else ""
    where = f"A prediction of lesson {int(lesson)}" if lesson.isdigit() else "A prediction"
    guess, confidence = asked.get("guess"), asked.get("confidence")
    first = f" Your first guess was “{guess}”{f' ({confidence})' if confidence else ''}." if guess else ""
    said = {True: f"So it was in the run.{again}{first}", False: "It was not so in the run."}
    options = [Option(text, said[text == asked["answer"]], text == asked["answer"]) for text in asked["options"]]
    return Ask(where, asked["question"], tuple(rng.sample(options, len(options))))


def _own_code(card: Card, rng: random.Random) -> Ask:
    asked, why = card.data, card.data.get("why")
    said = [one if isinstance(one, str) else "" for one in why] if isinstance(why, list) else []
    pairs = itertools.zip_longest(asked["options"], said[: len(asked["options"])], fillvalue="")
    options = [Option(text, why, text == asked["answer"]) for text, why in pairs]
    return Ask("Your own code", asked["question"], mixed(options, rng))


def mixed(options: Sequence[Option], rng: random.Random) -> tuple[Option, ...]:
    """Options in any order; those that speak of the others come last."""
    return tuple(sorted(rng.sample(options, len(options)), key=lambda option: option.text in (BOTH, NEITHER)))


def _mistake(card: Card, rng: random.Random) -> Ask | None:
    exercise, name = card.names
    one = exercises.load(exercise)
    cases = mistakes.cases(exercise, name, rng)
    if not cases:
        return None
    count = sum(case.differs for case in cases)
    message = one.misconceptions[name].members[0].message
    options = [
        _option(f"`{case.text}`", _compared(case, count), case.differs and count == 1, message) for case in cases
    ]
    options += [
        _option(text, f"It goes wrong on {('none', 'one', 'two', 'each')[count]} of the three.", right, message)
        for text, right in ((EVERY, count == len(cases)), (NONE, not count))
    ]
    lead = f"You have solved “{one.title}”. This answer to it is wrong, as one of yours once was:"
    text = f"For which of these inputs does `{one.entries[0]}` return something else than it should?"
    return Ask("Find the mistake", text, tuple(options), lead, mistakes.code_of(exercise, name))


def _option(text: str, why: str, right: bool, message: str) -> Option:
    return Option(text, f"{why} {message}" if right else why, right)


def _compared(case: mistakes.Case, count: int) -> str:
    if not case.differs:
        return f"Here it returns {case.right}, as it should."
    return f"Here it returns {case.wrong}, and {case.right} is right{'' if count == 1 else '; but not here alone'}."


_ASKED: dict[str, Callable[[Card, random.Random], Ask | None]] = {
    QUESTION: _question,
    PREDICTION: _prediction,
    OWN_CODE: _own_code,
    MISTAKE: _mistake,
}
