"""What a kernel runs first: a name that is missing is explained, and nothing of ours is left in the namespace."""

import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mtl_teach.learn.workspace import kernel_start

FILE = Path(kernel_start.__file__)


class Shell:
    """As far as IPython's shell is asked."""

    def __init__(self):
        self.shown, self.pushed = [], {}

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


def test_a_variable_of_a_function_that_has_no_value_yet_is_not_the_kernels(started, capsys):
    shell = Shell()
    started(shell)
    error = raised("def f():\n    x += 1\nf()")
    assert isinstance(error, UnboundLocalError)
    shell.handler(shell, type(error), error, None)
    assert shell.shown == [((UnboundLocalError, error, None), None)]
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
