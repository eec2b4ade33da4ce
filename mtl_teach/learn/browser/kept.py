"""Progress as one file of JSON in the browser's storage, of which every open notebook's kernel works on a copy.

The storage knows no lock. So whoever writes takes in what is there first; what two kernels wrote within the same few
milliseconds is still in both copies, and comes together when they write next.
"""

from __future__ import annotations

import json
import time
from datetime import datetime
from pathlib import Path
from typing import Any

FILE = Path(".mtl-teach") / "progress.txt"  # JupyterLab's storage refuses a .json file while it is being replaced
AGE = 0.5  # seconds that what was read may be old where nothing is written: a page asks for ten tables in a row


class Kept:
    """The file, and what of it this kernel knows.

    Parameters
    ----------
    path : Path

    Attributes
    ----------
    notice : str
        What the learner should be told: that a damaged file was kept aside; else empty.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notice = ""
        self._known = self._read = b""
        self._looked = -AGE

    def changed(self, at_once: bool = True) -> Any:
        """What stands in the file, where somebody else wrote it since; None where nothing is new.

        It stays new until :meth:`take`.

        Parameters
        ----------
        at_once : bool
            False where it is enough to know what stood there a moment ago.
        """
        now = time.monotonic()
        if not at_once and now - self._looked < AGE:
            return None
        self._looked = now
        try:
            self._read = self.path.read_bytes().strip()
        except FileNotFoundError:
            return None
        if self._read in (b"", self._known):
            return None
        try:
            return json.loads(self._read)
        except (ValueError, RecursionError) as error:
            self.keep_aside(str(error))
            return None

    def take(self) -> None:
        """What was read last is in this kernel's copy."""
        self._known = self._read

    def write(self, data: Any) -> None:
        """Put this in the place of what is there."""
        self._known = json.dumps(data, ensure_ascii=False).encode()
        replace(self.path, self._known)

    def keep_aside(self, why: str) -> None:
        """What is in the file cannot be used: it is kept under another name."""
        aside = self.path.with_stem(f"{self.path.stem}-damaged-{datetime.now():%Y%m%d-%H%M%S-%f}")
        self.path.replace(aside)
        self.notice = (
            f"The progress that your browser kept was damaged ({why}); it is kept as {aside.name}, and progress starts "
            "afresh. Your answers in the notebooks are untouched."
        )


def replace(path: Path, data: bytes) -> None:
    """Put other JSON into a file of the browser's storage, in one step.

    A file that is opened to be replaced is stored empty first, which another kernel may read, and which is no notebook.
    So it is written over; what is longer there becomes blanks.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return
    with open(path, "r+b") as file:
        size = file.seek(0, 2)
        file.seek(0)
        file.write(data.ljust(size))
