"""Answers to exercises for tests: as live objects, or as the source of a submission's cells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import catalogue, exercises
from autograder.authoring.notebooks import read_source
from autograder.authoring.solutions import as_submission, problem_set
from autograder.engine.sandbox import Sandbox
from autograder.engine.session import Session
from autograder.exercises import Exercise
from autograder.judging.answers import LocalAnswer, RemoteAnswer
from autograder.testing import Answer


def known_ids() -> list[str]:
    return list(exercises.all_ids())


def named(kind: str) -> list[tuple[str, str]]:
    """Every (exercise, name) of its ``misconceptions`` or ``alternatives``.

    A folder that cannot be read contributes nothing here; the test that folders are complete tells why.
    """
    return [(one, name) for one in known_ids() for name in _names(one, kind)]


def _names(exercise: str, kind: str) -> list[str]:
    try:
        return list(getattr(catalogue.load(exercise), kind))
    except Exception:
        return []


def solved_ids() -> list[str]:
    """The exercises whose problem set is written."""
    return [one for one in known_ids() if problem_set(one).is_file()]


@dataclass(frozen=True)
class SourceCell:
    """One cell of a problem set's text: its name, its tags, and whether it is text or code."""

    grade_id: str
    tags: tuple[str, ...]
    markdown: bool
    source: str


def source_cells(path: Path) -> list[SourceCell]:
    """The cells of a problem set's text, ``solutions/psNN_….py``."""
    return [
        SourceCell(
            cell.metadata.get("grade_id", ""),
            tuple(cell.metadata.get("tags", ())),
            cell.cell_type == "markdown",
            cell.source,
        )
        for cell in read_source(path).cells
    ]


def text_of_set(exercise: str) -> Path:
    """The text in which the problem set of an exercise is written."""
    path = problem_set(exercise)
    return path.parents[1] / f"{path.stem}.py"


def stub_source(exercise: Exercise) -> str:
    """What the learner is given: a function that says it is not written yet; for plain variables, nothing."""
    if exercise.values:
        return ""
    entry = exercise.entries[0]
    return f'def {entry}(*args, **kwargs):\n    raise NotImplementedError("{entry} is not written yet")\n'


class InProcess:
    """Makes students in this process."""

    def of_answer(self, exercise: Exercise, answer: Callable) -> Iterator[Answer]:
        yield LocalAnswer.of(exercise, answer)

    def of_cells(self, exercise: Exercise, cells: list[tuple[str, str]]) -> Iterator[Answer]:
        namespace: dict = {"__name__": "__main__"}
        for name, source in cells:
            exec(compile(source, f"<cell {name}>", "exec", dont_inherit=True), namespace)
        yield LocalAnswer(exercise, tuple(namespace[name] for name in exercise.entries if name in namespace))


class Sandboxed:
    """Makes students in workers of one zygote."""

    def __init__(self, zygote: Sandbox) -> None:
        self._zygote = zygote

    def of_answer(self, exercise: Exercise, answer: Callable) -> Iterator[Answer]:
        yield from self.of_cells(exercise, [("answer", as_submission(exercise, answer))])

    def of_cells(self, exercise: Exercise, cells: list[tuple[str, str]]) -> Iterator[Answer]:
        with Session(self._zygote, cells, list(exercise.forbidden)) as session:
            session.load()
            assert session.cell_errors == {}
            yield RemoteAnswer(exercise, session)
