"""Checks outside the notebook: how a file is read, and what happens to the process that runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from autograder import exercises
from autograder.results import STUB_LEFT, Cause
from mtl_teach.learn.terminal import checking
from mtl_teach.learn.terminal.checking import Checked, Checker, CheckingError, Script, answer_source, read_script
from tests.learn.conftest import RIGHT, WRONG, cell, notebook, write

# ---- reading a file --------------------------------------------------------------------------------------------


def test_a_notebook_is_its_code_cells_in_order_each_by_its_name(tmp_path):
    unnamed = cell("", "z = 3", graded=True)
    unnamed["metadata"]["nbgrader"]["grade_id"] = "answer"
    page = notebook(cell("a", "x = 1"), cell("b", "# Text", "markdown"), cell("c", "y = 2"), unnamed)
    page["cells"].append({"cell_type": "raw", "id": "d", "metadata": {}, "source": "check('masked_mean')"})
    write(tmp_path / "own.ipynb", page)
    script = read_script(tmp_path / "own.ipynb")
    assert script == Script(tmp_path / "own.ipynb", (("a", "x = 1"), ("c", "y = 2"), ("answer", "z = 3")), {})


def test_a_python_file_is_one_cell_of_its_name_that_asks_for_every_check_in_it(tmp_path):
    text = 'check("masked_mean", masked_mean)\ncheck("loss_shares", loss_shares)\n'
    (tmp_path / "own.py").write_text(text)
    script = read_script(tmp_path / "own.py")
    assert script == Script(tmp_path / "own.py", (("own.py", text),), {"masked_mean": 0, "loss_shares": 0})


def test_an_exercise_is_checked_in_the_first_cell_that_asks_for_it(tmp_path):
    ask = 'check("masked_mean", masked_mean)'
    both = f'{ask}\ncheck("loss_shares", loss_shares)'
    cells = (cell("a", "x = 1"), cell("b", ask), cell("c", both), cell("d", ask))
    write(tmp_path / "own.ipynb", notebook(*cells))
    assert read_script(tmp_path / "own.ipynb").asked == {"masked_mean": 1, "loss_shares": 2}


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('check("masked_mean", f)', ["masked_mean"]),
        ("check('masked_mean', f)", ["masked_mean"]),
        ('    check(  "masked_mean", f)', ["masked_mean"]),
        ('check(\n    "masked_mean",\n    f,\n)', ["masked_mean"]),
        ('check("quick-05-1", answer)', ["quick-05-1"]),
        ('# check("masked_mean", f)', []),
        ('examples("masked_mean")', []),
        ('recheck("masked_mean", f)', []),
        ("check(masked_mean)", ["masked_mean"]),
        ("def check(masked_mean):", []),
        ("check()", []),
    ],
)
def test_a_check_is_found_however_it_is_written_and_only_where_it_is_run(tmp_path, line, names):
    (tmp_path / "own.py").write_text(f"x = 1\n{line}\n")
    assert list(read_script(tmp_path / "own.py").asked) == names


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "{}", "3", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{}]}', '{"cells": null}']
)
def test_what_is_no_notebook_is_refused_in_a_sentence(tmp_path, content):
    (tmp_path / "own.ipynb").write_text(content)
    with pytest.raises(CheckingError, match=r"own\.ipynb is not a notebook: it is not JSON, or has no cells\.$"):
        read_script(tmp_path / "own.ipynb")


@pytest.mark.parametrize("name", ["none.py", "none.ipynb"])
def test_a_file_that_is_not_there_is_named_with_the_reason(tmp_path, name):
    with pytest.raises(CheckingError, match=rf"{name} cannot be read: No such file or directory\.$"):
        read_script(tmp_path / name)


def test_a_byte_that_is_no_utf_8_does_not_stop_the_reading(tmp_path):
    (tmp_path / "own.py").write_bytes("# caf\xe9\nx = 1\n".encode("latin-1"))
    ((_, text),) = read_script(tmp_path / "own.py").cells
    assert text == "# caf\N{REPLACEMENT CHARACTER}\nx = 1\n"


# ---- the source of an answer -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("names", "sources", "found"),
    [
        (["f"], ["def f():\n    return 1", "def f():\n    return 2"], "def f():\n    return 2"),
        (["f"], ["def f():\n    return 1\n\ndef f():\n    return 2"], "def f():\n    return 2"),
        (["f"], ["def g(): ...\ndef f():\n    # why\n    return 1\nx = f()"], "def f():\n    # why\n    return 1"),
        (["C"], ["class C:\n    def f(self): ..."], "class C:\n    def f(self): ..."),
        (["f"], ["class C:\n    def f(self): ..."], ""),
        (["x"], ["x = 1.5  # a note"], "x = 1.5"),
        (["x"], ["x = 1", "x = (\n    2\n)"], "x = (\n    2\n)"),
        (["x", "y"], ["y = 2", "x = 1"], "x = 1\n\ny = 2"),
        (["x", "y"], ["x, (y, z) = 1, (2, 3)"], "x, (y, z) = 1, (2, 3)"),
        (["x", "y"], ["x = y = 1"], "x = y = 1"),
        (["x"], ["y = 1"], ""),
        (["x"], ["x == 1"], ""),
        (["f"], ["def f():\n    return 1", "def f(:"], "def f():\n    return 1"),
        (["f"], ["%matplotlib inline", "def f():\n    return 1"], "def f():\n    return 1"),
    ],
)
def test_the_source_of_an_answer_is_its_last_definition_as_it_was_written(names, sources, found):
    assert answer_source(names, [(str(number), text) for number, text in enumerate(sources)]) == found


# ---- the process -------------------------------------------------------------------------------------------------

ANSWER = """
import json, sys
print("ready", flush=True)
request = json.loads(sys.stdin.readline())
print(json.dumps([{"result": request, "answer": "é"}], ensure_ascii=False), flush=True)
"""
NEVER = "import sys, time\nprint('ready', flush=True)\nsys.stdin.readline()\ntime.sleep(600)"
ENDED = "import sys\nprint('ready', flush=True)\nsys.stdin.readline()"
HALF = "import sys\nprint('ready', flush=True)\nsys.stdin.readline()\nprint('[{', end='', flush=True)"
CANNOT = "print('PyTorch lies on the disk, but.', flush=True)"
NOT_EVEN_BEGUN = ""
SCRIPT = Script(Path("own.ipynb"), (("a", "x = 1"), ("b", "y = 2"), ("c", "z = 3")), {"masked_mean": 1, "delta_m": 0})


@pytest.fixture
def processes(monkeypatch):
    """Let small programs stand in for the process that runs answers; gives back those that were started."""
    started: list[subprocess.Popen[str]] = []

    def instead(*programs: str) -> list[subprocess.Popen[str]]:
        waiting = list(programs)

        def start():
            program = waiting.pop(0)
            started.append(
                subprocess.Popen(
                    [sys.executable, "-I", "-X", "utf8", "-c", program],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    encoding="utf-8",
                )
            )
            return started[-1]

        monkeypatch.setattr(checking, "_start", start)
        return started

    yield instead
    for process in started:
        process.kill()
        for stream in (process.stdin, process.stdout):
            stream.close()
        process.wait()


def ended(process: subprocess.Popen[str]) -> bool:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.returncode is not None and process.stdin.closed and process.stdout.closed


def test_every_exercise_is_asked_for_where_the_file_checks_it_else_at_the_end(processes):
    processes(ANSWER)
    with Checker() as checker:
        (one,) = checker.check(SCRIPT, ["masked_mean", "delta_m", "loss_shares"])
    assert one == Checked(
        {
            "cells": [["a", "x = 1"], ["b", "y = 2"], ["c", "z = 3"]],
            "asked": [["masked_mean", 1], ["delta_m", 0], ["loss_shares", 2]],
        },
        "é",
    )


def test_each_file_has_a_process_of_its_own_and_the_next_one_waits_only_where_it_is_wanted(processes):
    started = processes(*[ANSWER] * 4)
    with Checker() as checker:
        assert len(started) == 1
        checker.check(SCRIPT, ["masked_mean"], again=True)
        assert [ended(process) for process in started] == [True, False]
        checker.check(SCRIPT, ["masked_mean"])
        assert [ended(process) for process in started] == [True, True]
        checker.check(SCRIPT, ["masked_mean"], again=True)
        assert [ended(process) for process in started] == [True, True, True, False]
    assert ended(started[-1])


@pytest.mark.parametrize(("source", "used"), [("torch.testing.assert_close(a, b)", ["torch.testing"]), ("x = 1", [])])
def test_only_the_next_process_imports_beforehand_what_the_file_needs_long_for(monkeypatch, source, used):
    words = []
    kept = subprocess.Popen
    instead = [sys.executable, "-I", "-X", "utf8", "-c", ANSWER]
    monkeypatch.setattr(
        checking.subprocess, "Popen", lambda given, **options: words.append(given[3:]) or kept(instead, **options)
    )
    with Checker() as checker:
        checker.check(Script(Path("own.py"), (("own.py", source),), {}), ["masked_mean"], again=True)
    assert words == [[], used]


@pytest.mark.parametrize("used", [(), ("torch.testing",)])
def test_one_check_alone_does_not_wait_for_what_is_slow_at_its_first_use(tmp_path, used):
    asks = "import sys\ntotal_loss = 2.05 if 'sympy' in sys.modules else 0.0"  # which torch.testing imports
    process = checking._start(*used)
    request = {"cells": [("own.py", asks)], "asked": [["source_exercise_1", 0]]}
    (reply,) = checking._ask(process, request, 60.0, tmp_path / "own.py")
    checking._stop(process)
    assert (reply["result"]["score"] > 0) is bool(used)


def test_a_process_that_was_never_asked_is_ended_too(processes):
    started = processes(ANSWER)
    with Checker():
        pass
    assert ended(started[0])


def test_code_without_an_end_is_stopped_with_a_sentence_and_the_next_process_is_ready(processes):
    started = processes(NEVER, ANSWER)
    stopped = r"^own\.ipynb was stopped after 0\.2 s: is there a loop without end\?$"
    with Checker(0.2) as checker:
        with pytest.raises(CheckingError, match=stopped):
            checker.check(SCRIPT, ["masked_mean"], again=True)
        assert [ended(process) for process in started] == [True, False]
    assert ended(started[1])


def test_what_keeps_the_process_from_beginning_is_told(processes):
    processes(CANNOT)
    with Checker() as checker, pytest.raises(CheckingError, match=r"^PyTorch lies on the disk, but\.$"):
        checker.check(SCRIPT, ["masked_mean"])


@pytest.mark.parametrize(
    ("why", "said"), [("Two OpenMP.", "Two OpenMP."), ("", "own.ipynb cannot be checked: the process ended.")]
)
def test_of_a_process_that_ends_without_a_word_before_it_begins_the_reason_is_looked_for(
    processes, monkeypatch, why, said
):
    monkeypatch.setattr(checking.torch_loads, "tried", lambda: why)
    processes(NOT_EVEN_BEGUN)
    with Checker() as checker, pytest.raises(CheckingError) as refused:
        checker.check(SCRIPT, ["masked_mean"])
    assert str(refused.value) == said


@pytest.mark.slow
def test_torch_that_does_not_load_is_named_with_the_repair(tmp_path, monkeypatch):
    (tmp_path / "torch").mkdir()
    broken = 'raise OSError("[WinError 126] The specified module could not be found")'
    (tmp_path / "torch" / "__init__.py").write_text(broken, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")
    with Checker() as checker, pytest.raises(CheckingError, match="Visual C\\+\\+ Redistributable"):
        checker.check(SCRIPT, ["masked_mean"])


@pytest.mark.parametrize("program", [ENDED, HALF], ids=["ended", "half an answer"])
def test_a_process_that_ends_without_an_answer_is_one_sentence(processes, program):
    started = processes(program)
    with (
        Checker(300) as checker,
        pytest.raises(CheckingError, match=r"^own\.ipynb ended its own process, so nothing could be checked\.$"),
    ):
        checker.check(SCRIPT, ["masked_mean"])
    assert ended(started[0])


def test_what_the_imports_take_is_not_the_learners_time(monkeypatch):
    happened = []

    class Pipe:
        """Either end of a process that answers at once."""

        def readline(self):
            happened.append("read")
            return "ready\n" if happened == ["read"] else "[]"

        def write(self, text):
            happened.append("write")

        def flush(self):
            happened.append("flush")

    class Process:
        stdin = stdout = Pipe()

    class Timer:
        def __init__(self, seconds, stop):
            happened.append(f"{seconds:g} s")

        def start(self):
            happened.append("start")

        def cancel(self):
            happened.append("cancel")

        def join(self):
            happened.append("join")

    monkeypatch.setattr(checking.threading, "Timer", Timer)
    assert checking._ask(Process(), {}, 7.0, Path("own.py")) == []
    assert happened == ["read", "7 s", "start", "write", "flush", "read", "cancel", "join"]


def test_the_process_speaks_utf_8_shows_no_windows_and_knows_the_learners_environment(monkeypatch):
    calls = []
    monkeypatch.setattr(checking.subprocess, "Popen", lambda words, **options: calls.append((words, options)))
    monkeypatch.setenv("OF_THE_LEARNER", "kept")
    monkeypatch.setenv("MPLBACKEND", "TkAgg")
    checking._start()
    ((words, options),) = calls
    assert words == [sys.executable, "-m", "mtl_teach.learn.terminal.checking"]
    assert (options["text"], options["encoding"]) == (True, "utf-8")
    assert (options["stdin"], options["stdout"]) == (subprocess.PIPE, subprocess.PIPE)
    assert options["start_new_session"] is True  # Ctrl+C must not reach it, or it answers with a traceback
    wanted = {"PYTHONIOENCODING": "utf-8", "MPLBACKEND": "Agg", "OF_THE_LEARNER": "kept"}
    assert {name: options["env"][name] for name in wanted} == wanted


# ---- inside the process ------------------------------------------------------------------------------------------

TWO = "source_exercise_2"  # an exercise of two plain variables, j_at_002 and j_at_010


def result_of(exercise: str, names: dict, errors: dict, cells: Sequence = ()) -> dict:
    return checking._result(exercises.load(exercise), names, errors, cells)


def test_what_is_missing_is_told_with_the_last_cell_that_stopped_before():
    errors = {"one": ("NameError", "name 'x' is not defined"), "two": ("ValueError", "too small")}
    checks = result_of("masked_mean", {}, errors)["result"]["checks"]
    told = [check["summary"] for check in checks if check["verdict"] == "student_error"]
    assert told
    for summary in told:
        assert summary.endswith(" Before that, cell two stopped with ValueError: too small")
    assert not any("Before that" in check["summary"] for check in checks if check["verdict"] != "student_error")


def test_a_stub_of_plain_variables_is_not_begun():
    checks = result_of(TWO, {}, {"answer": ("NotImplementedError", "not written yet")})["result"]["checks"]
    assert {(check["summary"], check["cause"]) for check in checks} == {(STUB_LEFT, Cause.NOT_STARTED)}


def test_an_answer_that_is_all_there_is_judged_whatever_stopped_elsewhere():
    import torch

    names = {"torch": torch}
    exec(RIGHT, names)
    found = result_of("masked_mean", names, {"own": ("NotImplementedError", "mine")}, [("a", RIGHT)])
    assert found["result"]["score"] == found["result"]["max_score"]
    assert found["answer"] == RIGHT


def test_of_two_variables_the_first_one_that_is_missing_is_named():
    def told(**names):
        return " ".join(check["summary"] for check in result_of(TWO, names, {})["result"]["checks"])

    assert "`j_at_002` is not defined" in told(j_at_010=1.0)
    assert "`j_at_010` is not defined" in told(j_at_002=1.0)
    assert "is not defined" not in told(j_at_002=1.0, j_at_010=1.0)


def test_a_file_is_run_cell_by_cell_and_checked_on_the_way(tmp_path, capfd):
    cells = [
        ("setup", "import torch\nfrom autograder import check\nfrom mtl_teach.learn import quiz"),
        ("wrong", WRONG),
        ("ask", 'check("masked_mean", masked_mean)\nprint("not an answer: [1, 2]")'),
        ("right", RIGHT),
        ("stops", "1 / 0"),
        ("ask-2", 'check("loss_shares", loss_shares)\nquiz("05")'),
        ("twice", "here"),
        ("ask-3", 'check("delta_m", delta_m)'),
        ("total", "total_loss = 2.05"),
    ]
    asked = {"masked_mean": 2, "loss_shares": 5, "delta_m": 7}
    with Checker() as checker:
        found = checker.check(Script(tmp_path / "own.ipynb", tuple(cells), asked), [*asked, "source_exercise_1"])
    wrong, shares, delta, total = found
    assert [one.result["exercise"] for one in found] == ["masked_mean", "loss_shares", "delta_m", "source_exercise_1"]
    assert wrong.result["misconception"] == "divides_by_batch_size"  # as it was when the file checked it
    assert "cell stops stopped with ZeroDivisionError: division by zero" in json.dumps(shares.result)
    assert "cell twice stopped with NameError: name 'here' is not defined" in json.dumps(delta.result)
    assert total.result["score"] == total.result["max_score"]
    assert total.answer == "total_loss = 2.05"
    printed = capfd.readouterr()
    assert (printed.out, printed.err.strip()) == ("", "not an answer: [1, 2]")


def test_a_notebook_that_shows_personal_numbers_is_checked_by_them(tmp_path):
    right = next(iter(exercises.load("source_exercise_1").for_student("ada").alternatives.values()))()
    cells = [
        ("own", 'from autograder import variant\nvariant("source_exercise_1", "ada")'),
        ("a", f"total_loss = {right}"),
    ]
    with Checker() as checker:
        (own,) = checker.check(Script(tmp_path / "own.ipynb", tuple(cells), {}), ["source_exercise_1"])
        (published,) = checker.check(Script(tmp_path / "own.ipynb", tuple(cells[1:]), {}), ["source_exercise_1"])
    assert (own.result["score"], published.result["score"]) == (2.0, 0.0)
