"""What a mark depends on: the key of a record, which changes with everything that decides a mark and with nothing else.

Which files decide is found by walking imports: from :data:`ROOTS`, which turn a notebook into verdicts, and from the
checks of each exercise. Of every file so reached the code counts, not its comments, its layout, its docstrings or the
sentences that it shows: a reworded hint or message grades nobody again.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import json
import platform
from collections.abc import Iterator
from dataclasses import astuple
from importlib import metadata
from pathlib import Path
from typing import Any

from autograder import catalogue, course_files
from autograder.engine.sandbox import Limits
from autograder.grading.assignment import Assignment
from autograder.quizzes import bank, question

RECORD_VERSION = 3
ROOTS = ("autograder.grading.submission", "autograder.engine.inside.zygote")
# Reached from there, and without a say in marks: what names, words or stores a result that is already decided.
WORDS_ONLY = (
    "autograder.judging.diagnosis",
    "autograder.judging.smallest",
    "autograder.judging.examples",
    "autograder.judging.fingerprint",
    "autograder.judging.recording",  # of what the published seed asks; marks come from the secret one
    "autograder.course_files",
    "autograder.words",
    "autograder.render",
    "autograder.quizzes.bank",  # what decides the right letter is counted, see `_of_question`
)
# Calls whose text is only shown, and from which argument on (`test_masked_mean` reads the misconceptions of another).
SHOWN = {"fail": 0, "CheckFailure": 0, "NotStarted": 0, "Ungradable": 0, "UsageError": 0, "SandboxError": 0}
SHOWN |= {"NotANotebook": 0, "UnknownExercise": 0, "assert_true": 1, "AnswerError": 1}
SHOWN |= {"ForReview": 1, "misconception": 0, "alternative": 0, "believes": 0}
SHOWN |= {"several": 2}
SHOWN_KEYWORDS = ("summary", "what", "message", "reason")
PACKAGES = ("numpy", "torch", "scikit-learn")


def key_of(
    student: str,
    assignment: Assignment,
    notebook: bytes | None,
    secret: bytes,
    layers: tuple[str, ...],
    limits: Limits | None = None,
    read_as: tuple[object, ...] = (),
    numbers_of: str = "",
) -> str:
    """What a record is a record of: the same key gives the same marks, so it need not be graded again.

    ``read_as`` is what beside its bytes decides how a file is read: its kind, and what a person decided of it;
    ``numbers_of`` is whose numbers its exercises have, as a :class:`~autograder.grading.record.Job` says it.
    """
    parts = [
        RECORD_VERSION,
        student,
        hashlib.sha256(notebook or b"").hexdigest(),
        notebook is None,
        list(read_as),
        hashlib.sha256(repr(assignment.decides).encode()).hexdigest(),
        checks_digest(assignment.exercises),
        library_digest() if _may_use_the_library(assignment, notebook) else "",
        hashlib.sha256(b"id of " + secret).hexdigest()[:16],
        list(layers),
        astuple(limits or Limits()),
        versions(),
    ]
    if numbers_of:
        theirs = [catalogue.load(name).for_student(numbers_of) for name in assignment.exercises]
        parts.append([numbers_of, [dict(one.numbers) for one in theirs]])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@functools.cache
def versions(*more: str) -> str:
    """The versions that marks depend on, with those of ``more`` packages."""
    found = [f"{name} {metadata.version(name)}" for name in (*PACKAGES, *more)]
    return ", ".join([f"Python {platform.python_version()}", *found, platform.machine()])


@functools.cache
def checks_digest(names: tuple[str, ...]) -> str:
    """A hash over what decides the marks of these exercises: their checks and the code that runs them."""
    checks = [f"autograder.exercises.{name}.test_{name}" for name in names if not question.is_quick(name)]
    code = {module: code_of(module) for module in reached((*ROOTS, *checks))}
    return _hash([code, [_of_question(name) if question.is_quick(name) else _of_exercise(name) for name in names]])


@functools.cache
def library_digest() -> str:
    """A hash over the library that an answer may call."""
    root = course_files.PACKAGES / "mtl_teach"
    files = [path for path in sorted(root.rglob("*.py")) if path.relative_to(root).parts[0] not in ("learn", "_course")]
    return _hash({path.relative_to(root).as_posix(): _code(path) for path in files})


def _may_use_the_library(assignment: Assignment, notebook: bytes | None) -> bool:
    return b"mtl_teach" in (notebook or b"") or any("mtl_teach" in source for _, source in assignment.locked)


def _of_exercise(name: str) -> list[Any]:
    """What of an exercise decides marks beside its checks' code: not its title, hints or question."""
    exercise = catalogue.load(name)
    return [exercise.id, list(exercise.entries), exercise.values, list(exercise.forbidden), dict(exercise.published)]


def _of_question(name: str) -> list[Any]:
    """What decides the right letter: the question, and where that is worked out, the code that does it.

    The letter itself would say less and cost more: to know it, the libraries of the whole quick test are imported.
    """
    number = question.number_of(name)
    mistakes = [code_of(f"autograder.exercises.{one}.misconceptions") for one in bank.mistakes_of(number)]
    return [name, question.version_of(name), library_digest(), mistakes]


def _hash(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()


# ---- which files -----------------------------------------------------------------------------------------------


def reached(modules: tuple[str, ...]) -> list[str]:
    """The modules of ours that these reach by import, themselves included, in alphabetical order."""
    seen: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in seen or module.startswith(WORDS_ONLY):
            continue
        seen.add(module)
        waiting += _imported_by(module)
    return sorted(seen)


def _imported_by(module: str) -> Iterator[str]:
    for level, base, alias in _read(source_of(module))[0]:
        package = module.rpartition(".")[0] if level else ""
        name = ".".join(filter(None, (package, base, alias)))
        while name.partition(".")[0] in ("autograder", "mtl_teach") and "." in name:
            if _path(name) is not None:
                yield name
                break
            name = name.rpartition(".")[0]


def _path(module: str) -> Path | None:
    path = course_files.PACKAGES.joinpath(*module.split("."))
    return next((file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()), None)


def source_of(module: str) -> str:
    """The text of a module of ours."""
    path = _path(module)
    assert path is not None, module
    return path.read_text(encoding="utf-8")


# ---- what of a file --------------------------------------------------------------------------------------------


def code_of(module: str) -> str:
    """The code of a module as text that does not change with comments, layout, docstrings and shown sentences."""
    return _normalised(source_of(module))


@functools.cache
def _code(path: Path) -> str:
    return _normalised(path.read_text(encoding="utf-8"))


def _normalised(source: str) -> str:
    return _read(source)[1]


@functools.cache
def _read(source: str) -> tuple[list[tuple[int, str, str]], str]:
    """A text's imports (whether relative, from where, what), and its code without comments, docstrings and words."""
    tree = ast.parse(source)
    imports: list[tuple[int, str, str]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imports += [(0, "", alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imports += [(node.level, node.module or "", alias.name) for alias in node.names]
        elif isinstance(node, (ast.Module, ast.FunctionDef, ast.ClassDef)):
            if ast.get_docstring(node, clean=False):
                node.body[0] = ast.Pass()
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            shown = node.args[SHOWN[name] :] if name in SHOWN else []
            shown += [keyword.value for keyword in node.keywords if keyword.arg in SHOWN_KEYWORDS]
            for text in shown:
                _blank(text)
    return imports, ast.dump(tree)


def _blank(shown: ast.expr) -> None:
    """Take the words out of a text, or out of the fixed pieces of an f-string; what is put into it stays."""
    for part in [shown, *(shown.values if isinstance(shown, ast.JoinedStr) else ())]:
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            part.value = ""
