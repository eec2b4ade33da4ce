"""What became of a kernel's cells: a check on another version than the one on the screen is told so, and only then."""

import os
import sys
from types import SimpleNamespace

import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell

from autograder import last_tried, torch_loads
from autograder.last_tried import all_asked, asked_in, defined, definition, said_first, stopped

GOOD = "def mean(values):\n    return sum(values) / len(values)"
WORSE = "def mean(values):\n    return sum(values)"
UNREADABLE = "# mine\ndef mean(values):\n    return sum(values) / len(values"
BEFORE = "print('hello')\nraise ValueError('no luck.')\ndef mean(values):\n    return 0"
AFTER = GOOD + "\nmean([])"


@pytest.fixture
def shell(monkeypatch, tmp_path):
    """A shell of IPython without a front-end; its cells are noted as a kernel's are."""
    monkeypatch.setattr(last_tried, "_last", {})
    monkeypatch.setattr(last_tried, "_watched", [])
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    own = InteractiveShell()
    own.history_manager.enabled = False
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: own))
    last_tried.watch()
    yield own
    own.history_manager.end_session()


@pytest.fixture
def run(shell, capsys):
    def one(source, cell="", history=True):
        result = shell.run_cell(source, store_history=history, cell_id=cell or None)
        capsys.readouterr()
        return result

    return one


# ---- what a check says first -----------------------------------------------------------------------------------


def test_what_ran_to_its_end_needs_no_words(run):
    run(GOOD)
    assert said_first(("mean",)) == stopped("mean") == ""
    assert said_first(("never_heard_of",)) == ""


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (UNREADABLE, "SyntaxError in line 3 (`return sum(values) / len(values`): "),
        (BEFORE, "ValueError in line 2 (`raise ValueError('no luck.')`): no luck. What"),
        ("1 / 0\n" + GOOD, "ZeroDivisionError in line 1 (`1 / 0`): division by zero. What"),
        ("def mean(values, at=1 / 0):\n    return 0", "ZeroDivisionError in line 1"),
        ("@no_such_thing\n" + GOOD, "NameError in line 1 (`@no_such_thing`): name 'no_such_thing' is not defined."),
        ("x = 1\nmean = x +\n", "SyntaxError in line 2 (`mean = x +`): "),
        ("def mean(values):\nreturn 1", "IndentationError in line 2 (`return 1`): "),
        ("def mean(values):\n    x = `1`\n", "SyntaxError in line 2 (`x = '1'`): "),
        ("def mean(values):\n    nonlocal x\n", "SyntaxError in line 2 (`nonlocal x`): "),
        ("raise KeyboardInterrupt\n" + GOOD, "KeyboardInterrupt in line 1 (`raise KeyboardInterrupt`). What"),
        ("%pwd\nraise OSError\n" + GOOD, "OSError in line 2 (`raise OSError`). What"),
        (
            "import no_such_module\nfrom statistics import mean",
            "ModuleNotFoundError in line 1 (`import no_such_module`): No",
        ),
        ("class mean:\n    x = 1 / 0", "ZeroDivisionError in line 1 (`class mean:`): division by zero."),
    ],
)
def test_a_cell_that_stopped_before_its_definition_is_said_first(run, source, said):
    run(GOOD)
    run(source)
    words = said_first(("mean",))
    assert words.startswith(f"Your last run of the cell that defines `mean` stopped with {said}")
    assert words.endswith(" What was checked is the version before it.")


@pytest.mark.parametrize(
    "source",
    [
        AFTER,
        GOOD + "\nreturn 5",
        "total = 1 / 0",
        "print(mean)\n1 / 0",
        "def other(mean=1 / 0):\n    return mean",
        "mean.x =",
    ],
    ids=["after it", "compiled and after it", "another name", "a use", "an argument", "an attribute"],
)
def test_a_cell_that_stopped_elsewhere_says_nothing_of_this_name(run, source):
    run(GOOD)
    run(source)
    assert said_first(("mean",)) == ""


def test_once_the_cell_has_run_nothing_is_said_any_more(run):
    for source in (GOOD, UNREADABLE, WORSE):
        run(source)
    assert said_first(("mean",)) == ""


def test_where_there_was_no_version_before_there_is_nothing_to_check(run):
    run(UNREADABLE)
    assert said_first(("mean",)).endswith(". So there is nothing to check yet.")


def test_a_stub_of_plain_variables_is_not_begun_and_no_mistake(run):
    run("raise NotImplementedError('total is not written yet')\ntotal = 0")
    assert last_tried.not_begun("total")
    assert said_first(("total",)) == ""
    run("total = 1")
    assert not last_tried.not_begun("total")
    run("raise NotImplementedError\ntotal = 0")
    assert said_first(("total",)).endswith("What was checked is the version before it.")


def test_of_several_names_the_first_that_is_behind_is_told(run):
    run("first = 1\nsecond = 2")
    run("first = 2\nsecond = 1 / 0")
    assert "`second`" in said_first(("first", "second"))


def test_what_a_front_end_asks_for_itself_is_no_run_of_the_learners(run):
    run(GOOD)
    run(UNREADABLE, history=False)
    assert said_first(("mean",)) == ""


def test_long_messages_and_lines_are_cut_and_made_harmless(run):
    run(GOOD)
    run(f"raise ValueError('x' * 999 + chr(27) + '`')\n{GOOD}")
    assert len(said_first(("mean",))) < 700
    run(f"raise ValueError(chr(27) + '[31m')\n{GOOD}")
    assert "\x1b" not in said_first(("mean",))


def test_an_odd_report_leaves_no_traceback(shell, capsys):
    for odd in (None, SimpleNamespace(), SimpleNamespace(info=None, error_before_exec=None, error_in_exec=None)):
        last_tried.note(odd)
    assert capsys.readouterr().out == ""


def test_a_cell_stopped_by_a_torch_that_does_not_load_is_followed_by_the_repair(shell, monkeypatch, capsys):
    monkeypatch.setattr(torch_loads, "explained", lambda error: "Install it." if isinstance(error, OSError) else "")
    shell.run_cell("raise OSError('fbgemm.dll')", store_history=True)
    assert capsys.readouterr().out.endswith("Install it.\n")


def test_cells_are_watched_once_and_only_where_there_are_any(shell, monkeypatch):
    before = len(shell.events.callbacks["post_run_cell"])
    last_tried.watch()
    assert len(shell.events.callbacks["post_run_cell"]) == before
    monkeypatch.delitem(sys.modules, "IPython")
    last_tried.watch()
    assert last_tried.names() == {}


# ---- the notebook as it was saved ------------------------------------------------------------------------------


@pytest.fixture
def saved(tmp_path, monkeypatch):
    """Save a notebook of these cells, named a, b, c, so many seconds after now."""

    def save(*sources, later=10.0, name="work.ipynb"):
        cells = [nbformat.v4.new_code_cell(source, id="abc"[place]) for place, source in enumerate(sources)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / name)
        stamp = (tmp_path / name).stat().st_mtime + later
        os.utime(tmp_path / name, (stamp, stamp))
        monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / name))
        return tmp_path / name

    return save


def test_a_cell_that_was_changed_and_saved_after_its_run_is_said_first(run, saved):
    run(GOOD, cell="b")
    saved("x = 1", WORSE)
    assert said_first(("mean",)).startswith("The cell that defines `mean` was changed after it last ran.")
    saved("x = 1", UNREADABLE)
    assert said_first(("mean",)).startswith("The cell that defines `mean` was changed after it last ran.")
    run(WORSE, cell="b")
    saved("x = 1", WORSE)
    assert said_first(("mean",)) == ""


@pytest.mark.parametrize(
    ("cells", "cell", "later"),
    [
        ((GOOD,), "a", 10),
        ((GOOD + "  # a comment",), "a", 10),
        (("x = 2\n" + GOOD,), "a", 10),
        ((WORSE,), "a", -10),
        ((WORSE,), "", 10),
        ((WORSE,), "elsewhere", 10),
        ((GOOD, WORSE), "a", 10),
        (("x = 1",), "a", 10),
    ],
    ids=["same", "comment", "other code", "older file", "unnamed", "another cell", "two cells", "no definition"],
)
def test_nothing_is_said_where_it_is_not_certain(run, saved, cells, cell, later):
    run(GOOD, cell=cell)
    saved(*cells, later=later)
    assert said_first(("mean",)) == ""


def test_a_notebook_that_cannot_be_read_is_no_evidence(run, saved):
    run(GOOD, cell="a")
    path = saved(WORSE)
    path.write_text("{", encoding="utf-8")
    os.utime(path, (path.stat().st_mtime + 10,) * 2)
    assert said_first(("mean",)) == ""
    path.unlink()
    assert said_first(("mean",)) == ""
    assert last_tried.notebook() is None


def test_vs_code_names_the_notebook_in_its_own_way(shell, saved, monkeypatch):
    path = saved("1")
    monkeypatch.delenv("JPY_SESSION_NAME")
    assert last_tried.notebook() is None
    shell.user_ns["__vsc_ipynb_file__"] = str(path)
    assert last_tried.notebook() == path


def test_what_a_notebook_has_checks_for_is_found_in_the_file_and_in_what_ran(run, saved):
    saved("check('one', one)", "check(two)\nif True:\n    check('one', one)", "check()")
    run("check = print")
    run("check('three', 3)")
    assert all_asked() == ["one", "two", "three"]


# ---- what a cell defines ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("async def f():\n    y = 1\nclass C: pass", ["f", "C"]),
        ("x = y = 1\nz: int = 3\nz += 1", ["x", "y", "z"]),
        (
            "import torch.nn as nn, numpy\nimport os.path\nfrom autograder import check as mark",
            ["nn", "numpy", "os", "mark"],
        ),
        ("[a, b], c = [1, 2], 3", ["a", "b", "c"]),
        ("model.weight = 1\nrows[i] = 2", []),
        ("%%time\ndef f():\n    pass", ["f"]),
        ("%matplotlib inline\n!ls\nx = 1", ["x"]),
        ("def f(:\n    y = 1\nx: float = 1\nx == 2", ["f", "x"]),
        ("", []),
        ("x = (1,\n     7\n     % 2)", ["x"]),
    ],
)
def test_a_cells_definitions_are_those_at_its_outermost_level(source, names):
    assert sorted(defined(source)) == sorted(names)


def test_of_two_definitions_in_a_cell_the_last_counts():
    assert definition(GOOD + "\n" + WORSE, "mean") == definition(WORSE, "mean") != definition(GOOD, "mean")
    assert definition(GOOD, "median") == ""


@pytest.mark.parametrize("source", ["check(*all)", "check(f())", "recheck('one')", "check('one'", "# check('one')"])
def test_what_is_no_check_by_name_is_not_asked(source):
    assert asked_in(source) == []
