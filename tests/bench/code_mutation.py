"""Do the tests notice small bugs? Put one at a time into the code of a room, and run that room's fast tests.

``python -m tests.bench.code_mutation [ROOM ...] [--sample N] [--seed S] [--processes N] [--json] [--list]``

A mutant is one module with one small change (see ``tests.bench.mutants``). First the tests run unchanged, traced, one
file at a time. Then, for each mutant, those tests run that run its line, and if they pass, what follows them in their
files too, because what one test leaves in a cache another may use. A mutant is

- *noticed* if a test fails, *timed out* if they take over five times as long as unchanged (or all memory), which is
  noticed too;
- *invalid* if it does not compile, or to the same program;
- *survived* if all pass, or if no test runs its line. Read it: the line lacks a test, or is not needed, or nobody could
  notice the change. In the last case say so in ``EXPLAINED``; it is then *explained*, and left out of the share.

Mutants run in namespaces of their own with a copy of the project, so that none of them can signal, remove or send
anything else.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.engine import bubblewrap
from tests.bench import forked_pytest
from tests.bench.mutants import Mutant, mutants

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Room:
    """A part of the code, and the tests that should know it.

    Attributes
    ----------
    sources, tests : tuple of str
        Patterns of the files that are changed; files and folders of the tests that run.
    goal : float
        The share of mutants that must be noticed.
    unseen : tuple of str
        Patterns of those sources that also run behind the layers of isolation, where no tracer can follow: a mutant
        in them meets every test of the room.
    """

    sources: tuple[str, ...]
    tests: tuple[str, ...]
    goal: float = 0.75
    unseen: tuple[str, ...] = ()


TESTS = "tests/autograder"
ROOMS = {
    "grading": Room(("autograder/grading/*.py",), (f"{TESTS}/grading",), goal=0.85),
    "gradebook": Room(("autograder/gradebook/*.py",), (f"{TESTS}/gradebook",), goal=0.85),
    "engine": Room(
        ("autograder/engine/*.py", "autograder/engine/inside/*.py"),
        (f"{TESTS}/engine", f"{TESTS}/judging/test_answers.py"),
        goal=0.85,
        unseen=("autograder/engine/inside/*.py",),
    ),
    "judging": Room(
        ("autograder/judging/*.py", "autograder/testing.py", "autograder/render.py", "autograder/words.py"),
        (f"{TESTS}/judging", f"{TESTS}/test_testing.py", f"{TESTS}/test_render.py"),
    ),
    "desk": Room(("autograder/desk/*.py",), (f"{TESTS}/desk",)),
    "learn": Room(
        ("mtl_teach/learn/*.py", "mtl_teach/learn/*/*.py"),
        (
            "tests/learn/lesson",
            "tests/learn/projects",
            "tests/learn/terminal",
            "tests/learn/workspace",
            "tests/learn/test_home.py",
            "tests/learn/test_progress.py",
            "tests/learn/test_read_only.py",
        ),
    ),
}

# "path: source line", or "path: source line -> changed line", without indentation: why no test can notice a change.
EXPLAINED: dict[str, str] = {}

MARKS = "not slow and not matrix and not browser"  # the fast tests, as `python -m tests` runs them
PRELOAD = (  # third-party packages whose import takes long; none of ours
    *("numpy", "scipy.stats", "sklearn", "torch", "matplotlib.pyplot", "IPython", "nbformat", "nbconvert", "nbclient"),
    *("nbgrader.apps", "nbgrader.api", "jupytext", "jupyter_client", "ipykernel", "ipywidgets", "typer", "rich"),
    *("sqlalchemy", "distributed"),
)
LEAST_SECONDS, TIMES_AS_LONG = 20.0, 5
MEMORY = 6 * 2**30  # bytes, of all processes of a run together
PASSED = (0, 5)  # pytest's exit codes of a run in which nothing failed; 5: no test was left
DROPPED = ("COVERAGE_", "GIT_", "JUPYTER", "MPL", "MTL_", "PYTEST_", "PYTHON", "XDG_")  # of the environment
Orders = Generator[dict[str, Any], dict[str, Any], Any]


class CannotMeasure(Exception):
    """What stands in the way, as a sentence for whoever started the bench."""


@dataclass
class Tally:
    """How the tests of one room fare.

    Attributes
    ----------
    outcomes : list of (Mutant, str, float)
        What became of each mutant ("noticed", "timed out", "survived", "not run", "explained" or "invalid"), and the
        seconds that its tests took.
    """

    room: str
    goal: float
    outcomes: list[tuple[Mutant, str, float]] = field(default_factory=list)

    def count(self, *outcomes: str) -> int:
        return sum(outcome in outcomes for _, outcome, _ in self.outcomes)

    def mean_seconds(self, outcome: str) -> float:
        """What the mutants that ended in this way took on average."""
        return round(
            sum(seconds for _, what, seconds in self.outcomes if what == outcome) / max(1, self.count(outcome)), 1
        )

    @property
    def share(self) -> float:
        noticed = self.count("noticed", "timed out")
        judged = noticed + self.count("survived", "not run")
        return noticed / judged if judged else 1.0

    def as_row(self) -> dict[str, Any]:
        return {
            "room": self.room,
            "tried": len(self.outcomes),
            "noticed": self.count("noticed"),
            "timed out": self.count("timed out"),
            "survived": self.count("survived", "not run"),
            "explained": self.count("explained"),
            "invalid": self.count("invalid"),
            "share": round(self.share, 4),
            "goal": self.goal,
            "s/noticed": self.mean_seconds("noticed"),
            "s/survived": self.mean_seconds("survived"),
        }


# ---- processes -------------------------------------------------------------------------------------------------


class Slot:
    """A process in namespaces of its own, with a private copy of the project, that answers one order at a time."""

    def __init__(self, folder: Path, pristine: Path, preload: Iterable[str]) -> None:
        program = bubblewrap.find()
        if program is None:
            raise CannotMeasure("mutants run in namespaces, and there is no bubblewrap: apt-get install bubblewrap")
        for name in ("home", "tmp", "run", "cache"):
            (folder / name).mkdir(parents=True)
        shutil.copytree(pristine, folder / "tree", symlinks=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(DROPPED)}
        self.log = (folder / "log").open("w+")
        self.process = subprocess.Popen(
            [
                *(program, "--unshare-pid", "--unshare-net", "--unshare-ipc", "--as-pid-1", "--die-with-parent"),
                *("--cap-add", "ALL", "--ro-bind", "/", "/", "--dev-bind", "/dev", "/dev"),
                *("--bind", str(folder), str(folder), "--chdir", str(folder / "tree")),
                *(sys.executable, forked_pytest.__file__),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
            start_new_session=True,  # an interrupt is for the bench alone, which then ends this
            env={
                **kept,
                "HOME": str(folder / "home"),
                "TMPDIR": str(folder / "tmp"),
                "MPLCONFIGDIR": str(folder / "cache"),
                "MPLBACKEND": "Agg",
                "MTL_REQUIRE_ALL": "1",
                "OMP_NUM_THREADS": "1",
                "OPENBLAS_NUM_THREADS": "1",
                "PYTHONHASHSEED": "0",
                "PYTHONPATH": str(folder / "tree"),
            },
        )
        self.send({"folder": str(folder), "pristine": str(pristine), "preload": list(preload)})

    def send(self, order: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # the answer will be missing, and that is reported
            self.process.stdin.write(json.dumps(order) + "\n")
            self.process.stdin.flush()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise CannotMeasure(f"a process that runs tests ended: {self.log.read().strip()[-2000:]}")
        return json.loads(line)

    def close(self) -> None:
        self.process.kill()
        self.process.communicate()
        self.log.close()


@contextlib.contextmanager
def slots(root: Path, count: int, preload: Iterable[str]) -> Iterator[list[Slot]]:
    """Processes to run tests in; nothing is left of them afterwards."""
    started: list[Slot] = []
    base = Path(tempfile.mkdtemp(prefix="mutants-"))
    try:
        base.chmod(0o755)  # a submission may run as another user, and reads the copy
        for path in project_files(root):
            (base / "pristine" / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / path, base / "pristine" / path, follow_symlinks=False)
        for number in range(count):
            started.append(Slot(base / str(number), base / "pristine", preload))
        yield started
    finally:
        for slot in started:
            slot.close()
        forked_pytest._remove(base)


def project_files(root: Path) -> list[str]:
    """The files that belong to the project: those that git knows or would take, else all but hidden and built ones."""
    if (root / ".git").exists() and shutil.which("git"):
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        listed = subprocess.run(command, cwd=root, capture_output=True, text=True)
        if listed.returncode == 0:  # git refuses a folder of another owner
            return [path for path in listed.stdout.split("\0") if path and os.path.lexists(root / path)]
    paths = (path.relative_to(root) for path in sorted(root.rglob("*")) if not path.is_dir())
    return [str(path) for path in paths if not any(part[0] == "." or part == "__pycache__" for part in path.parts)]


def spread(started: list[Slot], jobs: Iterable[Orders]) -> Iterator[Any]:
    """Run jobs on all slots at once; yield what each returns as it ends.

    A job is a generator: it yields an order, is sent the answer, yields the next.
    """
    waiting = iter(jobs)
    with selectors.DefaultSelector() as selector:
        free = list(started)
        working: dict[Slot, Orders] = {}
        while True:
            while free and (job := next(waiting, None)):
                try:
                    free[-1].send(next(job))
                except StopIteration as end:
                    yield end.value
                else:
                    slot = free.pop()
                    working[slot] = job
                    selector.register(slot.process.stdout, selectors.EVENT_READ, slot)  # type: ignore[arg-type]
            if not working:
                return
            for key, _ in selector.select():
                slot = key.data
                try:
                    slot.send(working[slot].send(slot.receive()))
                except StopIteration as end:
                    selector.unregister(key.fileobj)
                    del working[slot]
                    free.append(slot)
                    yield end.value


# ---- measuring -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TestFile:
    """A test file as it runs unchanged: its tests with their seconds, and by path and line the tests that ran it.

    "" among the tests of a line stands for what ran outside of any one test: an import, a fixture that tests share,
    another process.
    """

    __test__ = False
    path: str
    seconds: float
    tests: Mapping[str, float]
    lines: Mapping[str, Mapping[str, list[str]]]

    def running(self, path: str, lines: Iterable[int]) -> set[str]:
        ran = self.lines.get(path, {})
        return {test for line in lines for test in ran.get(str(line), ())}

    def following(self, tests: set[str]) -> set[str]:
        """Those tests, and all that run after the first of them."""
        names = list(self.tests)
        return set(names[min((names.index(test) for test in tests), default=len(names)) :])

    def order(self, mutant: Mutant, tests: set[str]) -> dict[str, Any]:
        """Run some tests (all, where none are named) on a mutant."""
        total = sum(self.tests.values())
        usual = self.seconds - (total - sum(self.tests.get(test, 0.0) for test in tests) if tests else 0.0)
        limit = max(LEAST_SECONDS, TIMES_AS_LONG * usual)
        return _order(self.path, limit, tests=sorted(tests), path=mutant.path, source=mutant.source)


def _order(file: str, seconds: float, **more: Any) -> dict[str, Any]:
    default = {"tests": [], "path": "", "source": "", "watch": False, "sources": [], "memory": MEMORY}
    return {"file": file, "seconds": seconds, "marks": MARKS, **default, **more}


def _matching(patterns: Iterable[str], root: Path) -> list[str]:
    paths: set[str] = set()
    for pattern in patterns:
        matched = {path.relative_to(root).as_posix() for path in root.glob(pattern)}
        if not matched:
            raise CannotMeasure(f"no file is called {pattern}: put the table of rooms in order")
        paths |= matched
    return sorted(paths)


def tests_of(room: Room, root: Path) -> list[str]:
    """The test files of a room."""
    paths = [root / name for name in _matching(room.tests, root)]
    files = {file for path in paths for file in (path.rglob("test_*.py") if path.is_dir() else [path])}
    return sorted(file.relative_to(root).as_posix() for file in files)


def run_unchanged(started: list[Slot], files: Iterable[str], sources: list[str]) -> Iterator[TestFile]:
    """Run and trace test files as they are.

    Raises
    ------
    CannotMeasure
        If a test fails: no mutant could be told from the original.
    """

    def job(file: str) -> Orders:
        return file, (yield _order(file, 1800.0, watch=True, sources=sources))

    for file, answer in spread(started, map(job, files)):
        if answer["code"] not in PASSED:
            how = "takes too long or too much memory" if answer["code"] is None else "fails"
            raise CannotMeasure(f"{file} {how} without any mutant; repair it first:\n{answer['output']}")
        yield TestFile(file, answer["seconds"], answer.get("tests", {}), answer.get("lines", {}))


def orders_for(mutant: Mutant, files: Iterable[TestFile], unseen: bool) -> list[dict[str, Any]]:
    """The runs that may notice a mutant, the shortest first; after them those that rarely add anything."""
    likely, thorough = [], []
    for file in files:
        tests = file.running(mutant.path, mutant.lines)
        if "" in tests:
            likely.append(file.order(mutant, set()))
            continue
        if tests:
            likely.append(file.order(mutant, tests))
        more = set(file.tests) if unseen else file.following(tests)
        if more != tests:
            thorough.append(file.order(mutant, more))
    return [order for orders in (likely, thorough) for order in sorted(orders, key=lambda order: order["seconds"])]


def try_mutant(mutant: Mutant, original: str, orders: list[dict[str, Any]]) -> Orders:
    """Run tests on a mutant until one fails; return it with what became of it, and the seconds that took."""
    if not mutant.is_valid(original):
        return mutant, "invalid", 0.0
    outcome, seconds = ("survived" if orders else "not run"), 0.0
    for order in orders:
        answer = yield order
        seconds += answer["seconds"]
        if answer["code"] not in PASSED:
            outcome = "timed out" if answer["code"] is None else "noticed"
            break
    if outcome in ("survived", "not run") and explanation(mutant):
        outcome = "explained"
    return mutant, outcome, seconds


def explanation(mutant: Mutant) -> str:
    """Why nobody could notice this mutant, if that was written down."""
    line = f"{mutant.path}: {mutant.old}"
    return EXPLAINED.get(f"{line} -> {mutant.new}", EXPLAINED.get(line, ""))


def outdated(root: Path) -> list[str]:
    """Explanations of lines that are no longer there."""
    gone = []
    for key in EXPLAINED:
        path, _, change = key.partition(": ")
        lines = (root / path).read_text(encoding="utf-8").splitlines() if (root / path).is_file() else []
        if not any(change == line.strip() or change.startswith(f"{line.strip()} -> ") for line in lines):
            gone.append(key)
    return gone


def choose(name: str, room: Room, root: Path, sample: int | None, seed: int) -> list[Mutant]:
    """The mutants of a room, or some of them drawn at random."""
    made = [
        mutant
        for path in _matching(room.sources, root)
        for mutant in mutants(path, (root / path).read_text(encoding="utf-8"))
    ]
    if sample is None or sample >= len(made):
        return made
    drawn = random.Random(f"{seed} {name}").sample(range(len(made)), sample)
    return [made[index] for index in sorted(drawn)]


def measure(
    rooms: Mapping[str, Room], chosen: Mapping[str, list[Mutant]], root: Path, started: list[Slot], tallies: list[Tally]
) -> None:
    """Try the chosen mutants room by room; the tallies fill as they end, so that an interrupt loses nothing."""
    sources = sorted({path for name in chosen for path in _matching(rooms[name].sources, root)})
    originals = {path: (root / path).read_text(encoding="utf-8") for path in sources}
    known: dict[str, TestFile] = {}
    for name, drawn in chosen.items():
        tally = Tally(name, rooms[name].goal)
        tallies.append(tally)
        files = tests_of(rooms[name], root)
        _progress(f"{name}: {len(files)} test files run unchanged")
        for file in run_unchanged(started, [file for file in files if file not in known], sources):
            known[file.path] = file
            _progress(f"{name}: {file.path} took {file.seconds:.0f} s unchanged")
        unseen = _matching(rooms[name].unseen, root)
        place = {mutant: number for number, mutant in enumerate(drawn)}
        jobs = (
            try_mutant(
                mutant,
                originals[mutant.path],
                orders_for(mutant, [known[file] for file in files if known[file].tests], mutant.path in unseen),
            )
            for mutant in drawn
        )
        for mutant, outcome, seconds in spread(started, jobs):
            tally.outcomes.append((mutant, outcome, seconds))
            tally.outcomes.sort(key=lambda tried: place[tried[0]])
            _progress(f"{name}: {len(tally.outcomes)} of {len(drawn)} mutants, {100 * tally.share:.0f} % noticed")


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


# ---- showing ---------------------------------------------------------------------------------------------------


def as_table(tallies: Iterable[Tally]) -> str:
    """One line per room, then the survivors."""
    rows = [tally.as_row() for tally in tallies]
    lines = ["".join(f"{name:<10}" if name == "room" else f"{name:>11}" for name in Tally("", 0.0).as_row())]
    for row in rows:
        row |= {name: f"{100 * row[name]:.0f} %" for name in ("share", "goal")}
        lines.append("".join(f"{value:<10}" if name == "room" else f"{value:>11}" for name, value in row.items()))
    return "\n".join(lines)


def survivors(tally: Tally) -> list[str]:
    """Each survivor as one line."""
    return [
        f"{mutant}{'  (no test runs this line)' if outcome == 'not run' else ''}"
        for mutant, outcome, _ in tally.outcomes
        if outcome in ("survived", "not run")
    ]


def _show(tallies: list[Tally], as_json: bool, root: Path) -> None:
    if as_json:
        records = [{**tally.as_row(), "survivors": survivors(tally)} for tally in tallies]
        print(json.dumps({"rooms": records, "outdated": outdated(root)}, indent=1))
        return
    print(as_table(tallies))
    for tally in tallies:
        if lines := survivors(tally):
            print(f"\nsurvivors of {tally.room}:", *lines, sep="\n")
    for key in outdated(root):
        print(f"\nexplained, but no longer there: {key}")


def main(
    arguments: list[str] | None = None,
    rooms: Mapping[str, Room] = ROOMS,
    root: Path = ROOT,
    preload: Iterable[str] = PRELOAD,
) -> int:
    """Measure and print; 1 where a room misses its goal, 2 where nothing could be measured, 130 when interrupted."""
    options = _parser(rooms).parse_args(arguments)
    tallies: list[Tally] = []
    try:
        chosen = {name: choose(name, rooms[name], root, options.sample, options.seed) for name in options.room or rooms}
        if options.list:
            print(*(mutant for drawn in chosen.values() for mutant in drawn), sep="\n")
            return 0
        with slots(root, options.processes, preload) as started:
            measure(rooms, chosen, root, started, tallies)
    except CannotMeasure as why:
        _progress("")
        print(f"code_mutation: {why}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        _progress("")
        _show(tallies, options.json, root)
        print("interrupted: these are the mutants tried so far", file=sys.stderr)
        return 130
    _progress("")
    _show(tallies, options.json, root)
    return int(any(tally.share < tally.goal for tally in tallies))


def _parser(rooms: Mapping[str, Room]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench.code_mutation",
        description=(__doc__ or "").split("\n")[0],
        epilog="Exit code: 0 if each room reaches its goal, 1 if not, 2 if the tests fail without any mutant.",
    )
    goals = ", ".join(f"{name} ({100 * room.goal:.0f} %%)" for name, room in rooms.items())
    parser.add_argument("room", nargs="*", choices=[*rooms, []], metavar="ROOM", help=f"default: all of {goals}")
    parser.add_argument("--sample", type=int, metavar="N", help="try N mutants of each room, drawn at random, not all")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="draw others (default: %(default)s)")
    parser.add_argument(
        "--processes",
        type=int,
        default=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1,
        metavar="N",
        help="how many tests run at once (default: %(default)s, the processors of this machine)",
    )
    parser.add_argument("--json", action="store_true", help="print the records as JSON")
    parser.add_argument("--list", action="store_true", help="only print the mutants that would be tried")
    return parser


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl+C: what is known is printed, nothing is left
    sys.exit(main())
