"""What keeps the course from running on this computer, and the repair; ``mtl-teach doctor`` prints it.

It only looks: a damaged file of progress is still there afterwards.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path
from packaging.requirements import Requirement

from autograder import torch_loads
from autograder.command_line import NO_ROOM
from autograder.health import Row, row
from mtl_teach import __version__
from mtl_teach.learn.progress import DamagedProgress, Progress, ProgressError
from mtl_teach.learn.workspace.places import FOLDER, PROGRESS
from mtl_teach.learn.workspace.versions import mismatch

WELL = "The course can run here."
ILL = "The course cannot run here as it should yet; begin with the first line that says missing."
JUPYTER = ("jupyterlab", "notebook", "ipykernel", "ipywidgets", "anywidget")
KERNEL = "python3"  # the one that the course's notebooks ask for
BY_NAME = {"python", "python3", f"python3.{sys.version_info.minor}"}  # Jupyter puts its own Python in their place
PIP = f'"{sys.executable}" -m pip install --upgrade'


def report(workspace: Path | None) -> list[Row]:
    """Look at this Python and at a workspace.

    Parameters
    ----------
    workspace : Path or None
        None where the current folder is in none.
    """
    wanted = _required()
    return [
        _version(workspace),
        _packages("JupyterLab", [one for one in wanted if one.name in JUPYTER]),
        _packages("other packages", [one for one in wanted if one.name not in JUPYTER]),
        *_torch(),
        _kernel(workspace),
        _workspace(workspace),
        *([_progress(workspace)] if workspace else []),
    ]


def _version(workspace: Path | None) -> Row:
    found = f"{__version__} on Python {platform.python_version()} in {sys.prefix}"
    advice = mismatch(workspace) if workspace else ""
    return row("mtl-teach", not advice, found, advice)


def _required() -> list[Requirement]:
    """What the course needs besides itself, of whom runs it as a learner."""
    every = map(Requirement, metadata.requires("mtl-teach") or [])
    return [one for one in every if one.marker is None or one.marker.evaluate({"extra": ""})]


def _packages(name: str, wanted: list[Requirement]) -> Row:
    """Whether each package is there, in a version that the course is made for."""
    there = {one: _installed(one.name) for one in wanted}
    wrong = {
        one: f"{one.name} {version} (needed: {one.specifier})" if version else f"{one.name} is missing"
        for one, version in there.items()
        if not one.specifier.contains(version or "0", prereleases=True)
    }
    found = "; ".join(wrong.values()) or ", ".join(f"{one.name} {version}" for one, version in there.items())
    repair = " ".join(f'"{one.name}{one.specifier}"' for one in wrong)
    return row(name, not wrong, found, f"{PIP} {repair}")


def _installed(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


# ---- PyTorch ---------------------------------------------------------------------------------------------------


def _torch() -> list[Row]:
    seen = torch_loads.beside_others()
    loads = row("PyTorch", bool(seen.version), seen.version or "does not load", seen.words)
    if seen.words and (seen.version or seen.words.startswith(torch_loads.TWO_OPENMP)):
        return [loads, row("OpenMP", False, "a program with PyTorch and scikit-learn in it ends", seen.words)]
    if seen.words:
        return [loads, row("OpenMP", False, "not seen yet", "repair PyTorch first", needed=False)]
    # Two copies of GNU's do each other no harm; of these two together it is known on Linux that they may wait for ever.
    mixed = sys.platform.startswith("linux") and {"libiomp", "libomp"} <= set(seen.openmp.values())
    found = ", ".join(sorted(set(seen.openmp.values()))) or "none loaded"
    files = ", ".join(sorted(seen.openmp))
    advice = f"Intel's and LLVM's OpenMP in one program may wait for each other for ever ({files}): {torch_loads.FRESH}"
    return [loads, row("OpenMP", not mixed, found, advice)]


# ---- Jupyter ---------------------------------------------------------------------------------------------------


def _kernel(workspace: Path | None) -> Row:
    """Whether notebooks run in this Python: as the course made them, and as they are saved now."""
    python, folder = _python_of(KERNEL)
    if python not in ("", sys.executable):
        advice = (
            f'"{sys.executable}" -m ipykernel install --sys-prefix makes a kernel of this environment; if this line '
            f"stays, delete the folder {folder}"
        )
        gone = "" if Path(python).exists() else ", which is not there"
        return row("kernel", False, f"the notebooks' kernel runs another Python: {python}{gone}", advice)
    strangers = []
    for path, name in _kernels_of(workspace) if workspace else []:
        python, folder = _python_of(name)
        if python != sys.executable:
            strangers.append(f"{path} runs in {python}" if python else f"{path} asks for “{name}”, which is not there")
    advice = "open it, choose Kernel → Change Kernel → Python 3 (ipykernel), and save it"
    return row("kernel", not strangers, "; ".join(strangers) or f"notebooks run in {sys.executable}", advice)


def _python_of(name: str) -> tuple[str, str]:
    """The program of a kernel, ours where it is of this environment, and its folder; empty where there is none."""
    for folder in jupyter_path("kernels"):
        file = Path(folder) / name / "kernel.json"
        if file.is_file():
            words = _json_of(file).get("argv")
            program = str(words[0]) if isinstance(words, list) and words else "(its kernel.json is damaged)"
            same = program in BY_NAME or Path(program).parent.resolve() == Path(sys.executable).parent.resolve()
            return (sys.executable if same else program), str(file.parent)
    return "", ""


def _kernels_of(workspace: Path) -> list[tuple[str, str]]:
    """The notebooks that were saved with another kernel than the course's, and its name."""
    found = []
    for path in _notebooks(workspace):
        about = _json_of(path).get("metadata")
        spec = about.get("kernelspec") if isinstance(about, dict) else None
        name = spec.get("name", KERNEL) if isinstance(spec, dict) and spec.get("language", "python") == "python" else ""
        if name not in ("", KERNEL):
            found.append((path.relative_to(workspace).as_posix(), str(name)))
    return found


def _notebooks(workspace: Path) -> list[Path]:
    return [path for path in sorted(workspace.rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]


def _json_of(path: Path) -> dict[str, Any]:
    """The object in a file; empty where it cannot be read, which is said elsewhere."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


# ---- the workspace ---------------------------------------------------------------------------------------------


def _workspace(workspace: Path | None) -> Row:
    """Whether what is done can be saved."""
    if workspace is None:
        advice = "go into yours (cd mtl-course) and ask again, or make one: mtl-teach start"
        return row("workspace", False, "this folder is in none", advice, needed=False)
    notebooks = _notebooks(workspace)
    for folder in sorted({workspace, workspace / FOLDER, *(path.parent for path in notebooks)}):
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"x")
        except OSError as error:
            full = error.errno in NO_ROOM
            found = f"{folder} cannot be written to ({error.strerror or error})"
            return row("workspace", False, found, "make room on the disk" if full else _allow(workspace))
    locked = [path for path in [*notebooks, workspace / PROGRESS] if path.exists() and not os.access(path, os.W_OK)]
    found = f"{locked[0]} cannot be written to" if locked else str(workspace)
    return row("workspace", not locked, found, _allow(workspace))


def _allow(workspace: Path) -> str:
    elsewhere = "or make a workspace elsewhere: mtl-teach start DIR, then mtl-teach export and import"
    if sys.platform == "win32":
        return f"allow yourself to write there (Properties → Security of {workspace}), {elsewhere}"
    return f'sudo chown -R "$USER" "{workspace}" && chmod -R u+w "{workspace}", {elsewhere}'


def _progress(workspace: Path) -> Row:
    try:
        Progress(workspace / PROGRESS).examine()
    except DamagedProgress as error:
        advice = (
            "your answers are untouched: they stand in the notebooks. The next command keeps the damaged file beside a "
            "new one; then `mtl-teach import FILE` takes what you exported, and `mtl-teach check` counts again what "
            "your notebooks pass"
        )
        return row("progress", False, str(error), advice)
    except ProgressError as error:
        return row("progress", False, "cannot be read", str(error))
    return row("progress", True, "can be read", "")
