"""The picture and the numbers of the README, from the course itself: ``python -m tests.readme`` writes both.

The picture shows what ``mtl-teach check`` prints for a wrong answer, up to where it says what to read again.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

from autograder import catalogue, exercises
from autograder.course_files import course_root
from autograder.quizzes import bank

ROOT = course_root()
PAGE = ROOT / "README.md"
PICTURE, NARROW = ROOT / "docs" / "misconception.svg", ROOT / "docs" / "misconception-narrow.svg"
PHONE = "(max-width: 40rem)"  # below it the narrow picture is shown
BEGIN, END = "<!-- {}, written by python -m tests.readme -->\n", "<!-- end of what it wrote -->"
ANSWER = """
import torch

def masked_mean(values, mask):
    return torch.where(mask, values, 0.0).mean()
"""
WIDTHS = {PICTURE: 92, NARROW: 46}  # characters
LINE, CHARACTER, EDGE = 20, 8.43, 16  # pixels
STYLE = """
text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #1f2328;
  white-space: pre; }
rect.page { fill: #ffffff; stroke: #d0d7de; } rect.named { fill: #fff8c5; } .strong { font-weight: bold; }
.wrong { fill: #b3261e; font-weight: bold; } .quiet { fill: #57606a; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } rect.page { fill: #0d1117; stroke: #30363d; } rect.named { fill: #3d2f00; }
  .wrong { fill: #ff9a90; } .quiet { fill: #9aa4af; }
}
"""


def told() -> list[str]:
    """What the learner's command says of the answer, line by line, up to what to read again."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "answer.py"
        file.write_text(ANSWER, encoding="utf-8")
        command = [sys.executable, "-m", "mtl_teach.learn.terminal.cli", "check", str(file)]
        environ = {**os.environ, "PYTHONIOENCODING": "utf-8", "COLUMNS": "200"}
        done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=folder, env=environ, timeout=300)
    lines = done.stdout.splitlines()
    last = next(number for number, line in enumerate(lines) if line.strip().startswith("Read again"))
    return lines[: last + 1]


def picture(lines: list[str], columns: int) -> str:
    """The answer and what is said of it, as an SVG of so many columns that follows a light or dark theme."""
    rows = [(part, "") for line in ANSWER.strip().splitlines() for part in _wrapped(line, columns)]
    rows += [("", ""), ("$ mtl-teach check answer.py", "quiet")]
    for number, line in enumerate(lines):
        kind = "strong" if not number else "named" if _is_named(line) else "wrong" if "✗" in line else ""
        rows += [(part, kind) for part in _wrapped(line, columns)]
    height = LINE * len(rows) + 2 * EDGE
    width = round(CHARACTER * columns + 2 * EDGE)
    drawn = [f'<rect class="page" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="8"/>']
    for number, (line, kind) in enumerate(rows):
        top = EDGE + LINE * number
        if kind == "named":
            drawn.append(f'<rect class="named" x="8" y="{top}" width="{width - 16}" height="{LINE}"/>')
        drawn.append(f'<text class="{kind}" x="{EDGE}" y="{top + 15}">{html.escape(line, quote=False)}</text>')
    about = f"<title>{html.escape(words(lines), quote=False)}</title>"
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>'
    return "\n".join([head, about, f"<style>{STYLE}</style>", *drawn, "</svg>"]) + "\n"


def words(lines: list[str]) -> str:
    """The picture in words."""
    named = next(filter(_is_named, lines)).strip()
    shown = " ".join(line.strip() for line in lines if re.match(r"\s+(values|mask|expected|got):", line))
    shown = re.sub(r"\s+", " ", re.sub(r" (mask|expected|got):", r"; \1:", shown))
    return f"A wrong answer to masked_mean, and what its check says. {named} Then the input that shows it: {shown}."


def _is_named(line: str) -> bool:
    return "known mistake" in line


def _wrapped(line: str, columns: int) -> list[str]:
    indent = " " * (len(line) - len(line.lstrip()))
    return textwrap.wrap(line, columns, subsequent_indent=indent, drop_whitespace=True) or [""]


def numbers() -> str:
    """How much there is of the course, counted."""
    every = [catalogue.load(one.id) for one in exercises.all_exercises()]
    mistakes = sum(len(one.misconceptions) for one in every)
    questions = sum(len(bank.load(path.stem).questions) for path in (ROOT / "autograder" / "quizzes").glob("*.toml"))
    lessons = len(list((ROOT / "lessons").glob("[0-9]*.py")))
    projects = len(list((ROOT / "lessons" / "projects").glob("P*.py")))
    return (
        f"{lessons} lessons, {len(every)} exercises that know {mistakes} wrong answers by what they do, {questions} "
        f"questions in quick tests and {projects} projects, as `python -m tests.readme` counts them.\n"
    )


def shown(lines: list[str]) -> str:
    """The picture where the README shows it, with another one for a phone."""
    wide, narrow = (path.relative_to(ROOT).as_posix() for path in (PICTURE, NARROW))
    image = f'<img src="{wide}" alt="{html.escape(words(lines))}">'
    return f'<picture>\n<source media="{PHONE}" srcset="{narrow}">\n{image}\n</picture>\n'


def page(lines: list[str]) -> str:
    """The README with its picture and its numbers renewed."""
    text = PAGE.read_text(encoding="utf-8")
    blocks = {
        "picture": shown(lines),
        "numbers": numbers(),
    }
    for name, block in blocks.items():
        begin = BEGIN.format(name)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(END)
        text = f"{before}{begin}{block}{END}{after}"
    return text


if __name__ == "__main__":
    said = told()
    for path, columns in WIDTHS.items():
        path.write_text(picture(said, columns), encoding="utf-8")
    PAGE.write_text(page(said), encoding="utf-8")
    print(numbers(), end="")
