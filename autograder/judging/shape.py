"""One short text for the shape of a piece of code, so that right answers can be counted by how they are written.

What a name is called, docstrings, comments, annotations and layout do not count. What is called, attributes, constants
and the order of things do. Helpers count where an answer uses them, wherever they stand; everything else in the cell
does not. Nothing is run, and the text is a stranger's: it takes no longer than it is long.
"""

from __future__ import annotations

import ast
import hashlib
import warnings
from collections.abc import Iterator, Sequence

from autograder.judging.fingerprint import LENGTH

MAX_SOURCE = 50_000  # characters
MAX_DEPTH = 120  # of expressions and blocks inside each other
MAX_PIECES = 50_000
# As the course's own cells import them: an answer may rely on these, or import them itself.
USUAL = {"np": "numpy", "nn": "torch.nn", "F": "torch.nn.functional", "plt": "matplotlib.pyplot", "pd": "pandas"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_NOT_COUNTED = {"annotation", "returns", "type_comment", "type_params", "ctx", "kind", "simple"}

Scope = dict[str, "int | str | None"]  # a name's number, the dotted name that was imported, or None before it is used


def shape_of(source: str, entries: Sequence[str]) -> str:
    """The fingerprint of an answer's shape.

    Parameters
    ----------
    source : str
        Python code, as :func:`~autograder.grading.sources.answer_sources` gives it.
    entries : sequence of str
        The names that the answer defines.

    Returns
    -------
    str
        Twelve hexadecimal digits; empty where the code cannot be parsed, does not define its names, or is too large.

    Examples
    --------
    >>> one = shape_of("def mean(values):\\n    return values.sum() / len(values)", ["mean"])
    >>> one == shape_of("def mean(x: list):  # quick\\n    return (x.sum() / len(x))", ["mean"])
    True
    >>> one == shape_of("def mean(values):\\n    return values.mean()", ["mean"])
    False
    """
    found = _looked_at(source, entries)
    if found is None:
        return ""
    return hashlib.sha256("\0".join(found.pieces).encode("utf-8", "replace")).hexdigest()[:LENGTH]


def essential(source: str, entries: Sequence[str]) -> str:
    """What of an answer has a say: the definitions of its names and of what they use, as they were written.

    All of it where that cannot be told.

    >>> print(essential("import math\\nx = 1\\ndef one():  # so\\n    return 1\\nprint(one())", ["one"]))
    def one():  # so
        return 1
    """
    found = _looked_at(source, entries)
    if found is None:
        return source
    lines = found.text.split("\n")
    return "\n\n".join("\n".join(lines[first - 1 : last]) for first, last in sorted(map(_span, found.reached)))


def _span(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement, with those of its decorators."""
    decorators = [one.lineno for one in getattr(statement, "decorator_list", ())]
    return min([statement.lineno, *decorators]), statement.end_lineno or statement.lineno


def _looked_at(source: str, entries: Sequence[str]) -> _Shape | None:
    """The shape of what defines these names; None where there is none."""
    text, tree = _parsed(source)
    if tree is None:
        return None
    shape = _Shape(text, tree)
    try:
        return shape if shape.look_at(entries) else None
    except (_TooLarge, RecursionError, ValueError):  # a number can be too large to be written out
        return None


def _parsed(source: str) -> tuple[str, ast.Module | None]:
    """The code as text and tree; lines for a notebook alone (``%timeit``, ``!ls``) are left out where in the way."""
    if len(source) > MAX_SOURCE:
        return source, None
    without = "\n".join(line for line in source.split("\n") if not line.startswith(("%", "!")))
    for text in (source, without):
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of escapes in texts
                return text, ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue
    return source, None


class _TooLarge(Exception):
    """The code is too large, or too deep, to be looked at."""


class _Shape:
    """The pieces of one answer, with its own names as numbers in the order in which they appear.

    Attributes
    ----------
    text : str
    pieces : list of str
    reached : list of ast.stmt
        The statements of the module that have a say, in the order in which they are reached.
    """

    def __init__(self, text: str, tree: ast.Module) -> None:
        self.text = text
        self.pieces: list[str] = []
        self.reached: list[ast.stmt] = []
        self._defined: dict[str, list[ast.stmt]] = {}
        imported: Scope = dict(USUAL)
        for statement in tree.body:
            for name, origin in _bound([statement]):
                if isinstance(origin, str):
                    imported[name] = origin
                elif isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
                    self._defined[name] = [statement]  # the last definition counts
                else:
                    self._defined.setdefault(name, []).append(statement)
        self._scopes: list[Scope] = [imported | dict.fromkeys(self._defined)]
        self._numbers = 0
        self._waiting: list[str] = []

    def look_at(self, entries: Sequence[str]) -> bool:
        """Take the pieces of the definitions of these names, and of what they use; False where one is not defined."""
        if not all(name in self._defined for name in entries):
            return False
        for name in entries:
            self._say_name(name)
        while self._waiting:
            for statement in self._defined[self._waiting.pop(0)]:
                if not any(statement is one for one in self.reached):
                    self.reached.append(statement)
                    self._walk(statement, 0)
        return True

    def _say(self, piece: str) -> None:
        if len(self.pieces) >= MAX_PIECES:
            raise _TooLarge
        self.pieces.append(piece)

    def _origin(self, name: str) -> int | str:
        """The number of a name of the answer's own, else the dotted name of what it is elsewhere."""
        for scope in reversed(self._scopes):
            if name not in scope:
                continue
            found = scope[name]
            if found is None:
                found = scope[name] = self._numbers
                self._numbers += 1
                if scope is self._scopes[0]:
                    self._waiting.append(name)
            return found
        return name

    def _say_name(self, name: str) -> None:
        origin = self._origin(name)
        self._say(f"#{origin}" if isinstance(origin, int) else f"name {origin}")

    # ---- one node

    def _walk(self, node: object, depth: int) -> None:
        if depth > MAX_DEPTH:
            raise _TooLarge
        if isinstance(node, list):
            self._say(f"list {len(kept := [one for one in node if not _says_nothing(one)])}")
            for one in kept:
                self._walk(one, depth + 1)
        elif not isinstance(node, ast.AST):
            self._say(repr(node))
        elif isinstance(node, ast.Name):
            self._say_name(node.id)
        elif isinstance(node, ast.Attribute):
            self._attribute(node, depth)
        elif isinstance(node, (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)):
            self._scope(node, depth)
        else:
            self._say("Assign" if isinstance(node, ast.AnnAssign) else type(node).__name__)
            self._fields(node, depth)

    def _fields(self, node: ast.AST, depth: int, without: tuple[str, ...] = ()) -> None:
        for field, value in ast.iter_fields(node):
            if field in _NOT_COUNTED or field in without:
                continue
            if isinstance(value, str) and _names_something(node, field):
                self._say_name(value)
            elif isinstance(node, ast.AnnAssign) and field == "target":
                self._walk([value], depth + 1)  # as an assignment has it
            else:
                self._walk(value, depth + 1)

    def _attribute(self, node: ast.Attribute, depth: int) -> None:
        """An attribute; of a library's, the dotted name, however the library was imported."""
        path: list[str] = []
        base: ast.expr = node
        while isinstance(base, ast.Attribute):
            path.insert(0, base.attr)
            base = base.value
        if len(path) > MAX_DEPTH:
            raise _TooLarge
        origin = self._origin(base.id) if isinstance(base, ast.Name) else 0
        if isinstance(origin, str):
            self._say(f"name {'.'.join([origin, *path])}")
        else:
            self._say(f"attributes {'.'.join(path)}")
            self._walk(base, depth + 1)

    def _scope(self, node: ast.AST, depth: int) -> None:
        """A function, a class or a comprehension: its names are its own."""
        self._say("function" if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else type(node).__name__)
        name = getattr(node, "name", None)
        if name is not None:
            if isinstance(self._scopes[-1].get(CLASS), str):
                self._say(name)  # a method: an attribute
            else:
                self._say_name(name)
        if isinstance(node, ast.ClassDef):
            self._fields(node, depth, ("name", "body"))
            self._scopes.append({CLASS: CLASS})
            self._walk(node.body, depth + 1)
        elif isinstance(node, _COMPREHENSIONS):
            self._scopes.append(dict.fromkeys(_targets(node.generators)))
            self._walk(node.generators, depth + 1)
            self._fields(node, depth, ("generators",))
        else:
            body = node.body if isinstance(node.body, list) else [node.body]  # type: ignore[attr-defined]
            arguments = [one.arg for one in ast.walk(node.args) if isinstance(one, ast.arg)]  # type: ignore[attr-defined]
            self._scopes.append(dict.fromkeys(arguments) | dict(_bound(body)))
            self._fields(node, depth, ("name",))
        self._scopes.pop()


CLASS = "class "  # no name: marks the scope of a class, whose functions are attributes


def _says_nothing(node: object) -> bool:
    """True for what changes nothing: texts that stand alone, `pass`, and imports, told where their names are used."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.AnnAssign):
        return node.value is None
    return isinstance(node, (ast.Pass, ast.Import, ast.ImportFrom))


def _names_something(node: ast.AST, field: str) -> bool:
    """True where a text in the tree is a name of the answer's own."""
    kinds = {"arg": (ast.arg,), "name": (ast.ExceptHandler, ast.MatchAs, ast.MatchStar), "rest": (ast.MatchMapping,)}
    return isinstance(node, kinds.get(field, ()))


def _targets(generators: list[ast.comprehension]) -> Iterator[str]:
    for one in generators:
        yield from (node.id for node in ast.walk(one.target) if isinstance(node, ast.Name))


def _bound(body: Sequence[ast.AST]) -> Iterator[tuple[str, str | None]]:
    """The names that statements bind in their own scope, and of an imported one what it is elsewhere."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, None
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, None
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _imported(node)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            yield node.name, None
        if not isinstance(node, (*_FUNCTIONS, *_COMPREHENSIONS, ast.ClassDef)):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        if isinstance(node, ast.ImportFrom):
            yield alias.asname or alias.name, f"{node.module or ''}.{alias.name}"
        elif alias.asname:
            yield alias.asname, alias.name
        else:
            top = alias.name.partition(".")[0]
            yield top, top


def bare(source: str) -> str:
    """The code alone, without comments and docstrings, which may name somebody; as it is where it cannot be parsed.

    >>> bare('def one():  # Ada\\n    "Mine."\\n    return 1')
    'def one():\\n    return 1'
    """
    _, tree = _parsed(source)
    if tree is None:
        return source
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)) and ast.get_docstring(
            node, clean=False
        ):
            node.body[:1] = [] if len(node.body) > 1 or isinstance(node, ast.Module) else [ast.Pass()]
    try:
        return ast.unparse(tree)
    except (RecursionError, ValueError):
        return source
