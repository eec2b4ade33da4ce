"""Equal behaviours have one fingerprint, whatever the code, the container or the backend; others have others."""

import numpy as np
import pytest

from autograder.engine.inside.channel import Opaque, Tensor
from autograder.engine.outcome import AnswerError
from autograder.engine.sandbox import Sandbox
from autograder.engine.session import Session
from autograder.judging.answers import LocalAnswer, RemoteAnswer
from autograder.judging.diagnosis import as_numbers, behaviour
from autograder.judging.fingerprint import fingerprint_of
from autograder.testing import probe
from tests.handmade import handmade, publish

NAN, INF = float("nan"), float("inf")


def of(*outcomes):
    return fingerprint_of(tuple(map(as_numbers, outcomes)))


def test_it_is_short_and_made_of_hexadecimal_digits():
    assert len(of(1.0)) == 12
    assert int(of(1.0), 16) >= 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (0.5, 0.5 + 1e-6),
        (0.0625, np.nextafter(0.0625, 0)),
        (0.3125, np.float32(0.3125) * np.float32(1 - 1e-7)),
        (999.9999999, 1000.0),
        (1000, np.float32(1000.0)),
        (0.0, -0.0),
        (1e-310, 0.0),
        ([1000.0, 1e-9], [1000.0, 0.0]),
        ([1000.0, -1e-9], (1000.0, 0.0)),
        (Tensor(np.array([1.0, 2.0])), [1, 2]),
        (True, np.float64(1.0)),
        (NAN, np.array(-NAN)),
        ([INF, -INF, NAN, 1.0], np.array([INF, -INF, NAN, 1.0])),
        (AnswerError("KeyError", "a"), AnswerError("KeyError", "b")),
        ({"a": 1.0, "b": [1, 2]}, {"b": np.array([1.0, 2.0]), "a": 1}),
        ({1: 0.5}, {1.0: 0.5}),
        ((1.0, [2.0, 3.0]), [1.0, (2.0, 3.0)]),
        ([], ()),
        (None, None),
        (Opaque("set"), Opaque("set")),
    ],
    ids=repr,
)
def test_what_differs_by_rounding_container_or_dtype_has_one_fingerprint(one, other):
    assert of(1.0, one) == of(1.0, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1.0, 1.01),
        (1.0, -1.0),
        (1.0, 10.0),
        (1e300, 1e-300),
        (1.0, [1.0]),
        ([1.0, 2.0], [2.0, 1.0]),
        ([1.0, 2.0], [[1.0, 2.0]]),
        ([1000.0, 0.0], [1000.0, 1.0]),
        (NAN, INF),
        (INF, -INF),
        (NAN, 0.0),
        (INF, 2.0),
        (AnswerError("KeyError"), AnswerError("ValueError")),
        (AnswerError("KeyError"), "error KeyError"),
        (None, 0.0),
        (None, []),
        ("A", "B"),
        ("1", 1),
        ({"a": 1.0}, {"b": 1.0}),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}),
        ({"a": 1.0}, ["a", 1.0]),
        ((1.0, [2.0, None]), (1.0, 2.0, None)),
        (Opaque("set"), Opaque("dict")),
        (Opaque("set"), "set"),
    ],
    ids=repr,
)
def test_other_behaviours_have_other_fingerprints(one, other):
    assert of(1.0, one) != of(1.0, other)


def test_which_probe_had_which_outcome_counts():
    assert of(1.0, 2.0) != of(2.0, 1.0)
    assert of(1.0, [2.0, 3.0]) != of([1.0, 2.0], 3.0)
    assert of(1.0) != of(1.0, 1.0)


def test_an_answer_that_came_too_late_has_none():
    """When it was stopped says something of the machine."""
    assert of(1.0, AnswerError("Timeout")) == ""


SAME_MISTAKE = {
    "a loop": """
def answer(values):
    total = 0.0
    for value in values:
        total += float(value) ** 2
    return total / (len(values) - 1)
""",
    "NumPy": """
import numpy as np
def answer(values):
    return np.square(values).sum() / (np.size(values) - 1)
""",
    "torch": """
import torch
def answer(values):
    values = torch.as_tensor(values, dtype=torch.float32)
    return (values @ values / (len(values) - 1)).double()
""",
}
ANOTHER = {
    "all": "def answer(values):\n    return sum(v * v for v in values) / len(values)\n",
    "no squares": "def answer(values):\n    return sum(values) / (len(values) - 1)\n",
    "an error": "def answer(values):\n    return None / len(values)\n",
    "a vector": "def answer(values):\n    return values ** 2 / (len(values) - 1)\n",
}


def is_a_mean_square(student, rng):
    """The mean square comes back."""


@pytest.fixture
def mean_square(monkeypatch):
    rng = np.random.default_rng(3)
    made = handmade(is_a_mean_square, probes=[probe(rng.normal(size=size)) for size in (2, 3, 5, 8)])
    publish(monkeypatch, made)
    return made


@pytest.fixture(scope="module")
def zygote():
    with Sandbox() as warm:
        yield warm


def here(exercise, source):
    names = {}
    exec(source, names)
    return fingerprint_of(behaviour(exercise, LocalAnswer.of(exercise, names["answer"])))


def in_a_worker(exercise, source, zygote):
    with Session(zygote, [("answer", source)], []) as session:
        return fingerprint_of(behaviour(exercise, RemoteAnswer(exercise, session)))


def test_one_mistake_in_other_code_has_one_fingerprint_on_both_backends(mean_square, zygote):
    found = {style: here(mean_square, source) for style, source in SAME_MISTAKE.items()}
    found |= {f"{style}, sandboxed": in_a_worker(mean_square, text, zygote) for style, text in SAME_MISTAKE.items()}
    assert len(set(found.values())) == 1, found


def test_other_mistakes_have_each_their_own(mean_square):
    found = {name: here(mean_square, text) for name, text in ANOTHER.items()}
    found["the first"] = here(mean_square, SAME_MISTAKE["a loop"])
    assert len(set(found.values())) == len(found), found
