"""What must hold before anything is handed out: no answer leaks, stubs fit, solutions earn full marks."""

from __future__ import annotations

import ast
import contextlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder import catalogue, exercises
from autograder.authoring.notebooks import BEGIN, END, assignments, quick_tests
from autograder.quizzes import assignment, bank

STUB = re.compile(r"^(\s*)raise NotImplementedError\(.*\)$")


def leaks(root: Path) -> list[str]:
    """Answers that stand in what students get, compared as syntax trees without names and docstrings."""
    answers: dict[str, str] = {}
    for notebook in assignments(root).values():
        for cell in notebook.cells:
            if cell.cell_type == "code" and BEGIN in cell.source:
                answers |= {tree: f"solution of {name}" for name, tree in _bodies(cell.source)}
    for exercise in exercises.all_exercises():
        text = (exercises.HERE / exercise.id / "misconceptions.py").read_text(encoding="utf-8")
        answers |= {tree: f"misconception {name} of {exercise.id}" for name, tree in _bodies(text)}
    problems = []
    for path in sorted(root.glob("exercises/*/*.ipynb")):
        for cell in nbformat.read(path, 4).cells:
            if BEGIN in cell.source or END in cell.source:
                problems.append(f"{path.relative_to(root)}: a solution's marks stand in cell {cell.id}")
            if cell.cell_type == "code":
                found = (answers[tree] for _, tree in _bodies(cell.source) if tree in answers)
                problems += [f"{path.relative_to(root)}: holds the {what}" for what in found]
    return problems + list(_quick_leaks(root))


def _quick_leaks(root: Path) -> Iterator[str]:
    """Letters and explanations that stand in a released quick test."""
    for quiz in map(bank.read, quick_tests(root)):
        name = assignment.assignment_name(quiz)
        path = root / "exercises" / name / f"{name}.ipynb"
        text = "\n".join(cell.source for cell in nbformat.read(path, 4).cells) if path.exists() else ""
        if re.search(r"\banswer_\d\s*=\s*[\"'(\[]*[A-Za-z]", text):
            yield f"{path.relative_to(root)}: holds an answer"
        for question in quiz.questions:
            if any(one in text for option in question.options for one in (option.why, assignment.markdown(option.why))):
                yield f"{path.relative_to(root)}: explains an option of {question.id}"


def _bodies(source: str) -> Iterator[tuple[str, str]]:
    """The functions of more than two statements in a source: their names and their normalised bodies."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            if sum(isinstance(inner, ast.stmt) for one in body for inner in ast.walk(one)) > 2:
                yield node.name, _normalised(body)


def _normalised(body: list[ast.stmt]) -> str:
    names: dict[str, str] = {}
    copy = ast.parse(ast.unparse(ast.Module(body=body, type_ignores=[])))
    for node in ast.walk(copy):
        if isinstance(node, ast.Name):
            node.id = names.setdefault(node.id, f"n{len(names)}")
    return ast.dump(copy)


def stubs_differ(root: Path) -> list[str]:
    """Released cells that differ from their solution outside the marked region."""
    problems = []
    for name, notebook in assignments(root).items():
        released = root / "exercises" / name / f"{name}.ipynb"
        if not released.exists():
            continue
        stubs = {cell.id: cell.source for cell in nbformat.read(released, 4).cells}
        for cell in notebook.cells:
            if cell.cell_type == "code" and BEGIN in cell.source:
                want = re.sub(rf"{BEGIN}.*?{END}", "", cell.source, flags=re.S)
                have = "\n".join(line for line in stubs.get(cell["id"], "").split("\n") if not STUB.match(line))
                if "".join(want.split()) != "".join(have.split()):
                    problems.append(
                        f"exercises/{name}: the stub of {cell['id']} is not its solution without the answer"
                    )
    return problems


@dataclass(frozen=True)
class Solved:
    """What the checks say about one assignment's own solutions."""

    name: str
    wrong: tuple[str, ...]


def run_solutions(root: Path) -> list[Solved]:
    """Run every assignment's source from top to bottom; every check must give full marks."""
    out = []
    for name, notebook in assignments(root).items():
        wrong: list[str] = []
        namespace: dict[str, Any] = {"__name__": "__main__", "display": lambda *args, **kwargs: None}
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                if cell["id"].startswith("check-"):
                    points = eval(cell.source, namespace)
                    most = catalogue.load(cell["id"].removeprefix("check-")).max_score
                    if float(points) != most:
                        wrong.append(f"{cell['id']}: {points} of {most} points")
                else:
                    exec(compile(cell.source, f"<{cell['id']}>", "exec"), namespace)
        out.append(Solved(name, tuple(wrong)))
    return out
