"""The arithmetic of what attacks gain and cost."""

from dataclasses import replace

import pytest

from tests.attacks.test_attacks import ATTACKS
from tests.bench import hostile
from tests.bench.hostile import Attempt, Summary, as_text, summary_of

FAIR = Attempt("fair", score=1.0, fair=1.0, seconds=2.0, neighbour=0.2, alone=0.25)


def test_attacks_that_come_to_nothing_are_good():
    summary = summary_of([FAIR, replace(FAIR, name="less", score=0.0)], longest=300.0)
    assert summary == Summary(2, (), (), (), (), 2.0, 0.0)
    assert summary.good
    assert as_text(summary, [FAIR]).startswith("2 attempts, 0 gains, 0 leaks, 0 stops; the slowest took 2.0 s")


@pytest.mark.parametrize(
    ("changed", "where", "said"),
    [
        ({"score": 1.5}, "gains", "gain: bad got 1.5 instead of 1"),
        ({"leaks": ("0.123456",)}, "leaks", "leak: bad: 0.123456"),
        ({"stopped": "for review"}, "stops", "stop: bad: for review"),
        ({"seconds": 300.5}, "too_long", "too long: bad took 300 s"),
    ],
)
def test_whatever_is_not_as_it_should_be_is_named(changed, where, said):
    bad = replace(FAIR, name="bad", **changed)
    summary = summary_of([FAIR, bad], longest=300.0)
    assert getattr(summary, where) == ("bad",)
    assert not summary.good
    assert said in as_text(summary, [FAIR, bad])


def test_what_others_lose_is_how_much_later_they_were_and_nobody_gains_it_back():
    slow = [replace(FAIR, neighbour=neighbour) for neighbour in (0.05, 0.75, 1.25)]
    assert summary_of(slow, longest=300.0).seconds_lost_by_others == pytest.approx(1.5)
    assert summary_of([], longest=300.0) == Summary(0, (), (), (), (), 0.0, 0.0)


@pytest.mark.parametrize(("score", "code"), [(1.0, 0), (2.0, 1)])
def test_the_exit_code_says_whether_all_is_well(monkeypatch, capsys, score, code):
    asked = []
    monkeypatch.setattr(hostile, "attempts", lambda names: asked.extend(names) or [replace(FAIR, score=score)])
    monkeypatch.setattr("sys.argv", ["hostile", "--json"])
    assert hostile.main() == code
    assert sorted(asked) == sorted(ATTACKS)
    assert '"attempts": 1' in capsys.readouterr().out
