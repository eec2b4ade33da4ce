"""How sharp the checks are: change each solution mechanically and count the changes that no check notices.

``python -m tests.bench.mutation [EXERCISE ...] [--json] [--equivalent] [--backends]``

A mutant is the solution with one change to its syntax tree: an operator, a comparison, a constant (sizes, axes and
keywords among them), a dropped operand, minus, not or call, swapped arguments, a function exchanged for its opposite.
It is

- *caught* if at least one check fails with each of three seeds, the published one and two others;
- *equivalent* if it gives what the solution gives (to five digits, gradients included) on every probe and on at least
  1,000 inputs that the checks draw, over as many seeds as that takes;
- a *survivor* otherwise: it is wrong on an input within the contract, and a seed exists with which no check says so.

The score is caught / (caught + survivors).
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import signal
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from autograder import exercises
from autograder.authoring.solutions import problem_set, solution_cells
from autograder.engine.sandbox import Limits, Sandbox
from autograder.engine.session import Session
from autograder.exercises import Exercise
from autograder.judging.answers import LocalAnswer, RemoteAnswer
from autograder.judging.diagnosis import same_outcome
from autograder.judging.runner import PUBLISHED_SEED, rng_for, run_checks
from autograder.results import ExerciseResult
from autograder.testing import Probe

SEEDS = (PUBLISHED_SEED, b"first", b"second")
INPUTS = 1000
MAX_SEEDS = 200
SECONDS = 5.0  # of processor time, for one mutant and one seed: what takes longer is caught, as in the sandbox

OPERATORS: dict[type, tuple[type, ...]] = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
OPPOSITES = {
    "min": "max", "max": "min", "minimum": "maximum", "maximum": "minimum", "amin": "amax", "amax": "amin",
    "sum": "mean", "mean": "sum", "any": "all", "all": "any", "argmin": "argmax", "argmax": "argmin",
    "zeros": "ones", "ones": "zeros", "zeros_like": "ones_like", "ones_like": "zeros_like", "std": "var",
    "var": "std", "exp": "log", "log": "exp", "softmax": "sigmoid", "sigmoid": "softmax", "logical_and": "logical_or",
    "logical_or": "logical_and", "square": "abs", "abs": "square",
}  # fmt: skip


_Verdict = tuple[float, tuple[str, ...], str]


@dataclass(frozen=True)
class Mutant:
    """One changed solution: its source, and what was changed where."""

    source: str
    line: int
    before: str
    after: str


@dataclass
class Score:
    """How one exercise's checks fare."""

    exercise: str
    mutants: int = 0
    caught: int = 0
    equivalent: list[str] = field(default_factory=list)
    survivors: list[str] = field(default_factory=list)

    @property
    def score(self) -> float:
        wrong = self.caught + len(self.survivors)
        return self.caught / wrong if wrong else 1.0


# ---- mutants ---------------------------------------------------------------------------------------------------


def mutants(source: str) -> Iterator[Mutant]:
    """Every solution that differs from ``source`` by one change.

    >>> [one.after for one in mutants("total = 1.0 - price")]
    ['1.0', 'price', '1.0 + price', '2.0', '0.0', '-1.0']
    """
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    for index, node in enumerate(ast.walk(tree)):
        for changed in _changes(node):
            other = copy.deepcopy(tree)
            place = list(ast.walk(other))[index]
            _put(other, place, changed)
            try:
                text = ast.unparse(ast.fix_missing_locations(other))
                ast.parse(text)
            except (SyntaxError, ValueError):
                continue
            if text not in seen:
                seen.add(text)
                yield Mutant(text, getattr(node, "lineno", 0), ast.unparse(node), ast.unparse(changed))


def _put(tree: ast.AST, place: ast.AST, changed: ast.AST) -> None:
    """Put ``changed`` where ``place`` is."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is place:
                setattr(parent, name, changed)
            elif isinstance(value, list):
                setattr(parent, name, [changed if item is place else item for item in value])


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    for name, change in vars(sys.modules[__name__]).items():
        if name.startswith("change_"):
            yield from change(node)


def _with(node: Any, **fields: Any) -> Any:
    other = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def change_operand(node: ast.AST) -> Iterator[ast.AST]:
    """One operand alone."""
    if isinstance(node, ast.BinOp):
        yield copy.deepcopy(node.left)
        yield copy.deepcopy(node.right)
    if isinstance(node, ast.BoolOp):
        yield from copy.deepcopy(node.values)


def change_operator(node: ast.AST) -> Iterator[ast.AST]:
    """Another operator between the same operands."""
    if isinstance(node, (ast.BinOp, ast.BoolOp, ast.AugAssign)):
        for other in OPERATORS.get(type(node.op), ()):
            yield _with(node, op=other())
    if isinstance(node, ast.Compare):
        for index, operator in enumerate(node.ops):
            for other in OPERATORS.get(type(operator), ()):
                yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])


def change_constant(node: ast.AST) -> Iterator[ast.AST]:
    """A neighbouring number, the other truth value, the other reduction."""
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield _with(node, value=not value)
    elif isinstance(value, (int, float)):
        for other in (value + 1, value - 1, -value):
            if other != value:
                yield _with(node, value=other)
    elif value in ("sum", "mean"):
        yield _with(node, value="mean" if value == "sum" else "sum")


def change_sign_or_negation(node: ast.AST) -> Iterator[ast.AST]:
    """A minus, a not or a ~ fewer; a condition turned round."""
    if isinstance(node, ast.UnaryOp):
        yield copy.deepcopy(node.operand)
    if isinstance(node, (ast.If, ast.IfExp, ast.While)):
        yield _with(node, test=ast.UnaryOp(ast.Not(), copy.deepcopy(node.test)))


def change_arguments(node: ast.AST) -> Iterator[ast.AST]:
    """Neighbouring arguments swapped; a keyword left out."""
    if not isinstance(node, ast.Call):
        return
    for index in range(len(node.args) - 1):
        swapped = list(node.args)
        swapped[index], swapped[index + 1] = swapped[index + 1], swapped[index]
        yield _with(node, args=copy.deepcopy(swapped))
    for index in range(len(node.keywords)):
        yield _with(node, keywords=copy.deepcopy(node.keywords[:index] + node.keywords[index + 1 :]))


def change_function(node: ast.AST) -> Iterator[ast.AST]:
    """The opposite function; the call left out, so that only what it was applied to remains."""
    if not isinstance(node, ast.Call):
        return
    called = node.func
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    if name in OPPOSITES:
        changed = {"attr": OPPOSITES[name]} if isinstance(called, ast.Attribute) else {"id": OPPOSITES[name]}
        yield _with(node, func=_with(called, **changed))
    if isinstance(called, ast.Attribute) and not isinstance(called.value, ast.Name):
        yield copy.deepcopy(called.value)
    for argument in node.args:
        yield copy.deepcopy(argument)


def change_statement(node: ast.AST) -> Iterator[ast.AST]:
    """A step of a loop or an update left out."""
    if isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        yield ast.Pass()


# ---- running them ----------------------------------------------------------------------------------------------


class _TooSlow(Exception):
    pass


class _Recording(LocalAnswer):
    """A student that notes every question it is asked."""

    def __init__(self, exercise: Exercise, answers: tuple) -> None:
        super().__init__(exercise, answers)
        self.questions: list[Probe] = []

    def outcomes(self, probes: Iterable[Probe]) -> Iterator[Any]:
        asked = list(probes)
        self.questions += asked
        return super().outcomes(asked)


class Subject:
    """An exercise with its solution, and the inputs on which a mutant is compared with it."""

    def __init__(self, exercise_id: str) -> None:
        self.exercise = exercises.load(exercise_id)
        *self.before, (_, self.solution) = solution_cells(exercise_id)
        self._known: tuple[list[Probe], list[Any]] | None = None

    def answers(self, source: str) -> tuple:
        """Run the notebook up to the answer; an answer that stops is missing."""
        names: dict[str, Any] = {"__name__": "__main__"}
        for cell in (*(text for _, text in self.before), source):
            exec(compile(cell, "<solution>", "exec", dont_inherit=True), names)
        return tuple(names[entry] for entry in self.exercise.entries)

    def student(self, source: str, kind: type[LocalAnswer] = LocalAnswer) -> LocalAnswer:
        return kind(self.exercise, self.answers(source))

    def is_caught(self, source: str, seed: bytes) -> bool:
        """True where some check does not pass."""
        try:
            with _time_limit():
                student = self.student(source)
                for check in self.exercise.checks:
                    check.function(student, rng_for(seed, self.exercise.id, check.id))
        except Exception:  # the check's own failure, an error of the answer, or too slow
            return True
        return False

    def is_equivalent(self, source: str) -> bool:
        """True where the mutant gives what the solution gives on every known input."""
        student = self.student(source)
        try:
            with _time_limit(60.0):
                questions, answers = self.known()
                return all(map(same_outcome, student.outcomes(questions), answers))
        except _TooSlow:
            return False

    def known(self) -> tuple[list[Probe], list[Any]]:
        """The inputs and what the solution gives for them, worked out once."""
        if not self._known:
            recording = self.student(self.solution, _Recording)
            assert isinstance(recording, _Recording)
            list(recording.outcomes(self.exercise.probes()))
            for number in range(MAX_SEEDS):
                for check in self.exercise.checks:
                    check.function(recording, rng_for(b"input %d" % number, self.exercise.id, check.id))
                if len(recording.questions) >= INPUTS:
                    break
            answers = list(self.student(self.solution).outcomes(recording.questions))
            self._known = recording.questions, answers
        return self._known


class _time_limit:
    """Stops what runs longer; the error is an ordinary one, as the sandbox would report it."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        signal.signal(signal.SIGPROF, self._stop)
        signal.setitimer(signal.ITIMER_PROF, self._seconds)

    def __exit__(self, *exc: object) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)

    @staticmethod
    def _stop(*_: object) -> None:
        raise _TooSlow("too slow")


def measure(exercise_id: str) -> Score:
    """Make every mutant of one solution and see what becomes of it."""
    subject, score = Subject(exercise_id), Score(exercise_id)
    for seed in SEEDS:
        assert not subject.is_caught(subject.solution, seed), f"the solution of {exercise_id} is not right"
    for mutant in mutants(subject.solution):
        score.mutants += 1
        where = f"line {mutant.line}: {mutant.before}  ->  {mutant.after}"
        if all(subject.is_caught(mutant.source, seed) for seed in SEEDS):
            score.caught += 1
        elif subject.is_equivalent(mutant.source):
            score.equivalent.append(where)
        else:
            score.survivors.append(where)
    return score


def disagreements(exercise_id: str, *sandboxes: Sandbox) -> tuple[int, list[str]]:
    """How many mutants there are, and those to which every sandbox gives another score or diagnosis than the notebook.

    A sandbox measures time by the clock, so on a busy machine one with more of it is asked before it counts.
    """
    subject, count, odd = Subject(exercise_id), 0, []
    for mutant in mutants(subject.solution):
        count += 1
        try:
            with _time_limit():
                here = _verdict(run_checks(subject.exercise, subject.student(mutant.source), SEEDS[1]))
        except Exception:  # the notebook's cell would stop: the sandbox must give nothing either
            here = None
        if not any(_same(here, _verdict_of(subject, mutant, sandbox)) for sandbox in sandboxes):
            odd.append(f"line {mutant.line}: {mutant.before}  ->  {mutant.after}")
    return count, odd


def _verdict_of(subject: Subject, mutant: Mutant, sandbox: Sandbox) -> _Verdict:
    cells = [(f"before {number}", text) for number, (_, text) in enumerate(subject.before)]
    with Session(sandbox, [*cells, ("answer", mutant.source)], list(subject.exercise.forbidden)) as session:
        return _verdict(run_checks(subject.exercise, RemoteAnswer(subject.exercise, session), SEEDS[1]))


def _verdict(result: ExerciseResult) -> _Verdict:
    return result.score, result.misconceptions, result.fingerprint


def _same(here: _Verdict | None, there: _Verdict) -> bool:
    return there[0] == 0 if here is None else here == there


def as_table(scores: list[Score], show_equivalent: bool) -> str:
    """One line an exercise, then the survivors."""
    lines = [f"{'exercise':<28}{'mutants':>8}{'equivalent':>12}{'caught':>8}{'survivors':>11}{'score':>8}"]
    for one in [*scores, _total(scores)]:
        lines.append(
            f"{one.exercise:<28}{one.mutants:>8}{len(one.equivalent):>12}{one.caught:>8}{len(one.survivors):>11}"
            f"{one.score:>8.3f}"
        )
    for one in scores:
        lines += [f"survivor    {one.exercise}: {where}" for where in one.survivors]
        lines += [f"equivalent  {one.exercise}: {where}" for where in one.equivalent if show_equivalent]
    return "\n".join(lines)


def _total(scores: list[Score]) -> Score:
    return Score(
        "all",
        sum(one.mutants for one in scores),
        sum(one.caught for one in scores),
        [where for one in scores for where in one.equivalent],
        [where for one in scores for where in one.survivors],
    )


def _compare_backends(names: list[str]) -> int:
    with Sandbox(Limits(SECONDS, 2.0, SECONDS + 1)) as quick, Sandbox(Limits(60.0, 30.0, 60.0)) as patient:
        found = {name: disagreements(name, quick, patient) for name in names}
    for name, (_, odd) in found.items():
        for where in odd:
            print(f"{name}: {where}")
    print(f"{sum(count for count, _ in found.values())} mutants, {sum(len(odd) for _, odd in found.values())} disagree")
    return int(any(odd for _, odd in found.values()))


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; 1 where a mutant survives."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mutation", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("exercise", nargs="*", help="default: every exercise whose problem set is written")
    parser.add_argument("--json", action="store_true", help="print the records as JSON")
    parser.add_argument("--equivalent", action="store_true", help="list the equivalent mutants too")
    parser.add_argument("--backends", action="store_true", help="instead, grade every mutant here and in the sandbox")
    options = parser.parse_args(arguments)
    names = options.exercise or [name for name in exercises.all_ids() if problem_set(name).is_file()]
    if options.backends:
        return _compare_backends(names)
    scores = [measure(name) for name in names]
    if options.json:
        print(json.dumps([{**asdict(one), "score": one.score} for one in scores], indent=1))
    else:
        print(as_table(scores, options.equivalent))
    return int(any(one.survivors for one in scores))


if __name__ == "__main__":
    sys.exit(main())
