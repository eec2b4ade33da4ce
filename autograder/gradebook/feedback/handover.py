"""What nbgrader's ``release_feedback`` needs of a page: a mode that goes along with it, and two files beside it.

It copies a page with its permissions into the exchange, under a name drawn from the secret that came with the
submission, so that only whoever handed in can find it; one page without these files ends it for the whole class.
"""

from __future__ import annotations

import re
import secrets
from pathlib import Path

from autograder.files import PRIVATE, READABLE, write_atomically
from autograder.grading import folder
from autograder.grading.course import Submission

SECRET, STAMP = "submission_secret.txt", "timestamp.txt"
_SECRET = re.compile(rb"[!-~]{16,1000}")  # whoever handed in wrote it: nothing but a word of ASCII is taken


def hand_over(submission: Submission, page: Path) -> None:
    """Make a page ready for ``nbgrader release_feedback``; the page's folder stays its owner's alone.

    What did not come through the exchange has no secret: it gets one that nobody knows.
    """
    page.chmod(READABLE)  # whatever the umask says: the copy in the exchange is for somebody else to read
    secret = _secret_in(submission.folder) or _secret_in(page.parent) or secrets.token_hex(64).encode()
    for name, data in ((SECRET, secret), (STAMP, submission.timestamp.encode())):
        path = page.parent / name
        if not path.is_file() or path.read_bytes() != data:
            write_atomically(path, data, mode=PRIVATE)


def _secret_in(place: Path) -> bytes:
    try:
        found = folder.read(place.parent.parent, place.parent.name, place.name, SECRET, most=1_000)
    except folder.NotTaken:
        return b""
    return found if _SECRET.fullmatch(found) else b""
