"""Python 3.11 to 3.13: the sources compile for all three, and on each interpreter found here."""

import ast
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("mtl_teach", "autograder", "lessons", "solutions", "tests")
VERSIONS = ("3.11", "3.12", "3.13")
# Parses without importing: what a module needs is not installed for each interpreter, and nothing is written.
PARSE = """
import pathlib, sys, warnings
warnings.simplefilter("error")
for file in map(pathlib.Path, sys.argv[1:]):
    compile(file.read_text(encoding="utf-8"), str(file), "exec")
"""


def for_others(version: str, path: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "tests" / "python_for_others.sh"
    environment = {"PATH": f"{path}:/usr/bin:/bin"}
    return subprocess.run(["sh", script, version], capture_output=True, text=True, env=environment)


def sources() -> list[Path]:
    return [file for folder in FOLDERS for file in sorted((ROOT / folder).rglob("*.py"))]


def interpreters() -> list[str]:
    """This interpreter, and the others on the search path that start: a version manager's stand-in may not."""
    found = [path for version in VERSIONS if (path := shutil.which(f"python{version}"))]
    return [
        sys.executable,
        *(path for path in found if not subprocess.run([path, "-c", ""], capture_output=True).returncode),
    ]


def test_the_versions_are_those_that_the_package_asks_for():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    oldest, newest = (tuple(map(int, VERSIONS[place].split("."))) for place in (0, -1))
    assert wanted == f">={oldest[0]}.{oldest[1]},<{newest[0]}.{newest[1] + 1}"


def test_no_source_needs_a_newer_python_than_the_oldest():
    oldest = tuple(map(int, VERSIONS[0].split(".")))
    assert len(sources()) > 300
    for file in sources():
        ast.parse(file.read_text(encoding="utf-8"), str(file), feature_version=oldest)


@pytest.mark.parametrize("interpreter", interpreters())
def test_every_source_compiles_without_a_warning_on_each_interpreter_found(interpreter):
    done = subprocess.run([interpreter, "-c", PARSE, *map(str, sources())], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="a script of a POSIX shell")
def test_a_python_that_every_user_can_run_is_looked_for_wherever_it_lies():
    with tempfile.TemporaryDirectory(dir="/var/tmp") as place:  # which every user can enter, unlike tmp_path
        python = Path(place, "own", "bin", "python3.99")
        python.parent.mkdir(parents=True)
        python.write_text("#!/bin/sh\n")
        for one in (Path(place), python.parents[1], python.parent, python):
            one.chmod(0o755)
        found = for_others("3.99", str(python.parent))
        assert (found.returncode, found.stdout) == (0, f"{python}\n"), found.stderr
        (python.parents[1] / "pyvenv.cfg").write_text("")  # an environment's, which may lie in somebody's home folder
        refused = for_others("3.99", str(python.parent))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr == "There is no python3.99 that every user can run: apt-get install python3.99-venv\n"
