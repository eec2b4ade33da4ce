"""Which exercises to check in which file: what the words after ``mtl-teach check`` mean."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from autograder import catalogue, exercises
from autograder.quizzes.question import is_quick
from autograder.results import UsageError
from mtl_teach.learn.terminal import checking
from mtl_teach.learn.workspace.places import workspace_here

UPDATE = "bring the workspace up to date with: mtl-teach start"


@dataclass(frozen=True)
class Jobs:
    """What to check.

    Attributes
    ----------
    files : dict of Path to list of str
        For each file the exercises, in the order in which it checks them.
    unreadable : tuple of str
        One sentence for each notebook that cannot be read.
    """

    files: dict[Path, list[str]]
    unreadable: tuple[str, ...] = ()


def jobs(what: list[str]) -> Jobs:
    """Understand words: files, problem sets (``ps05``, ``5``), and exercises; without any, all of the workspace.

    Raises
    ------
    UnknownExercise, UsageError, CheckingError
        If a word means nothing, there is nothing to check, or a file that was named cannot be read.
    """
    files = [Path(word) for word in what if word.endswith((".py", ".ipynb"))]
    named = [_named(word) for word in what if not word.endswith((".py", ".ipynb"))]
    if files:
        names = [name for several in named for name in several]
        return Jobs({file: _wanted_in(file, names) for file in files})
    return _in_workspace(workspace_here(), named)


def _named(word: str) -> list[str]:
    """The exercises that a word means: those of a problem set, or the one of this name."""
    number = re.fullmatch(r"(?:ps)?0*(\d{1,2})(?:_\w+)?", word.lower())
    of_set = [one.id for one in exercises.all_exercises() if number and int(one.lesson[:2]) == int(number[1])]
    if number and not of_set:
        sets = sorted({int(one.lesson[:2]) for one in exercises.all_exercises()})
        raise UsageError(f"There is no problem set {number[1]}; there are {sets[0]} to {sets[-1]}.")
    return of_set or [catalogue.load(word).id]


def _wanted_in(file: Path, names: list[str]) -> list[str]:
    script = checking.read_script(file)
    wanted = names or [name for name in script.asked if name in exercises.all_ids() or is_quick(name)]
    wanted = wanted or [
        exercise.id
        for exercise in exercises.all_exercises()
        if checking.answer_source(exercise.entries[:1], script.cells)
    ]
    if not wanted:
        raise UsageError(f"{file} defines no answer to any exercise; name the exercise: mtl-teach check NAME {file}")
    return wanted


def _in_workspace(workspace: Path, named: list[list[str]]) -> Jobs:
    names = {name for several in named for name in several}
    files: dict[Path, list[str]] = {}
    unreadable = []
    for file in sorted((workspace / "exercises").glob("[!.]*/*.ipynb")):
        try:
            asked = [name for name in checking.read_script(file).asked if name in exercises.all_ids()]
        except checking.CheckingError as error:
            unreadable.append(f"{error} Repair it, or put it aside and get a fresh one with: mtl-teach start")
            continue
        if wanted := [name for name in asked if name in names or not names]:
            files[file] = wanted
    if not unreadable:  # else what is missing may stand there
        there = {name for wanted in files.values() for name in wanted}
        if missing := [several[0] for several in named if not there & set(several)]:
            raise UsageError(f"No notebook of this workspace checks `{min(missing)}`; {UPDATE}")
        if not files:
            raise UsageError(f"This workspace has no problem sets yet; {UPDATE}")
    return Jobs(files, tuple(unreadable))


def copies(files: dict[Path, list[str]]) -> dict[Path, str]:
    """What to call each file that checks an exercise which another one checks as well."""
    times = Counter(name for names in files.values() for name in names)
    return {
        path: f"{path.parent.name}/{path.name}" + ("" if path.stem == path.parent.name else " (a copy)")
        for path, names in files.items()
        if any(times[name] > 1 for name in names)
    }
