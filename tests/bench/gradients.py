"""What the gradient methods cost: one training step of each, as a ratio to a step on the plain summed loss.

    python -m tests.bench.gradients [--json] [--tasks 2 4 8 16] [--rounds 40]

A step is forward, losses, gradients and SGD on a 64-256-256 trunk with one linear head a task, batch 512, one
thread. All contenders take turns within a round, in a new random order each round, so that a busy moment of
the machine hits all alike; a contender's figure is the median over the rounds of its time divided by the
floor's time in the same round. Times are CPU times of this process.

Rows of the table:

- floor: ``losses.sum().backward()``
- lower bound: one backward pass a task, nothing done with the gradients but adding them up
- ours: `mtl_teach.gradients.multitask_backward`
- ours, features: the same, differentiating each task only down to the trunk's output
- TorchJD: ``mtl_backward`` (all tasks at once by ``vmap``, its default) and ``jac_to_grad``
- TorchJD, loop: the same, one task after the other
"""

import argparse
import json
import platform
import random
import statistics
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torchjd import aggregation as jd
from torchjd.autojac import jac_to_grad, mtl_backward

from mtl_teach.gradients import METHODS, multitask_backward

BATCH = 512
TORCHJD = {
    "mean": jd.Mean,
    "pcgrad": jd.PCGrad,
    "mgda": jd.MGDA,
    "upgrad": jd.UPGrad,
    "cagrad": lambda: jd.CAGrad(c=0.5),
    "imtl_g": jd.IMTLG,
}
FEATURES_GOAL = {2: 1.22, 4: 1.38, 8: 1.94, 16: 2.15}
FLOOR, BOUND = "floor", "lower bound"


class Problem:
    """A network with one head a task, a fixed batch, and an optimiser."""

    def __init__(self, n_tasks: int):
        generator = torch.Generator().manual_seed(0)
        self.trunk = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU())
        self.heads = nn.ModuleList(nn.Linear(256, 1) for _ in range(n_tasks))
        self.shared = list(self.trunk.parameters())
        self.head_params = [list(head.parameters()) for head in self.heads]
        self.x = torch.randn(BATCH, 64, generator=generator)
        self.y = torch.randn(n_tasks, BATCH, generator=generator)
        self.optimiser = torch.optim.SGD([*self.shared, *self.heads.parameters()], lr=1e-4)

    def step(self, backward: Callable[["Problem", list[Tensor], Tensor], None]) -> None:
        self.optimiser.zero_grad()
        features = self.trunk(self.x)
        losses = [nn.functional.mse_loss(head(features)[:, 0], y) for head, y in zip(self.heads, self.y)]
        backward(self, losses, features)
        self.optimiser.step()


def floor(problem: Problem, losses: list[Tensor], features: Tensor) -> None:
    torch.stack(losses).sum().backward()


def lower_bound(problem: Problem, losses: list[Tensor], features: Tensor) -> None:
    for task, loss in enumerate(losses):
        params = [*problem.shared, *problem.head_params[task]]
        grads = torch.autograd.grad(loss, params, retain_graph=task < len(losses) - 1)
        for param, grad in zip(params, grads):
            param.grad = grad if param.grad is None else param.grad.add_(grad)


def ours(method: str, on_features: bool) -> Callable[[Problem, list[Tensor], Tensor], None]:
    def backward(problem: Problem, losses: list[Tensor], features: Tensor) -> None:
        multitask_backward(
            losses, problem.shared, problem.head_params, method, features=features if on_features else None
        )

    return backward


def torchjd(method: str, chunk: int | None = None) -> Callable[[Problem, list[Tensor], Tensor], None]:
    aggregator = TORCHJD[method]()

    def backward(problem: Problem, losses: list[Tensor], features: Tensor) -> None:
        mtl_backward(
            losses,
            features=features,
            tasks_params=problem.head_params,
            shared_params=problem.shared,
            parallel_chunk_size=chunk,
        )
        jac_to_grad(problem.shared, aggregator)

    return backward


def contenders() -> dict[str, Callable[[Problem, list[Tensor], Tensor], None]]:
    rows = {FLOOR: floor, BOUND: lower_bound}
    rows |= {f"ours {method}": ours(method, on_features=False) for method in METHODS}
    rows |= {f"ours {method}, features": ours(method, on_features=True) for method in METHODS}
    rows |= {f"TorchJD {method}": torchjd(method) for method in TORCHJD}
    rows["TorchJD pcgrad, loop"] = torchjd("pcgrad", chunk=1)
    return rows


def measure(n_tasks: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds of each contender, one a round, interleaved."""
    problem, rows = Problem(n_tasks), contenders()
    order, shuffler = list(rows), random.Random(0)
    times: dict[str, list[float]] = {name: [] for name in rows}
    for name in order * 3:  # warm up
        problem.step(rows[name])
    for _ in range(rounds):
        shuffler.shuffle(order)
        for name in order:
            start = time.process_time()
            problem.step(rows[name])
            times[name].append(time.process_time() - start)
    return times


def summarise(times: dict[str, list[float]], against: str) -> dict[str, dict[str, float]]:
    """Return median and quartiles of each contender's ratio to another one in the same round."""
    summary = {}
    for name, seconds in times.items():
        ratios = [mine / other for mine, other in zip(seconds, times[against])]
        low, median, high = statistics.quantiles(ratios, n=4)
        summary[name] = {"median": round(median, 3), "low": round(low, 3), "high": round(high, 3)}
    return summary


def judge(n_tasks: int, times: dict[str, list[float]]) -> list[dict[str, object]]:
    """Compare with the goals: 1.1 times the lower bound, 0.8 times TorchJD, the features trick within 10 %."""
    verdicts: list[dict[str, object]] = []

    def add(row: str, goal: str, limit: float, value: float) -> None:
        verdict = {"tasks": n_tasks, "row": row, "goal": goal, "limit": limit, "measured": value}
        verdicts.append({**verdict, "met": value <= limit})

    to_floor, to_bound = summarise(times, FLOOR), summarise(times, BOUND)
    for method in METHODS:
        add(f"ours {method}", "of the lower bound", 1.1, to_bound[f"ours {method}"]["median"])
        if method in TORCHJD:
            to_torchjd = summarise(times, f"TorchJD {method}")
            add(f"ours {method}", "of TorchJD", 0.8, to_torchjd[f"ours {method}"]["median"])
        if n_tasks in FEATURES_GOAL:
            row = f"ours {method}, features"
            add(row, "of the floor", round(1.1 * FEATURES_GOAL[n_tasks], 3), to_floor[row]["median"])
    return verdicts


def run(tasks: list[int], rounds: int) -> dict[str, object]:
    torch.set_num_threads(1)
    report: dict[str, object] = {
        "machine": {"cpu": platform.processor() or platform.machine(), "torch": torch.__version__},
        "rounds": rounds,
        "floor_ms": {},
        "ratio_to_floor": {},
        "goals": [],
    }
    for n_tasks in tasks:
        times = measure(n_tasks, rounds)
        low, median, high = (1e3 * value for value in statistics.quantiles(times[FLOOR], n=4))
        report["floor_ms"][n_tasks] = {"median": round(median, 3), "low": round(low, 3), "high": round(high, 3)}
        report["ratio_to_floor"][n_tasks] = summarise(times, FLOOR)
        report["goals"] += judge(n_tasks, times)
    return report


def table(report: dict[str, object]) -> str:
    """Return the report as text: one row a contender, one column a number of tasks."""
    ratios = report["ratio_to_floor"]
    lines = [f"{'ratio to the floor: median (quartiles)':<26}" + "".join(f"{f'T={t}':>22}" for t in ratios)]
    for name in next(iter(ratios.values())):
        cells = [ratios[n_tasks][name] for n_tasks in ratios]
        texts = [f"{cell['median']:.2f} ({cell['low']:.2f}-{cell['high']:.2f})" for cell in cells]
        lines.append(f"{name:<26}" + "".join(f"{text:>22}" for text in texts))
    noise = [f"T={t}: {ms['median']:.2f} ({ms['low']:.2f}-{ms['high']:.2f})" for t, ms in report["floor_ms"].items()]
    lines += ["", "floor in ms of CPU time, median (quartiles): " + "  ".join(noise)]
    missed = [goal for goal in report["goals"] if not goal["met"]]
    lines.append(f"goals met: {len(report['goals']) - len(missed)} of {len(report['goals'])}")
    for goal in missed:
        lines.append(
            f"  missed at T={goal['tasks']}: {goal['row']} is {goal['measured']:.2f} times {goal['goal'][3:]}"
            f" (goal {goal['limit']:.2f})"
        )
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.gradients", description=__doc__.split("\n")[0])
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--tasks", type=int, nargs="+", default=[2, 4, 8, 16], help="numbers of tasks")
    parser.add_argument("--rounds", type=int, default=40, help="rounds, at least 2; each runs every row once")
    options = parser.parse_args(arguments)
    if options.rounds < 2 or min(options.tasks) < 1:
        parser.error("`--rounds` must be at least 2 and `--tasks` at least 1.")
    report = run(options.tasks, options.rounds)
    print(json.dumps(report, indent=2) if options.json else table(report))


if __name__ == "__main__":
    main()
