"""`mtl-grade new-exercise`: a folder that is an exercise at once, and that nobody can mistake for a finished one."""

import itertools
import sys

import pytest

from autograder import exercises
from autograder.authoring.new_exercise import scaffold
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import run_checks
from autograder.results import UsageError, Verdict

NUMBERS = itertools.count()


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty checkout whose exercises are found beside the real ones."""
    folder = tmp_path / "autograder" / "exercises"
    folder.mkdir(parents=True)
    monkeypatch.setattr(exercises, "HERE", folder)
    monkeypatch.setattr(exercises, "__path__", [*exercises.__path__, str(folder)])
    _forget()
    yield tmp_path
    _forget()


def _forget():
    exercises.all_ids.cache_clear()
    exercises.load.cache_clear()
    for name in [name for name in sys.modules if name.startswith("autograder.exercises.brand_new_")]:
        del sys.modules[name]


@pytest.fixture
def name():
    return f"brand_new_{next(NUMBERS)}"


def results(name):
    exercise = exercises.load(name)
    for answer in exercise.alternatives.values():
        yield run_checks(exercise, LocalAnswer.of(exercise, answer))


def test_the_five_files_are_written_and_returned(checkout, name):
    written = scaffold(name, checkout)
    folder = checkout / "autograder" / "exercises" / name
    assert sorted(folder.iterdir()) == sorted(written)
    assert {path.name for path in written} == {
        "exercise.toml",
        f"test_{name}.py",
        "scenarios.py",
        "alternatives.py",
        "misconceptions.py",
    }
    assert not any("@id@" in path.read_text() for path in written)
    assert max(len(line) for path in written for line in path.read_text().splitlines()) <= 120


def test_the_folder_can_be_read_as_an_exercise(checkout, name):
    scaffold(name, checkout)
    exercise = exercises.load(name)
    assert exercise.entries == (name,)
    assert len(exercise.hints) == 2
    assert (len(exercise.order.lines), len(exercise.order.wrong)) == (3, 2)
    compile(exercise.order.source(exercise.order.lines), "lines", "exec")
    assert all(one.endswith("?") for one in exercise.questions.values())
    assert exercise.questions.keys() <= {check.id for check in exercise.checks}
    assert exercise.checks
    assert exercise.misconceptions
    assert exercise.alternatives
    assert exercise.probes()
    assert {wrong.caught_by for wrong in exercise.misconceptions.values()} <= {check.id for check in exercise.checks}


def test_every_check_fails_and_says_what_to_fill_in(checkout, name):
    scaffold(name, checkout)
    for result in results(name):
        assert result.score == 0
        assert [check.verdict for check in result.checks] == [Verdict.FAILED] * len(result.checks)
        assert all(check.summary.startswith("Fill in `right`") for check in result.checks)


def test_once_filled_in_right_answers_pass_and_wrong_ones_are_named(checkout, name):
    written = {path.name: path for path in scaffold(name, checkout)}
    checks = written[f"test_{name}.py"]
    start = checks.read_text().index("    return fail(")
    end = checks.read_text().index("\n", start)
    checks.write_text(checks.read_text()[:start] + "    return 4.0 * sum(values.tolist())" + checks.read_text()[end:])
    alternatives = written["alternatives.py"]
    alternatives.write_text(alternatives.read_text().replace("return None", "return 4.0 * values.sum()"))
    assert all(result.passed for result in results(name))
    exercise = exercises.load(name)
    for wrong, answer in exercise.misconceptions.items():
        result = run_checks(exercise, LocalAnswer.of(exercise, answer))
        assert not result.passed
        assert result.misconception == wrong


def test_an_existing_exercise_is_left_alone(checkout, name):
    written = scaffold(name, checkout)
    written[0].write_text("mine")
    with pytest.raises(UsageError, match=f"There is an exercise `{name}` already, in .*Take another name"):
        scaffold(name, checkout)
    assert written[0].read_text() == "mine"


@pytest.mark.parametrize(
    "bad",
    ["", "Masked_Mean", "masked mean", "masked-mean", "2fast", "_hidden", "two__bars", "../out", "class", "x" * 41],
)
def test_an_ill_named_exercise_is_refused_and_nothing_is_written(checkout, bad):
    with pytest.raises(UsageError, match="named like its function, in lower-case words joined by underscores"):
        scaffold(bad, checkout)
    assert list((checkout / "autograder" / "exercises").iterdir()) == []


@pytest.mark.parametrize("good", ["a", "two_words", "v2", f"brand_new_{'x' * 30}"])
def test_a_well_named_exercise_is_written(checkout, good):
    assert [path.parent.name for path in scaffold(good, checkout)] == [good] * 5


def test_a_folder_that_is_no_checkout_is_refused(tmp_path):
    with pytest.raises(UsageError, match="is not a checkout of the course"):
        scaffold("brand_new", tmp_path)
    assert list(tmp_path.iterdir()) == []
