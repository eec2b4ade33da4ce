"""A book of a few pages, built as the whole one is: a lesson whose outputs are written here, and its other pages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from autograder.authoring import book, book_quick_tests
from autograder.course_files import course_root
from autograder.quizzes import bank
from mtl_teach.learn import explore, outcome, predict
from mtl_teach.learn.lesson import experiment
from mtl_teach.learn.lesson import explore as explore_module
from mtl_teach.learn.lesson import predict as predict_module

ROOT = course_root()
LESSON = "05_missing_labels"
INDEX = "# A small book\n\n```{toctree}\n:glob:\n\nstart\n0*\n*/*\n```\n"
QUESTION, OPTIONS, ANSWER = "What is *half* of `4`?", ["1", "2 (two)", "4"], "2 (two)"
ASK = f'predict("{QUESTION}", {OPTIONS}, name="half", answer="{ANSWER}")'
TELL = 'print("halved: 2")\noutcome("half")'
PAIR = ("double", "triple")  # two predictions that are told together
EXPLORE = 'explore({1: 1, 2: 4}, {"n": [1, 2]}, draw, say, title="Squares")'


def build(folder: Path) -> Path:
    """Build the book; any warning of Sphinx's is a failure.

    Returns
    -------
    Path
        The folder with its pages.
    """
    text, site = folder / "text", folder / "site"
    sets = ROOT / f"exercises/ps{LESSON}/ps{LESSON}.ipynb"
    pages: dict[str, str | bytes] = {
        f"{LESSON}.ipynb": json.dumps(lesson()),
        f"{book.SETS}/{sets.stem}.md": book.problem_set(sets),
        f"{book.GALLERY}/{LESSON}.md": book.gallery(sets),
        f"{book.TESTS}/05.md": book_quick_tests.page(bank.load("05")),
        "pages/glossary.md": (ROOT / "lessons/pages/glossary.md").read_bytes(),
        "start.md": "# Start here\n",
        "index.md": INDEX,
    }
    own = [path for path in (ROOT / "docs/book").rglob("*") if path.is_file() and path.suffix != ".md"]
    pages |= {path.relative_to(ROOT / "docs/book").as_posix(): path.read_bytes() for path in own}
    for name, content in pages.items():
        path = text / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    options = ["-W", "--keep-going", "-q", "-D", "nb_execution_mode=off", "-b", "html"]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *options, str(text), str(site)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return site


def lesson() -> dict[str, Any]:
    """The real lesson's prose, and after it cells with a prediction, its outcome, something to explore and its test."""
    path = ROOT / f"lessons/{LESSON}.ipynb"
    data = json.loads(book.with_ways_on(LESSON, path.read_bytes()))
    prose = [cell for cell in data["cells"] if cell["cell_type"] == "markdown"]
    with pytest.MonkeyPatch.context() as patch:
        for module in (predict_module, explore_module, experiment):
            patch.setattr(module, "in_kernel", lambda: True)
        asked = _displayed(patch, predict, QUESTION, OPTIONS, "half", ANSWER)
        told = _displayed(patch, outcome, "half")
        pair = [_displayed(patch, predict, f"Its {name}?", ["8", "12"], name, "8") for name in PAIR]
        both = [_displayed(patch, outcome, name) for name in PAIR]
        explored = _displayed(
            patch, explore, {1: 1, 2: 4}, {"n": [1, 2]}, lambda *_: "<i>a square</i>", _said, "Squares"
        )
    printed = {"output_type": "stream", "name": "stdout", "text": "halved: 2\n"}
    code = [_cell(ASK, asked), _cell(TELL, printed, told), _cell(EXPLORE, explored)]
    code += [
        _cell(f'predict("Its {name}?", ["8", "12"], name="{name}", answer="8")', one) for name, one in zip(PAIR, pair)
    ]
    code += [_cell("print(4)", printed), _cell("\n".join(f'outcome("{name}")' for name in PAIR), *both)]
    code += [_cell("print(5)", printed), _cell('quiz("05")')]
    return data | {"cells": [*prose[:-1], *code, prose[-1]]}


def _said(square: int, n: int) -> str:
    return f"{n} squared is {square}."


def _displayed(patch: pytest.MonkeyPatch, call: Callable[..., None], *words: Any) -> dict[str, Any]:
    """What a call shows in a notebook, as the notebook keeps it."""
    shown: list[Any] = []
    patch.setattr("IPython.display.display", lambda data, raw=False: shown.append(data))
    call(*words)
    (data,) = shown
    if not isinstance(data, dict):  # Markdown
        data = {"text/markdown": data.data, "text/plain": "Markdown"}
    data = {mime: text for mime, text in data.items() if mime.startswith("text/")}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _cell(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    number = sum(map(ord, source))
    return {
        "cell_type": "code",
        "id": f"cell-{number}",
        "source": source,
        "outputs": list(outputs),
        "execution_count": 1,
        "metadata": {},
    }
