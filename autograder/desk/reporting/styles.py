"""The right answers of an exercise by how they are written: equal but for names, comments and layout is one style."""

from __future__ import annotations

from dataclasses import dataclass

from autograder.desk.reporting.gather import Gathered, Key, exercise_of
from autograder.desk.reporting.piles import short
from autograder.grading.names import shape_of_answer

LOOKED_AT = 200  # right answers of an exercise: as many give the shares to a few hundredths
SHOWN = 4  # styles with an example
AMONG = 8  # answers of a style among which the shortest is looked for


@dataclass(frozen=True)
class Style:
    """One way to write it.

    Attributes
    ----------
    count : int
    code : str
        The shortest answer of this style that can be shown; empty where none can.
    """

    count: int
    code: str


@dataclass(frozen=True)
class Styles:
    """The right answers of one exercise.

    Attributes
    ----------
    looked_at : int
        How many right answers were compared.
    different : int
        How many styles there are.
    shown : tuple of Style
        The commonest ones.
    """

    looked_at: int = 0
    different: int = 0
    shown: tuple[Style, ...] = ()


def styles_of(gathered: Gathered, key: Key, students: list[str]) -> Styles:
    """The styles of the right answers to an exercise; none where numbers are written, or the exercise is not known.

    Parameters
    ----------
    gathered : Gathered
    key : (str, str)
    students : list of str
        Who has it right.
    """
    exercise = exercise_of(key[1])
    if exercise is None or exercise.values:
        return Styles()
    shapes: dict[str, list[str]] = {}
    for student in students[:LOOKED_AT]:
        shape = shape_of_answer(exercise.id, gathered.source(student, key))
        if shape:
            shapes.setdefault(shape, []).append(student)
    common = sorted(shapes.items(), key=lambda one: (-len(one[1]), one[0]))
    shown = tuple(Style(len(those), _code(gathered, key, those)) for _, those in common[:SHOWN])
    return Styles(sum(map(len, shapes.values())), len(shapes), shown)


def _code(gathered: Gathered, key: Key, students: list[str]) -> str:
    """The shortest of some answers; without names nothing that only one student wrote."""
    if not gathered.names and len(students) < 2:
        return ""
    codes = (gathered.code(student, key) for student in students[:AMONG])
    return short(min(filter(None, codes), key=lambda code: (code.count("\n"), len(code), code), default=""))
