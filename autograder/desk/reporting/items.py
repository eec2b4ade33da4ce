"""Each exercise of each problem set in numbers: who began, which checks pass, which mistakes are in the room."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.desk.reporting.attempts import Attempts, attempts_of
from autograder.desk.reporting.gather import Answer, Gathered, Key, exercise_of
from autograder.desk.reporting.measures import Discrimination, discrimination, share
from autograder.desk.reporting.piles import Example, Kind, Pile, example_of, piles_of, without_people
from autograder.desk.reporting.styles import Styles, styles_of
from autograder.results import Verdict

SHOWN = 5  # unnamed piles of an exercise that are shown with an example


@dataclass(frozen=True)
class CheckItem:
    """How one check went.

    Attributes
    ----------
    id, sentence : str
    passed, asked : int
        How many began the exercise and passed it, of how many.
    pass_rate : float or None
    """

    id: str
    sentence: str
    passed: int
    asked: int
    pass_rate: float | None


@dataclass(frozen=True)
class Mistake:
    """A mistake that has a name, and who made it.

    Attributes
    ----------
    id, title, message : str
        The id of one that this course named itself is its fingerprint.
    count : int
    students : tuple of str
        Empty where no id may be told.
    points_lost : float
    """

    id: str
    title: str
    message: str
    count: int
    students: tuple[str, ...]
    points_lost: float


@dataclass(frozen=True)
class Cluster:
    """Wrong answers that behave alike and have no name.

    Attributes
    ----------
    fingerprint : str
    count : int
    students : tuple of str
    points_lost : float
    example : Example
    """

    fingerprint: str
    count: int
    students: tuple[str, ...]
    points_lost: float
    example: Example


@dataclass(frozen=True)
class Item:
    """One exercise of one problem set.

    Attributes
    ----------
    exercise, title : str
    known : bool
        False where this version of the course has no such exercise any more.
    handed_in, started, right : int
        How many handed in, began it, passed every check.
    mean_share : float or None
        Share of the points, over those who began.
    checks : tuple of CheckItem
    discrimination : Discrimination
    misconceptions : tuple of Mistake
    clusters : tuple of Cluster
        The largest first; small ones beyond the fifth are only counted.
    more_clusters : int
        How many more there are.
    styles : Styles
    attempts : Attempts or None
        None where nobody handed in progress on it.
    """

    exercise: str
    title: str
    known: bool
    handed_in: int
    started: int
    right: int
    mean_share: float | None
    checks: tuple[CheckItem, ...]
    discrimination: Discrimination
    misconceptions: tuple[Mistake, ...]
    clusters: tuple[Cluster, ...]
    more_clusters: int
    styles: Styles
    attempts: Attempts | None


def item_of(gathered: Gathered, key: Key, rests: dict[str, tuple[float, float]]) -> tuple[Item, tuple[Pile, ...]]:
    """One exercise in numbers, and its piles of wrong answers.

    Parameters
    ----------
    gathered : Gathered
    key : (str, str)
        An assignment and an exercise of it that somebody handed in.
    rests : dict
        Each student's points and most points in everything, see :func:`points_of`.
    """
    name = key[1]
    answers = gathered.answers[key]
    started = [(student, result) for student, result in answers if not result.not_started]
    exercise = exercise_of(name)
    piles = piles_of(key, started, gathered.said)
    if not gathered.names:
        piles = tuple(without_people(pile, gathered.people) for pile in piles)
    unnamed = [pile for pile in piles if pile.kind is Kind.UNNAMED]
    item = Item(
        exercise=name,
        title=exercise.title if exercise else answers[0][1].title,
        known=exercise is not None,
        handed_in=len(answers),
        started=len(started),
        right=sum(result.passed for _, result in started),
        mean_share=share(sum(one.score for _, one in started), sum(one.max_score for _, one in started)),
        checks=tuple(_checks(answers, started)),
        discrimination=_discrimination(answers, rests),
        misconceptions=tuple(
            Mistake(pile.id, pile.title, pile.message, len(pile.answers), _told(gathered, pile), pile.points_lost)
            for pile in piles
            if pile.kind is not Kind.UNNAMED
        ),
        clusters=tuple(
            Cluster(
                pile.id,
                len(pile.answers),
                _told(gathered, pile),
                pile.points_lost,
                example_of(gathered, key, pile.answers),
            )
            for pile in unnamed[:SHOWN]
        ),
        more_clusters=max(0, len(unnamed) - SHOWN),
        styles=styles_of(gathered, key, [student for student, result in started if result.passed]),
        attempts=attempts_of(gathered.progress.get(key, [])),
    )
    return item, piles


def points_of(gathered: Gathered) -> dict[str, tuple[float, float]]:
    """Every student's points from checks and the most there are, over all that was handed in."""
    found: dict[str, tuple[float, float]] = {}
    for one in gathered.handed_in:
        score, most = found.get(one.student, (0.0, 0.0))
        found[one.student] = score + one.score, most + one.max_score
    return found


def _told(gathered: Gathered, pile: Pile) -> tuple[str, ...]:
    return gathered.told([student for student, _ in pile.answers])


def _checks(answers: list[Answer], started: list[Answer]) -> list[CheckItem]:
    """Every check that a record has; importing the exercise to ask it would import its libraries."""
    sentences = {check.id: check.sentence for _, result in answers for check in result.checks}
    passed, asked = dict.fromkeys(sentences, 0), dict.fromkeys(sentences, 0)
    for _, result in started:
        for check in result.checks:
            if check.verdict is not Verdict.GRADER_ERROR:  # our fault says nothing of the class
                asked[check.id] += 1
                passed[check.id] += check.verdict is Verdict.PASSED
    return [
        CheckItem(one, sentence, passed[one], asked[one], share(passed[one], asked[one]))
        for one, sentence in sentences.items()
    ]


def _discrimination(answers: list[Answer], rests: dict[str, tuple[float, float]]) -> Discrimination:
    """With the share of everything else that the same students handed in."""
    pairs = []
    for student, result in answers:
        score, most = rests[student][0] - result.score, rests[student][1] - result.max_score
        if result.max_score and most > 0:
            pairs.append((round(result.score / result.max_score, 9), round(score / most, 9)))
    return discrimination([one for one, _ in pairs], [rest for _, rest in pairs])
