"""Three things to teach again, chosen by a rule that the page states."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from autograder.desk.reporting.gather import Gathered, Key, exercise_of
from autograder.desk.reporting.items import Item
from autograder.desk.reporting.piles import Counterexample, Example, Kind, Pile, example_of, first_failing
from autograder.desk.reporting.quick import Question
from autograder.gradebook.feedback.page import Reading, reading
from autograder.results import Verdict

HOW_MANY = 3
HEADINGS = {"option": "Chosen, and wrong: ", "check": "Not met: ", Kind.UNNAMED: "Not met: "}  # by kind
RULE = (
    "Every wrong answer counts for the mistake that it shows (a known one, a group of answers that behave alike, a "
    "wrong option of a quick test), with the points that it lost; what lost the class most points comes first. No "
    "section of a lesson comes twice. Where too few mistakes were made by two students or more, the checks follow that "
    "the smallest share passed, and then what only one student got wrong."
)


@dataclass(frozen=True)
class Topic:
    """One thing to teach again.

    Attributes
    ----------
    assignment, exercise, title : str
    what : str
        The mistake in a few words; where it has no name, the sentence of the check that is not met.
    kind : str
        "known mistake", "named in this course", "unnamed", "option" or "check".
    id : str
        The mistake's name, the fingerprint, the option's letter or the check's name.
    reading : Reading
        The lesson and its section.
    count, of : int
        How many got it wrong, of how many who began.
    points_lost : float
    message : str
        What a tutor says of it.
    question : str
        A quick test's question, as Markdown; empty for an exercise.
    code : str
        A wrong answer of the class without words or names; empty where none can be shown.
    counterexample : Counterexample or None
    """

    assignment: str
    exercise: str
    title: str
    what: str
    kind: str
    id: str
    reading: Reading
    count: int
    of: int
    points_lost: float
    message: str = ""
    question: str = ""
    code: str = ""
    counterexample: Counterexample | None = None

    @property
    def heading(self) -> str:
        """What it is, said so that nobody takes it for what is right."""
        return f"{HEADINGS.get(self.kind, '')}{self.what}"


@dataclass(frozen=True)
class _Candidate:
    """Something that may be chosen: its order (the smallest first), where it is taught, and how it is made."""

    order: tuple[float | str, ...]
    section: tuple[str, str]
    topic: Callable[[], Topic]


def topics_of(
    gathered: Gathered,
    items: Iterable[tuple[Item, Key, tuple[Pile, ...]]],
    questions: Iterable[tuple[Question, Key]],
    book: str = "",
) -> tuple[Topic, ...]:
    """The topics in order; fewer where less went wrong.

    Parameters
    ----------
    gathered : Gathered
    items : iterable of (Item, (str, str), tuple of Pile)
        From :func:`~autograder.desk.reporting.items.item_of`, with the assignment and exercise.
    questions : iterable of (Question, (str, str))
    book : str
        The address of the web book, with a slash at its end; empty where there is none.
    """
    items = list(items)
    found = [
        *(one for item, key, piles in items for one in _of_piles(gathered, item, key, piles, book)),
        *(one for item, key, _ in items for one in _of_checks(gathered, item, key, book)),
        *(one for question, key in questions for one in _of_options(gathered, question, key, book)),
    ]
    chosen: dict[tuple[str, str], _Candidate] = {}
    for one in sorted(found, key=lambda one: one.order):
        if len(chosen) < HOW_MANY:
            chosen.setdefault(one.section, one)
    return tuple(one.topic() for one in chosen.values())


def _order(count: int, is_check: bool, weight: float, *name: str) -> tuple[float | str, ...]:
    """Mistakes of several students, checks that several fail, mistakes of one student, checks that one fails.

    ``weight`` is the points that a mistake lost, or the share that failed a check.
    """
    return (count < 2, is_check, -weight, *name)


def _section(gathered: Gathered, key: Key) -> tuple[str, str]:
    exercise = exercise_of(key[1])
    if exercise and exercise.section:
        return exercise.lesson, exercise.section
    return _lesson(gathered, key), key[1]


def _lesson(gathered: Gathered, key: Key) -> str:
    return gathered.answers[key][0][1].lesson


def _where(gathered: Gathered, key: Key, book: str) -> Reading:
    return reading(exercise_of(key[1]) or gathered.answers[key][0][1], book)


def _of_piles(gathered: Gathered, item: Item, key: Key, piles: tuple[Pile, ...], book: str) -> Iterator[_Candidate]:
    for pile in piles:

        def topic(pile: Pile = pile) -> Topic:
            mistake = pile.id if pile.kind is Kind.KNOWN else ""
            example = example_of(gathered, key, pile.answers, mistake=mistake)
            what = pile.title if pile.kind is not Kind.UNNAMED else first_failing(pile.answers)
            return Topic(
                *key,
                item.title,
                what,
                pile.kind,
                pile.id,
                _where(gathered, key, book),
                len(pile.answers),
                item.started,
                pile.points_lost,
                pile.message,
                "",
                example.code,
                example.counterexample,
            )

        order = _order(len(pile.answers), False, pile.points_lost, *key, pile.id)
        yield _Candidate(order, _section(gathered, key), topic)


def _of_checks(gathered: Gathered, item: Item, key: Key, book: str) -> Iterator[_Candidate]:
    for check in item.checks:
        failed = check.asked - check.passed
        if not failed:
            continue

        def topic(name: str = check.id, sentence: str = check.sentence, failed: int = failed) -> Topic:
            wrong = [
                (student, result)
                for student, result in gathered.answers[key]
                for one in result.checks
                if one.id == name and one.verdict is not Verdict.PASSED and not result.not_started
            ]
            lost = sum(one.max_points - one.points for _, result in wrong for one in result.checks if one.id == name)
            example: Example = example_of(gathered, key, wrong, check=name)
            return Topic(
                *key,
                item.title,
                sentence,
                "check",
                name,
                _where(gathered, key, book),
                failed,
                item.started,
                round(lost, 6),
                "",
                "",
                example.code,
                example.counterexample,
            )

        order = _order(failed, True, failed / check.asked, *key, check.id)
        yield _Candidate(order, _section(gathered, key), topic)


def _of_options(gathered: Gathered, question: Question, key: Key, book: str) -> Iterator[_Candidate]:
    for option in question.options:
        if option.right or not option.count:
            continue

        def topic(letter: str = option.letter, text: str = option.text, why: str = option.why) -> Topic:
            chosen = next(one for one in question.options if one.letter == letter)
            return Topic(
                *key,
                question.title,
                text,
                "option",
                letter,
                _where(gathered, key, book),
                chosen.count,
                question.handed_in - question.unanswered,
                float(chosen.count),
                why,
                question.text,
            )

        order = _order(option.count, False, float(option.count), *key, option.letter)
        yield _Candidate(order, _section(gathered, key), topic)
