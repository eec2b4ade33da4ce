"""A mistake that a class made, as the beginning of a misconception: a template below those of its exercise.

All of it is a comment. The code is a stranger's, and whoever runs the tests of the exercise runs what stands in its
files: a person reads it first.
"""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass
from pathlib import Path

from autograder import catalogue
from autograder.files import write_atomically
from autograder.judging.shape import bare
from autograder.quizzes.question import is_quick
from autograder.results import UsageError
from autograder.visible import clean

_ID = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
MAX_LENGTH = 60


@dataclass(frozen=True)
class Mistake:
    """What is known of a mistake.

    Attributes
    ----------
    id : str
        What the misconception will be called: lower-case words joined by underscores.
    message : str
    caught_by : str
        The first check that fails.
    source : str
        An answer that makes it: a stranger's text.
    origin : str
        Where it was seen, in a sentence.
    """

    id: str
    message: str
    caught_by: str
    source: str
    origin: str


def file_for(exercise: str, mistake: str, root: Path) -> Path:
    """The file to which a new mistake of an exercise belongs, once it is sure that it can be written.

    Raises
    ------
    UsageError
        If there is no such exercise or it has no such file, ``root`` is no checkout, or the name is not fit or taken.
    """
    catalogue.load(exercise)
    if is_quick(exercise):
        raise UsageError(f"`{exercise}` is a question of a quick test: its mistakes are its options, in the bank.")
    path = root / "autograder" / "exercises" / exercise / "misconceptions.py"
    if not (root / "pyproject.toml").is_file() or not path.is_file():
        raise UsageError(f"A misconception is written in a checkout of the course; there is no {path}.")
    if not _ID.fullmatch(mistake) or keyword.iskeyword(mistake) or len(mistake) > MAX_LENGTH:
        raise UsageError(
            f"A misconception is named in lower-case words joined by underscores, at most {MAX_LENGTH} characters, "
            f"such as `divides_by_batch_size`; got {mistake!r}."
        )
    if re.search(rf"\b{mistake}\b", path.read_text(encoding="utf-8")):
        raise UsageError(f"`{mistake}` is taken in {path}: take another name.")
    return path


def append(exercise: str, mistake: Mistake, root: Path) -> Path:
    """Append the template of a mistake to its exercise's ``misconceptions.py``; give back the file.

    What the file does stays as it was.

    Raises
    ------
    UsageError
        As :func:`file_for`.
    """
    path = file_for(exercise, mistake.id, root)
    old = path.read_text(encoding="utf-8")
    new = f"{old.rstrip()}\n\n\n{_template(exercise, mistake)}"
    assert ast.dump(ast.parse(new)) == ast.dump(ast.parse(old)), "a template is nothing but comments"
    write_atomically(path, new.encode())
    return path


def _template(exercise: str, mistake: Mistake) -> str:
    head = [
        mistake.origin,
        "A student's code: read it, make it small, and take the signs of a comment away. Word the message so that it",
        "is true for everybody who makes this mistake, and say conceptual=True if it misunderstands the idea.",
        f"Then `pytest tests/course -k {exercise}`: the check must catch it, and the probes tell it from all others.",
    ]
    before, function = _parts(exercise, mistake.id, clean(bare(mistake.source)).split("\n"))
    says = ["@misconception(", f"    {_text(mistake.message)},", f'    caught_by="{mistake.caught_by}",', ")"]
    return "".join(f"# {line}".rstrip() + "\n" for line in [*head, *before, *says, *function])


def _parts(exercise: str, name: str, code: list[str]) -> tuple[list[str], list[str]]:
    """The lines that stand before the mistake's function, and the function."""
    one = catalogue.load(exercise)
    if one.values:
        inside = [f"    {line}" for line in (*code, f"return {', '.join(one.entries)}")]
        return [], [f"def {name}({', '.join(one.numbers)}):", *inside]
    own = re.compile(rf"((?:def|class) ){one.entries[0]}\b")
    at = max((place for place, line in enumerate(code) if own.match(line)), default=None)
    if at is None:  # a lambda, or another function's name
        return code, [f"def {name}(*args, **kwargs):", f"    return {one.entries[0]}(*args, **kwargs)"]
    first = at
    while first and code[first - 1].startswith("@"):
        first -= 1
    return code[:first], [*code[first:at], own.sub(rf"\g<1>{name}", code[at]), *code[at + 1 :]]


def _text(message: str) -> str:
    """A message as Python writes it, in double quotes as the other ones are."""
    inside = message.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inside}"'
