"""PyTorch that does not load: what keeps it from loading, and the repair, in plain sentences.

A kernel and a terminal say the same. Most such failures are an exception at ``import torch``; two copies of OpenMP end
the process instead, which only another process can tell.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.kernel import in_browser
from autograder.results import UsageError

SECONDS = 120.0  # to load it from a slow disk, the first time
AGAIN = "Then choose Kernel → Restart Kernel, or start the command again."
FRESH = (
    "make a fresh environment with packages from one place only: `python -m venv .venv`, activate it, and "
    "`pip install mtl-teach`."
)
MEMORY = "Loading PyTorch took more memory than there is. Close other kernels and large programs."
TWO_OPENMP = (
    "PyTorch and another package each brought a copy of OpenMP, and two in one program end it (“OMP: Error #15”). This "
    f"comes of packages from conda beside packages from pip: {FRESH} Setting `KMP_DUPLICATE_LIB_OK=TRUE` hides the "
    "message, but results may then be wrong without a word."
)
NOT_IN_A_BROWSER = (
    "PyTorch does not run in a browser: read what needs it in the book, or install the course on a computer with `pip "
    "install mtl-teach` and start it with `mtl-teach start`."
)
# What an error says, and what to do about it: the first that fits. Windows numbers its errors and translates the rest.
KNOWN = (
    (r"OMP: Error #15", TWO_OPENMP),
    (r"WinError 1455|paging file|cannot allocate memory(?! in static)|MemoryError|bad_alloc", MEMORY),
    (
        r"incompatible architecture|WinError 193|wrong ELF class",
        "PyTorch was installed for another kind of processor than this Python is made for. Install a 64-bit Python for "
        f"this computer, and with it {FRESH}",
    ),
    (
        r"WinError \d+|DLL load failed|\.dll\b",
        "PyTorch lies on the disk, but Windows lacks a library (a DLL) that it needs. Install Microsoft's Visual C++ "
        "Redistributable (x64) from https://aka.ms/vs/17/release/vc_redist.x64.exe and restart the computer. If that "
        f"is not enough, {FRESH}",
    ),
    (
        r"static TLS block",
        "PyTorch was imported too late: other packages had taken the room that it needs. Import `torch` first.",
    ),
    (
        r"libgomp[\w.-]*: cannot open",
        "PyTorch needs the system's library libgomp, which is missing. On Debian and Ubuntu: `sudo apt install "
        "libgomp1`.",
    ),
    (
        r"GLIBC(XX)?_[\d.]+. not found",
        f"This system's C library is older than the one that this PyTorch needs. Install an older PyTorch, or {FRESH}",
    ),
    (
        r"lib(cu\w+|nccl|nv\w+)[\w.-]*: (cannot open|undefined)",
        "This PyTorch is the one for graphics cards, and a library of theirs is missing. The course needs none: `pip "
        "install --force-reinstall torch --index-url https://download.pytorch.org/whl/cpu`.",
    ),
    (
        r"cannot open shared object|Library not loaded|undefined symbol|symbol not found",
        f"A library that PyTorch needs is missing or is another version: {FRESH}",
    ),
)


class DoesNotLoad(UsageError, ImportError):
    """PyTorch does not load; the message says why and what to do."""


@contextlib.contextmanager
def told() -> Iterator[None]:
    """Where what is done inside stops because PyTorch does not load, say so in place of the error.

    Raises
    ------
    DoesNotLoad
        With the repair; every other error goes on its way.
    """
    try:
        yield
    except Exception as error:
        if words := explained(error):
            raise DoesNotLoad(words) from error
        raise


def explained(error: BaseException | None) -> str:
    """What to do about an error that came from loading PyTorch, or was caused by one; empty for any other error."""
    if error is None or isinstance(error, DoesNotLoad):  # that one has said it
        return ""
    if not _while_loading(error):
        return explained(error.__cause__)
    if isinstance(error, ModuleNotFoundError) and error.name == "torch":
        if in_browser():
            return NOT_IN_A_BROWSER
        return (
            f"PyTorch is not installed for the Python that runs here ({sys.executable}). If your environment has it, "
            "choose that environment's kernel or activate it; else: `pip install torch`. " + AGAIN
        )
    if shadow := _shadow(error):
        return f"`import torch` found your own file {shadow} instead of PyTorch. Give that file another name. {AGAIN}"
    said = f"{type(error).__name__}: {error}"
    if words := explained_text(said):
        return words
    first = next(iter(said.splitlines()), "")[:300]
    return f"PyTorch does not load ({first}). {AGAIN} If it stays so, {FRESH}"


def explained_text(text: str) -> str:
    """The same for what a process printed before it ended, such as its errors; empty for what says nothing of it.

    >>> explained_text("OMP: Error #15: Initializing libomp.dylib, but found libiomp5.dylib.")[:45]
    'PyTorch and another package each brought a co'
    >>> explained_text("ZeroDivisionError: division by zero")
    ''
    """
    return next((f"{words} {AGAIN}" for sign, words in KNOWN if re.search(sign, text, re.IGNORECASE)), "")


def tried(seconds: float = SECONDS) -> str:
    """Load PyTorch in a process of its own; what keeps it from loading and what to do, empty where it loads."""
    return _in_a_process("import numpy, torch; torch.ones(2).sum()", seconds)[0]


@dataclass(frozen=True)
class Loaded:
    """What was seen when a process loaded PyTorch, then what else brings a copy of OpenMP.

    Attributes
    ----------
    version : str
        PyTorch's; empty where it does not load.
    words : str
        What ended the process, and what to do; empty where nothing did.
    openmp : dict of str to str
        The OpenMP libraries that were loaded: the file, and its kind (``libgomp``, ``libiomp``, ``libomp``, ``vcomp``).
    """

    version: str
    words: str
    openmp: dict[str, str]


BESIDE_OTHERS = """
import json, numpy, torch
torch.ones(2).sum()
print(torch.__version__, flush=True)
try:
    import sklearn.linear_model, threadpoolctl
except ImportError:  # missing packages are named elsewhere
    print("{}")
else:
    loaded = threadpoolctl.threadpool_info()
    print(json.dumps({one["filepath"]: one["prefix"] for one in loaded if one["user_api"] == "openmp"}))
"""


def beside_others(seconds: float = SECONDS) -> Loaded:
    """Load PyTorch and scikit-learn in a process of its own, in which nothing hides that OpenMP is there twice."""
    words, printed = _in_a_process(BESIDE_OTHERS, seconds, without="KMP_DUPLICATE_LIB_OK")
    version, _, copies = printed.strip().partition("\n")
    return Loaded(version, words, json.loads(copies) if copies else {})


def _in_a_process(code: str, seconds: float, without: str = "") -> tuple[str, str]:
    """What ended it and what to do, empty where nothing did; and what it printed."""
    environ = {name: value for name, value in os.environ.items() if name != without}
    command = [sys.executable, "-c", code]
    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=seconds, env=environ)
    except subprocess.TimeoutExpired:
        return f"Loading PyTorch did not come to an end within {seconds:g} s. Is the disk or the computer busy?", ""
    if done.returncode == 0:
        return "", done.stdout
    if "No module named 'torch'" in done.stderr:
        return explained(ModuleNotFoundError("No module named 'torch'", name="torch")), ""
    last = next(reversed(done.stderr.strip().splitlines()), f"the process ended with {done.returncode}")[:300]
    said = explained_text(done.stderr) or f"PyTorch does not load ({last}). {AGAIN} If it stays so, {FRESH}"
    return said, done.stdout


class Watch:
    """Leaves a file while PyTorch is being loaded, so that the next kernel can tell that this one ended there.

    It stands first among what finds modules, and finds none.

    Parameters
    ----------
    file : Path
        One for each notebook's kernel, the same after a restart.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Note that PyTorch is about to be loaded."""
        if name == "torch":
            with contextlib.suppress(OSError):
                self._file.touch()

    def ended(self) -> str:
        """What kept an earlier kernel from loading it; empty where none ended there, or it loads now."""
        return tried() if self._file.exists() else ""

    def clear(self) -> None:
        """The cell came to its end: whatever it loaded did not end the process."""
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)


def _while_loading(error: BaseException) -> bool:
    """True where the error stopped an import of torch: then Python does not keep the module."""
    if not isinstance(error, Exception):
        return False
    if isinstance(error, ImportError) and (error.name or "").partition(".")[0] == "torch":
        return not (isinstance(error, ModuleNotFoundError) and error.name != "torch")  # a part that there never was
    if "torch" in sys.modules:
        return False
    return any(
        Path(frame.filename.replace("\\", "/")).parts[-2:] == ("torch", "__init__.py")
        for frame in traceback.extract_tb(error.__traceback__)
    )


def _shadow(error: BaseException) -> str:
    """A learner's own file that is found in PyTorch's place."""
    path = getattr(error, "path", None) or getattr(sys.modules.get("torch"), "__file__", None) or ""
    return path if Path(path).name == "torch.py" else ""
