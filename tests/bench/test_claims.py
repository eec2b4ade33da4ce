import json
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.model_selection import train_test_split

import mtl_teach.learn
from tests.bench import claims

LESSON = """
import numpy as np
import torch
from mtl_teach.learn import claim, say

draw = np.random.default_rng(0).normal()
other = torch.randn((), generator=torch.Generator().manual_seed(0)).item()
say("printed, and kept to itself")
claim("The draw is what it is.", lambda x: x == draw, draw, effect=False)
claim("The draw is above 0.", lambda x: x > 0, draw)
claim("Both draws are above -9.", lambda x: x > -9, torch.tensor([draw, other]))
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    path = tmp_path / "01_tiny.py"
    path.write_text(LESSON, encoding="utf-8")
    return path


def drawn(seed: object) -> list[float]:
    left, right = train_test_split(np.arange(30), random_state=seed)
    torch_draw = torch.randn(3, generator=torch.Generator().manual_seed(seed))
    return [*np.random.default_rng(seed).random(3), *np.random.RandomState(seed).rand(3), *left, *right, *torch_draw]


def test_every_kind_of_seed_moves_by_the_same_amount_and_back():
    before = drawn(7)
    with claims.moved_seeds(5):
        moved = drawn(2)
    assert moved == before == drawn(7)
    assert moved != drawn(2)


def test_a_list_of_seeds_moves_and_a_generator_stays_itself():
    generator = np.random.default_rng(0)
    with claims.moved_seeds(5):
        assert np.random.default_rng(generator) is generator
        moved = np.random.default_rng([1, 2]).random()
    assert moved != np.random.default_rng([1, 2]).random()


def test_a_lesson_is_run_with_moved_seeds_and_its_claims_are_kept(lesson, capsys):
    keeps = mtl_teach.learn.claim
    runs = [claims.run_moved(lesson, by) for by in range(8)]
    assert mtl_teach.learn.claim is keeps
    assert not capsys.readouterr().out
    assert [found["claim"] for found in runs[0]] == [
        "The draw is what it is.",
        "The draw is above 0.",
        "Both draws are above -9.",
    ]
    assert [found["effect"] for found in runs[0]] == [False, True, True]
    above = [bool(np.random.default_rng(by).normal() > 0) for by in range(8)]
    assert [run[1]["holds"] for run in runs] == above
    assert len(set(above)) == 2
    assert all(run[0]["holds"] and run[2]["holds"] for run in runs)


def test_a_run_that_stops_says_why(tmp_path):
    path = tmp_path / "02_broken.py"
    path.write_text("1 / 0\n", encoding="utf-8")
    assert claims.one_run(path, 5) == {"by": 5, "error": "ZeroDivisionError: division by zero", "claims": []}


def test_claims_are_counted_over_the_runs_that_reached_them():
    def run(by, *holds):
        return {
            "by": by,
            "error": "",
            "claims": [{"claim": f"c{i}", "effect": True, "holds": h} for i, h in enumerate(holds)],
        }

    rows = claims.by_claim([run(1, True, False), run(2), run(3, True, True), run(4, False)])
    assert [(row["held"], row["runs"], row["not_at"]) for row in rows] == [(2, 3, [4]), (1, 2, [1])]


def test_a_lesson_that_there_is_not_is_named():
    with pytest.raises(SystemExit, match=r"No lesson's file begins with 77; there are 01_one_vector"):
        claims.chosen(["77"])
    assert [path.stem[:2] for path in claims.chosen(["05", "12"])] == ["05", "12"]


@pytest.mark.parametrize(
    ("held", "stopped", "code"), [(10, [], 0), (8, [], 0), (7, [], 1), (10, [{"by": 1, "error": "E"}], 1)]
)
def test_the_exit_code_says_whether_claims_hold(monkeypatch, capsys, held, stopped, code):
    row = {"claim": "*Sharing* helps.", "effect": True, "runs": 10, "held": held, "not_at": []}
    found = {"01_tiny": {"claims": [row], "stopped": stopped}}
    monkeypatch.setattr(claims, "measured", lambda *_: found)
    assert claims.main([]) == code
    out = capsys.readouterr().out
    assert (f"{held:3} of 10  Sharing helps." in out) == (held < 10)
    assert ("stopped with seeds moved by 1: E" in out) == bool(stopped)
    assert claims.main(["--json"]) == code
    assert json.loads(capsys.readouterr().out) == found


@pytest.mark.slow
def test_runs_go_on_side_by_side_in_processes_of_their_own(lesson):
    told: list[str] = []
    found = claims.measured([lesson], 3, 2, told.append)["01_tiny"]
    assert [row["runs"] for row in found["claims"]] == [3, 3, 3]
    assert found["claims"][0]["held"] == 3
    assert found["claims"][1]["not_at"] == [20_000, 30_000]  # each run has seeds of its own
    assert not found["stopped"]
    assert [line.split(",")[0] for line in told] == ["1 of 3 runs", "2 of 3 runs", "3 of 3 runs"]
