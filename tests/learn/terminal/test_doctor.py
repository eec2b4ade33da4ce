"""The learner's doctor names what keeps the course from running, with its repair, and changes nothing."""

import errno
import json
import os
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from autograder import torch_loads
from autograder.torch_loads import Loaded
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.terminal import doctor
from mtl_teach.learn.workspace.places import FOLDER, PROGRESS
from tests.learn.conftest import LESSON, PROBLEM_SET, cell, notebook, read, write
from tests.learn.test_read_only import on_a_read_only_disk

ELSEWHERE = "/opt/other/bin/python"


@pytest.fixture(autouse=True)
def loads(monkeypatch):
    """PyTorch loads, without waiting for it."""
    monkeypatch.setattr(torch_loads, "beside_others", lambda: Loaded("2.9.0", "", {"/t/libgomp.so": "libgomp"}))


@pytest.fixture
def kernels(tmp_path, monkeypatch):
    """Where Jupyter looks for kernels; install one there that runs a program."""
    folders = [tmp_path / "first", tmp_path / "second"]
    monkeypatch.setattr(doctor, "jupyter_path", lambda name: list(map(str, folders)))

    def install(program, name="python3", place=0):
        write(folders[place] / name / "kernel.json", {"argv": [program, "-m", "ipykernel_launcher"]})
        return folders[place] / name

    install.folders = folders
    return install


def seen(workspace, name):
    return next(row for row in doctor.report(workspace) if row.name == name)


# ---- the command -----------------------------------------------------------------------------------------------


def test_where_everything_is_there_the_exit_code_is_0(say, workspace, kernels):
    Progress(workspace / PROGRESS).record_hint("masked_mean", 1)
    code, out, err = say("doctor")
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == doctor.WELL
    assert "missing" not in out
    data = json.loads(say("doctor", "--json")[1])
    names = ["mtl-teach", "JupyterLab", "other packages", "PyTorch", "OpenMP", "kernel", "workspace", "progress"]
    assert data["ready"]
    assert [row["name"] for row in data["rows"]] == names
    assert [row["advice"] for row in data["rows"]] == [""] * len(names)


def test_what_is_missing_stands_with_its_repair_and_the_exit_code_is_1(say, workspace, kernels):
    kernels(ELSEWHERE)
    code, out, _ = say("doctor")
    assert code == 1
    assert "missing  kernel: the notebooks' kernel runs another Python" in out
    assert "         -> " in out
    assert out.splitlines()[-1] == doctor.ILL
    code, out, _ = say("doctor", "--json")
    assert (code, json.loads(out)["ready"]) == (1, False)


def test_outside_any_workspace_the_rest_is_looked_at(say, tmp_path, monkeypatch, kernels):
    monkeypatch.chdir(tmp_path)
    code, out, _ = say("doctor")
    assert code == 0
    assert "absent   workspace: this folder is in none" in out
    assert "mtl-teach start" in out
    assert "progress" not in out


def test_a_torch_that_does_not_load_is_named_by_the_command_itself(workspace, tmp_path):
    (tmp_path / "first" / "torch").mkdir(parents=True)
    error = r'OSError(r"[WinError 126] The specified module could not be found. Error loading C:\torch\lib\c10.dll")'
    (tmp_path / "first" / "torch" / "__init__.py").write_text(f"raise {error}\n", encoding="utf-8")
    paths = os.pathsep.join([str(tmp_path / "first"), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, "-m", "mtl_teach.learn.terminal.cli", "doctor", "--json"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (1, "")
    rows = {row["name"]: row for row in json.loads(done.stdout)["rows"]}
    assert rows["PyTorch"]["found"] == "does not load"
    assert "Microsoft's Visual C++ Redistributable" in rows["PyTorch"]["advice"]
    assert (rows["OpenMP"]["ok"], rows["OpenMP"]["needed"]) == (False, False)


# ---- versions and packages -------------------------------------------------------------------------------------


def test_a_workspace_of_another_version_is_told(workspace):
    manifest = workspace / FOLDER / "workspace.json"
    write(manifest, read(manifest) | {"course": "0.0.1"})
    row = seen(workspace, "mtl-teach")
    assert not row.ok
    assert "0.0.1" in row.advice
    assert "mtl-teach start" in row.advice


@pytest.fixture
def installed(monkeypatch):
    """Pretend that a package is installed in another version, or not at all."""
    real = metadata.version

    def pretend(name, version):
        def answer(asked):
            if asked != name:
                return real(asked)
            if not version:
                raise metadata.PackageNotFoundError(name)
            return version

        monkeypatch.setattr(metadata, "version", answer)

    return pretend


@pytest.mark.parametrize(
    ("name", "version", "row", "found"),
    [
        ("jupyterlab", "3.6.8", "JupyterLab", "jupyterlab 3.6.8 (needed: <5,>=4.2)"),
        ("jupyterlab", "", "JupyterLab", "jupyterlab is missing"),
        ("notebook", "6.5.7", "JupyterLab", "notebook 6.5.7 (needed: <8,>=7.2)"),
        ("scikit-learn", "", "other packages", "scikit-learn is missing"),
        ("torch", "1.13.1", "other packages", "torch 1.13.1 (needed: <2.14,>=2.4)"),
    ],
)
def test_an_old_or_missing_package_is_named_with_the_command_that_brings_it(installed, name, version, row, found):
    installed(name, version)
    told = seen(None, row)
    assert (told.ok, told.needed, told.found) == (False, True, found)
    specifier = next(one.specifier for one in map(Requirement, metadata.requires("mtl-teach")) if one.name == name)
    assert told.advice == f'"{sys.executable}" -m pip install --upgrade "{name}{specifier}"'


def test_what_only_instructors_need_is_not_asked_of_learners():
    assert "nbgrader" not in {one.name for one in doctor._required()}


# ---- PyTorch and OpenMP ----------------------------------------------------------------------------------------


def with_torch(monkeypatch, *loaded):
    monkeypatch.setattr(torch_loads, "beside_others", lambda: Loaded(*loaded))
    return seen(None, "PyTorch"), seen(None, "OpenMP")


def test_a_torch_that_does_not_load_hides_nothing_about_openmp(monkeypatch):
    torch, openmp = with_torch(monkeypatch, "", "Windows lacks a DLL: install it.", {})
    assert (torch.ok, torch.needed, torch.advice) == (False, True, "Windows lacks a DLL: install it.")
    assert (openmp.ok, openmp.needed, openmp.found) == (False, False, "not seen yet")


@pytest.mark.parametrize("version", ["", "2.9.0"], ids=["at torch", "at scikit-learn"])
def test_two_runtimes_of_openmp_that_end_the_program_are_named(monkeypatch, version):
    torch, openmp = with_torch(monkeypatch, version, torch_loads.TWO_OPENMP, {})
    assert torch.ok == bool(version)
    assert (openmp.ok, openmp.needed) == (False, True)
    assert "each brought a copy of OpenMP" in openmp.advice


def test_on_linux_two_that_may_wait_for_each_other_are_named_with_their_files(monkeypatch):
    files = {"/a/libiomp5.so": "libiomp", "/b/libomp.so": "libomp"}
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    torch, openmp = with_torch(monkeypatch, "2.9.0", "", files)
    assert (torch.ok, openmp.ok, openmp.found) == (True, False, "libiomp, libomp")
    assert all(file in openmp.advice for file in files)
    assert "python -m venv .venv" in openmp.advice


def test_two_copies_of_gnus_are_what_pip_brings_and_no_fault(monkeypatch):
    files = {"/torch/libgomp.so": "libgomp", "/sklearn/libgomp.so": "libgomp"}
    assert with_torch(monkeypatch, "2.9.0", "", files)[1].ok
    assert with_torch(monkeypatch, "2.9.0", "", {})[1].found == "none loaded"


# ---- kernels ---------------------------------------------------------------------------------------------------


def test_a_kernel_of_this_environment_is_right_by_name_and_by_path(kernels):
    assert seen(None, "kernel").ok  # ipykernel's own, which is in no folder
    for program in ("python", "python3", sys.executable, str(Path(sys.executable).with_name("python3.x"))):
        kernels(program)
        assert seen(None, "kernel").ok, program


def test_the_kernel_of_another_environment_is_named_with_its_python_and_its_folder(kernels):
    folder = kernels(ELSEWHERE)
    row = seen(None, "kernel")
    assert not row.ok
    assert row.found == f"the notebooks' kernel runs another Python: {ELSEWHERE}, which is not there"
    assert f'"{sys.executable}" -m ipykernel install --sys-prefix' in row.advice
    assert str(folder) in row.advice


def test_the_first_kernel_that_jupyter_finds_counts(kernels):
    kernels(ELSEWHERE, place=1)
    kernels("python", place=0)
    assert seen(None, "kernel").ok


def test_a_damaged_kernel_is_named(kernels):
    kernels("python")
    (kernels.folders[0] / "python3" / "kernel.json").write_text("{", encoding="utf-8")
    assert "its kernel.json is damaged" in seen(None, "kernel").found


def saved_with(workspace, name, language="python"):
    data = notebook(cell("a", "1 + 1"))
    data["metadata"]["kernelspec"] = {"name": name, "language": language}
    write(workspace / PROBLEM_SET, data)


def test_a_notebook_that_was_saved_with_another_kernel_is_named(workspace, kernels):
    saved_with(workspace, "conda-old")
    row = seen(workspace, "kernel")
    assert not row.ok
    assert row.found == f"{PROBLEM_SET.as_posix()} asks for “conda-old”, which is not there"
    assert "Kernel → Change Kernel" in row.advice
    kernels(ELSEWHERE, "conda-old")
    assert seen(workspace, "kernel").found == f"{PROBLEM_SET.as_posix()} runs in {ELSEWHERE}"
    kernels(sys.executable, "conda-old")
    assert seen(workspace, "kernel").ok


def test_a_notebook_in_another_language_and_a_broken_one_are_nobodys_mistake(workspace, kernels):
    saved_with(workspace, "ir", "R")
    (workspace / LESSON).write_text("{", encoding="utf-8")
    assert seen(workspace, "kernel").ok


# ---- the workspace and its progress ----------------------------------------------------------------------------


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there a test can mount a disk")
def test_a_workspace_on_a_read_only_disk_is_named(workspace):
    done = on_a_read_only_disk(workspace, "-m", "mtl_teach.learn.terminal.cli", "doctor", "--json")
    row = next(row for row in json.loads(done.stdout)["rows"] if row["name"] == "workspace")
    assert done.returncode == 1
    assert "cannot be written to (Read-only file system)" in row["found"]
    assert "mtl-teach start DIR" in row["advice"]


@pytest.mark.parametrize(
    ("number", "repair"), [(errno.EACCES, "chmod -R u+w"), (errno.ENOSPC, "make room on the disk")]
)
def test_a_folder_that_takes_no_file_is_named_with_the_repair(workspace, monkeypatch, number, repair):
    real = tempfile.TemporaryFile

    def refuse(dir):
        if dir == (workspace / PROBLEM_SET).parent:
            raise OSError(number, os.strerror(number))
        return real(dir=dir)

    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    row = seen(workspace, "workspace")
    assert not row.ok
    assert row.found == f"{(workspace / PROBLEM_SET).parent} cannot be written to ({os.strerror(number)})"
    assert repair in row.advice


def test_a_notebook_that_may_not_be_written_is_named_and_how_to_allow_it_on_each_system(workspace, monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, how: Path(path).name != LESSON.name)
    for system, repair in (("linux", "sudo chown -R"), ("win32", "Properties → Security")):
        monkeypatch.setattr(doctor.sys, "platform", system)
        row = seen(workspace, "workspace")
        assert (row.ok, row.found) == (False, f"{workspace / LESSON} cannot be written to")
        assert repair in row.advice


def test_looking_leaves_nothing_behind(workspace):
    before = {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}
    assert all(row.ok for row in doctor.report(workspace))
    assert {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("how", ["cut in half", "something else"])
def test_damaged_progress_is_named_and_left_as_it_is(workspace, how):
    path = workspace / PROGRESS
    Progress(path).record_hint("masked_mean", 1)
    whole = path.read_bytes()
    broken = whole[: len(whole) // 2] if how == "cut in half" else b"no database, whatever its name says"
    path.write_bytes(broken)
    row = seen(workspace, "progress")
    assert not row.ok
    assert row.found.startswith(f"{path} is damaged (")
    assert "your answers are untouched" in row.advice
    assert path.read_bytes() == broken


def test_progress_of_a_newer_version_is_not_called_damaged(workspace):
    path = workspace / PROGRESS
    progress = Progress(path)
    progress.record_hint("masked_mean", 1)
    with progress._writing() as db:
        db.execute("PRAGMA user_version = 999")
    row = seen(workspace, "progress")
    assert (row.ok, row.found) == (False, "cannot be read")
    assert "pip install --upgrade mtl-teach" in row.advice
