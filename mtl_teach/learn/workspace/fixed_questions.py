"""A lesson's question with the numbers of its run written into it, for a place where the lesson cannot run."""

from __future__ import annotations

import ast
import builtins
import contextlib
import io
from collections.abc import Sequence
from typing import Any

KNOWN = {*vars(builtins), "predict"}


def fixed(source: str, before: Sequence[str]) -> str:
    """The source of a cell that asks for a prediction, without any name that other cells define.

    Only those cells are run that its numbers come from.

    Parameters
    ----------
    source : str
        One call of ``predict``.
    before : sequence of str
        The sources of the code cells above it, in order.

    Examples
    --------
    >>> fixed('predict(f"Of {n}?", ["1", "2"])', ["n = 3", "import no_such_module"])
    "predict(\\n    'Of 3?',\\n    ['1', '2'],\\n)"
    >>> fixed('predict("Of 3?", ["1", "2"])', [])
    'predict("Of 3?", ["1", "2"])'
    """
    tree = ast.parse(source)
    names = _used(tree) - KNOWN
    if not names:
        return source
    call = tree.body[0].value if len(tree.body) == 1 and isinstance(tree.body[0], ast.Expr) else None
    if not isinstance(call, ast.Call):
        raise ValueError(f"A cell that asks for a prediction must be one call of `predict`; got {source!r}.")
    space = _run(names, before)
    lines = [repr(_value(argument, space)) for argument in call.args]
    lines += [f"{one.arg}={_value(one.value, space)!r}" for one in call.keywords]
    return "predict(\n" + "".join(f"    {line},\n" for line in lines) + ")"


def _value(expression: ast.expr, space: dict[str, Any]) -> Any:
    return eval(compile(ast.Expression(expression), "<lesson>", "eval"), space)


def _run(names: set[str], before: Sequence[str]) -> dict[str, Any]:
    """The names that the cells give these values to, and whatever those need."""
    waiting, cells = set(names), []
    for source in reversed(before):
        tree = ast.parse(source)
        if waiting & _given(tree):
            cells.append(source)
            waiting |= _used(tree)
    space: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()):
        for source in reversed(cells):
            exec(compile(source, "<lesson>", "exec"), space)
    return space


def _used(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _given(tree: ast.AST) -> set[str]:
    """The names that a cell gives a value to."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return found
