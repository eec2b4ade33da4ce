"""One worker answers for one namespace; what it disturbs is put back, and what it leaves is removed."""

import json
import os
import socket
import subprocess
import sys
import types
import warnings

import numpy as np
import pytest
import torch

from autograder.engine.inside import channel, worker, zygote
from autograder.engine.inside.worker import Worker, fresh_namespace, inert_module
from autograder.engine.inside.zygote import block, wipe


def cell(source, worker=None):
    return (worker or Worker(fresh_namespace())).handle({"op": "cell", "source": source, "name": "one"})


def call(source, *args, **more):
    worker = Worker(fresh_namespace())
    cell(source, worker)
    return worker.handle({"op": "call", "entries": ["answer"], "args": list(args), **more})


# ---- requests --------------------------------------------------------------------------------------------------


def test_a_cell_defines_what_a_call_uses():
    assert call("def answer(x):\n    return x + 1", 1)["value"] == 2


def test_a_call_may_report_its_arguments_as_it_left_them():
    assert call("def answer(x):\n    x.append(2)\n    return 0", [1], after=True)["value"] == (0, ([1, 2],))


def test_plain_variables_are_answers_too():
    worker = Worker({"a": 1, "b": 2})
    request = {"op": "call", "entries": ["a", "b"], "args": [], "values": True}
    assert worker.handle(request)["value"] == (1, 2)


def test_a_scenario_runs_beside_the_answer():
    worker = Worker({"double": lambda x: 2 * x})
    request = {
        "op": "scenario",
        "entries": ["double"],
        "args": [3],
        "function": "twice",
        "source": "def twice(answer, x):\n    return answer(answer(x))",
    }
    assert worker.handle(request)["value"] == 12


def test_a_missing_answer_is_named():
    response = Worker({}).handle({"op": "call", "entries": ["answer"], "args": []})
    assert (response["error"], response["message"]) == ("Missing", "`answer` is not defined")


@pytest.mark.parametrize(
    ("source", "tag", "message"),
    [
        ("{}['price']", "KeyError", "'price'"),
        ("class Own(ValueError): pass\nraise Own('odd')", "ValueError", "odd"),
        ("class Own(Exception): pass\nraise Own('odd')", "Other", "Own: odd"),
        ("import sys; sys.exit(0)", "Exit", "the code ended the program"),
        ("exit()", "Exit", "the code ended the program"),
        ("def", "SyntaxError", "invalid syntax"),
        ("class Own(Exception):\n    def __str__(self): 1 / 0\nraise Own", "Other", "could not be read"),
    ],
    ids=["KeyError", "a subclass", "an own class", "sys.exit", "exit", "syntax", "an unreadable message"],
)
def test_an_exception_crosses_as_one_of_a_closed_set_of_names(source, tag, message):
    response = cell(source)
    assert response["error"] == tag
    assert message in response["message"]


def test_an_exception_names_the_learners_line():
    assert "(line 2: `raise ValueError(1)`)" in cell("\nraise ValueError(1)")["message"]


def test_what_is_printed_comes_back_and_no_more_than_the_limit():
    assert cell("import sys\nprint('out')\nprint('err', file=sys.stderr)")["printed"] == "out\nerr\n"
    assert len(cell("print('x' * 10**6)")["printed"]) == worker.MAX_PRINTED


def test_an_answer_too_large_is_an_error_of_the_answer():
    response = call("def answer():\n    return [0] * 10**6")
    assert response["error"] == "Other"
    assert "output too large" in response["message"]


def test_what_an_answer_disturbs_is_put_back():
    source = """
import warnings
import numpy as np, torch
def answer():
    np.random.seed(1); torch.manual_seed(1)
    torch.set_default_dtype(torch.float64); torch.set_grad_enabled(False)
    np.seterr(all="raise"); warnings.simplefilter("error"); torch.set_num_threads(2)
    return 0
"""
    before = np.random.get_state()[1].tolist(), torch.get_rng_state().tolist(), torch.get_num_threads()  # noqa: NPY002
    filters = list(warnings.filters)
    assert call(source)["value"] == 0
    after = np.random.get_state()[1].tolist(), torch.get_rng_state().tolist(), torch.get_num_threads()  # noqa: NPY002
    assert after == before
    assert torch.get_default_dtype() is torch.float32
    assert torch.is_grad_enabled()
    assert np.geterr()["divide"] == "warn"
    assert warnings.filters == filters


def test_data_becomes_live_copies():
    array = np.ones(2)
    live = worker.as_live([channel.Tensor(array, grad=True), {"a": (array,)}])
    assert live[0].requires_grad
    live[1]["a"][0][0] = 5
    assert array.tolist() == [1, 1]


# ---- what stands in for our modules ----------------------------------------------------------------------------


def test_feedback_is_inert_beside_a_submission():
    module = inert_module("autograder", ("check",))
    assert module.check("masked_mean", print) is None
    assert module.examples(1, two=2) is None
    with pytest.raises(AttributeError, match="has no attribute '__wrapped__'"):
        _ = module.__wrapped__


def test_a_notebooks_own_names_do_nothing():
    assert "error" not in cell("get_ipython().run_line_magic('time', '')\ndisplay(1)\nassert input('?') == ''")


def test_a_taught_function_is_blocked_wherever_it_was_imported(monkeypatch):
    def taught():
        return "the answer"

    home, elsewhere = types.ModuleType("mtl_teach.home"), types.ModuleType("mtl_teach.elsewhere")
    home.taught, elsewhere.alias = taught, taught
    monkeypatch.setitem(sys.modules, "mtl_teach.home", home)
    monkeypatch.setitem(sys.modules, "mtl_teach.elsewhere", elsewhere)
    zygote.places_of.cache_clear()
    block(["mtl_teach.home.taught", "mtl_teach.home.unknown", "mtl_teach.nowhere.taught"])
    zygote.places_of.cache_clear()
    for function in (home.taught, elsewhere.alias):
        with pytest.raises(RuntimeError, match=r"mtl_teach.home.taught is what this exercise asks you to write"):
            function()


LATE = """
import sys
from autograder.engine.inside import zygote
zygote.BlockLater.forbidden = ("mtl_teach.metrics.delta_m", "mtl_teach.pareto.is_non_dominated")
sys.meta_path.insert(0, zygote.BlockLater)
from mtl_teach import metrics, pareto
import mtl_teach
for taught in (metrics.delta_m, pareto.is_non_dominated):
    try:
        taught()
    except RuntimeError as refused:
        print(refused)
print(callable(pareto.hypervolume), mtl_teach.__version__)
"""


def test_a_taught_function_is_blocked_also_where_the_library_is_imported_after_the_fork():
    done = subprocess.run([sys.executable, "-c", LATE], capture_output=True, text=True, cwd=os.getcwd(), check=True)
    first, second, rest = done.stdout.splitlines()
    assert first.startswith("mtl_teach.metrics.delta_m is what this exercise asks you to write")
    assert second.startswith("mtl_teach.pareto.is_non_dominated is what this exercise asks you to write")
    assert rest.startswith("True ")


def test_libraries_are_imported_by_name_with_what_they_import_late(monkeypatch):
    script = """
import sys
from autograder.engine.inside import zygote
transform = zygote.warm(())
print("torch" in sys.modules, "sklearn" in sys.modules, transform("%time x = 1\\n").startswith("get_ipython()"))
zygote.warm(("torch", "unknown"))
print(sys.modules["torch"].get_num_threads(), "torch._dynamo" in sys.modules, "mtl_teach.losses" in sys.modules)
zygote.warm(("mtl_teach", "torch.optim"))
print("torch._dynamo" in sys.modules, "mtl_teach.losses" in sys.modules, "mtl_teach.learn" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=os.getcwd(), check=True)
    assert done.stdout.splitlines() == ["False False True", "1 False False", "True True False"]


DRAWS = {
    "normal": "np.random.randn(3).tolist()",
    "one of a pair": "np.random.randn()",
    "as many words as there are": "[np.random.bytes(4) and None for _ in range(1248)] and np.random.rand()",
    "seeded": "(np.random.seed(7), np.random.rand())[1]",
    "torch": "torch.rand(2).tolist()",
}


@pytest.mark.parametrize("kind", DRAWS)
def test_each_request_to_a_forked_worker_begins_at_the_same_random_numbers(kind):
    before = np.random.get_state()  # noqa: NPY002
    worker = zygote.ForkedWorker({}, None)
    source = f"import numpy as np, torch\ndef draw(): return {DRAWS[kind]}\ndef rest(): return np.random.rand()"
    worker.handle({"op": "cell", "source": source, "name": "cell"})

    def ask(name):
        payload = worker.handle({"op": "call", "entries": [name], "args": []})["value"].payload
        return channel.decode(payload)

    try:
        rest = ask("rest")
        first = ask("draw")
        assert ask("draw") == first
        assert ask("rest") == rest
        after = np.random.get_state()  # noqa: NPY002
        assert all(np.array_equal(one, other) for one, other in zip(before, after))
    finally:
        np.random.set_state(before)  # noqa: NPY002


# ---- what is left behind ---------------------------------------------------------------------------------------


def test_a_tree_of_any_depth_is_removed(tmp_path):
    (tmp_path / "file").write_text("x")
    os.symlink("/", tmp_path / "link")
    at = os.getcwd()
    os.chdir(tmp_path)
    for _ in range(1200):
        os.mkdir("d")
        os.chdir("d")
    os.chdir(at)
    wipe(str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_a_folder_closed_to_its_owner_is_removed(tmp_path):
    inner = tmp_path / "closed" / "inner"
    inner.mkdir(parents=True)
    (inner / "file").write_text("x")
    inner.chmod(0)
    inner.parent.chmod(0)
    wipe(str(tmp_path))
    assert os.listdir(tmp_path) == []


def test_what_a_link_points_to_stays(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").write_text("x")
    (tmp_path / "home").mkdir()
    os.symlink(outside, tmp_path / "home" / "link")
    wipe(str(tmp_path / "home"))
    assert (outside / "file").exists()


def test_too_many_files_end_the_zygote(tmp_path, monkeypatch):
    monkeypatch.setattr(zygote, "MAX_LEFT", 3)
    for number in range(4):
        (tmp_path / str(number)).touch()
    with pytest.raises(SystemExit, match="left too many files behind"):
        wipe(str(tmp_path))


def test_a_zygote_of_two_threads_refuses_to_fork(tmp_path, monkeypatch):
    monkeypatch.setattr(zygote, "warm", lambda names: None)
    monkeypatch.setattr(zygote.gc, "freeze", lambda: None)
    monkeypatch.setattr(zygote, "gather_memory", lambda: 0)
    monkeypatch.setattr(zygote, "threads", lambda: 2)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        socket.send_fds(ours, [json.dumps({"do": "fork"}).encode()], [])
        with pytest.raises(SystemExit, match="more than one thread: forking now could hang"):
            zygote.serve(theirs, {"scratch": str(tmp_path), "isolated": False, "outside": [], "libraries": []})


GATHER = """
from autograder.engine.inside import zygote
kept = bytearray(2**23)
done = zygote.gather_memory()
huge = [line for line in open("/proc/self/smaps_rollup") if line.startswith("AnonHugePages")]
print(done > 0, int(huge[0].split()[1]) > 0, len(kept))
"""


@pytest.mark.sandbox
def test_memory_is_gathered_where_the_kernel_can():
    done = subprocess.run([sys.executable, "-c", GATHER], capture_output=True, text=True, cwd=os.getcwd(), check=True)
    gathered, seen, size = done.stdout.split()
    assert gathered == seen
    assert int(size) == 2**23


def test_a_system_without_proc_gathers_nothing(monkeypatch):
    monkeypatch.setattr("builtins.open", lambda *args: (_ for _ in ()).throw(FileNotFoundError("/proc")))
    assert zygote.gather_memory() == 0
