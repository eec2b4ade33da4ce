"""What every format of question banks offers: its name, how it is imported, what it lacks, and its bytes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from autograder.desk.banks.item import Bank, Item


class Form(ABC):
    """A format.

    Attributes
    ----------
    name : str
        What ``--format`` says.
    suffix : str
        How the name of its file ends.
    way_in : str
        Where to click on the platform.
    lacks : str
        What it has no place for, as a sentence; empty where it holds everything.
    """

    name: ClassVar[str]
    suffix: ClassVar[str]
    way_in: ClassVar[str]
    lacks: ClassVar[str] = ""

    @abstractmethod
    def data(self, banks: Sequence[Bank]) -> bytes:
        """The file: the same for the same banks."""

    def refuses(self, item: Item) -> str:
        """Why it cannot hold a question; empty where it can."""
        return ""
