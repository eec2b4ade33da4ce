"""What became of the cells that this kernel was asked to run: whether a check speaks of what is on the screen.

A cell that stops with an error leaves the definition of an earlier run in its place, and a check then judges that one.
IPython tells after each cell what was run and how it ended. The text in the browser is not to be seen from here; the
notebook on the disk is, as it was saved last.
"""

from __future__ import annotations

import ast
import contextlib
import os
import re
import sys
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import torch_loads
from autograder.files import Cell
from autograder.kernel import in_lines
from autograder.sections import read_cells
from autograder.visible import clean

MAX_SAID = 200  # characters of a message or a line
_DEFINES = re.compile(r"^(?:(?:async\s+)?def|class)\s+(\w+)|^(\w+)\s*(?::[^=\n]*)?=(?!=)", re.MULTILINE)
_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)


@dataclass(frozen=True)
class Run:
    """One run of a cell.

    Attributes
    ----------
    source : str
    error : BaseException or None
        With which it stopped.
    line : int
        Of the cell, where it stopped; 0 where that is not known.
    cell : str
        The cell's id in the notebook; empty where the front-end does not tell.
    at : float
        When it ended, in seconds.
    """

    source: str
    error: BaseException | None = None
    line: int = 0
    cell: str = ""
    at: float = 0.0

    def reached(self, name: str) -> bool:
        """True where the definition of a name had been carried out before the cell stopped, or may have been."""
        if self.error is None:
            return True
        body = _parsed(self.source)
        if body is None:
            return False
        if not self.line:
            return True
        return any(name in _names(node) and (node.end_lineno or 0) < self.line for node in body)


_last: dict[str, Run] = {}  # by name: the run of a cell that defines it, or meant to
_watched: list[Any] = []  # shells


def watch() -> None:
    """From now on, remember what became of each cell of this kernel; nothing outside IPython, and once is enough."""
    shell = _shell()
    if shell is not None and hasattr(shell, "events") and not any(shell is one for one in _watched):
        _watched.append(shell)
        shell.events.register("post_run_cell", note)


def note(result: Any) -> None:
    """Remember one run of a cell, as IPython reports it, and name a PyTorch that did not load."""
    with contextlib.suppress(Exception):  # whatever is odd here must not add a traceback under a learner's cell
        _remember(result)
        if words := torch_loads.explained(result.error_before_exec or result.error_in_exec):
            print(in_lines(words))


def _remember(result: Any) -> None:
    info = result.info
    if info is None or not info.store_history:  # a front-end asking for itself
        return
    error = result.error_before_exec or result.error_in_exec
    source = str(info.raw_cell)
    run = Run(source, error, _line(source, error), str(getattr(info, "cell_id", None) or ""), time.time())
    for name in defined(run.source):
        _last[name] = run


def _line(source: str, error: BaseException | None) -> int:
    """The line of the cell at which an error stopped it; 0 where none is known."""
    if error is None:
        return 0
    if _is_magic(source):  # IPython knows the first line of such a cell alone, Python those below it
        return (error.lineno or 0) + 1 if isinstance(error, SyntaxError) and _parsed(source) is None else 0
    for frame in traceback.extract_tb(error.__traceback__):
        if of_a_cell(frame.filename):
            return frame.lineno or 0
    return (error.lineno or 0) if isinstance(error, SyntaxError) else 0


def _is_magic(source: str) -> bool:
    return source.lstrip().startswith("%%")


def of_a_cell(file: str) -> bool:
    """True for the name under which IPython compiles a cell, in any of its versions."""
    return file.startswith(("<cell", "<ipython-input")) or "ipykernel_" in file


# ---- what a cell defines ---------------------------------------------------------------------------------------


def defined(source: str) -> list[str]:
    """The names that a cell gives a value or imports at its outermost level; also of one that Python cannot read.

    >>> defined("def mean(values):\\n    total = sum(values)\\n    return total\\nx, y = 1, 2")
    ['mean', 'x', 'y']
    >>> defined("def mean(values:\\n    return")
    ['mean']
    """
    body = _parsed(source)
    if body is None:
        return list(dict.fromkeys(match[1] or match[2] for match in _DEFINES.finditer(source)))
    return list(dict.fromkeys(name for node in body for name in _names(node)))


def definition(source: str, name: str) -> str:
    """The last definition of a name in a cell, as it is written; all of a cell that Python cannot read."""
    body = _parsed(source)
    if body is None:
        return source.strip()
    found = [node for node in body if name in _names(node)]
    return ast.unparse(found[-1]) if found else ""


def asked_in(source: str) -> list[str]:
    """What the checks in a cell are for: the exercise's name, or that of the function where it stands alone.

    >>> asked_in("check('masked_mean', masked_mean)\\ncheck(weighted_total)\\ncheck()")
    ['masked_mean', 'weighted_total']
    """
    found = []
    for node in ast.walk(ast.Module(_parsed(source) or [], [])):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check" and node.args:
            first = node.args[0]
            if isinstance(first, ast.Name):
                found.append(first.id)
            elif isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.append(first.value)
    return found


def _parsed(source: str) -> list[ast.stmt] | None:
    """The statements of a cell, magics left out; None where Python cannot read it."""
    if _is_magic(source):
        source = source.replace("%%", "# ", 1)
    for text in (source, _MAGIC.sub(r"\1pass", source)):
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.parse(text).body
    return None


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.Assign):
        leaves = [leaf for target in node.targets for leaf in ast.walk(target) if isinstance(leaf, ast.Name)]
        return [leaf.id for leaf in leaves if isinstance(leaf.ctx, ast.Store)]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign)) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


# ---- what a check says first -----------------------------------------------------------------------------------


def said_first(names: tuple[str, ...]) -> str:
    """What a learner must know before the verdict on these names, in one sentence or two; mostly nothing."""
    for name in names:
        run = _last.get(name)
        if run is None or (not_begun(name) and not _has(name)):
            continue
        if not run.reached(name):
            rest = "What was checked is the version before it." if _has(name) else "So there is nothing to check yet."
            return f"{stopped(name)} {rest}"
        if _saved_differs(run, name):
            return (
                f"The cell that defines `{name}` was changed after it last ran. What was checked is the version that "
                "ran: run the cell, then this one again."
            )
    return ""


def stopped(name: str) -> str:
    """That the last cell to define a name stopped before it did, with what and where; empty where none did."""
    run = _last.get(name)
    if run is None or run.error is None or run.reached(name):
        return ""
    where = f" in line {run.line}" if run.line else ""
    lines = run.source.splitlines()
    if 0 < run.line <= len(lines) and (code := lines[run.line - 1].strip().replace("`", "'")):
        where += f" (`{_short(code)}`)"
    said = _short(run.error.msg if isinstance(run.error, SyntaxError) else str(run.error))
    said = f": {said.rstrip('.')}" if said else ""
    return f"Your last run of the cell that defines `{name}` stopped with {type(run.error).__name__}{where}{said}."


def not_begun(name: str) -> bool:
    """True where the cell that should define a name holds the stub, which stops as soon as it is run."""
    run = _last.get(name)
    return run is not None and isinstance(run.error, NotImplementedError) and not run.reached(name)


def _short(text: str) -> str:
    text = clean(" ".join(text.split()))
    return text if len(text) <= MAX_SAID else text[: MAX_SAID - 1] + "…"


def _saved_differs(run: Run, name: str) -> bool:
    """True only where it is certain: the notebook was saved after the run, with another definition in that cell."""
    path = notebook()
    try:
        if path is None or not run.cell or path.stat().st_mtime <= run.at:
            return False
    except OSError:
        return False
    cells = [cell.source for cell in saved_cells(path) if cell.id == run.cell and name in defined(cell.source)]
    return len(cells) == 1 and definition(cells[0], name) != definition(run.source, name)


# ---- the notebook and its names --------------------------------------------------------------------------------


def notebook() -> Path | None:
    """The file that this kernel belongs to, where the front-end says so and it is there."""
    shell = _shell()
    said = (getattr(shell, "user_ns", {}) or {}).get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME", "")
    path = Path(str(said))
    return path if shell is not None and path.suffix == ".ipynb" and path.is_file() else None


def saved_cells(path: Path) -> list[Cell]:
    """The code cells of a notebook as it was saved; none where it cannot be read."""
    return [cell for cell in read_cells(path) if cell.kind == "code"]


def all_asked() -> list[str]:
    """What this notebook has checks for: those in the file, and those that this kernel ran, each once."""
    path = notebook()
    saved = [cell.source for cell in saved_cells(path)] if path else []
    ran = [str(source) for source in names().get("In", [])]
    return list(dict.fromkeys(name for source in (*saved, *ran) for name in asked_in(source)))


def names() -> dict[str, Any]:
    """The names of the notebook; empty outside IPython."""
    return dict(getattr(_shell(), "user_ns", {}) or {})


def _has(name: str) -> bool:
    return name in names()


def _shell() -> Any:
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
