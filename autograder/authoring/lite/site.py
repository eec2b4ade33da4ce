"""From a checkout and a release of Pyodide to the folder that is the browser edition.

It is built beside its place and put there whole, so that a failure leaves what is published as it was.
"""

from __future__ import annotations

import filecmp
import hashlib
import html
import importlib.util
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import Any

from autograder.authoring.lite import archive, links, wheels
from autograder.authoring.lite.archive import LiteError as LiteError
from autograder.files import Notebook, replace_folder, write_json
from autograder.quizzes import computed
from autograder.results import UsageError
from mtl_teach.learn.workspace.browser_edition import HOME, edition

MARK = "mtl-teach-edition.json"  # says that a folder is a browser edition, and of which version
TITLE = "Multi-task and multi-objective learning"
EXTENSIONS = {  # the packages whose part of JupyterLab the edition has, and where that lies
    "jupyterlab_widgets": "@jupyter-widgets/jupyterlab-manager",
    "anywidget": "anywidget",
    "jupyterlite-pyodide-kernel": "@jupyterlite/pyodide-kernel-extension",
}
APPS = ("notebooks", "tree")  # one notebook in a tab: on a phone JupyterLab leaves no room for it
KERNEL = "@jupyterlite/pyodide-kernel-extension"
OURS = ("mtl_teach/learn/workspace/labextensions/mtl-teach-section-links", "autograder/authoring/lite/extension")
# What a kernel is made of, all of it at once: what is missing here it would look for on the network.
STARTED = ("comm", "ipykernel", "nbformat", "ipywidgets", "anywidget", "piplite", "pyodide_kernel", wheels.COURSE)
# What a kernel runs first, where this Pyodide keeps packages: after a page is loaded again no name is known.
STARTUP = "/lib/python3.12/site-packages/mtl_teach/learn/workspace/kernel_start.py"
SETTINGS: dict[str, Any] = {
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": True},
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},  # seconds: a tab is closed without warning
    "@jupyterlab/notebook-extension:tracker": {
        "autoStartDefaultKernel": True,
        "codeCellConfig": {"lineWrap": True},
        "windowingMode": "defer",  # notebooks are short here, and what is drawn can be searched and linked to
    },
}
# Badges that say nothing here: there are no checkpoints, and whoever opens a page has to trust it.
NOT_SHOWN = ["@jupyter-notebook/notebook-extension:checkpoints", "@jupyter-notebook/notebook-extension:trusted"]
LARGE = ("build", "extensions", "static")
LONG_AGO = "315532800"  # 1 January 1980, in seconds: the same files are the same edition whenever it is built


@dataclass(frozen=True)
class Edition:
    """What was built: where, of which version, and how many bytes a visitor fetches.

    Attributes
    ----------
    folder : Path
    course, pyodide : str
        Versions.
    notebooks : int
    kernel : int
        Bytes of Python, NumPy and the course, fetched once when the first cell runs.
    page : int
        Bytes of JupyterLab, of which a visit fetches what it needs.
    on_import : int
        Bytes of the libraries that are fetched when a cell imports them.
    whole : int
        Bytes of everything that lies in the folder.
    """

    folder: Path
    course: str
    pyodide: str
    notebooks: int
    kernel: int
    page: int
    on_import: int
    whole: int

    def to_dict(self) -> dict[str, Any]:
        return {**vars(self), "folder": str(self.folder)}

    def lines(self) -> list[str]:
        """What was built, for people."""
        sizes = {
            "a first visit: Python, NumPy and the course": self.kernel,
            "a first visit: JupyterLab, at most": self.page,
            "when a cell imports them: SciPy, scikit-learn, Matplotlib": self.on_import,
            "everything that lies there": self.whole,
        }
        width = max(map(len, sizes))
        return [
            f"Built the browser edition of mtl-teach {self.course} in {self.folder}: {self.notebooks} notebooks.",
            *(f"  {name:<{width}}  {size / 1e6:6.1f} MB" for name, size in sizes.items()),
            "Put it on any web server; it asks no other for anything.",
        ]


def build(root: Path, pyodide: Path, target: Path) -> Edition:
    """Build the browser edition and put it into a folder, or leave that folder as it is.

    Parameters
    ----------
    root : Path
        The checkout.
    pyodide : Path
        A release of Pyodide: its archive, or a folder.
    target : Path
        Where to; a former edition there is replaced.

    Raises
    ------
    LiteError
        If something is missing or JupyterLite fails.
    UsageError
        If something else lies in the folder.
    """
    target = target.absolute()
    if target.exists() and not (target / MARK).is_file() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"Something else than a browser edition lies in {target}: name a new folder.")
    if importlib.util.find_spec("jupyterlite_core") is None:
        raise LiteError("JupyterLite is not installed: python -m pip install -c constraints.txt '.[lite]'")
    with _beside(target) as made, tempfile.TemporaryDirectory() as folder:
        source = Path(folder)
        python = source / "static" / "pyodide"
        python.mkdir(parents=True)
        lock = archive.take(pyodide, python)
        found = edition(root)
        for path, notebook in found.items():
            write_json(source / "contents" / path, notebook)
        _add_packages(root, python, lock, found)
        _configure(root, source, made)
        _jupyter_lite(source)
        done = _measured(made, target, lock, len(found))
        _add_pages(made, done)
        _date(made, target)
        replace_folder(made, target)
    return done


def _add_packages(root: Path, python: Path, lock: dict[str, Any], found: Mapping[str, Notebook]) -> None:
    """Put the course, with the notebooks in it, its widgets and the kernel beside Python's own packages."""
    added = {f"{wheels.INSIDE}/browser/{path}": _as_json(notebook) for path, notebook in found.items()}
    added["autograder/quizzes/computed.json"] = _as_json(computed.dump())
    extension = _labextension("jupyterlite-pyodide-kernel")
    for wheel in (*wheels.widgets(), *wheels.kernel(extension / "static" / "pypi"), wheels.course(root, added)):
        (python / wheel.file_name).write_bytes(wheel.data)
        lock["packages"][wheel.row["name"]] = wheel.row
    (python / archive.LOCK).write_bytes(_as_json(lock))


def _configure(root: Path, source: Path, made: Path) -> None:
    """What JupyterLite reads: how the page starts Python, its settings, and what the folder is built from."""
    lock_hash = hashlib.sha256((source / "static" / "pyodide" / archive.LOCK).read_bytes()).hexdigest()[:8]
    kernel = {
        "pyodideUrl": "./static/pyodide/pyodide.js",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "packages": [*archive.AT_START, *STARTED],
            "env": {"PYTHONSTARTUP": STARTUP},
            "lockFileURL": f"./static/pyodide/{archive.LOCK}?{lock_hash}",  # of another build, another address
        },
    }
    page = {"appName": TITLE, "disabledExtensions": NOT_SHOWN, "litePluginSettings": {f"{KERNEL}:kernel": kernel}}
    write_json(source / "jupyter-lite.json", {"jupyter-lite-schema-version": 0, "jupyter-config-data": page})
    write_json(source / "overrides.json", SETTINGS)
    folders = [_labextension(name) for name in EXTENSIONS] + [root / folder for folder in OURS]
    settings = {
        "lite_dir": str(source),
        "output_dir": str(made),
        "contents": [str(source / "contents")],
        "apps": list(APPS),
        "ignore_sys_prefix": ["federated_extensions"],
        "federated_extensions": list(map(str, folders)),
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
    }
    write_json(source / "jupyter_lite_config.json", {"LiteBuildConfig": settings})


def _labextension(package: str) -> Path:
    """Where an installed package keeps its part of JupyterLab."""
    inside = f"share/jupyter/labextensions/{EXTENSIONS[package]}/package.json"
    try:
        files = distribution(package).files or ()
    except PackageNotFoundError as error:
        raise LiteError(f"{package} is not installed: python -m pip install -c constraints.txt '.[lite]'") from error
    found = next(
        (Path(str(file.locate())).resolve().parent for file in files if file.as_posix().endswith(inside)), None
    )
    if found is None:
        raise LiteError(f"{package} {version(package)} has no part of JupyterLab; install the pinned version.")
    return found


def _jupyter_lite(source: Path) -> None:
    """Let JupyterLite make its part: the page, its extensions, and lists of what lies where."""
    done = subprocess.run(
        [sys.executable, "-m", "jupyterlite_core", "build", "--config", "jupyter_lite_config.json"],
        cwd=source,
        env={**os.environ, "SOURCE_DATE_EPOCH": LONG_AGO},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise LiteError("JupyterLite could not build the edition:\n" + "\n".join(done.stdout.splitlines()[-20:]))


# ---- what comes on top, and where it goes ----------------------------------------------------------------------


def _measured(made: Path, target: Path, lock: Mapping[str, Any], notebooks: int) -> Edition:
    pyodide = made / "static" / "pyodide"
    started = archive.closure(lock["packages"], (*archive.AT_START, *STARTED), pyodide)
    kernel = _bytes(pyodide / name for name in (*archive.RUNTIME, archive.LOCK) if name != "pyodide.mjs")
    kernel += _bytes(pyodide / package["file_name"] for package in started.values())
    page = _bytes(path for folder in ("build", "extensions", *APPS) for path in _files(made / folder))
    packages = _bytes(pyodide / package["file_name"] for package in lock["packages"].values())
    at_start = _bytes(pyodide / package["file_name"] for package in started.values())
    course = lock["packages"][wheels.COURSE]["version"]
    whole = _bytes(_files(made))
    return Edition(target, course, lock["info"]["version"], notebooks, kernel, page, packages - at_start, whole)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _bytes(paths: Iterable[Path]) -> int:
    return sum(path.stat().st_size for path in paths)


def _add_pages(made: Path, done: Edition) -> None:
    """The first page, and the mark by which the folder is known."""
    template = Path(__file__).with_name("first_page.html").read_text(encoding="utf-8")
    said = {
        "TITLE": TITLE,
        "ADDRESS": links.address(HOME),
        "MEGABYTES": f"{done.kernel / 1e6:.0f}",
        "VERSION": done.course,
    }
    for name, text in said.items():
        template = template.replace(f"[[{name}]]", html.escape(text))
    (made / "index.html").write_text(template, encoding="utf-8")
    write_json(made / MARK, {"course": done.course, "pyodide": done.pyodide})


def _date(made: Path, former: Path) -> None:
    """Give files the time of now; JupyterLite dates them to 1980, and browsers take what is that old for what stays.

    A file in the folders :data:`LARGE` that the former edition has as well keeps its time: nobody fetches it again.
    """
    for path in _files(made):
        name = path.relative_to(made)
        old = former / name
        if name.parts[0] in LARGE and old.is_file() and filecmp.cmp(old, path, shallow=False):
            shutil.copystat(old, path)
        else:
            os.utime(path)


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """A new folder near a place, gone in the end unless it was moved; JupyterLite dates whatever lies beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    around = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        yield around / target.name
    finally:
        shutil.rmtree(around, ignore_errors=True)


def _as_json(data: Any) -> bytes:
    return (json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n").encode()
