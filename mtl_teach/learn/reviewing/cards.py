"""What there is to look at again: which cards a learner has, which of them are due today, and what an answer changes.

A card's id says what it asks, so that a damaged row loses its dates and no more: ``question/05/total``,
``prediction/01-share``, ``own_code/masked_mean``, ``mistake/masked_mean/divides_by_batch_size``. Questions, predictions
and questions about one's own code become cards when they go wrong; a known mistake is one from the day on which its
exercise is passed, and has no row before its first answer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from autograder.quizzes import bank
from mtl_teach.learn.progress import Progress, Row
from mtl_teach.learn.reviewing import mistakes, schedule

QUESTION, PREDICTION, OWN_CODE, MISTAKE = "question", "prediction", "own_code", "mistake"
SECONDS = {QUESTION: 40, PREDICTION: 30, OWN_CODE: 40, MISTAKE: 90}  # that a card takes, about
NAMES = {QUESTION: 2, PREDICTION: 1, OWN_CODE: 1, MISTAKE: 2}  # parts of an id after its kind


@dataclass(frozen=True)
class Card:
    """A card as it stands.

    Attributes
    ----------
    id, kind : str
    names : tuple of str
        What the id says after the kind.
    step : int
        How many intervals lie behind it.
    due : str
        When it comes back, as it is saved.
    seen, wrong : int
        How often it was answered, and how often wrongly.
    data : dict
        ``last``, the time of the last answer; of a prediction and of one's own code also what it asks.
    """

    id: str
    kind: str
    names: tuple[str, ...]
    step: int
    due: str
    seen: int = 0
    wrong: int = 0
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Today:
    """What a day's review asks.

    Attributes
    ----------
    cards : tuple of Card
        Due today, the oldest first, no more than are left of a day's.
    later : int
        Due today and left for another day.
    next_day : date or None
        When the next card comes back that is not due yet.
    gone : int
        Cards about something that this version of the course does not have, or whose row is damaged.
    """

    cards: tuple[Card, ...]
    later: int = 0
    next_day: date | None = None
    gone: int = 0

    @property
    def minutes(self) -> int:
        """How long the cards take, about."""
        return max(1, round(sum(SECONDS[card.kind] for card in self.cards) / 60))


def of_today(progress: Progress, on: date) -> Today:
    """What is due on a day, and what comes later."""
    cards = _all_cards(progress)
    there = [card for card in cards if can_be_asked(card)]
    days = [(day, card) for card in there if (day := schedule.due_day(card.step, card.due, on)) is not None]
    due = [card for _, card in sorted((pair for pair in days if pair[0] <= on), key=lambda pair: (pair[0], pair[1].id))]
    answered = sum(schedule.day_of(card.data.get("last")) == on for card in cards)
    left = max(0, schedule.A_DAY - answered)
    later = [day for day, _ in days if day > on]
    return Today(tuple(due[:left]), len(due[left:]), min(later, default=None), len(cards) - len(there))


def can_be_asked(card: Card) -> bool:
    """True where the course still has what a card is about, found out without working it out."""
    if card.kind == QUESTION:
        number, question = card.names
        return number in bank.all_quizzes() and question in bank.question_ids(number)
    if card.kind == MISTAKE:
        return mistakes.can_be_shown(*card.names)
    return _is_whole(card.data)


def _is_whole(data: dict[str, Any]) -> bool:
    options = data.get("options")
    texts = [data.get("question"), data.get("answer"), *(options if isinstance(options, list) else [None])]
    return all(isinstance(text, str) for text in texts) and len(texts) > 3 and data["answer"] in data["options"]


# ---- reading ---------------------------------------------------------------------------------------------------


def _all_cards(progress: Progress) -> list[Card]:
    rows = progress.cards()
    saved = [card for row in rows.values() if (card := _read(row))]
    return saved + [card for card in _new_mistakes(progress) if card.id not in rows]


def _read(row: Row) -> Card | None:
    """A card from its row, whatever became of it; None for an id that no card of ours has."""
    kind, *names = str(row["id"]).split("/")
    if len(names) != NAMES.get(kind):
        return None
    step, seen, wrong = (_count(row[name]) for name in ("step", "seen", "wrong"))
    data = row["data"] if isinstance(row["data"], dict) else {}
    return Card(row["id"], kind, tuple(names), step, str(row["due"]), seen, wrong, data)


def _count(value: Any) -> int:
    return max(value, 0) if isinstance(value, int) else 0


def _new_mistakes(progress: Progress) -> list[Card]:
    """A card for each known mistake that an answer showed, once its exercise is passed; the next day it is due."""
    passed = {name: row["first_pass"] for name, row in progress.exercises().items() if row["first_pass"]}
    cards = []
    for row in progress.mistakes():
        exercise, name = row["exercise"], row["name"]
        if exercise in passed and mistakes.can_be_shown(exercise, name):
            shown = schedule.day_of(max(str(passed[exercise]), str(row["last"])))
            step, due = schedule.begin(shown) if shown else (0, "")
            cards.append(Card(_id(MISTAKE, exercise, name), MISTAKE, (exercise, name), step, due))
    return cards


def _id(kind: str, *names: str) -> str:
    return "/".join((kind, *names))


# ---- writing ---------------------------------------------------------------------------------------------------


def missed(progress: Progress, number: str, questions: Iterable[str]) -> None:
    """Save that questions of a quick test were answered wrongly: they come back tomorrow."""
    for question in questions:
        _begin_anew(progress, _id(QUESTION, number, question), QUESTION, {})


def misjudged(progress: Progress, name: str, asked: dict[str, Any], kind: str = PREDICTION) -> None:
    """Save that a guess went wrong: it comes back tomorrow, unless it is waiting already.

    Parameters
    ----------
    progress : Progress
    name : str
        That of the prediction, or of the exercise whose answer the guess was about.
    asked : dict
        Its ``question``, ``options`` and ``answer``, and what was said: ``guess`` and ``confidence``. About one's own
        code instead ``why``, what is said of each option.
    kind : str
    """
    card_id = _id(kind, name.replace("/", "-"))
    row = progress.cards().get(card_id)
    if row is None or not isinstance(row["data"], dict) or not _is_whole(row["data"]):
        _begin_anew(progress, card_id, kind, asked)


def _begin_anew(progress: Progress, card_id: str, kind: str, data: dict[str, Any]) -> None:
    row = progress.cards().get(card_id)
    before = _read(row) if row else None
    step, due = schedule.begin(schedule.today())
    seen, wrong = (before.seen, before.wrong) if before else (0, 0)
    progress.record_card(card_id, kind, step, due, seen, wrong + 1, (before.data if before else {}) | data)


def answered(progress: Progress, card: Card, right: bool) -> bool:
    """Save an answer to a card; False where another window answered it since it was shown, and that answer stays."""
    on = schedule.today()
    step, due = schedule.after(card.step, right, on)
    data = card.data | {"last": schedule.written(on)}
    return progress.record_seen(card.id, card.kind, step, due, card.seen + 1, card.wrong + (not right), data)
