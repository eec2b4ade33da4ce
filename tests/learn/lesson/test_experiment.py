"""A lesson's claims hold in its run, and would fail if the opposite were true."""

import numpy as np
import pytest
from IPython.display import Markdown

from mtl_teach.learn import claim, say, size
from mtl_teach.learn.lesson import experiment

GAIN = np.array([0.1, 0.2, 0.3])


def positive(gain):
    return gain.mean() > 0


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setenv("SMOKE", "1")


def test_a_claim_that_holds_is_said(capsys):
    claim("Sharing *helps*.", positive, GAIN)
    assert capsys.readouterr().out == "✓ Holds in this run: Sharing *helps*.\n"


def test_a_claim_that_does_not_hold_stops_the_lesson():
    with pytest.raises(AssertionError, match=r"“Sharing helps\.” does not hold in this run\."):
        claim("Sharing *helps*.", positive, -GAIN)


def test_a_difference_is_tried_with_its_sign_turned():
    with pytest.raises(AssertionError, match="cannot fail: it holds for the opposite"):
        claim("Sharing matters.", lambda gain: abs(gain.mean()) > 0.1, GAIN)


def test_two_methods_are_tried_with_their_names_exchanged():
    claim("A is better than B.", lambda a, b: (a > b).all(), GAIN, GAIN - 1)
    with pytest.raises(AssertionError, match="cannot fail"):
        claim("A is not B.", lambda a, b: (a != b).all(), GAIN, GAIN - 1)


def test_the_opposite_can_be_given():
    claim("They are equal.", np.isclose, 1.0, 1.0, opposite=(1.0, 1.5))
    with pytest.raises(AssertionError, match="cannot fail"):
        claim("They are equal.", np.isclose, 1.0, 1.0, opposite=(2.0, 2.0))


def test_every_entry_must_hold():
    with pytest.raises(AssertionError, match="does not hold"):
        claim("Each is positive.", lambda gain: gain > 0, np.array([0.1, -0.1]))


def test_a_short_run_looks_for_no_effect_but_for_what_is_exact(short, capsys):
    claim("Sharing helps.", positive, -GAIN)
    assert capsys.readouterr().out == ""
    with pytest.raises(AssertionError, match="does not hold"):
        claim("They are equal.", np.isclose, 1.0, 2.0, opposite=(1.0, 3.0), effect=False)


def test_a_short_run_is_smaller(short):
    assert size(8, short=2) == 2


def test_a_full_run_has_its_full_size(monkeypatch):
    monkeypatch.delenv("SMOKE", raising=False)
    assert size([10, 20], short=[10]) == [10, 20]


def test_in_a_notebook_a_sentence_is_markdown(monkeypatch):
    shown = []
    monkeypatch.setattr(experiment, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", shown.append)
    say("Rain is **22 %**.")
    assert [type(one) for one in shown] == [Markdown]
    assert shown[0].data == "Rain is **22 %**."
