"""What is published, built and then used as strangers will: ``make dist`` calls ``python -m tests.dist``.

The sdist is built from the checkout and the wheel from the sdist. Both are looked through. Then the wheel is installed
into a fresh environment outside the checkout, with the packages that it asks for, and used: a workspace is made and
served, an answer is checked, a class is graded. The sdist takes its place there and is used in the same way. Both get
into ``dist/`` only if all of this works. Needs Linux, as grading does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
import urllib.request
import zipfile
from pathlib import Path

from mtl_teach import __version__
from mtl_teach.learn.workspace.server import free_port

ROOT = Path(__file__).parents[1]
SECONDS = 1200.0  # for one step on a busy machine
PROBLEM_SET = "ps08_constraints_and_penalties"  # what Gradescope's autograder is tried on
LICENCES = ("LICENSE", "LICENSE-TEXT")
NEVER = re.compile(r"(^|/)(__pycache__|\.ipynb_checkpoints|\.venv[^/]*|\.mtl-teach|mtl-course|\.ci)(/|$)")
RIGHT = "def masked_mean(values, mask):\n    return values[mask].sum() / mask.sum().clamp(min=1)\n"


class DistError(RuntimeError):
    """What was built must not be published; the message says why."""


def run(words: list[str | Path], folder: Path, environ: dict[str, str] | None = None) -> str:
    """Run a command; what it printed.

    Raises
    ------
    DistError
        If its exit code is not 0, with the end of what it printed.
    """
    command = [str(word) for word in words]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=SECONDS)
    if done.returncode:
        raise DistError(f"`{' '.join(command)}` ended with {done.returncode}:\n{(done.stdout + done.stderr)[-3000:]}")
    return done.stdout


# ---- what is built ---------------------------------------------------------------------------------------------


def build(folder: Path) -> tuple[Path, Path]:
    """The sdist and the wheel of this checkout, built into a folder."""
    run([sys.executable, "-m", "build", "--outdir", folder, ROOT], ROOT)
    sdist, wheel = folder / f"mtl_teach-{__version__}.tar.gz", folder / f"mtl_teach-{__version__}-py3-none-any.whl"
    built = sorted(path.name for path in folder.iterdir())
    if built != sorted([sdist.name, wheel.name]):
        raise DistError(f"Version {__version__} of mtl_teach/__init__.py should be built, and {built} are there.")
    return sdist, wheel


def names_in(file: Path) -> set[str]:
    """The files of an sdist, without its outer folder, or of a wheel."""
    if file.suffix == ".whl":
        with zipfile.ZipFile(file) as wheel:
            return set(wheel.namelist())
    with tarfile.open(file) as sdist:
        return {one.name.partition("/")[2] for one in sdist if one.isfile()}


def look_through(sdist: Path, wheel: Path, root: Path = ROOT) -> None:
    """Compare what is in both with the checkout.

    Raises
    ------
    DistError
        If a notebook, a module or a licence is missing, or something is there that is nobody's business.
    """
    course = {
        path.relative_to(root).as_posix()
        for folder in ("lessons", "exercises", "solutions")
        for path in (root / folder).rglob("*")
        if path.suffix in (".ipynb", ".py", ".md") and not NEVER.search(path.relative_to(root).as_posix())
    }
    code = {
        path.relative_to(root).as_posix()
        for room in ("mtl_teach", "autograder")
        for path in (root / room).rglob("*.py")
    }
    about = f"mtl_teach-{__version__}.dist-info/licenses/"
    wanted = {
        sdist: course | code | {*LICENCES, "README.md", "CITATION.cff", "Makefile", "constraints.txt"},
        wheel: {f"mtl_teach/_course/{name}" for name in course} | code | {about + name for name in LICENCES},
    }
    for file, needed in wanted.items():
        there = names_in(file)
        if missing := sorted(needed - there):
            raise DistError(f"{file.name} lacks {len(missing)} file(s): {', '.join(missing[:5])}")
        if stray := sorted(filter(NEVER.search, there)):
            raise DistError(
                f"{file.name} holds {len(stray)} file(s) that are of no use to others: {', '.join(stray[:5])}"
            )


# ---- as strangers use it ---------------------------------------------------------------------------------------


def environment(away: Path) -> dict[str, str]:
    """What programs outside the checkout see of this one: no setting of Python's or Jupyter's, and nothing of ours."""
    ours = re.compile(r"PYTHON|JUPYTER|VIRTUAL_ENV|MTL_")
    kept = {name: value for name, value in os.environ.items() if not ours.match(name)}
    programs = os.pathsep.join([str(away / "fresh" / "bin"), os.environ.get("PATH", "")])
    return {**kept, "PATH": programs, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}


def use(away: Path) -> None:
    """Do with what is installed in ``away/fresh`` what a learner and an instructor do first."""
    environ, programs = environment(away) | {"HOME": str(away)}, away / "fresh" / "bin"
    for program in ("mtl-teach", "mtl-grade"):
        said = run([programs / program, "--version"], away, environ).strip()
        if said != f"mtl-teach {__version__}":
            raise DistError(f"`{program} --version` says {said!r}, not {__version__}.")
    where = run([programs / "python", "-c", "import mtl_teach; print(mtl_teach.__file__)"], away, environ).strip()
    if not Path(where).is_relative_to(away):
        raise DistError(f"{where} was imported, which is not what was installed in {away}.")
    start([programs / "mtl-teach", "start", "course", "--no-browser"], away, environ)
    (away / "right.py").write_text(RIGHT, encoding="utf-8")
    run([programs / "mtl-teach", "check", away / "right.py", "masked_mean"], away / "course", environ)
    run([programs / "mtl-teach", "doctor"], away / "course", environ)
    run([programs / "mtl-grade", "demo", "--students", "2"], away, environ)


def as_gradescope(wheel: Path, away: Path) -> None:
    """Make an autograder for Gradescope with the wheel, and let what it made grade our own solution.

    Raises
    ------
    DistError
        If a test of a right submission has not passed.
    """
    environ, programs, container = environment(away), away / "fresh" / "bin", away / "container"
    archive = away / "archive.zip"
    run([programs / "mtl-grade", "gradescope", PROBLEM_SET, "--wheel", wheel, "--to", archive], away, environ)
    shutil.unpack_archive(archive, container / "source")
    for folder in (container / "submission", container / "mtl-teach" / "bin"):
        folder.mkdir(parents=True)
    (container / "mtl-teach" / "bin" / "mtl-grade").symlink_to(programs / "mtl-grade")
    shutil.copy2(ROOT / "solutions" / PROBLEM_SET / f"{PROBLEM_SET}.ipynb", container / "submission")
    run(["bash", container / "source" / "run_autograder"], away, environ | {"MTL_AUTOGRADER": str(container)})
    tests = json.loads((container / "results" / "results.json").read_text(encoding="utf-8"))["tests"]
    if not tests or any(test["status"] != "passed" for test in tests):
        raise DistError(f"Gradescope's autograder does not pass our own solution of {PROBLEM_SET}: {tests}"[:3000])


def start(words: list[str | Path], away: Path, environ: dict[str, str]) -> None:
    """Serve a workspace, ask for its home page, and end the server.

    Raises
    ------
    DistError
        If it gives no address, if no page is there, or if it does not end well.
    """
    command = [*map(str, words), "--port", str(free_port())]
    with subprocess.Popen(
        command, cwd=away, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        limit = threading.Timer(SECONDS, process.kill)
        limit.start()
        try:
            _ask(process)
            process.send_signal(signal.SIGTERM)
            process.communicate()
        finally:
            limit.cancel()
            process.kill()
    if process.returncode:
        raise DistError(f"`mtl-teach start` ended with {process.returncode} when it was told to end.")


def _ask(process: subprocess.Popen[str]) -> None:
    """Wait for the address, and ask there for the page."""
    said = []
    for line in process.stdout:
        said.append(line)
        if address := re.match(r"JupyterLab: (http\S+)", line):
            with urllib.request.urlopen(address[1], timeout=60) as page:
                page.read()
            return
    raise DistError(f"`mtl-teach start` gave no address; it said:\n{''.join(said)}")


def main(to: Path = ROOT / "dist") -> int:
    """Build, look through, install and use; 0 and the two files in ``dist/``, or 1 and what is wrong."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:5.0f} s  {what}", flush=True)

    with tempfile.TemporaryDirectory(prefix="mtl-teach-dist-") as name:
        away = Path(name)
        try:
            say("building the sdist, and the wheel from it")
            sdist, wheel = build(away / "built")
            look_through(sdist, wheel)
            say("a fresh environment, and the wheel with all that it asks for")
            run([sys.executable, "-m", "venv", away / "fresh"], away)
            pip = [away / "fresh" / "bin" / "python", "-m", "pip", "install", "--quiet"]
            run([*pip, "-c", ROOT / "constraints.txt", f"{wheel}[grade]"], away, environment(away))
            say("the wheel in use: start, check, doctor, demo, Gradescope")
            use(away)
            as_gradescope(wheel, away)
            shutil.rmtree(away / "course")
            say("the sdist in its place")
            run([*pip, "--no-deps", "--force-reinstall", sdist], away, environment(away))
            use(away)
        except (DistError, subprocess.TimeoutExpired, OSError) as error:
            say(f"Nothing is put into {to}. {error}")
            return 1
        to.mkdir(exist_ok=True)
        for file in (sdist, wheel):
            say(f"{shutil.copy2(file, to)} ({file.stat().st_size / 2**20:.1f} MiB)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
