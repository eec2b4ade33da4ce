"""Tests of the tests: every answer that an exercise knows, on both backends and with several seeds."""

import ast
import contextlib
import itertools
import re

import pytest
import torch

from autograder import exercises
from autograder.authoring.solutions import solution_cells, solution_of
from autograder.engine.sandbox import Sandbox
from autograder.judging import runner
from autograder.judging.answers import LocalAnswer
from autograder.judging.diagnosis import behaviour, known_behaviours, same_outcome
from autograder.judging.runner import PUBLISHED_SEED, mark, run_checks
from autograder.render import as_text
from autograder.results import Verdict
from tests.answers import InProcess, Sandboxed, known_ids, named, solved_ids, stub_source

pytestmark = pytest.mark.matrix

SEEDS = (PUBLISHED_SEED, b"a secret", b"another secret")
LOST = (Verdict.FAILED, Verdict.STUDENT_ERROR)


def same(one, other):
    """True where two behaviours agree on every probe."""
    return len(one) == len(other) and all(map(same_outcome, one, other))


def of_exercises(cases):
    """Those of one exercise on one worker of ``pytest -n 2 --dist loadgroup``: it works out once what they share."""
    return [pytest.param(*one, id="-".join(one), marks=pytest.mark.xdist_group(one[0])) for one in cases]


def answers(kind):
    return pytest.mark.parametrize(("exercise_id", "name"), of_exercises(named(kind)))


def exercises_of(ids):
    return pytest.mark.parametrize("exercise_id", of_exercises([(one,) for one in ids]))


each_exercise = exercises_of(known_ids())


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """Thousands of tiny calls: threads that wait for each other would take most of the time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def zygote():
    with Sandbox() as warm:
        yield warm


@pytest.fixture(params=["in process", "sandboxed"])
def backend(request):
    return InProcess() if request.param == "in process" else Sandboxed(request.getfixturevalue("zygote"))


@contextlib.contextmanager
def student_of(made):
    """Hold one student while its checks run."""
    with contextlib.closing(made):
        yield next(made)


def verdicts(result):
    return "\n" + as_text(result)


def assert_full_marks(exercise, student):
    for seed in SEEDS:
        result = run_checks(exercise, student, seed)
        assert result.passed, (seed, verdicts(result))
        assert result.score == exercise.max_score


@each_exercise
def test_the_stub_scores_nothing(backend, exercise_id):
    exercise = exercises.load(exercise_id)
    with student_of(backend.of_cells(exercise, [("stub", stub_source(exercise))])) as student:
        result = run_checks(exercise, student)
    assert result.score == 0
    assert not result.needs_review, verdicts(result)
    assert exercise.values or result.not_started, verdicts(result)


@answers("alternatives")
def test_a_right_answer_scores_full_marks(backend, exercise_id, name):
    exercise = exercises.load(exercise_id)
    with student_of(backend.of_answer(exercise, exercise.alternatives[name])) as student:
        assert_full_marks(exercise, student)


@exercises_of(solved_ids())
def test_the_solution_scores_full_marks(backend, exercise_id):
    exercise = exercises.load(exercise_id)
    with student_of(backend.of_cells(exercise, solution_cells(exercise_id))) as student:
        assert_full_marks(exercise, student)


def assert_caught_and_named(exercise, name, member, student, seed):
    """A member of a misconception fails the check that must catch it, and is told its name there and nowhere else."""
    result = run_checks(exercise, student, seed)
    about = (seed, member.function, verdicts(result))
    assert not result.needs_review, about
    assert result.score < exercise.max_score
    assert len(result.fingerprint) == 12, about
    caught = next(check for check in result.checks if check.id == member.caught_by)
    assert caught.verdict in LOST, about
    assert (result.misconceptions, caught.misconception) == ((name,), name), about
    assert caught.message in [one.message for one in exercise.misconceptions[name].members], about


@answers("misconceptions")
def test_a_wrong_answer_is_caught_where_it_says_and_called_by_its_name(exercise_id, name):
    """Every member of its family, with the published seed; with a secret one it is caught in the same place."""
    exercise = exercises.load(exercise_id)
    for member in exercise.misconceptions[name].members:
        student = LocalAnswer.of(exercise, member)
        assert_caught_and_named(exercise, name, member, student, PUBLISHED_SEED)
        secretly = {check.id: check.verdict for check in mark(exercise, student, SEEDS[1]).checks}
        assert secretly[member.caught_by] in LOST, (member.function, secretly)


@answers("misconceptions")
def test_a_wrong_answer_is_caught_and_named_in_the_sandbox_too(zygote, monkeypatch, exercise_id, name):
    """The first member of its family, since what the others differ in is a number; with a secret seed.

    A smaller input is looked for in the test above: it changes no verdict and no name.
    """
    monkeypatch.setattr(runner, "smallest", lambda exercise, student, failure: failure)
    exercise = exercises.load(exercise_id)
    wrong = exercise.misconceptions[name]
    with student_of(Sandboxed(zygote).of_answer(exercise, wrong)) as student:
        assert_caught_and_named(exercise, name, wrong.members[0], student, SEEDS[1])


@each_exercise
@pytest.mark.parametrize("reply", ["zero", "nothing", "text", "its first argument"])
def test_a_reply_without_thought_loses_marks(exercise_id, reply):
    exercise = exercises.load(exercise_id)
    thing = {"zero": 0.0, "nothing": None, "text": "42"}.get(reply)

    def answer(*args):
        return args[0] if reply == "its first argument" and args else thing

    entries = (thing,) * len(exercise.entries) if exercise.values else (answer,)
    result = run_checks(exercise, LocalAnswer(exercise, entries))
    assert not result.needs_review, verdicts(result)
    assert result.score < exercise.max_score


@each_exercise
def test_no_two_wrong_answers_behave_alike(exercise_id):
    known = known_behaviours(exercise_id)
    alike = [
        (a, b)
        for a, b in itertools.combinations(known, 2)
        if a[0] != b[0] and (same(known[a], known[b]) or same(known[b], known[a]))  # members of one family may
    ]
    assert alike == []


@each_exercise
def test_members_of_a_family_that_behave_alike_are_told_the_same(exercise_id):
    """Else the number in a message could be that of another member."""
    known = known_behaviours(exercise_id)
    wrong = exercises.load(exercise_id).misconceptions
    alike = [
        (name, one.message, other.message)
        for name in wrong
        for (a, one), (b, other) in itertools.combinations(enumerate(wrong[name].members), 2)
        if one.message != other.message and same(known[name, a], known[name, b])
    ]
    assert alike == []


@each_exercise
def test_no_wrong_answer_behaves_like_a_right_one(exercise_id):
    exercise = exercises.load(exercise_id)
    right = {
        name: behaviour(exercise, LocalAnswer.of(exercise, answer)) for name, answer in exercise.alternatives.items()
    }
    wrong = known_behaviours(exercise_id)
    alike = [(a, b) for a in right for b in wrong if same(right[a], wrong[b])]
    assert alike == []


LONGEST_MESSAGE = 80  # words: more is not read


@each_exercise
def test_a_message_is_short_and_holds_no_line_of_the_solution(exercise_id):
    lines = set(code_lines(exercise_id))
    for name, wrong in exercises.load(exercise_id).misconceptions.items():
        for member in wrong.members:
            assert len(member.message.split()) <= LONGEST_MESSAGE, (name, len(member.message.split()))
            said = " ".join(member.message.split())
            assert not [line for line in lines if line in said], name


def code_lines(exercise_id):
    """The lines of the solution that say how it is done: those with more than two tokens."""
    if exercise_id not in solved_ids():
        return
    tree = ast.parse(solution_of(exercise_id))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    for line in map(str.strip, ast.unparse(tree).splitlines()):
        if len(re.findall(r"\w+|[^\w\s]", line)) > 2 and not line.startswith(("def ", "class ", "import ", "from ")):
            yield line


@each_exercise
def test_the_folder_is_complete(exercise_id):
    exercise = exercises.load(exercise_id)
    assert len(exercise.misconceptions) >= 8, list(exercise.misconceptions)
    assert len(exercise.alternatives) >= 3, list(exercise.alternatives)
    assert exercise.checks
    assert exercise.probes()
    for field in ("title", "lesson", "section", "signature", "questions"):
        assert getattr(exercise, field), field
    assert all(question.endswith("?") for question in exercise.questions.values())
    assert exercise.questions.keys() <= {check.id for check in exercise.checks}
    assert 1 <= exercise.difficulty <= 5
    assert 1 <= exercise.minutes <= 60
    assert len(exercise.hints) + bool(exercise.order) == 3
    assert exercise.values or exercise.signature.startswith(exercise.entries[0])


@each_exercise
def test_checks_and_wrong_answers_say_what_they_must(exercise_id):
    exercise = exercises.load(exercise_id)
    ids = [check.id for check in exercise.checks]
    for index, check in enumerate(exercise.checks):
        assert check.sentence.endswith("."), f"{check.id} has no sentence for the learner"
        assert check.points > 0
        assert set(check.depends) <= set(ids[:index]), f"{check.id} depends on something that comes later"
    for name, wrong in exercise.misconceptions.items():
        assert wrong.caught_by in ids, name
        assert len(wrong.message) > 20, name
    assert any(wrong.conceptual for wrong in exercise.misconceptions.values())
