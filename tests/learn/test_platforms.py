"""What can be tested here of other platforms: line endings, paths, encodings, and a Python without fork and links."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest

from mtl_teach.learn.terminal import checking
from mtl_teach.learn.terminal.checking import read_script
from mtl_teach.learn.workspace.deliver import update
from mtl_teach.learn.workspace.places import MANIFEST
from tests.learn.conftest import RIGHT, problem_set, read

LEARN = Path(checking.__file__).parents[1]
ENDINGS = {"Unix": "\n", "Windows": "\r\n"}


# ---- line endings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte-order mark"])
@pytest.mark.parametrize("ending", ENDINGS.values(), ids=ENDINGS)
@pytest.mark.parametrize("suffix", [".py", ".ipynb"])
def test_a_file_is_read_alike_with_any_line_endings(tmp_path, suffix, ending, mark):
    page = problem_set(RIGHT)
    for cell in page["cells"]:
        cell["source"] = "".join(cell["source"]).replace("\n", ending)
    plain = json.dumps(page, indent=1) if suffix == ".ipynb" else f'{RIGHT}\ncheck("masked_mean", masked_mean)\n'
    file = tmp_path / f"mine{suffix}"
    file.write_bytes(mark + plain.replace("\n", ending).encode())
    script = read_script(file)
    assert list(script.asked) == ["masked_mean"]
    assert not any("\r" in text for _, text in script.cells)
    assert checking.answer_source(["masked_mean"], script.cells) == RIGHT


# ---- paths -----------------------------------------------------------------------------------------------------

RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A workspace of the real course."""
    root = tmp_path_factory.mktemp("whole") / "mtl-course"
    update(root)
    return root


def test_every_path_of_a_workspace_may_stand_on_windows_and_on_disks_that_ignore_case(whole):
    paths = [path.relative_to(whole).as_posix() for path in whole.rglob("*")]
    assert len(paths) > 20
    assert len({path.lower() for path in paths}) == len(paths)
    for path in paths:
        assert len(path) < 150, path  # of the 260 that Windows allows, folder of the learner's included
        for part in path.split("/"):
            assert not re.search(r'[<>:"\\|?*\x00-\x1f]|[ .]$', part), path
            assert part.split(".")[0].lower() not in RESERVED, path


def test_what_is_remembered_and_linked_has_forward_slashes_on_every_platform(whole):
    remembered = read(whole / MANIFEST)["files"]
    for path in remembered:
        assert "\\" not in path
        assert PureWindowsPath(path).parts == tuple(path.split("/"))
        assert not PureWindowsPath(path).is_absolute()


def test_a_folder_with_spaces_and_letters_of_any_alphabet_works(tmp_path, course, monkeypatch, capsys):
    import autograder
    from mtl_teach.learn.progress import Progress
    from mtl_teach.learn.workspace.places import PROGRESS

    root = tmp_path / "Eigene Übungen (β) 50% #1"
    update(root, course)
    monkeypatch.chdir(root)
    autograder.check("masked_mean", lambda values, mask: values[mask].sum())
    progress = Progress(root / PROGRESS)
    assert progress.exercise("masked_mean")["attempts"] == 1
    monkeypatch.setattr("mtl_teach.learn.progress.os.access", lambda *args: False)  # as on a read-only disk
    assert progress.exercise("masked_mean")["attempts"] == 1
    assert capsys.readouterr().err == ""


# ---- Python elsewhere ------------------------------------------------------------------------------------------

ELSEWHERE = f"""
import os, sys
from pathlib import Path
import numpy, torch, typer, rich.console, sqlite3, subprocess, tempfile, multiprocessing, IPython
import sklearn.preprocessing, matplotlib.pyplot
for name in ("fork", "forkpty", "symlink", "link", "geteuid", "killpg", "setsid", "register_at_fork"):
    if hasattr(os, name):
        delattr(os, name)
for name in ("fcntl", "resource", "pwd", "grp", "termios", "pty", "tty", "syslog"):
    sys.modules[name] = None
import autograder
from mtl_teach.learn import quiz
from mtl_teach.learn.home import home
from mtl_teach.learn.workspace import deliver, server
root = Path(sys.argv[1])
deliver.update(root)
os.chdir(root)
{RIGHT}
autograder.check("masked_mean", masked_mean)
quiz("05")
home()
server.command(root, 8888, False)
"""


def test_the_learners_part_needs_no_fork_no_links_and_no_module_that_only_unix_has(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(tmp_path / "course")],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
    )
    assert done.stderr == ""
    assert "9 of 9 points" in done.stdout
    assert "Next:" in done.stdout


@pytest.mark.parametrize("file", sorted(LEARN.rglob("*.py")), ids=lambda file: file.relative_to(LEARN).as_posix())
def test_text_is_read_and_written_in_utf_8_whatever_the_platform_prefers(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = {word.arg for word in node.keywords}
            modes = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            no_text = re.match(r"os\.|super\(\)\.", ast.unparse(node.func))  # of the system, or of a widget's comm
            if name in ("read_text", "write_text", "fdopen") or (name == "open" and not no_text):
                if {"rb", "wb", "xb", "r+b"} & set(modes):
                    continue
                assert "encoding" in given, f"{file.name}:{node.lineno}"
            if name in ("Popen", "run") and "text" in given:
                assert "encoding" in given, f"{file.name}:{node.lineno}"
