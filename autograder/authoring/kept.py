"""What takes long to make and is kept for the next time, each under a hash of everything that it was made of.

Lessons with their outputs, and pages for which every wrong answer of a problem set is run. Of each only the newest is
kept.
"""

from __future__ import annotations

import functools
import hashlib
import os
import platform
import re
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path

from autograder.files import write_atomically

LIBRARIES = ("numpy", "scipy", "scikit-learn", "torch", "matplotlib", "ipython", "ipywidgets", "anywidget")
# What no lesson and no check reaches, or what is counted where it is named: an exercise, a quick test's bank.
NOT_REACHED = (
    "autograder/authoring/",
    "autograder/desk/",
    "autograder/gradebook/",
    "autograder/grading/",
    "mtl_teach/_course/",
    "mtl_teach/learn/terminal/",
)
COUNTED_BY_NAME = re.compile(r"autograder/(exercises/\w+/|quizzes/\d+\.toml)")


class Kept:
    """Files in a folder, one for each name.

    Parameters
    ----------
    folder : Path or None
        None keeps nothing.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._asked: set[str] = set()

    def find(self, name: str, made_of: str) -> bytes | None:
        """What was kept under a name, if it was made of the same."""
        path = self._path(name, made_of)
        return path.read_bytes() if path and path.is_file() else None

    def keep(self, name: str, made_of: str, data: bytes) -> bytes:
        """Keep it, in place of what was kept under this name before."""
        if path := self._path(name, made_of):
            for older in path.parent.glob(f"{name}.*"):
                older.unlink()
            write_atomically(path, data)
        return data

    def text(self, name: str, made_of: str, make: Callable[[], str]) -> str:
        """The text that was kept, else the one that is made now and kept."""
        found = self.find(name, made_of)
        return (self.keep(name, made_of, make().encode()) if found is None else found).decode()

    def sweep(self) -> None:
        """Remove what nobody has asked for."""
        for path in self._folder.iterdir() if self._folder and self._folder.is_dir() else ():
            if path.name not in self._asked:
                path.unlink()

    def _path(self, name: str, made_of: str) -> Path | None:
        if self._folder is None:
            return None
        path = self._folder / f"{name}.{made_of[:20]}"
        self._asked.add(path.name)
        return path


class Ingredients:
    """What the pages of a checkout are made of, as hashes; files are read when first asked for.

    Parameters
    ----------
    root : Path
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def of_lesson(self, number: str, notebook: bytes) -> str:
        """Its text, the quick test in it, the exercises it names, the two packages, the libraries, the real data."""
        bank = self._root / f"autograder/quizzes/{number}.toml"
        texts = [notebook, bank.read_bytes() if bank.is_file() else b""]
        return _hash([*texts, *self._exercises_in(texts), self._grader, self._library, self._versions, _real_data()])

    def of_page(self, source: bytes) -> str:
        """A problem set or a quick test, its exercises, the two packages, and what writes the book's pages."""
        writers = [path.read_bytes() for path in sorted(self._root.glob("autograder/authoring/book*.py"))]
        used = [source, *self._exercises_in([source]), self._grader, self._library]
        return _hash([*used, *writers, self._versions])

    def of_texts(self) -> str:
        """What Sphinx has read of each text: settings and extensions of the book, which use both packages."""
        own = [path.read_bytes() for path in sorted(self._root.glob("docs/book/*.py"))]
        return _hash([*own, self._grader, self._library, self._versions])

    @functools.cached_property
    def _library(self) -> bytes:
        return _tree(self._root, "mtl_teach")

    @functools.cached_property
    def _grader(self) -> bytes:
        return _tree(self._root, "autograder")

    @functools.cached_property
    def _versions(self) -> bytes:
        found = [f"{name} {metadata.version(name)}" for name in LIBRARIES]
        return " ".join([platform.python_version(), *found]).encode()

    @functools.cached_property
    def _exercises(self) -> dict[str, dict[str, bytes]]:
        """Every exercise's files."""
        folders = (path.parent for path in sorted(self._root.glob("autograder/exercises/*/exercise.toml")))
        return {folder.name: {path.name: path.read_bytes() for path in _files(folder)} for folder in folders}

    def _exercises_in(self, texts: Iterable[bytes]) -> Iterator[bytes]:
        """The files of the exercises that are named, and of those that their own files name."""
        waiting, seen = list(texts), set()
        while waiting:
            words = set(re.findall(rb"\w+", waiting.pop()))
            for name, files in self._exercises.items():
                if name.encode() in words and name not in seen:
                    seen.add(name)
                    waiting += files.values()
        for name in sorted(seen):
            yield from (part for file, data in self._exercises[name].items() for part in (file.encode(), data))


def _tree(root: Path, package: str) -> bytes:
    """One hash over the files of a package that any lesson and any check may reach."""
    parts = []
    for path in _files(root / package):
        name = path.relative_to(root).as_posix()
        if not name.startswith(NOT_REACHED) and not COUNTED_BY_NAME.match(name):
            parts += [name.encode(), path.read_bytes()]
    return _hash(parts).encode()


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]


def _real_data() -> bytes:
    """Which real data sets lie in the folder that ``MTL_DATA`` names; a lesson says what is missing."""
    folder = Path(os.environ.get("MTL_DATA") or "/no folder")
    files = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    return repr([(path.name, path.stat().st_size) for path in files]).encode()


def _hash(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()
