"""The web book from its sources to a folder that can be put on a server: run, built, checked, and only then published.

Everything happens in a work folder beside the book. What is published is the whole new book or still the old one.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from autograder.authoring import book, notebooks
from autograder.authoring.kept import Ingredients, Kept
from autograder.authoring.lessons import run_notebook
from autograder.authoring.lite import site as lite
from autograder.authoring.lite.links import FOLDER
from autograder.authoring.site_checks import Found, look_at
from autograder.authoring.writing import as_bytes
from autograder.files import replace_folder
from autograder.results import UsageError

NEEDED = ("sphinx", "myst_nb", "pydata_sphinx_theme", "sphinx_copybutton", "latex2mathml")
MARK = "searchindex.js"  # what every book that Sphinx built has


@dataclass
class Report:
    """What was done. With a problem nothing was published."""

    to: str
    ran: list[str] = field(default_factory=list)  # lessons that were run
    not_run: list[str] = field(default_factory=list)  # and those that stand in the book without outputs
    found: Found = field(default_factory=Found)
    problems: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def published(self) -> bool:
        return not self.problems


def build(
    root: Path,
    to: Path,
    say: Callable[[str], None] = lambda text: None,
    *,
    jobs: int = 2,
    run: bool = True,
    again: bool = False,
    pyodide: Path | None = None,
) -> Report:
    """Build the book of a checkout and put it into a folder, or leave that folder as it is.

    Parameters
    ----------
    root, to : Path
    say : callable
        Told in one line what is done.
    jobs : int
        How many lessons run, and how many pages are built, at the same time.
    run : bool
        Without it, a lesson that was not run before as it is stands in the book without outputs.
    again : bool
        Run lessons also where their outputs are known.
    pyodide : Path, optional
        A release of Pyodide: with it the browser edition lies in the book, and exercises are linked to it.

    Raises
    ------
    UsageError
        If Sphinx is not installed, or something else than a book lies in the folder.
    """
    if why := missing():
        raise UsageError(why)
    if to.exists() and not (to / MARK).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise UsageError(f"Something else than the book lies in {to}: name a new folder.")
    started = time.monotonic()
    report = Report(str(to))
    making = _Making(root, to, report, say, jobs, pyodide)
    making.lessons(run, again)
    for step in (making.text, making.pages, making.edition, making.checks, making.publish):
        if not report.problems:
            step()
    report.seconds = round(time.monotonic() - started, 1)
    return report


def missing() -> str:
    """Which packages that build the book are not installed, with the repair; empty where all are."""
    names = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    return f"The book needs {', '.join(names)}: python -m pip install 'mtl-teach[site]'" if names else ""


class _Making:
    """The steps to a book; each writes what it found into the report."""

    def __init__(
        self, root: Path, to: Path, report: Report, say: Callable[[str], None], jobs: int, pyodide: Path | None
    ) -> None:
        self.root, self.to, self.report, self.say, self.jobs, self.pyodide = root, to, report, say, jobs, pyodide
        self.work = to.with_name(f"{to.name}.work")
        self.kept, self.made_of = Kept(self.work / "kept"), Ingredients(root)
        self.outputs: dict[str, bytes] = {}  # lessons with their outputs, by their place in the book

    def lessons(self, run: bool, again: bool) -> None:
        """Run what is not known; one that fails does not keep the others from being run and kept."""
        waiting = []
        for path in notebooks.sources(self.root):
            name = path.relative_to(self.root / "lessons").with_suffix(".ipynb").as_posix()
            key = self.made_of.of_lesson(path.stem[:2], as_bytes(notebooks.lesson(path)))
            found = self.kept.find(path.stem, key)
            if found is None or again:
                waiting.append((name, key, path))
            else:
                self.outputs[name] = found
        self.say(f"lessons: {len(self.outputs)} with known outputs, {len(waiting)} {'to run' if run else 'without'}")
        if not run:
            self.report.not_run = [path.stem for _, _, path in waiting]
            return
        pool = ThreadPoolExecutor(self.jobs)
        try:
            for (name, key, path), (data, problem) in zip(waiting, pool.map(_run, [path for _, _, path in waiting])):
                if problem:
                    self.report.problems.append(problem)
                    continue
                self.outputs[name] = self.kept.keep(path.stem, key, data)
                self.report.ran.append(path.stem)
                self.say(f"lessons: {path.stem} has run")
        finally:
            pool.shutdown(cancel_futures=True)  # after Ctrl+C no other begins; what has run is kept

    def text(self) -> None:
        edition = self.pyodide is not None
        changed = book.write(self.root, self.work / "text", self.outputs, self.kept, with_edition=edition)
        self.say(f"text: {len(changed)} files in {self.work / 'text'} are new, changed or gone")

    def pages(self) -> None:
        """Sphinx writes every page anew, from what it knows of each text; a warning is a problem."""
        started = time.monotonic()
        html, text = self.work / "html", self.work / "text"
        read = self.work / f"doctrees-{self.made_of.of_texts()[:20]}"
        for old in {html, *self.work.glob("doctrees-*")} - {read}:
            shutil.rmtree(old, ignore_errors=True)
        command = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--quiet", "--jobs", str(self.jobs)]
        command += ["--no-color", "--doctree-dir", str(read), "--builder", "html", str(text), str(html)]
        settings = {"OMP_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=os.environ | settings)
        self.say(f"pages: built in {time.monotonic() - started:.0f} s")
        if done.returncode:
            said = done.stderr
            for folder in (text, self.root):
                said = said.replace(f"{folder.resolve()}{os.sep}", "")
            self.report.problems += filter(str.strip, said.splitlines())
            self.report.problems = self.report.problems or [f"Sphinx ended with exit code {done.returncode}."]
            return
        for image in (self.work / "jupyter_execute").glob("*.png"):  # MyST-NB's; of an older output
            if not (html / "_images" / image.name).exists():
                image.unlink()

    def edition(self) -> None:
        """The browser edition, where a release of Pyodide is named."""
        if self.pyodide is None:
            return
        try:
            lite.build(self.root, self.pyodide, self.work / "html" / FOLDER)
        except lite.LiteError as error:
            self.report.problems.append(str(error))
        else:
            self.say(f"browser edition: built into {FOLDER}/")

    def checks(self) -> None:
        found = self.report.found = look_at(self.work / "html")
        self.report.problems += found.problems
        listed = self.work / "external_links.txt"
        lines = [f"{link}  ({', '.join(pages)})\n" for link, pages in sorted(found.outside.items())]
        listed.write_text("".join(lines), encoding="utf-8")
        self.say(f"links: {found.inside} inside the book arrive; {len(lines)} to elsewhere are listed in {listed}")
        largest = sorted(found.pages, key=lambda name: -found.pages[name])[:3]
        sizes = ", ".join(f"{name} {found.pages[name] / 1000:.0f} kB" for name in largest)
        self.say(f"sizes: {len(found.pages)} pages, {found.bytes / 1e6:.1f} MB with figures; the largest: {sizes}")

    def publish(self) -> None:
        """Put the new book in the place of the old one, which goes."""
        replace_folder(self.work / "html", self.to)
        if not self.report.not_run:  # a draft takes nothing away
            self.kept.sweep()
        self.say(f"published: {self.to}")


def _run(path: Path) -> tuple[bytes, str]:
    """A lesson with its outputs, or what stopped it."""
    try:
        return as_bytes(run_notebook(path)[0]), ""
    except CellExecutionError as error:
        return b"", f"{path.stem} stops at {error.__notes__[-1]}: {error.ename}: {error.evalue}"
    except (CellTimeoutError, DeadKernelError) as error:
        return b"", f"{path.stem} stops at {error.__notes__[-1]}: {error}"
