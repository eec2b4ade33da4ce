"""Which numbers went into workers, and which of them came out."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from autograder.engine.inside.channel import Tensor
from autograder.engine.session import Question, Session


def numbers_in(value: Any) -> set[str]:
    """The numbers of a question that nobody can mistake: at least five digits that count, as they are shown."""
    if isinstance(value, Tensor):
        value = value.array
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return {number for one in value for number in numbers_in(one)}
    shown = f"{value:.6g}" if isinstance(value, float) and np.isfinite(value) else ""
    return {shown} if len(re.sub(r"e.*|[-.]", "", shown).strip("0")) >= 5 else set()


class Overheard:
    """The numbers that went into workers: those before an answer was renewed, and those after."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, renews: bool = True) -> None:
        self.before: set[str] = set()
        self.after: set[str] = set()
        self.now = self.before
        ask, renew = Session.ask, Session.renew

        def heard(session: Session, questions: list[Question], *more: Any) -> list[Any]:
            for _, args in questions:
                self.now |= numbers_in(args)
            return ask(session, questions, *more)

        def renewed(session: Session) -> None:
            self.now = self.after
            if renews:
                renew(session)

        monkeypatch.setattr(Session, "ask", heard)
        monkeypatch.setattr(Session, "renew", renewed)

    @property
    def secret(self) -> set[str]:
        """What was drawn from the secret seed alone."""
        return self.before - self.after

    @property
    def shown(self) -> set[str]:
        """What was drawn from the published seed alone."""
        return self.after - self.before


def given_away(text: str, numbers: Iterable[str]) -> list[str]:
    """Those of some numbers that stand in a text."""
    return sorted(set(re.findall(r"-?\d[\d.]*(?:e[-+]?\d+)?", text)) & set(numbers))
