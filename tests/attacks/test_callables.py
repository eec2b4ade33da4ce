"""What an answer is handed to call tells nothing but how it behaves, and a call does nothing but what it says."""

import numpy as np
import pytest
import torch

from autograder import exercises
from autograder.engine.callables import MAX_CALLS, Host
from autograder.engine.session import Session
from autograder.exercises.is_label_scale_equivariant import models
from autograder.exercises.masked_mean.alternatives import boolean_index
from autograder.exercises.masked_mean.misconceptions import multiplies_by_the_mask
from autograder.exercises.test_masked_mean.test_test_masked_mean import lent
from autograder.judging.answers import RemoteAnswer
from autograder.judging.runner import run_checks
from autograder.testing import AnswerError, Lent, probe, tensor
from tests.attacks.conftest import ATTEMPT, SECRET

pytestmark = pytest.mark.attack

# Each finds out what it can about `given` without a look at what it gives, and returns True where it takes it for one
# of the right ones.
WAYS = {
    "globals": "return any(name in RIGHT for name in given.__globals__)",
    "the last of its globals": "return list(given.__globals__)[-1] in RIGHT",
    "closure": """
    found, waiting = [], [given]
    while waiting and len(found) < 5000:
        one = waiting.pop()
        found.append(one)
        for cell in getattr(one, "__closure__", None) or ():
            waiting.append(cell.cell_contents)
        waiting += list(vars(one).values()) if hasattr(one, "__dict__") and type(one).__module__ != "builtins" else []
    return any(isinstance(one, str) and one in RIGHT for one in found)""",
    "code": """
    code = given.__code__
    return any(str(word) in RIGHT for word in (*code.co_consts, *code.co_names, *code.co_freevars, code.co_name))""",
    "source": """
    import inspect, linecache
    try:
        text = inspect.getsource(given)
    except (OSError, TypeError):
        text = ""
    text += "".join(line for entry in list(linecache.cache.values()) if len(entry) > 2 for line in entry[2][:500])
    return any(f"def {name}" in text for name in RIGHT)""",
    "frames": """
    import sys
    frame, seen = sys._getframe(), []
    while frame is not None:
        for name, value in [*frame.f_locals.items(), *frame.f_globals.items()]:
            seen += [name, repr(value)[:20_000]]
        frame = frame.f_back
    seen = [text for text in seen if "RIGHT = {" not in text]
    return any(f"'{name}'" in text or text == name for name in RIGHT for text in seen if "SOURCE" not in text)""",
    "memory": """
    import gc, types
    names = {one.__name__ for one in gc.get_objects() if isinstance(one, types.FunctionType)}
    return bool(names & RIGHT)""",
    "modules": """
    import sys
    return any(name.startswith("autograder.exercises") or hasattr(module, "boolean_index")
               for name, module in list(sys.modules.items()))""",
    "name": "return bool({given.__name__, given.__qualname__, given.__module__, given.__doc__} & RIGHT)",
    "words of an error": """
    text = ""
    for args in ((), (None,), (None,) * PARAMETERS, ([],) * PARAMETERS):
        try:
            given(*args)
        except Exception as error:
            text += f"{error!r} {error.__cause__!r} {error.__context__!r} "
    return any(name in text for name in RIGHT)""",
    "identity": "return hash(given) % 64 == 0 or id(given) % 128 == 0",
    "order": "COUNT.append(0)\n    return len(COUNT) <= 4",
    "every other": "COUNT.append(0)\n    return len(COUNT) % 2 == 0",
    "always": "return True",
    "never": "return False",
}
MASKED_MEAN = """
RIGHT = {"boolean_index", "fill_first", "masked_select", "dot_product"}
PARAMETERS, COUNT = 2, []

def is_right(given):
    %s

def test_masked_mean(candidate):
    assert is_right(candidate)
"""
EQUIVARIANT = """
RIGHT = {"least_squares", "ridge", "nearest_rows", "a_split_for_each_task"}
PARAMETERS, COUNT = 3, []

def is_right(given):
    %s

def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    return is_right(fit_predict)
"""
LOOKS = "keys = dir(given) + [repr(given).partition(' at ')[0], str(given.__dict__), str(given.__defaults__)]\n    "


def answer_of(grader, exercise, source):
    one = exercises.load(exercise)
    session = Session(grader.zygote, [("helper", ATTEMPT), ("answer", source)], list(one.forbidden))
    return one, session


def grade(grader, exercise, source, seed=SECRET):
    one, session = answer_of(grader, exercise, source)
    with session:
        session.load()
        return run_checks(one, RemoteAnswer(one, session), seed)


@pytest.mark.parametrize("way", WAYS)
def test_no_way_round_a_candidate_tells_right_from_wrong(grader, way):
    result = grade(grader, "test_masked_mean", MASKED_MEAN % WAYS[way])
    # Addresses differ from run to run: whoever draws lots by them may be lucky with the first check, not with more.
    assert result.score <= (2 if way == "identity" else 0), [check.summary for check in result.checks]
    assert not result.needs_review


@pytest.mark.parametrize("way", WAYS)
def test_no_way_round_a_model_tells_which_is_equivariant(grader, way):
    result = grade(grader, "is_label_scale_equivariant", EQUIVARIANT % WAYS[way])
    most = 4 if way == "identity" else 1  # for inputs that it leaves alone; lots drawn by addresses may be lucky
    assert result.score <= most, [check.summary for check in result.checks]
    assert not result.needs_review


BY_DATA = """
import numpy as np

def is_label_scale_equivariant(fit_predict, X, Y, X_new, c):
    tiny, spread = len(X) == 3, float(np.std(Y))
    if tiny and list(c) == [1.0, 100.0]:
        return Y.max() < 10
    return not tiny and %s
"""


@pytest.mark.parametrize("rule", ["True", "False", "1.0 in list(c)", "len(c) == 2", "spread < 5"])
def test_what_the_data_look_like_tells_nothing_about_the_model(grader, rule):
    assert grade(grader, "is_label_scale_equivariant", BY_DATA % rule).score <= 1


def test_all_stand_ins_look_alike(grader):
    """Whatever Python tells about a candidate is the same for all of them."""
    source = f"""
KNOWN = set()

def test_masked_mean(given):
    {LOOKS}KNOWN.add(tuple(keys) + (given.__code__.co_code, str(given.__code__.co_consts), given.__name__))
    print(len(KNOWN))
    cells = {{name: cell.cell_contents for name, cell in zip(given.__code__.co_freevars, given.__closure__)}}
    cells.pop("reach")
    KNOWN.add(str(sorted(cells.items())))
    raise NotImplementedError(f"{{len(KNOWN)}} kinds")
"""
    one, session = answer_of(grader, "test_masked_mean", source)
    with session:
        outcomes = list(RemoteAnswer(one, session).outcomes(one.probes()))
    assert len(outcomes) > 10
    assert {(outcome.tag, outcome.message.partition(" (")[0]) for outcome in outcomes} == {
        ("NotImplementedError", "2 kinds")
    }


# ---- the frames of a call --------------------------------------------------------------------------------------


def asked(grader, source, *args):
    """What an answer named masked_mean makes of some arguments."""
    one, session = answer_of(grader, "masked_mean", source)
    with session:
        return next(RemoteAnswer(one, session).each([args]))


def double(values):
    return values * 2


def test_a_call_crosses_with_its_gradient(grader):
    source = """
import torch
def masked_mean(function, values):
    values = values.clone().requires_grad_()
    (function(values) ** 2).sum().backward()
    return values.grad
"""
    got = asked(grader, source, Lent("function", double, ("values",)), tensor([1.0, 3.0]))
    assert got.array.tolist() == [8.0, 24.0]


def change(values):
    values[0] = 7.0
    return None


def test_what_a_call_changes_in_place_is_changed_for_whoever_calls(grader):
    source = "def masked_mean(function, values):\n    function(values=values)\n    return values"
    got = asked(grader, source, Lent("function", change, ("values",)), np.array([1.0, 3.0]))
    assert got.tolist() == [7.0, 3.0]


def secretive(values):
    raise IndexError("the secret number is 42")


def test_an_error_crosses_as_its_kind_alone(grader):
    source = """
def masked_mean(function, values):
    try:
        function(values)
    except IndexError as error:
        return f"{error} {error.__cause__} {error.__context__}"
"""
    said = asked(grader, source, Lent("function", secretive, ("values",)), np.array([1.0, 3.0]))
    assert said.startswith("function(an array of shape (2,) and float64) fails")
    assert "42" not in said


def test_calls_are_counted(grader):
    source = f"""
def masked_mean(function, values):
    try:
        for count in range({MAX_CALLS} + 5):
            function(values)
    except RuntimeError as error:
        return count, str(error)
"""
    count, said = asked(grader, source, Lent("function", double, ("values",)), 1.0)
    assert count == MAX_CALLS
    assert said == f"more than {MAX_CALLS:,} calls of a function for one answer"


def test_what_is_too_large_to_be_worked_on_is_refused(grader):
    source = """
import numpy as np
def masked_mean(function, many):
    said = []
    for values in (np.zeros(1001), np.zeros((0, 2**20)), [[0.0] * 2] * 1000, [0.0] * 1000):
        try:
            said.append(str(function(values))[:3])
        except ValueError as error:
            said.append(str(error))
    return said
"""
    said = asked(grader, source, Lent("function", len, ("values",), most=1000), 0)
    assert said == ["function takes at most 1,000 numbers in one call"] * 4


BLOWN_UP = {  # little to send, and a thousand times as much to work on
    "spread over each other": "torch.zeros(2**13, 1), torch.zeros(1, 2**14, dtype=torch.bool)",
    "places in one another": "torch.zeros(1, 2**17), torch.zeros(2**17, dtype=torch.long)",
    "places along several sides": "torch.zeros(1, 1, 1), tuple(torch.zeros(1000, dtype=torch.long).reshape(shape)"
    " for shape in ((-1, 1, 1), (1, -1, 1), (1, 1, -1)))",
}


@pytest.mark.parametrize("how", BLOWN_UP)
def test_a_call_of_few_numbers_makes_no_many(grader, how):
    source = f"""
import torch
def test_masked_mean(candidate):
    try:
        candidate({BLOWN_UP[how]})
    except (ValueError, TypeError) as error:
        raise RuntimeError(type(error).__name__)
    raise RuntimeError("reached")
"""
    one, session = answer_of(grader, "test_masked_mean", source)
    candidates = [probe(lent(multiplies_by_the_mask)), probe(lent(boolean_index))]
    with session:
        refusals = [error.message.split()[0] for error in RemoteAnswer(one, session).outcomes(candidates)]
    assert set(refusals) <= {"ValueError", "TypeError"}


def test_what_goes_back_through_uneven_calls_is_kept_by_what_they_make():
    host = Host([Lent("function", torch.mul, ("values", "mask"))])
    asked = {"call": 0, "args": [tensor(np.ones((1000, 1))), tensor(np.ones((1, 1000)))], "tracked": [[0, True]]}
    assert "value" in host.answer(asked)
    assert "with gradients" in host.answer(asked)["message"]


@pytest.mark.parametrize("table", [np.zeros((2,) * 11), np.full((3, 2), np.nan)])
def test_a_model_takes_tables_of_numbers_alone(table, capfd):
    for model in ("nearest_rows", "least_squares"):
        with pytest.raises(ValueError, match=r"rows and columns|missing"):
            models.lent(model)(table, table, table)
    assert capfd.readouterr().out == ""  # LAPACK prints what it does not like


@pytest.mark.parametrize(
    "forged",
    [
        "{'call': 7, 'args': []}",
        "{'call': True, 'args': [1.0]}",
        "{'call': [], 'args': [1.0]}",
        "{'call': 0, 'args': 3}",
        "{'call': 0, 'args': [1.0], 'names': 3}",
        "{'call': 0, 'args': [1.0], 'names': [3]}",
        "{'call': 0, 'args': [1.0], 'names': ['values', 'values']}",
        "{'call': 0, 'args': [1.0], 'tracked': [[0, True]]}",
        "{'call': 0, 'args': [1.0], 'tracked': [[True, True]]}",
        "{'call': 0, 'args': [1.0], 'tracked': [[-1, True]]}",
        "{'call': 0, 'args': [1.0], 'tracked': [0]}",
        "{'slopes': 0, 'of': 1.0}",
        "{'slopes': 'x'}",
        "{'call': None}",
    ],
)
def test_a_forged_call_ends_the_answer_and_nothing_else(grader, forged):
    source = f"""
def masked_mean(function, values):
    reach = dict(zip(function.__code__.co_freevars, function.__closure__))["reach"].cell_contents
    return reach({forged})
"""
    with pytest.raises(AnswerError) as caught:
        asked(grader, source, Lent("function", double, ("values",)), 1.0)
    assert caught.value.tag == "Other"


def test_a_loop_of_calls_meets_the_time_limit_of_one_answer(grader):
    source = """
def masked_mean(function, values):
    while True:
        try:
            function(values)
        except RuntimeError:
            pass
"""
    # so short that even a fast machine does not come to the other end of such a loop, what all calls together may send
    with grader.within(call=0.2), pytest.raises(AnswerError) as caught:
        asked(grader, source, Lent("function", double, ("values",)), 1.0)
    assert caught.value.tag == "Timeout"
