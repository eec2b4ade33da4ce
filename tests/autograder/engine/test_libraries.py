"""What a text is going to import is guessed before a worker is forked; what the guess misses is imported in it."""

import pytest

from autograder.engine import libraries
from autograder.engine.inside import zygote
from autograder.engine.libraries import named_in


def test_the_names_are_those_that_a_zygote_knows_in_its_order():
    assert tuple(zygote.LIBRARIES) == libraries.ALL


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("import torch.nn.functional as F", ("torch",)),
        ("tensor([1.0, 2.0])", ("torch",)),
        ("from torch import optim", ("torch", "torch.optim")),
        ("torch.optim.Adam(model.parameters())", ("torch", "torch.optim")),
        ("from torch.testing import assert_close", ("torch", "torch.optim")),
        ("from autograder.testing import assert_close", ()),
        ("# the optimiser sees neither", ()),
        ("from scipy.optimize import minimize", ("scipy",)),
        ("from sklearn.dummy import DummyRegressor", ("scipy", "sklearn")),
        ("%matplotlib inline", ("matplotlib",)),
        ("from mtl_teach.training import train", libraries.ALL),
        ("architorchure = 1", ()),
    ],
)
def test_what_a_text_announces(text, named):
    assert named_in([text]) == named


def test_several_texts_announce_together():
    assert named_in(["import sklearn", "import torch"]) == ("scipy", "sklearn", "torch")
    assert named_in([]) == ()
