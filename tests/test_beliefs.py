"""Which checks believe the answer's side is written on the check, in SECURITY.md and in the record."""

from autograder import exercises
from autograder.engine.inside.worker import Worker
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import run_checks
from tests import beliefs


def test_security_says_which_checks_believe_what():
    assert beliefs.PAGE.read_text(encoding="utf-8") == beliefs.written(), "write it with `python -m tests.beliefs`"


def test_a_lie_about_the_inputs_wins_only_checks_that_say_so(monkeypatch):
    """Answers that change their inputs, in a worker that hides it, pass nothing but what is declared."""
    honest = {}
    wrong = [
        (one, name, answer)
        for one in exercises.all_exercises()
        for name, answer in one.misconceptions.items()
        if any(check.id == answer.caught_by and check.believes for check in one.checks)
    ]
    assert len(wrong) > 20
    for one, name, answer in wrong:
        honest[one.id, name] = {check.id: check.points for check in run_checks(one, LocalAnswer.of(one, answer)).checks}
    call = Worker._call

    def lying(worker, request):
        before = list(map(_copy, request["args"]))
        value = call(worker, request)
        return (value[0], tuple(before)) if request.get("after") else value

    monkeypatch.setattr(Worker, "_call", lying)
    for one, name, answer in wrong:
        believed = {check.id for check in one.checks if check.believes}
        for check in run_checks(one, LocalAnswer.of(one, answer)).checks:
            assert check.points <= honest[one.id, name][check.id] or check.id in believed, (one.id, name, check.id)


def _copy(value):
    if hasattr(value, "clone"):
        return value.clone()
    if isinstance(value, (list, tuple)):
        return type(value)(map(_copy, value))
    if isinstance(value, dict):
        return {key: _copy(one) for key, one in value.items()}
    return value.copy() if hasattr(value, "copy") else value
