"""Pyodide as its own release has it: Python for browsers, NumPy and what they need, taken and checked file by file.

A release is a folder, an archive or a wheel that holds one. What is taken is what the browser edition needs; each
package's hash must be the one that the release's lock file states.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from autograder.command_line import err

VERSION = "0.27.7"  # the one that jupyterlite-pyodide-kernel 0.6 was made for
WHERE = f"pyodide-{VERSION}.tar.bz2, an asset of release {VERSION} of pyodide/pyodide on GitHub"
LOCK = "pyodide-lock.json"
RUNTIME = ("pyodide.js", "pyodide.mjs", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")
AT_START = ("ipython", "jedi", "micropip", "numpy", "sqlite3", "ssl")
ON_IMPORT = ("matplotlib", "scikit-learn", "scipy")  # fetched when a cell imports them

Package = dict[str, Any]  # a row of the lock file
UNREADABLE = (tarfile.TarError, zipfile.BadZipFile, EOFError, zlib.error, OSError)


class LiteError(RuntimeError):
    """The browser edition cannot be built; the message says why and what to do."""


def take(given: Path, target: Path) -> dict[str, Any]:
    """Copy what the edition needs of a release of Pyodide into a folder.

    Parameters
    ----------
    given : Path
        A folder, a ``.tar.bz2`` or ``.tar.gz``, or a ``.zip`` or ``.whl`` that holds the release.
    target : Path
        An empty folder.

    Returns
    -------
    dict
        The release's lock file with only those packages that were taken.

    Raises
    ------
    LiteError
        If there is no release, it is another version, or a file is missing or not what the lock file says.
    """
    with _release(given) as folder:
        lock = _lock(folder, given)
        packages = closure(lock["packages"], (*AT_START, *ON_IMPORT), given)
        for name in RUNTIME:
            if not (folder / name).is_file():
                raise LiteError(f"{given} lacks {name}, a part of Pyodide itself; take {WHERE}.")
            shutil.copyfile(folder / name, target / name)
        for package in packages.values():
            _take_package(folder, package, target, given)
    return {**lock, "packages": packages}


def closure(packages: dict[str, Package], wanted: Iterable[str], given: Path) -> dict[str, Package]:
    """The wanted packages with all that they depend on, by name."""
    found: dict[str, Package] = {}
    missing: set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = canonical(waiting.pop())
        if name in found or name in missing:
            continue
        if name in packages:
            found[name] = packages[name]
            waiting += packages[name]["depends"]
        else:
            missing.add(name)
    if missing:
        raise LiteError(f"{given} lacks these packages of Pyodide: {', '.join(sorted(missing))}; take {WHERE}.")
    return dict(sorted(found.items()))


def canonical(name: str) -> str:
    """A package's name as a lock file knows it.

    >>> canonical("Prompt_Toolkit")
    'prompt-toolkit'
    """
    return re.sub(r"[-_.]+", "-", name).lower()


def _take_package(folder: Path, package: Package, target: Path, given: Path) -> None:
    file = folder / PurePosixPath(package["file_name"]).name  # whatever it says, nothing outside the folder
    if not file.is_file():
        raise LiteError(f"{given} lacks {file.name}, which its lock file names; take {WHERE}.")
    if hashlib.sha256(file.read_bytes()).hexdigest() != package["sha256"]:
        raise LiteError(f"{file.name} in {given} is not what its lock file says (SHA-256); take {WHERE} once more.")
    shutil.copyfile(file, target / file.name)


def _lock(folder: Path, given: Path) -> dict[str, Any]:
    try:
        lock = json.loads((folder / LOCK).read_text(encoding="utf-8"))
        version = str(lock["info"]["version"])
        for one in lock["packages"].values():
            _ = one["file_name"], one["sha256"], one["depends"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise LiteError(f"{given} holds no {LOCK} that can be read; take {WHERE}.") from error
    if version != VERSION:
        raise LiteError(f"{given} holds Pyodide {version}, and this edition is built with {VERSION}: take {WHERE}.")
    return dict(lock)


# ---- where it lies ---------------------------------------------------------------------------------------------


@contextmanager
def _release(given: Path) -> Iterator[Path]:
    """The folder with the lock file, unpacked for the moment where it lies in an archive."""
    if not given.exists():
        raise LiteError(f"There is no file or folder {given}; take {WHERE}.")
    if given.is_dir():
        yield _inside((given / LOCK, given / "pyodide" / LOCK), given)
        return
    with tempfile.TemporaryDirectory() as scratch:
        try:
            _unpack(given, Path(scratch))
        except UNREADABLE as error:
            raise LiteError(f"{given} is no archive that can be read to its end; take {WHERE}.") from error
        yield _inside(sorted(Path(scratch).rglob(LOCK), key=lambda path: len(path.parts)), given)


def _inside(candidates: Iterable[Path], given: Path) -> Path:
    found = next((path.parent for path in candidates if path.is_file()), None)
    if found is None:
        raise LiteError(f"{given} holds no Pyodide: there is no {LOCK} in it; take {WHERE}.")
    return found


def _unpack(given: Path, scratch: Path) -> None:
    if zipfile.is_zipfile(given):
        with zipfile.ZipFile(given) as packed:
            for one in packed.infolist():
                if not one.is_dir():
                    with packed.open(one) as source:
                        _write(scratch, one.filename, source)
        return
    err.print(f"Unpacking {given.name}; the whole release takes a minute or two.")
    with tarfile.open(given) as archive:
        for member in archive:
            data = archive.extractfile(member) if member.isfile() else None
            if data is not None:
                _write(scratch, member.name, data)


def _write(scratch: Path, name: str, source: IO[bytes]) -> None:
    """Write a file of an archive; one that would lie outside the folder is no part of a release."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        return
    target = scratch / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        shutil.copyfileobj(source, file)
