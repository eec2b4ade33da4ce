"""Containers without containers: folders laid out as the platforms do it, with our command where it is installed."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from autograder.desk.adapters.common import NEEDED_IN_A_WHEEL

HERE = Path(__file__).parents[4]


def wheel(folder: Path, name: str = "mtl_teach-0.1.0-py3-none-any.whl", inside: str = NEEDED_IN_A_WHEEL) -> Path:
    """Something that passes for a wheel of this mtl-teach."""
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(inside, "")
    return path


def command(path: Path, body: str = "") -> None:
    """``mtl-grade`` as the container has it installed, or something else in its place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    calls = f'export PYTHONPATH={HERE}\nexec {sys.executable} -m autograder.desk.cli "$@"\n'
    path.write_text(f"#!/bin/sh\n{body or calls}")
    path.chmod(0o755)


def unpacked(archive: Path, root: Path) -> None:
    """The archive in ``source/`` and ``run_autograder`` above it, as the image of Gradescope is built."""
    with zipfile.ZipFile(archive) as packed:
        for one in packed.infolist():
            path = Path(packed.extract(one, root / "source"))
            path.chmod(one.external_attr >> 16 & 0o777)
    (root / "source" / "run_autograder").rename(root / "run_autograder")
    (root / "submission").mkdir()
    (root / "results").mkdir()
    command(root / "mtl-teach" / "bin" / "mtl-grade")


def run(script: Path, *, env: dict[str, str], limit: float = 300) -> str:
    """Run a platform's entry point; what it prints is what the instructor can read."""
    done = subprocess.run(
        [script], cwd=script.parent, env={**os.environ, **env}, capture_output=True, text=True, timeout=limit
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def results(root: Path) -> dict:
    return json.loads((root / "results" / "results.json").read_bytes())
