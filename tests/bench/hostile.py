"""What hostile submissions gain, learn, stop and cost, with a class of twenty around them.

``python -m tests.bench.hostile [--json] [--only NAME ...]`` grades every file of ``tests/attacks/submissions``, and
after each the next of twenty honest classmates, all in one sandbox with the usual limits, and prints

- *gains*: attacks with more marks than their answer earns honestly;
- *leaks*: attacks after which a secret input, a file of ours or a forbidden call was reached;
- *stops*: attacks after which the grader failed, or a classmate had other marks than before;
- *seconds*: what each attack took, and by how much the classmates behind the attacks were later than on their own.

The goal is 0, 0, 0, and no attack takes longer than the limits of one submission. The exit code is 0 where that holds.
"""

from __future__ import annotations

import argparse
import json
import socket
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pytest

from autograder.engine.sandbox import Limits, Sandbox
from tests.attacks.conftest import HERE, RIGHT, WRONG, Graded, Grader, Outside
from tests.attacks.overheard import Overheard, given_away
from tests.attacks.test_attacks import ATTACKS

CLASSMATES = 20
LIMITS = Limits()


@dataclass(frozen=True)
class Attempt:
    """One attack, and the classmate who was graded next.

    Attributes
    ----------
    name : str
    score, fair : float
        What it got, and what its answer earns honestly.
    leaks : tuple of str
        What it reached, or the secret numbers that came out.
    stopped : str
        How it stopped the grader or changed a classmate's marks; empty where it did not.
    seconds : float
        What it took.
    neighbour, alone : float
        Seconds of the classmate behind it, and what the same classmate took before any attack.
    """

    name: str
    score: float
    fair: float
    leaks: tuple[str, ...] = ()
    stopped: str = ""
    seconds: float = 0.0
    neighbour: float = 0.0
    alone: float = 0.0


@dataclass(frozen=True)
class Summary:
    """What all attempts came to."""

    attempts: int
    gains: tuple[str, ...]
    leaks: tuple[str, ...]
    stops: tuple[str, ...]
    too_long: tuple[str, ...]
    slowest: float
    seconds_lost_by_others: float

    @property
    def good(self) -> bool:
        return not (self.gains or self.leaks or self.stops or self.too_long)


def summary_of(attempts: Sequence[Attempt], longest: float) -> Summary:
    """Count what was gained, learned and stopped; `longest` is what one submission may take in seconds."""
    return Summary(
        attempts=len(attempts),
        gains=tuple(one.name for one in attempts if one.score > one.fair),
        leaks=tuple(one.name for one in attempts if one.leaks),
        stops=tuple(one.name for one in attempts if one.stopped),
        too_long=tuple(one.name for one in attempts if one.seconds > longest),
        slowest=max((one.seconds for one in attempts), default=0.0),
        seconds_lost_by_others=sum(max(0.0, one.neighbour - one.alone) for one in attempts),
    )


def attempts(names: Sequence[str]) -> list[Attempt]:
    """Grade these attacks, each followed by a classmate."""
    with (
        Sandbox(LIMITS) as zygote,
        tempfile.NamedTemporaryFile(prefix="gradebook-") as canary,
        socket.create_server(("127.0.0.1", 0)) as server,
    ):
        canary.write(b"the marks of others")
        canary.flush()
        server.setblocking(False)
        grader, outside = Grader(zygote), Outside(canary.name, server)
        classmates = [RIGHT if number % 2 else WRONG for number in range(CLASSMATES)]
        grader.grade(RIGHT)  # the first one waits for the zygote
        alone = [_timed(grader, source) for source in classmates]
        wrong = alone[0][0].score
        usual = {source: _median(alone, classmates, source) for source in (RIGHT, WRONG)}
        done = []
        for number, name in enumerate(names):
            source = classmates[number % CLASSMATES]
            marks = alone[number % CLASSMATES][0].score
            done.append(_attempt(grader, outside, name, wrong, source, marks, usual[source]))
        return done


def _attempt(
    grader: Grader, outside: Outside, name: str, wrong: float, source: str, marks: float, alone: float
) -> Attempt:
    score, leaks, stopped = 0.0, [], ""
    fair = ATTACKS[name].score
    fair = wrong if fair is None else fair
    with pytest.MonkeyPatch.context() as patch:
        heard = Overheard(patch)
        began = time.perf_counter()
        try:
            graded = grader.grade(outside.read(name))
        except Exception as error:
            graded, stopped = None, f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - began
    if graded is not None:
        score = graded.score
        text = f"{json.dumps(graded.result.to_dict())}\n{graded.printed}\n{graded.error}"
        leaks += [line for line in graded.printed.splitlines() if line.startswith("reached")]
        leaks += given_away(text, heard.secret)
        stopped = "for review" if graded.result.needs_review else ""
    try:
        outside.assert_untouched()
    except (AssertionError, pytest.fail.Exception) as touched:
        leaks.append(f"outside: {touched}")
    behind, neighbour = _timed(grader, source)
    if behind.score != marks:
        stopped = f"a classmate got {behind.score:g} instead of {marks:g}"
    return Attempt(name, score, fair, tuple(leaks), stopped, seconds, neighbour, alone)


def _timed(grader: Grader, source: str) -> tuple[Graded, float]:
    began = time.perf_counter()
    return grader.grade(source), time.perf_counter() - began


def _median(alone: list[tuple[Graded, float]], classmates: list[str], source: str) -> float:
    return statistics.median(seconds for (_, seconds), one in zip(alone, classmates) if one == source)


def as_text(summary: Summary, done: Sequence[Attempt]) -> str:
    """The summary, and a line for each attempt that is not as it should be."""
    lines = [
        f"{summary.attempts} attempts, {len(summary.gains)} gains, {len(summary.leaks)} leaks, "
        f"{len(summary.stops)} stops; the slowest took {summary.slowest:.1f} s, "
        f"and the {CLASSMATES} classmates lost {summary.seconds_lost_by_others:.1f} s in all."
    ]
    for one in done:
        if one.name in summary.gains:
            lines.append(f"gain: {one.name} got {one.score:g} instead of {one.fair:g}")
        if one.leaks:
            lines.append(f"leak: {one.name}: {', '.join(one.leaks[:5])}")
        if one.stopped:
            lines.append(f"stop: {one.name}: {one.stopped}")
        if one.name in summary.too_long:
            lines.append(f"too long: {one.name} took {one.seconds:.0f} s")
    return "\n".join(lines)


def main() -> int:
    """Print what the attacks came to; 0 where nothing was gained, learned or stopped."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="NAME", help="These attacks alone.")
    parser.add_argument("--json", action="store_true", help="JSON for programs.")
    asked = parser.parse_args()
    names = asked.only or sorted(path.stem for path in (HERE / "submissions").glob("*.py"))
    done = attempts(names)
    summary = summary_of(done, LIMITS.submission + 30)  # and what a new zygote takes
    if asked.json:
        print(json.dumps({**asdict(summary), "good": summary.good, "each": [asdict(one) for one in done]}, indent=1))
    else:
        print(as_text(summary, done))
    return 0 if summary.good else 1


if __name__ == "__main__":
    raise SystemExit(main())
