"""What of a student's answer may be shown to others: the code without its words, a value without its text.

Comments, docstrings and texts go, and so does every name in which an id or a person's name stands. The other names
stay: without them nobody can read the code.
"""

from __future__ import annotations

import ast
import builtins
import functools
import itertools
import keyword
import re
import warnings
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from autograder import catalogue, exercises
from autograder.exercises import UnknownExercise
from autograder.grading.course import Course
from autograder.quizzes.question import is_quick
from autograder.results import CheckResult

LEFT_OUT = "…"
SHORTEST = 3  # digits: so few say nothing of a person, and stand in every value
MOST = 20_000  # characters of an answer that is made anonymous; a longer one is no example
_FILES = ("alternatives", "misconceptions", "scenarios")
_PLAIN = frozenset((*dir(builtins), *keyword.kwlist, *keyword.softkwlist))
# The words in which a value is told (`autograder.words`), beside those of what was expected.
_TOLD = frozenset(
    """True False None nan inf e j a an and of the in with shape tensor array list tuple dict set string str item items
    entry entries that agree agrees float float16 float32 float64 int int8 int16 int32 int64 uint8 bool complex64
    complex128 object type dtype number no error NaN infinite""".split()  # noqa: SIM905
) | {name for name in _PLAIN if name.endswith(("Error", "Exception", "Warning"))}
_TOKEN = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[eE]\d*)?j?")
_PARTS = re.compile(r"[A-Z]?[^\W\dA-Z_]+|[A-Z]+(?![^\W\dA-Z_])|\d+")


@dataclass(frozen=True)
class People:
    """The words by which people of a class are known, in small letters.

    Attributes
    ----------
    ids : frozenset of str
        Whole ids, logins and addresses.
    names : frozenset of str
        The words of names, and of ids.
    """

    ids: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, words: Iterable[str], names: Iterable[str] = ()) -> People:
        """From ids (logins, addresses) and names as they stand in a roster.

        >>> People.of(["ab12cde"], ["Ada Lovelace"]).in_name("lovelaceMean")
        True
        """
        ids = frozenset(word.casefold() for word in words if len(word) > (SHORTEST if word.isdigit() else 2))
        found = {part.casefold() for text in (*names, *ids) for part in re.findall(r"[^\W\d_]+", text)}
        return cls(ids, frozenset(part for part in found if len(part) > 2))

    @classmethod
    def in_course(cls, course: Course, handed_in: Iterable[str]) -> People:
        """Everybody on the roster, and everybody who handed something in."""
        known = [*course.roster]
        ids = [word for person in known for word in (person.id, person.login, person.email, *person.more.values())]
        return cls.of([*ids, *handed_in], [f"{person.first_name} {person.last_name}" for person in known])

    def in_name(self, name: str) -> bool:
        """True where a name of a program holds somebody's id, or a word of somebody's name."""
        folded = name.casefold()
        return any(one in folded for one in self.ids) or any(
            part.casefold() in self.names for part in (name, *_PARTS.findall(name))
        )

    def left_out_of(self, text: str) -> str:
        """A text of an instructor's with "…" for each word that is somebody's id or name.

        >>> People.of(["ab12cde"], ["Ada Lovelace"]).left_out_of("Ada's trick, as lovelace's.")
        "…'s trick, as …'s."
        """
        return _TOKEN.sub(lambda found: LEFT_OUT if self.in_name(found[0]) else found[0], text)


# ---- values ------------------------------------------------------------------------------------------------------


def value_without_text(text: str, ours: Iterable[str], people: People) -> str:
    """A value as it is told, with "…" for each word that no text of ours has and that does not say what a value is.

    >>> value_without_text("[1, nan], and 'my own words'", ["[1, 2]"], People())
    "[1, nan], and '… … …'"
    """
    known = _TOLD | {word for one in ours for word in _TOKEN.findall(one)}

    def kept(found: re.Match[str]) -> str:
        word = found[0]
        is_ours = word in known or _NUMBER.fullmatch(word)
        return word if word.isascii() and is_ours and word.casefold() not in people.ids else LEFT_OUT

    plain = "".join(letter if letter.isascii() or letter.isalnum() else LEFT_OUT for letter in text)
    return _TOKEN.sub(kept, plain)


def check_without_text(check: CheckResult, people: People) -> CheckResult:
    """A check that failed, without any word of the answer's: what was asked stays, and what came back as a value.

    >>> from autograder.results import Verdict
    >>> check = CheckResult("a", Verdict.FAILED, 0, 1, "A mean.", "It said 'me'.", {"x": "[1]"}, "1", "'me'")
    >>> told = check_without_text(check, People())
    >>> told.inputs, told.got, told.summary
    ({'x': '[1]'}, "'…'", '')
    """
    inputs = {str(name): str(value) for name, value in (check.inputs or {}).items()}
    ours = [check.expected, *inputs, *inputs.values()]
    got, difference = (value_without_text(text, ours, people) for text in (check.got, check.difference))
    return replace(check, summary="", inputs=inputs or None, got=got, difference=difference, message="")


# ---- code --------------------------------------------------------------------------------------------------------


def code_without_words(source: str, exercise: str, entries: Collection[str], people: People) -> str:
    """An answer's code without comments, docstrings, texts and names of people, and without what it does not use.

    Parameters
    ----------
    source : str
    exercise : str
        Whose own names say nothing of anybody.
    entries : collection of str
        The names that the answer defines.
    people : People

    Returns
    -------
    str
        Empty where it is no plain Python, or too long to be an example.

    Examples
    --------
    >>> print(code_without_words('def f(x):\\n    "By Ada."\\n    return x  # Ada\\nf(1)', "", ["f"], People()))
    def f(x):
        return x
    """
    if len(source) > MOST:
        return ""
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = _Anonymous(ours_in(exercise), people).visit(_needed(ast.parse(source), entries))
        return ast.unparse(ast.fix_missing_locations(tree))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""


def _needed(tree: ast.Module, entries: Collection[str]) -> ast.Module:
    """The statements that define the entries and what these use; all of them where an entry is not defined."""
    defined: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for name in _defined(statement):
            defined.setdefault(name, []).append(statement)
    if not entries or not defined.keys() >= set(entries):
        return tree
    kept: set[ast.stmt] = set()
    waiting = list(entries)
    while waiting:
        for statement in defined.pop(waiting.pop(), []):
            if statement not in kept:
                kept.add(statement)
                waiting += [node.id for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return ast.Module([statement for statement in tree.body if statement in kept], tree.type_ignores)


def _defined(statement: ast.stmt) -> Iterator[str]:
    """The names that a statement of the cell itself binds."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).partition(".")[0] for alias in statement.names)
    else:
        yield from (
            node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        )


@functools.cache
def ours_in(exercise: str) -> frozenset[str]:
    """The names and texts in our own answers to an exercise, which say nothing of whoever uses them."""
    try:
        known = None if is_quick(exercise) or not exercise else catalogue.load(exercise)
    except UnknownExercise:
        known = None
    if known is None:
        return _PLAIN
    files = (exercises.HERE / exercise / f"{name}.py" for name in _FILES)
    trees = [ast.parse(file.read_text(encoding="utf-8")) for file in files if file.is_file()]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return _PLAIN | texts | {text for node in nodes for text in _names(node)} | {*known.entries, *dict(known.arguments)}


def _names(node: ast.AST) -> list[str]:
    """Every name that stands in a node itself; those of modules piece by piece."""
    found = []
    for _, value in ast.iter_fields(node) if not isinstance(node, ast.Constant) else ():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                found += one.split(".")
    return found


class _Anonymous(ast.NodeTransformer):
    """Takes out what a person wrote for people."""

    def __init__(self, ours: frozenset[str], people: People) -> None:
        self.ours = ours
        self.people = people
        self.others: dict[str, str] = {}
        self.numbers = itertools.count(1)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, value in ast.iter_fields(node):
            if isinstance(value, str):
                setattr(node, name, self._renamed(value))
            elif isinstance(value, list):
                setattr(node, name, [self._renamed(one) if isinstance(one, str) else one for one in value])
        super().generic_visit(node)
        if isinstance(getattr(node, "body", None), list) and not node.body and not isinstance(node, ast.Module):  # type: ignore[attr-defined]
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        if isinstance(node.value, (ast.Constant, ast.JoinedStr)):
            return None  # a docstring, or a text that stands in the place of a comment
        return self.generic_visit(node)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        return ast.Constant(LEFT_OUT)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if isinstance(value, (str, bytes)):
            return ast.Constant(value if value in self.ours and not self._is_person(str(value)) else LEFT_OUT)
        return ast.Constant(LEFT_OUT if self._is_person(str(value)) else value)

    def _is_person(self, text: str) -> bool:
        return text.casefold() in self.people.ids

    def _renamed(self, name: str) -> str:
        return ".".join(self._piece(piece) for piece in name.split("."))

    def _piece(self, name: str) -> str:
        if name in self.ours or not self.people.in_name(name):
            return name
        if name not in self.others:
            self.others[name] = f"name_{next(self.numbers)}"
        return self.others[name]
