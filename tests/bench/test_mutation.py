"""The bench that mutates solutions: it makes the changes it promises, and judges them rightly."""

import ast
import json

import pytest

from autograder import exercises
from autograder.judging.runner import run_checks
from tests.bench import mutation


def changes(source):
    return {ast.unparse(ast.parse(one.source)) for one in mutation.mutants(source)}


@pytest.mark.parametrize(
    ("source", "mutant"),
    [
        ("x = a + b", "x = a - b"),
        ("x = a @ b", "x = a * b"),
        ("x = a * b", "x = a"),
        ("x = a * b", "x = b"),
        ("x = a or b", "x = b"),
        ("x = a < b", "x = a <= b"),
        ("x = a < b", "x = a >= b"),
        ("x = a and b", "x = a or b"),
        ("x = not a", "x = a"),
        ("x = -a", "x = a"),
        ("x = ~a", "x = a"),
        ("x = 2.0", "x = 3.0"),
        ("x = True", "x = False"),
        ("x = f(a, b)", "x = f(b, a)"),
        ("x = f(a, axis=0)", "x = f(a, axis=1)"),
        ("x = f(a, axis=0)", "x = f(a)"),
        ("x = f(a, reduction='sum')", "x = f(a, reduction='mean')"),
        ("x = a.sum().clamp(1)", "x = a.sum()"),
        ("x = min(a, b)", "x = max(a, b)"),
        ("x = abs(a)", "x = a"),
        ("if a:\n    b = 1", "if not a:\n    b = 1"),
        ("for a in b:\n    c += a", "for a in b:\n    pass"),
        ("for a in b:\n    c += a", "for a in b:\n    c -= a"),
    ],
)
def test_a_change_of_each_kind_is_made(source, mutant):
    assert ast.unparse(ast.parse(mutant)) in changes(source)


def test_no_mutant_is_the_solution_itself_or_made_twice():
    source = "def f(a, b):\n    return max(0.0, a - b) * 2\n"
    made = [one.source for one in mutation.mutants(source)]
    assert len(made) == len(set(made)) > 8
    assert ast.unparse(ast.parse(source)) not in made


RIGHT = (
    "def latency_objective(ce, latency_ms, budget_ms, lam):\n    return ce + lam * max(0.0, latency_ms - budget_ms)\n"
)


@pytest.fixture(scope="module")
def subject():
    return mutation.Subject("latency_objective")


def test_a_wrong_mutant_is_caught(subject):
    assert subject.is_caught(RIGHT.replace("max(0.0, latency_ms - budget_ms)", "(latency_ms - budget_ms)"), b"any")


def test_a_mutant_that_never_ends_is_caught(subject, monkeypatch):
    monkeypatch.setattr(mutation._time_limit, "__init__", lambda self, seconds=0.1: setattr(self, "_seconds", 0.1))
    assert subject.is_caught(RIGHT.replace("return", "while True: pass\n    return"), b"any")


def test_a_right_one_is_not_caught_and_is_equivalent(subject):
    other = RIGHT.replace("max(0.0, latency_ms - budget_ms)", "max(latency_ms - budget_ms, 0.0)")
    assert not subject.is_caught(other, b"any")
    assert subject.is_equivalent(other)


def test_one_that_differs_on_some_input_is_not_equivalent(subject):
    assert not subject.is_equivalent(RIGHT.replace("lam *", "lam * 1.001 *"))


def test_mutants_are_compared_on_at_least_a_thousand_inputs(subject):
    questions, answers = subject.known()
    assert len(questions) == len(answers) >= mutation.INPUTS


def test_the_checks_notice_every_mutant_of_a_small_exercise(capsys):
    assert mutation.main(["dual_ascent_step", "--json"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["survivors"] == []
    assert record["score"] == 1.0
    assert record["mutants"] == record["caught"] + len(record["equivalent"])


def test_a_survivor_is_listed_with_its_line_and_fails_the_bench(monkeypatch, capsys):
    exercise = exercises.load("dual_ascent_step")
    blunt = tuple(check for check in exercise.checks if check.id == "test_at_rest")
    monkeypatch.setitem(exercise.__dict__, "checks", blunt)
    assert mutation.main(["dual_ascent_step"]) == 1
    out = capsys.readouterr().out
    assert "survivor    dual_ascent_step: line 4: " in out


def test_an_unknown_exercise_is_named():
    with pytest.raises(exercises.UnknownExercise, match="Did you mean `masked_mean`"):
        mutation.main(["masked_meen"])


def test_a_sandbox_that_ran_out_of_time_counts_only_where_a_patient_one_differs_too(monkeypatch):
    late = (0.0, (), "none came")

    def verdict_of(subject, mutant, sandbox):
        if sandbox == "hurried":
            return late
        return mutation._verdict(run_checks(subject.exercise, subject.student(mutant.source), mutation.SEEDS[1]))

    monkeypatch.setattr(mutation, "_verdict_of", verdict_of)
    count, odd = mutation.disagreements("dual_ascent_step", "hurried")
    assert 0 < len(odd) <= count
    assert mutation.disagreements("dual_ascent_step", "hurried", "patient") == (count, [])
