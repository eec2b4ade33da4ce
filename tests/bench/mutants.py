"""Small bugs put into a module's source, one at a time: what ``tests.bench.code_mutation`` runs the tests against.

Half of the operators are mutmut's, the others stand below. Docstrings, annotations, imports and pieces of text are left
as they are: a reworded message is no bug.
"""

from __future__ import annotations

import ast
import itertools
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider, WhitespaceInclusivePositionProvider
from mutmut.mutation import mutators

Change = tuple[cst.CSTNode, cst.CSTNode | None]  # what is replaced, and by what; None removes it
TEXT = (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)
SHOWN = {"help", "title", "description", "epilog", "metavar", "prog"}  # keywords whose text is only read by people
SPEED_ONLY = {"cache", "lru_cache", "cached_property"}  # decorators without which the same comes out, later
LEFT_OUT = {
    "operator_string": "text is left as it is",
    "operator_dict_arguments": "it renames keys, which is text",
    "operator_arg_removal": "argument_dropped takes its place: passing None instead is seldom a likely bug",
    "operator_match": "case_removed takes its place: the replaced text would lose its indentation",
}


@dataclass(frozen=True)
class Mutant:
    """One changed module.

    Attributes
    ----------
    path : str
        The module's path from the root of the project.
    line : int
        The first line that differs.
    lines : range
        The lines of the statement in which the change stands; of a compound statement, those of its head.
    operator : str
        What was done.
    old, new : str
        The first line that differs, before and after, without its indentation; ``new`` is empty where it went.
    source : str
        The changed module.
    """

    path: str
    line: int
    lines: range
    operator: str
    old: str
    new: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.operator}  {self.old} -> {self.new or '(removed)'}"

    def is_valid(self, original: str) -> bool:
        """Whether it compiles, and to another program than the original."""
        try:
            with warnings.catch_warnings(action="ignore"):
                changed = ast.parse(self.source)
                compile(changed, self.path, "exec", dont_inherit=True)
                return ast.dump(changed) != ast.dump(ast.parse(original))
        except (SyntaxError, ValueError):
            return False


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a module, in the order of its source.

    >>> for mutant in mutants("price.py", "def total(price, tax):\\n    return price + tax\\n"):
    ...     print(mutant)
    price.py:2 value_forgotten  return price + tax -> return None
    price.py:2 swap_op  return price + tax -> return price - tax
    """
    wrapper = MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True)
    places, spans = wrapper.resolve(PositionProvider), wrapper.resolve(WhitespaceInclusivePositionProvider)
    offsets = [0]
    for line in source.splitlines(keepends=True):
        offsets.append(offsets[-1] + len(line))
    seen = {source}
    for node, lines in _nodes(wrapper.module, range(0), places):
        for operator, old, new in _changes(node):
            start, end = (offsets[at.line - 1] + at.column for at in (spans[old].start, spans[old].end))
            changed = source[:start] + (wrapper.module.code_for_node(new) if new else "") + source[end:]
            if changed not in seen:
                seen.add(changed)
                number, before, after = _first_difference(source, changed)
                yield Mutant(path, number, lines, operator, before, after if new else "", changed)


def _first_difference(old: str, new: str) -> tuple[int, str, str]:
    pairs = itertools.zip_longest(old.splitlines(), new.splitlines(), fillvalue="")
    number, (before, after) = next((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    return number, before.strip(), after.strip()


def _nodes(node: cst.CSTNode, lines: range, places: Mapping[cst.CSTNode, Any]) -> Iterator[tuple[cst.CSTNode, range]]:
    """What may be changed, each with the lines of its statement."""
    if _is_left_alone(node):
        return
    if isinstance(node, (cst.SimpleStatementLine, cst.Decorator)):
        lines = range(places[node].start.line, places[node].end.line + 1)
    elif inner := _statements_inside(node):
        first = places[node].start.line
        lines = range(first, max(first + 1, places[inner[0]].start.line))
    yield node, lines
    children = node.children
    if isinstance(node, cst.Raise) and isinstance(node.exc, cst.Call):  # its arguments are the message's parts
        children = [argument.value for argument in node.exc.args]
    for child in children:
        yield from _nodes(child, lines, places)


def _statements_inside(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    if isinstance(node, cst.Match):
        return node.cases
    body = getattr(node, "body", None)
    return body.body if isinstance(body, cst.BaseSuite) else ()


def _is_left_alone(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.If):  # what only a type checker reads, or only a command line runs
        return any(word in _code(node.test) for word in ("TYPE_CHECKING", "__name__"))
    if isinstance(node, cst.Assign):
        return _code(node.targets[0].target) == "__all__"
    return isinstance(node, (cst.Annotation, cst.Import, cst.ImportFrom, *TEXT))


def _code(node: cst.CSTNode) -> str:
    return cst.Module(body=()).code_for_node(node)


# ---- operators -------------------------------------------------------------------------------------------------


def _changes(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode, cst.CSTNode | None]]:
    """The name of an operator, what it replaces (the node or a part of it) and by what."""
    for own in OWN:
        for old, new in own(node):
            yield own.__name__, old, new
    for kind, function in mutators.mutation_operators:
        names_text = function is mutators.operator_assignment and isinstance(getattr(node, "value", None), TEXT)
        if isinstance(node, kind) and function.__name__ not in LEFT_OUT and not names_text:
            for new in function(node):
                yield function.__name__.removeprefix("operator_"), node, new


def condition_negated(node: cst.CSTNode) -> Iterator[Change]:
    """``if ready`` becomes ``if not ready``; so do ``elif``, ``while`` and the ``if`` of a comprehension."""
    if isinstance(node, (cst.If, cst.While, cst.CompIf)):
        test = node.test
        if isinstance(test, (cst.BooleanOperation, cst.IfExp, cst.Lambda, cst.NamedExpr)) and not test.lpar:
            test = test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
        yield node.test, cst.UnaryOperation(cst.Not(), test)


def operand_dropped(node: cst.CSTNode) -> Iterator[Change]:
    """``a and b`` becomes ``a``, and ``b``."""
    if isinstance(node, cst.BooleanOperation):
        for kept in (node.left, node.right):
            yield node, kept.with_changes(lpar=[*node.lpar, *kept.lpar], rpar=[*kept.rpar, *node.rpar])


def number_lowered(node: cst.CSTNode) -> Iterator[Change]:
    """A number becomes one less; mutmut makes it one more."""
    if isinstance(node, (cst.Integer, cst.Float)):
        yield node, cst.parse_expression(repr(node.evaluated_value - 1))


def value_forgotten(node: cst.CSTNode) -> Iterator[Change]:
    """``return value`` becomes ``return None``, and ``yield`` alike."""
    if isinstance(node, (cst.Return, cst.Yield)) and isinstance(node.value, cst.BaseExpression):
        yield node.value, cst.Name("None")


def statement_removed(node: cst.CSTNode) -> Iterator[Change]:
    """A statement that is there for its effect becomes ``pass``."""
    target: cst.CSTNode | None = None
    if isinstance(node, cst.Assign):
        target = node.targets[0].target
    elif isinstance(node, cst.AnnAssign) and node.value:
        target = node.target
    effect = isinstance(node, (cst.AugAssign, cst.Raise, cst.Assert, cst.Del))
    effect = effect or isinstance(target, (cst.Attribute, cst.Subscript))
    effect = effect or (isinstance(node, cst.Return) and node.value is None)
    effect = effect or (isinstance(node, cst.Expr) and not isinstance(node.value, (cst.Ellipsis, *TEXT)))
    if effect:
        yield node, cst.Pass()


def argument_dropped(node: cst.CSTNode) -> Iterator[Change]:
    """A call without one of its keywords, or without its last positional argument where it has others.

    Those may have a default, so that the call still works; without its first argument hardly any call does.
    """
    if not isinstance(node, cst.Call):
        return
    positional = [index for index, argument in enumerate(node.args) if not argument.keyword]
    for index, argument in enumerate(node.args):
        shown = argument.keyword is not None and argument.keyword.value in SHOWN
        if not shown and (argument.keyword or (index == positional[-1] and len(positional) > 1)):
            kept = [*node.args[:index], *node.args[index + 1 :]]
            if kept:
                kept[-1] = kept[-1].with_changes(comma=node.args[-1].comma)
            yield node, node.with_changes(args=kept)


def loop_emptied(node: cst.CSTNode) -> Iterator[Change]:
    """A ``for`` statement goes round no times."""
    if isinstance(node, cst.For):
        yield node.iter, cst.List([])


def exception_missed(node: cst.CSTNode) -> Iterator[Change]:
    """An ``except`` catches nothing."""
    if isinstance(node, cst.ExceptHandler) and node.type:
        yield node.type, cst.Tuple([])


def decorator_removed(node: cst.CSTNode) -> Iterator[Change]:
    """A function or a class stands without one of its decorators."""
    if isinstance(node, cst.Decorator) and not any(name in _code(node.decorator) for name in SPEED_ONLY):
        yield node, None


def case_removed(node: cst.CSTNode) -> Iterator[Change]:
    """A ``match`` has one case fewer."""
    if isinstance(node, cst.Match) and len(node.cases) > 1:
        for case in node.cases:
            yield case, None


OWN: tuple[Callable[[cst.CSTNode], Iterator[Change]], ...] = (
    condition_negated,
    operand_dropped,
    number_lowered,
    value_forgotten,
    statement_removed,
    argument_dropped,
    loop_emptied,
    exception_missed,
    decorator_removed,
    case_removed,
)
