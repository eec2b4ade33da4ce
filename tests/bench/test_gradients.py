"""The bench runs, reports every row, and says what it was asked for wrongly."""

import json

import pytest
import torch

from tests.bench import gradients as bench


@pytest.fixture(autouse=True)
def _threads():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


def test_the_report_holds_every_contender_and_every_goal(capsys):
    bench.main(["--json", "--tasks", "2", "--rounds", "2"])
    report = json.loads(capsys.readouterr().out)
    ratios = report["ratio_to_floor"]["2"]
    assert ratios["floor"] == {"median": 1.0, "low": 1.0, "high": 1.0}
    assert set(ratios) == set(bench.contenders())
    assert all(cell["low"] <= cell["median"] <= cell["high"] for cell in ratios.values())
    assert len(report["goals"]) == 7 + 6 + 7
    assert all(goal["met"] == (goal["measured"] <= goal["limit"]) for goal in report["goals"])


def test_the_table_has_a_line_a_contender_and_a_column_a_number_of_tasks(capsys):
    bench.main(["--tasks", "1", "2", "--rounds", "2"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[-2:] == ["T=1", "T=2"]
    assert [line[:26].strip() for line in lines[1 : 1 + len(bench.contenders())]] == list(bench.contenders())


def test_the_lower_bound_computes_the_same_gradients_as_the_floor():
    grads = []
    for row in (bench.floor, bench.lower_bound, bench.ours("sum", False), bench.ours("sum", True)):
        torch.manual_seed(0)
        problem = bench.Problem(3)
        problem.step(row)
        grads.append(torch.cat([param.grad.reshape(-1) for param in [*problem.shared, *problem.heads.parameters()]]))
    for other in grads[1:]:
        torch.testing.assert_close(other, grads[0])


@pytest.mark.parametrize("arguments", [["--rounds", "1"], ["--tasks", "0"]], ids=["rounds", "tasks"])
def test_wrong_use_exits_with_2_and_says_why(arguments, capsys):
    with pytest.raises(SystemExit, match="2"):
        bench.main(arguments)
    assert "`--rounds` must be at least 2 and `--tasks` at least 1." in capsys.readouterr().err
