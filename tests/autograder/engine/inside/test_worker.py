"""One worker answers requests about one namespace: what it says of an error, and how answers travel together."""

import numpy as np
import pytest

from autograder.engine.inside import channel, worker, zygote
from autograder.engine.inside.worker import Worker, as_live, fresh_namespace
from autograder.engine.inside.zygote import ForkedWorker


def cell(worker, source, name="one"):
    return worker.handle({"op": "cell", "source": source, "name": name})


def call(worker, *args, entries=("answer",), **more):
    return worker.handle({"op": "call", "entries": list(entries), "args": list(args), **more})


def fresh(source="", transform=None):
    worker = Worker(fresh_namespace(), transform)
    assert "error" not in cell(worker, source)
    return worker


# ---- cells ---------------------------------------------------------------------------------------------------------


def test_cells_share_their_names_and_belong_to_the_main_module():
    worker = fresh("x = 1")
    assert cell(worker, "print(x, __name__)") == {"value": None, "printed": "1 __main__\n"}


def test_a_cell_that_is_no_python_is_read_as_a_notebooks_and_other_cells_are_not():
    seen = []
    worker = fresh(transform=lambda source: seen.append(source) or "x = 5")
    assert "error" not in cell(worker, "x = 1")
    assert seen == []
    assert "error" not in cell(worker, "%time x = 2")
    assert seen == ["%time x = 2"]
    assert cell(worker, "print(x)")["printed"] == "5\n"


def test_what_is_no_python_either_way_is_a_syntax_error():
    assert cell(fresh(), "%time x = 2")["error"] == "SyntaxError"
    assert cell(fresh(transform=lambda source: source), "%time x = 2")["error"] == "SyntaxError"


def test_an_error_quotes_the_line_of_its_own_cell_also_where_that_was_read_as_a_notebooks():
    worker = fresh(transform=lambda source: "\n" + source.replace("%", "#"))
    cell(worker, "def answer():\n    return 1 / 0", "first")
    cell(worker, "x = 1\ny = 2", "second")
    assert call(worker)["message"] == "division by zero (line 2: `return 1 / 0`)"
    assert cell(worker, "%time\n[][3]", "third")["message"] == "list index out of range (line 3: `[][3]`)"
    cell(worker, "def answer():\n    x = 0\n    return 2 / x", "first")
    assert call(worker)["message"] == "division by zero (line 3: `return 2 / x`)"


def test_the_line_is_the_learners_deepest_one():
    source = "import json\ndef inner(text):\n    return json.loads(text)\ndef answer(text):\n    return inner(text)"
    assert call(fresh(source), "{")["message"].endswith(" (line 3: `return json.loads(text)`)")


def test_an_error_that_comes_from_no_cell_quotes_no_line():
    assert call(Worker({"answer": lambda: 1 / 0}))["message"] == "division by zero"


def test_a_long_line_and_a_long_message_are_cut():
    message = call(fresh(f"def answer():\n    raise ValueError('odd')  # {'x' * 500}"))["message"]
    assert message == f"odd (line 2: `{('raise ValueError(' + repr('odd') + ')  # ' + 'x' * 500)[:120]}`)"
    assert len(call(fresh("def answer():\n    raise ValueError('x' * 5000)"))["message"]) == worker.MAX_MESSAGE == 2000


@pytest.mark.parametrize(
    ("source", "tag", "message"),
    [
        ("raise KeyError('price', 2)", "KeyError", "'price', 2 (line"),
        ("raise KeyError", "KeyError", " (line"),
        ("raise ValueError", "ValueError", " (line"),
        ("raise StopIteration(3)", "StopIteration", "3 (line"),
        ("raise OSError('gone')", "Other", "OSError: gone (line"),
        ("raise UnicodeError('odd')", "ValueError", "odd (line"),
        ("class ValueError(Exception): pass\nraise ValueError('own')", "Other", "ValueError: own (line"),
        ("class Both(LookupError, TypeError): pass\nraise Both('odd')", "TypeError", "odd (line"),
        ("import missing_module", "ImportError", "No module named 'missing_module' (line"),
        ("assert False, 'no'", "AssertionError", "no (line"),
        ("def f(): f()\nf()", "RecursionError", "maximum recursion depth exceeded"),
        ("raise SystemExit(3)", "Exit", "the code ended the program with sys.exit or quit"),
        ("quit()", "Exit", "the code ended the program with sys.exit or quit"),
    ],
)
def test_an_exception_is_one_of_the_names_that_there_are(source, tag, message):
    response = cell(fresh(), source)
    assert response["error"] == tag
    assert response["message"].startswith(message)
    assert "value" not in response


def test_an_interrupt_is_nobodys_error():
    """In a notebook it is the learner who wants to stop."""
    with pytest.raises(KeyboardInterrupt):
        cell(fresh(), "raise KeyboardInterrupt")


def test_what_was_printed_comes_with_an_error_too_and_is_cut():
    response = cell(fresh(), "import sys\nprint('a')\nprint('b', file=sys.stderr)\n1 / 0")
    assert response["printed"] == "a\nb\n"
    response = cell(fresh(), "print('x' * 19_999, end='')\nprint('yz', end='')\nprint('more')")
    assert response["printed"] == "x" * 19_999 + "y"
    assert cell(fresh(), "import sys\nprint(sys.stdout.write('word'))")["printed"] == "word4\n"


def test_nothing_is_printed_before_or_after_a_request():
    worker = fresh("def answer(text):\n    print(text)")
    assert [call(worker, text)["printed"] for text in ("one", "two")] == ["one\n", "two\n"]


# ---- answers -------------------------------------------------------------------------------------------------------


def test_the_first_name_that_is_missing_is_told():
    response = call(Worker({"first": 1}), entries=("first", "second", "third"), values=True)
    assert (response["error"], response["message"]) == ("Missing", "`second` is not defined")


def test_values_come_in_the_order_in_which_they_are_asked_for():
    worker = Worker({"first": 1, "second": [2]})
    assert call(worker, entries=("second", "first"), values=True)["value"] == ([2], 1)
    assert call(worker, entries=("first",), values=True)["value"] == 1


def test_a_function_goes_by_its_first_name():
    worker = Worker({"one": lambda: 1, "two": lambda: 2})
    assert call(worker, entries=("one", "two"))["value"] == 1


def test_a_value_that_is_no_data_crosses_by_the_name_of_its_type_and_one_too_large_is_an_error():
    assert call(Worker({"answer": lambda: {1}}))["value"] == channel.Opaque("set")
    response = call(Worker({"answer": lambda: [0] * 300_000}))
    assert (response["error"], response["message"]) == ("Other", "output too large: more than 200000 items")


def test_arguments_are_told_as_the_call_left_them_only_where_asked():
    worker = Worker({"answer": lambda values: values.append(2)})
    assert call(worker, [1], after=True)["value"] == (None, ([1, 2],))
    assert call(worker, [1], after=False)["value"] is None


def scenario(worker, source, function, *args):
    request = {"op": "scenario", "entries": ["answer"], "source": source, "function": function, "args": list(args)}
    return worker.handle(request)


def test_a_scenario_is_read_once_and_each_source_apart():
    worker = Worker({"answer": lambda number: 2 * number})
    counting = "runs = [0]\ndef count(answer):\n    runs[0] += 1\n    return runs[0], __name__\n"
    assert [scenario(worker, counting, "count")["value"] for _ in range(2)] == [(1, "scenarios"), (2, "scenarios")]
    other = "def count(answer):\n    return answer(21)\n"
    assert scenario(worker, other, "count")["value"] == 42
    assert scenario(worker, counting, "count")["value"] == (3, "scenarios")
    assert "runs" not in worker.namespace


def test_a_scenario_needs_the_answer_too():
    response = scenario(Worker({}), "def never(answer): ...", "never")
    assert (response["error"], response["message"]) == ("Missing", "`answer` is not defined")


DRAWS = "import numpy as np, random\ndef answer():\n    return np.random.rand()"


def test_every_request_begins_at_the_same_random_numbers():
    worker = fresh(DRAWS)
    before = np.random.get_state()[1].tolist()  # noqa: NPY002 - the global state is what answers disturb
    first = call(worker)["value"]
    assert call(worker)["value"] == first
    assert "error" in cell(worker, "np.random.seed(3)\n1 / 0")
    assert call(worker)["value"] == first
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002


# ---- what is handed in ---------------------------------------------------------------------------------------------


def test_data_becomes_live_in_lists_tuples_and_dictionaries_and_each_time_anew():
    array = np.ones(2)
    value = [array, (array, {"a": array, "b": "text"}), None, 2.5]
    live = as_live(value)
    assert type(live[1]) is tuple
    assert live[1][1]["b"] == "text"
    assert live[2:] == [None, 2.5]
    for copy in (live[0], live[1][0], live[1][1]["a"]):
        copy[0] = 7.0
    assert array.tolist() == [1.0, 1.0]


def test_tensors_are_made_of_copies_and_record_gradients_where_asked():
    array = np.ones(2)
    plain, leaf = as_live((channel.Tensor(array), channel.Tensor(array, grad=True)))
    assert (plain.requires_grad, leaf.requires_grad) == (False, True)
    plain[0] = 5.0
    assert array.tolist() == [1.0, 1.0]
    assert str(plain.dtype) == "torch.float64"


def test_a_notebooks_names_are_there_and_do_nothing():
    names = fresh_namespace()
    assert names["__name__"] == "__main__"
    assert names["get_ipython"]().system("rm -rf .") is None
    assert names["display"](1, raw=True) is None
    assert (names["input"](), names["input"]("Sure? ")) == ("", "")
    assert names is not fresh_namespace()


# ---- answers that travel together ----------------------------------------------------------------------------------


class Clock:
    now = 100.0


@pytest.fixture
def sent(monkeypatch):
    """Ask a worker of its own process; give back the frames that it sends."""
    clock = Clock()
    monkeypatch.setattr("time.monotonic", lambda: clock.now)

    def ask(*answers, number=5):
        """Each answer is (bytes, seconds)."""

        def answer(size, seconds):
            clock.now += seconds
            return np.zeros(size, np.uint8)

        frames = []
        worker = ForkedWorker({"answer": answer})
        kinds = [{"op": "call", "entries": ["answer"]}, {"op": "call", "entries": ["nobody"]}]
        requests = [[0, list(one)] if one else [1, []] for one in answers]
        worker.answer({"id": number, "kinds": kinds, "requests": requests}, frames.append)
        frames = [channel.decode(frame) for frame in frames]
        assert [frame["id"] for frame in frames] == [number] * len(frames)
        return [[one["value"].size if "value" in one else one["error"] for one in frame["answers"]] for frame in frames]

    return ask


def test_quick_small_answers_come_in_one_frame_and_in_order(sent):
    assert sent((1, 0.0), (2, 0.0), None, (3, 0.0)) == [[1, 2, "Missing", 3]]
    assert sent((7, 0.0), number=2**50) == [[7]]


def test_a_frame_without_questions_has_no_answer(sent):
    assert sent() == []


def test_answers_that_took_long_do_not_wait_for_the_next(sent):
    assert sent((1, 0.0), (2, 0.03), (3, 0.0), (4, 0.0)) == [[1, 2], [3, 4]]
    assert sent((1, 0.011), (2, 0.011), (3, 0.011)) == [[1, 2], [3]]
    assert sent((1, 0.01), (2, 0.0099), (3, 0.0)) == [[1, 2, 3]]
    assert sent((1, 1.0), (2, 1.0)) == [[1], [2]]


def test_answers_too_large_to_travel_together_come_one_by_one(sent):
    half = zygote.MAX_TOGETHER // 2
    assert sent((half, 0.0), (half, 0.0), (1, 0.0)) == [[half], [half, 1]]
    assert sent((half - 100, 0.0), (half - 100, 0.0), (1, 0.0)) == [[half - 100, half - 100, 1]]
    assert sent((2**20, 0.0), (2**20, 0.0)) == [[2**20], [2**20]]
    assert sent((1, 0.0), (2**20, 0.0), (2, 0.0)) == [[1], [2**20], [2]]


def test_answers_that_come_apart_have_their_seconds_each(sent):
    half = zygote.MAX_TOGETHER // 2
    assert sent((half, 0.015), (half, 0.015), (1, 0.0)) == [[half], [half, 1]]
