"""One person's folder of ``submitted/``, read so that nothing in it can lead elsewhere, wait or be without end.

No link is followed, on the way there or inside; what is no ordinary file is never opened for longer than it takes to
see that; and a file's size is asked before it is read.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MAX_LISTED = 1_000  # names looked at in one person's folder
EVERYTHING = 1_000_000
OF_PROGRAMS = (".ipynb_checkpoints", ".git", ".DS_Store", "__MACOSX")


class NotTaken(Exception):
    """Why a file or folder was not read; the message names it."""


class NotThere(NotTaken):
    """There is no file or folder of this name."""


@dataclass(frozen=True)
class Entry:
    """What lies in a folder: its name as it is stored, and whether it is a folder or a link."""

    name: str
    is_folder: bool
    is_link: bool


def shown(name: str) -> str:
    """A file's name as text that can be printed and stored; bytes that are no text are shown as broken.

    >>> shown("caf\\udce9")
    'caf�'
    """
    return os.fsencode(name).decode("utf-8", "replace")


@contextlib.contextmanager
def opened(root: Path, *names: str) -> Iterator[int]:
    """The descriptor of a folder below ``root``, reached by these names, none of which may be a link.

    Raises
    ------
    NotTaken
        If one of them is a link, no folder, or cannot be opened.
    """
    descriptor = _open(None, str(root), os.O_DIRECTORY)
    try:
        for name in names:
            above, descriptor = descriptor, _open(descriptor, name, os.O_DIRECTORY | os.O_NOFOLLOW)
            os.close(above)
        yield descriptor
    finally:
        os.close(descriptor)


def entries(root: Path, *names: str, most: int = MAX_LISTED, hidden: bool = False) -> list[Entry]:
    """What lies in a folder below ``root``, by name; hidden files are left out, and what follows the first ``most``."""
    found: list[Entry] = []
    with opened(root, *names) as folder:
        try:
            with os.scandir(folder) as listing:
                for one in listing:
                    if len(found) == most:
                        break
                    if one.name not in OF_PROGRAMS and (hidden or not one.name.startswith(".")):
                        found.append(Entry(one.name, _is_folder(one), one.is_symlink()))
        except OSError as error:
            raise NotTaken(f"`{shown((root.name, *names)[-1])}` cannot be opened: {error.strerror}") from None
    return sorted(found, key=lambda one: one.name)


def read(root: Path, *names: str, most: int) -> bytes:
    """The bytes of an ordinary file below ``root``.

    Raises
    ------
    NotTaken
        If it or a folder on the way is a link, it is no ordinary file, it has more than ``most`` bytes, or it cannot
        be read.
    """
    *folders, name = names
    with opened(root, *folders) as folder:
        descriptor = _open(folder, name, os.O_NOFOLLOW | os.O_NONBLOCK | getattr(os, "O_NOCTTY", 0))
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise NotTaken(f"`{shown(name)}` is no ordinary file")
        if about.st_size > most:
            raise NotTaken(f"`{shown(name)}` has {about.st_size:,} bytes; at most {most:,} are read")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(most + 1)
    except OSError as error:
        raise NotTaken(f"`{shown(name)}` cannot be read: {error.strerror}") from None
    finally:
        os.close(descriptor)
    if len(data) > most:  # it grew meanwhile
        raise NotTaken(f"`{shown(name)}` has more than {most:,} bytes, which is the most that is read")
    return data


def _open(folder: int | None, name: str, flags: int) -> int:
    if folder is not None and ({"/", "\0"} & set(name) or name in ("", ".", "..")):
        raise NotThere(f"`{shown(name)}` names no file of a folder")
    try:
        if folder is not None and stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
            raise NotTaken(f"`{shown(name)}` is a link; links are not followed")
        return os.open(name, os.O_RDONLY | os.O_CLOEXEC | flags, dir_fd=folder)
    except FileNotFoundError:
        raise NotThere(f"there is no `{shown(name)}`") from None
    except NotADirectoryError:
        raise NotTaken(f"`{shown(name)}` is no folder") from None
    except (OSError, ValueError) as error:  # a link put there meanwhile ends here: ELOOP; a socket: ENXIO
        raise NotTaken(f"`{shown(name)}` cannot be opened: {getattr(error, 'strerror', error)}") from None


def _is_folder(one: os.DirEntry[str]) -> bool:
    try:
        return one.is_dir(follow_symlinks=False)
    except OSError:
        return False
