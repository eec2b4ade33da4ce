"""What both platforms need: settings and a wheel, a result as a list of items, a results.json in every case.

Nothing here imports nbgrader: a container has none.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import subprocess
import sys
import tempfile
import traceback
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.course_files import course_root
from autograder.engine.sandbox import SandboxError
from autograder.files import write_atomically
from autograder.grading.course import Course
from autograder.render import check_as_text
from autograder.results import ExerciseResult, UsageError, Verdict
from autograder.visible import clean

SETTINGS = "settings.json"
NEEDED_IN_A_WHEEL = "autograder/desk/adapters/common.py"
TORCH_FOR_CPUS = "https://download.pytorch.org/whl/cpu"  # beside PyPI, whose torch brings gigabytes for graphics cards
Results = dict[str, Any]

# What students read where nothing was graded.
NO_SANDBOX = (
    "Your work could not be graded here; your instructor has been told. This says nothing about your answer, and you "
    "need not hand in again."
)
OURS = (
    "The grader failed, and it is not your fault. Your work was not graded; your instructor has been told, and you "
    "need not hand in again."
)
STOPPED = (
    "The grader was stopped before it was done: the platform's limit of time or memory was reached. Your work was not "
    "graded. Look for an endless loop and hand in once more; if this comes back, tell your instructor."
)
TRUSTED = "Graded without isolation (--trust-submissions): the code could reach everything in this container."
# What instructors read in the platform's log.
REPAIR = (
    "Nothing was graded, because a stranger's code cannot be isolated in this container. Grade on a machine of your "
    "own (`mtl-grade collect` reads the platform's download, then `mtl-grade run`), or make this again with "
    "--trust-submissions: the code then runs beside grader, secret and results, and every result says so."
)


# ---- settings ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Settings:
    """What an archive tells the grader in it; whoever reads this file can draw the inputs of the marks.

    Attributes
    ----------
    name : str
        The problem set or exercise.
    secret : bytes
        From which inputs are drawn: the archive's own, and of no use anywhere else.
    trust : bool
        Grade without isolation.
    visibility : str
        When students see the checks, in Gradescope's words.
    """

    name: str
    secret: bytes
    trust: bool = False
    visibility: str = ""

    @classmethod
    def read(cls, path: Path) -> Settings:
        """From what :meth:`written` gave."""
        data = json.loads(path.read_text(encoding="utf-8"))
        return cls(data["name"], bytes.fromhex(data["secret"]), data["trust"], data["visibility"])

    def written(self) -> bytes:
        """As JSON."""
        data = {"name": self.name, "secret": self.secret.hex(), "trust": self.trust, "visibility": self.visibility}
        return (json.dumps(data, indent=1) + "\n").encode()


def secret_for(name: str, course: Path | None) -> bytes:
    """The secret of a new archive: drawn, or worked out from a course's, so that it is the same when made again.

    A course's own secret never leaves it, since it seals the course's records too.
    """
    if course is None:
        return secrets.token_bytes(32)
    return hmac.digest(Course.open(course).secret, f"what is graded elsewhere\0{name}".encode(), hashlib.sha256)


# ---- the wheel ---------------------------------------------------------------------------------------------------


def wheel_and_constraints(given: Path | None) -> Iterator[tuple[str, bytes]]:
    """The files, by name, from which a container installs this mtl-teach.

    Parameters
    ----------
    given : Path, optional
        The wheel; by default it is built from the checkout.

    Raises
    ------
    UsageError
        If the wheel cannot be built, or the one that is given is none of ours.
    """
    if given is not None:
        yield _checked(given)
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield _checked(_built(course_root(), Path(folder)))
    yield "constraints.txt", (course_root() / "constraints.txt").read_bytes()


def _built(root: Path, folder: Path) -> Path:
    if not (root / "pyproject.toml").is_file():
        raise UsageError(
            "This mtl-teach is an installed package, which holds no wheel of itself: give the one that it was "
            "installed from with --wheel FILE (`pip wheel --no-deps FOLDER` makes one of a checkout)."
        )
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", str(folder), str(root)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    built = next(folder.glob("*.whl"), None)
    if done.returncode or built is None:
        lines = done.stderr.strip().splitlines() or ["no reason given"]
        raise UsageError(
            f"The wheel could not be built ({lines[-1]}); build it elsewhere and give it with --wheel FILE."
        )
    return built


def _checked(path: Path) -> tuple[str, bytes]:
    """The name and bytes of a wheel of ours."""
    repair = "give --wheel a wheel of this mtl-teach, mtl_teach-….whl"
    if not path.is_file():
        raise UsageError(f"There is no file {path}; {repair}.")
    try:
        with zipfile.ZipFile(path) as wheel:
            names = wheel.namelist()
    except (OSError, zipfile.BadZipFile):
        raise UsageError(f"{path} is no wheel; {repair}.") from None
    if not path.name.startswith("mtl_teach-") or path.suffix != ".whl" or NEEDED_IN_A_WHEEL not in names:
        raise UsageError(f"{path} is another package's wheel, or an older mtl-teach's; {repair}.")
    return path.name, path.read_bytes()


# ---- a result as items -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Item:
    """One check as a platform lists it; all of it is plain text.

    Attributes
    ----------
    id : str
        The check's.
    sentence : str
        What it asks for.
    points, max_points : float
    passed : bool
    text : str
        What happened: the known mistake, the input, what was expected and what came; empty where it passed.
    """

    id: str
    sentence: str
    points: float
    max_points: float
    passed: bool
    text: str


def items_of(result: ExerciseResult) -> list[Item]:
    """The checks of an exercise; the hint that goes with the result stands under the first one that failed."""
    items = []
    question = result.question
    for check in result.checks:
        passed = check.verdict is Verdict.PASSED
        text = "" if passed else check_as_text(check)
        if question and check.verdict in (Verdict.FAILED, Verdict.STUDENT_ERROR):
            text, question = f"{text}\n? {question}", ""
        items.append(Item(check.id, clean(check.sentence), check.points, check.max_points, passed, clean(text)))
    return items


# ---- in the container --------------------------------------------------------------------------------------------


def write_results(path: Path, make: Callable[[], Results], refused: Callable[[str], Results]) -> None:
    """Have results written in every case: what comes of grading, or why it could not be graded.

    Parameters
    ----------
    path : Path
        Where the platform looks. Something lies there before grading begins, so that being ended leaves word too.
    make : callable
        Grades. What it raises is told to the instructor on standard output, by its kind and line where it is ours:
        its words may quote a secret input.
    refused : callable (sentence) -> results
        What the platform is told where nothing was graded.
    """
    _write(path, refused(STOPPED))
    try:
        results = make()
    except SandboxError as error:
        print(f"{error}\n{REPAIR}")
        results = refused(NO_SANDBOX)
    except Exception as error:
        line = traceback.extract_tb(error.__traceback__)[-1]
        print(f"The grader failed: {type(error).__name__} in {line.filename}, line {line.lineno}.")
        results = refused(OURS)
    _write(path, results)


def _write(path: Path, results: Results) -> None:
    write_atomically(path, json.dumps(results, indent=1).encode())


# ---- what is made ------------------------------------------------------------------------------------------------


def must_be_new(path: Path) -> None:
    """Stop before something is written over.

    Raises
    ------
    UsageError
        If there is something at the path.
    """
    if path.exists() or path.is_symlink():
        raise UsageError(f"{path} is there already; remove it, or name another place with --to. Nothing was changed.")
