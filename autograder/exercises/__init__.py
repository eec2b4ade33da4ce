"""One folder an exercise: checks, scenarios, misconceptions, alternatives and metadata; this module reads them."""

from __future__ import annotations

import difflib
import functools
import importlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import numpy as np

from autograder.exercises import by_hand, variants
from autograder.results import UsageError
from autograder.testing import Alternative, Check, Misconception

HERE = Path(__file__).parent
TORCH = re.compile(r"^(?:import|from) torch\b", re.MULTILINE)
Known = TypeVar("Known", Misconception, Alternative)


class UnknownExercise(UsageError, LookupError):
    """No exercise has this name; the message suggests the nearest one, of ``known`` where that is given."""

    def __init__(self, name: str, known: tuple[str, ...] = ()) -> None:
        known = known or all_ids()
        near = difflib.get_close_matches(str(name), known, n=1, cutoff=0.5)
        hint = f" Did you mean `{near[0]}`?" if near else f" There are: {', '.join(known)}."
        super().__init__(f"There is no exercise `{name}`.{hint}")


@dataclass(frozen=True)
class Order:
    """The lines of a right answer, which the last hint gives in disorder and among wrong ones.

    Attributes
    ----------
    lines : tuple of str
        The body of a right answer, one statement a line, in an order that is right.
    wrong : tuple of str
        Lines that belong to no right answer, each a mistake that people make.
    frame : str
        What stands around the lines, with ``{lines}`` where they go, at their indentation.
    """

    lines: tuple[str, ...]
    wrong: tuple[str, ...]
    frame: str

    def source(self, lines: Sequence[str]) -> str:
        """The answer that these lines make, one below the other."""
        before, _, after = self.frame.partition("{lines}")
        indentation = before.rpartition("\n")[2]
        return before + f"\n{indentation}".join(lines) + after


@dataclass(frozen=True)
class Exercise:
    """Everything about one exercise.

    Attributes
    ----------
    id, title, lesson, section : str
        ``lesson`` is a slug such as ``05_missing_labels``; ``section`` the heading in it that explains the idea.
    entries : tuple of str
        The names that the answer defines: one function or class, or several plain variables.
    signature : str
        As the learner sees it.
    arguments : tuple of (str, str)
        The name of each argument of the function, and what it is called with: "tensor of float64", "array of bool" or
        "as given", where nothing is to be made of what somebody writes down.
    values : bool
        True where the answer is plain variables, not a function.
    difficulty, minutes : int
        From 1 to 5; for a learner who has read the lesson.
    hints : tuple of str
        In words: where to look, the concept and, where there is no ``order``, the way.
    questions : dict of str to str
        By check: one hint phrased as a question, shown where that check is the first to fail and has no name.
    forbidden : tuple of str
        Dotted names of library functions that the answer may not call.
    published : dict of str to float
        The numbers of an exercise that is worked out by hand, by name; empty for every other one.
    text : str
        What such an exercise asks, with ``{name:format}`` in place of each number.
    owner : str
        Whose numbers it has; empty where they are the published ones.
    order : Order or None
        What the last hint gives to put in order.
    """

    id: str
    title: str
    lesson: str
    section: str
    entries: tuple[str, ...]
    signature: str
    arguments: tuple[tuple[str, str], ...]
    values: bool
    difficulty: int
    minutes: int
    hints: tuple[str, ...]
    questions: Mapping[str, str]
    forbidden: tuple[str, ...]
    published: Mapping[str, float] = field(default_factory=dict, kw_only=True)
    text: str = field(default="", kw_only=True)
    owner: str = field(default="", kw_only=True)
    order: Order | None = field(default=None, kw_only=True)

    def for_student(self, student: str) -> Exercise:
        """This exercise with the numbers of one student; itself where there are none to vary, or nobody is named."""
        return replace(self, owner=variants.plain(student)) if self.published and variants.plain(student) else self

    @functools.cached_property
    def numbers(self) -> Mapping[str, float]:
        """The numbers with which it is worked out, published or a student's own, by name; empty where it has none."""
        return variants.numbers_of(self.id, self.owner, self.published) if self.owner else self.published

    @property
    def statement(self) -> str:
        """What is asked, with the numbers in it; empty for an exercise that has none."""
        return self.text.format(**self.numbers)

    @functools.cached_property
    def needs_torch(self) -> bool:
        """True where it can be judged only with PyTorch: one of its own files imports it."""
        return any(TORCH.search(file.read_text(encoding="utf-8")) for file in (HERE / self.id).glob("*.py"))

    @functools.cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks in the order in which they are written; what is imported is none, whatever its name."""
        module = self._module(f"test_{self.id}")
        found = [Check.of(item) for name, item in vars(module).items() if name.startswith("test_") and callable(item)]
        own = (check for check in found if check.function.__module__ == module.__name__)
        return tuple(replace(check, function=self._worked_out(check.function)) for check in own)

    @property
    def max_score(self) -> float:
        return sum(check.points for check in self.checks)

    def probes(self) -> tuple[Any, ...]:
        """The questions that tell behaviours apart, always the same ones."""
        return tuple(self._module(f"test_{self.id}").probes(np.random.default_rng(20180601)))

    def behaviour(self, outcome: Any) -> Any:
        """What of a probe's outcome counts when two answers are compared: all of it, or the number in it."""
        return by_hand.as_read(outcome) if self.published else outcome

    @functools.cached_property
    def misconceptions(self) -> dict[str, Misconception]:
        """Wrong answers by id."""
        found = _of_kind(Misconception, self._module("misconceptions"))
        known = {name: replace(wrong, function=self._worked_out(wrong.function)) for name, wrong in found.items()}
        if self.owner:
            known["published_numbers"] = self._with_published_numbers()
        return known

    def _with_published_numbers(self) -> Misconception:
        """The answer of somebody who worked with the numbers in the notebook, not with their own."""
        right = next(iter(replace(self, owner="").alternatives.values()))
        message = "That is what comes of the numbers in the notebook. Yours are others: they are shown here."
        return Misconception(right.function, message, self.checks[0].id)

    @functools.cached_property
    def alternatives(self) -> dict[str, Alternative]:
        """Right answers in other styles by id."""
        found = _of_kind(Alternative, self._module("alternatives"))
        return {name: replace(right, function=self._worked_out(right.function)) for name, right in found.items()}

    def code(self) -> str:
        """The text of what asks an answer: the checks and what runs beside it."""
        files = (HERE / self.id / f"{name}.py" for name in (f"test_{self.id}", "scenarios"))
        return "\n".join(file.read_text(encoding="utf-8") for file in files if file.is_file())

    def prepare(self) -> None:
        """Import everything that judging an answer needs, so that the first one does not wait for it."""
        _ = self.checks, self.misconceptions, self.alternatives

    def _worked_out(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """A check or a known answer with the exercise's numbers, where it has any."""
        return functools.partial(function, **self.numbers) if self.numbers else function

    def _module(self, name: str) -> ModuleType:
        return importlib.import_module(f"autograder.exercises.{self.id}.{name}")


def _of_kind(kind: type[Known], module: ModuleType) -> dict[str, Known]:
    return {name: item for name, item in vars(module).items() if isinstance(item, kind)}


@functools.cache
def all_ids() -> tuple[str, ...]:
    """The names of all exercises, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in HERE.glob("*/exercise.toml")))


@functools.cache
def load(name: str) -> Exercise:
    """Read one exercise.

    Raises
    ------
    UnknownExercise
        If there is none of this name; the message suggests the nearest.
    """
    if name not in all_ids():
        raise UnknownExercise(name)
    meta: dict[str, Any] = tomllib.loads((HERE / name / "exercise.toml").read_text(encoding="utf-8"))
    order = _order(meta["order"], meta["signature"]) if "order" in meta else None
    return Exercise(
        id=name,
        title=meta["title"],
        lesson=meta["lesson"],
        section=meta.get("section", ""),
        entries=tuple(meta["entries"]),
        signature=meta["signature"],
        arguments=tuple(meta.get("arguments", {}).items()),
        values=meta.get("values", False),
        difficulty=meta["difficulty"],
        minutes=meta["minutes"],
        hints=tuple(meta["hints"][step].strip() for step in ("nudge", "concept", "pseudo_code")[: 2 if order else 3]),
        questions=meta.get("questions", {}),
        forbidden=tuple(meta.get("forbidden", ())),
        published=meta.get("numbers", {}),
        text=meta.get("statement", "").strip(),
        order=order,
    )


def _order(given: Mapping[str, str], signature: str) -> Order:
    def lines(text: str) -> tuple[str, ...]:
        return tuple(line.rstrip() for line in text.splitlines() if line.strip())

    return Order(lines(given["lines"]), lines(given["wrong"]), given.get("frame", f"def {signature}:\n    {{lines}}\n"))


def all_exercises() -> Iterator[Exercise]:
    """Every exercise, in alphabetical order."""
    return map(load, all_ids())
