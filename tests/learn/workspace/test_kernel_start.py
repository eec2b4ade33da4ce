"""What a kernel runs first: a name that is missing is explained, and nothing of ours is left in the namespace."""

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder import kernel, last_tried, torch_loads
from mtl_teach.learn.workspace import kernel_start

FILE = Path(kernel_start.__file__)


class Shell:
    """As far as IPython's shell is asked."""

    def __init__(self):
        self.shown, self.pushed = [], {}
        self.events, self.called = self, {}

    def register(self, event, function):
        self.called.setdefault(event, []).append(function)

    def unregister(self, event, function):
        self.called[event].remove(function)

    def trigger(self, event):
        for function in list(self.called.get(event, [])):
            function(SimpleNamespace(info=None, error_before_exec=None, error_in_exec=None))

    def set_custom_exc(self, kinds, handler):
        self.kinds, self.handler = kinds, handler

    def showtraceback(self, error, tb_offset):
        self.shown.append((error, tb_offset))

    def push(self, names):
        self.pushed |= names


@pytest.fixture
def started(monkeypatch):
    """Run the file in a shell; give back the shell and the namespace that it leaves."""
    monkeypatch.delenv("MTL_PYTHONSTARTUP", raising=False)
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(last_tried, "_watched", [])
    monkeypatch.setattr(last_tried, "_last", {})

    def run(shell):
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
        return runpy.run_path(str(FILE))

    return run


def raised(code):
    try:
        exec(code, {})
    except Exception as error:
        return error


def test_a_missing_name_is_shown_as_python_shows_it_and_then_explained(started, capsys):
    shell = Shell()
    started(shell)
    assert shell.kinds == (NameError,)
    error = raised("masked_mean")
    shell.handler(shell, NameError, error, "traceback", tb_offset=3)
    assert shell.shown == [((NameError, error, "traceback"), 3)]
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 88
    assert " ".join(said.split()) == (
        "`masked_mean` is not defined in this kernel. Either its cell stopped with an error, or it was not run since "
        "the kernel started: choose Run → Run All Above Selected Cell. If the set-up cell is gone, `mtl-teach start` "
        "brings it back."
    )


def test_in_a_browser_there_is_no_command_that_brings_a_cell_back(started, monkeypatch, capsys):
    monkeypatch.setattr(kernel, "in_browser", lambda: True)
    shell = Shell()
    started(shell)
    shell.handler(shell, NameError, raised("masked_mean"), None)
    assert " ".join(capsys.readouterr().out.split()).endswith("choose Run → Run All Above Selected Cell.")


def test_a_variable_of_a_function_that_has_no_value_yet_is_not_the_kernels(started, capsys):
    shell = Shell()
    started(shell)
    error = raised("def f():\n    x += 1\nf()")
    assert isinstance(error, UnboundLocalError)
    shell.handler(shell, type(error), error, None)
    assert shell.shown == [((UnboundLocalError, error, None), None)]
    assert capsys.readouterr().out == ""


def test_where_the_cell_stopped_before_it_defined_the_name_that_is_what_is_said(started, monkeypatch, capsys):
    shell = Shell()
    started(shell)
    monkeypatch.setattr(
        last_tried, "_last", {"masked_mean": last_tried.Run("masked_mean = 1 / 0", ZeroDivisionError(), 1)}
    )
    shell.handler(shell, NameError, raised("masked_mean"), "traceback")
    assert " ".join(capsys.readouterr().out.split()) == (
        "Your last run of the cell that defines `masked_mean` stopped with ZeroDivisionError in line 1 "
        "(`masked_mean = 1 / 0`). Correct that cell and run it again."
    )
    monkeypatch.setattr(last_tried, "_last", {"total": last_tried.Run("total = 1", NotImplementedError(), 1)})
    shell.handler(shell, NameError, raised("total"), "traceback")
    assert "`total` is not defined in this kernel." in capsys.readouterr().out


@pytest.fixture
def kernel_of(tmp_path):
    """A shell of a kernel with its connection file."""

    def make():
        shell = Shell()
        shell.kernel = SimpleNamespace(parent=SimpleNamespace(abs_connection_file=str(tmp_path / "kernel-1.json")))
        return shell

    return make


def test_a_kernel_that_ended_while_it_loaded_torch_is_explained_by_the_next_one_once(
    started, kernel_of, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(torch_loads, "tried", lambda: "Two copies of OpenMP.")
    started(kernel_of())
    sys.meta_path[0].find_spec("torch")  # and here it ends
    assert (tmp_path / "kernel-1.loading").exists()
    shell = kernel_of()
    started(shell)
    for _ in range(2):
        shell.trigger("pre_run_cell")
        shell.trigger("post_run_cell")
    assert (
        capsys.readouterr().out == "The kernel before this one ended while it loaded PyTorch. Two copies of OpenMP.\n"
    )
    assert not (tmp_path / "kernel-1.loading").exists()


def test_a_kernel_that_loaded_torch_or_something_else_leaves_no_trace(
    started, kernel_of, monkeypatch, tmp_path, capsys
):
    monkeypatch.setattr(torch_loads, "tried", lambda: pytest.fail("there is nothing to try"))
    shell = kernel_of()
    started(shell)
    assert sys.meta_path[0].find_spec("torch") is None
    shell.trigger("post_run_cell")
    assert sys.meta_path[0].find_spec("json", None) is None
    started(again := kernel_of())
    again.trigger("pre_run_cell")
    assert capsys.readouterr().out == ""


def test_where_torch_loads_now_nothing_is_said(started, kernel_of, monkeypatch, tmp_path, capsys):
    """Somebody restarted the kernel meanwhile."""
    monkeypatch.setattr(torch_loads, "tried", lambda: "")
    (tmp_path / "kernel-1.loading").touch()
    started(shell := kernel_of())
    shell.trigger("pre_run_cell")
    assert capsys.readouterr().out == ""


def test_nothing_is_left_in_the_learners_namespace(started):
    assert {name for name in started(Shell()) if not name.startswith("__")} == set()


def test_the_learners_own_startup_file_is_run_and_gives_its_names(started, monkeypatch, tmp_path):
    (tmp_path / "own.py").write_text("import os as my_os\nmy_name = 5\n_private = 6\n", encoding="utf-8")
    monkeypatch.setenv("MTL_PYTHONSTARTUP", str(tmp_path / "own.py"))
    shell = Shell()
    started(shell)
    assert set(shell.pushed) == {"my_os", "my_name", "_private"}
    assert shell.pushed["my_name"] == 5


def test_without_a_shell_nothing_happens(started, monkeypatch, capsys):
    assert "_install" not in started(None)
    monkeypatch.delitem(sys.modules, "IPython")
    assert "_install" not in runpy.run_path(str(FILE))
    assert capsys.readouterr().out == ""
