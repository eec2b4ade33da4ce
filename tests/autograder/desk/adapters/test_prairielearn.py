"""A question for PrairieLearn: what lies in its folder, and what becomes of a file in a container like theirs."""

import ast
import json
import os
import re
import shutil
import stat
import subprocess
import uuid
from pathlib import Path

import pytest

from autograder import exercises
from autograder.desk.adapters import prairielearn
from autograder.desk.adapters.common import NO_SANDBOX, OURS, SETTINGS, TRUSTED, Settings
from autograder.engine.sandbox import SandboxError
from autograder.results import STUB_LEFT, Cause, UsageError, Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.desk.adapters.containers import command, results, run, wheel

NAME = "latency_objective"
RIGHT = f"def {NAME}(ce, latency_ms, budget_ms, lam):\n    return ce + lam * max(0.0, latency_ms - budget_ms)\n"
WRONG = RIGHT.replace("max(0.0, latency_ms - budget_ms)", "(latency_ms - budget_ms)")

# ---- the folder --------------------------------------------------------------------------------------------------


def made(folder: Path, name: str = NAME, **how) -> Path:
    return prairielearn.make(name, folder / "question", wheel=wheel(folder), **how)


def test_the_folder_holds_a_question_its_tests_and_an_image(tmp_path):
    path = made(tmp_path)
    files = {one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file()}
    assert files == {
        "info.json",
        "question.html",
        "starter.py",
        "tests/run.sh",
        "tests/settings.json",
        "image/Dockerfile",
        "image/constraints.txt",
        "image/mtl_teach-0.1.0-py3-none-any.whl",
    }
    assert stat.S_IMODE((path / "tests" / "run.sh").stat().st_mode) & 0o111
    assert stat.S_IMODE((path / "tests" / SETTINGS).stat().st_mode) == 0o600


def test_the_question_is_graded_outside_without_a_network(tmp_path):
    info = json.loads((made(tmp_path, image="school/grader") / "info.json").read_bytes())
    assert (info["type"], info["gradingMethod"], info["topic"]) == ("v3", "External", "Constraints and penalties")
    options = info["externalGradingOptions"]
    assert options["enabled"] is True
    assert options["enableNetworking"] is False
    assert options["image"] == "school/grader"
    assert options["entrypoint"] == "/grade/tests/run.sh"
    assert 300 < options["timeout"] <= 600


def test_an_exercise_has_one_identity_and_each_another(tmp_path):
    made_of = [prairielearn.info(one, "ps01", "image")["uuid"] for one in exercises.all_exercises()]
    assert len(set(made_of)) == len(exercises.all_ids())
    again = prairielearn.info(exercises.load(NAME), "ps08", "another")["uuid"]
    assert again in made_of
    assert str(uuid.UUID(again)) == again


@pytest.mark.parametrize("name", exercises.all_ids())
def test_every_exercise_has_a_page_without_its_solution_and_a_beginning_that_is_python(tmp_path, name):
    path = made(tmp_path, name)
    page, starter = (path / "question.html").read_text(), (path / "starter.py").read_text()
    assert f'file-name="{name}.py"' in page
    assert len(page.partition("<markdown>")[2].partition("</markdown>")[0].split()) > 20
    assert "{{" not in page
    assert not re.search(r"\b(listed|described|given|shown|promised|as) above\b", page)  # it stands alone
    ast.parse(starter)
    assert "SOLUTION" not in starter
    assert "autograder" not in starter


def test_what_a_problem_set_says_of_all_its_exercises_is_on_the_page(tmp_path):
    assert (
        "Throughout, `mask` is True where a label was observed."
        in (made(tmp_path, "masked_mean") / "question.html").read_text()
    )


def test_braces_that_mustache_would_take_are_set_apart(tmp_path, monkeypatch):
    monkeypatch.setattr(prairielearn, "_released", lambda name: {f"about-{NAME}": "$x_{{i}}$", NAME: "pass"})
    assert "$x_{ {i}}$" in (made(tmp_path) / "question.html").read_text()


def test_an_exercise_that_there_is_not_and_a_folder_that_there_is_are_named(tmp_path):
    with pytest.raises(UsageError, match="Did you mean `masked_mean`"):
        made(tmp_path, "masked_maen")
    assert not (tmp_path / "question").exists()
    made(tmp_path)
    with pytest.raises(UsageError, match="is there already"):
        made(tmp_path)


# ---- one file, without grading it --------------------------------------------------------------------------------


def container(folder: Path, **how) -> Path:
    """The question's ``tests/`` and room for a student's file, as PrairieLearn mounts them."""
    root = folder / "grade"
    shutil.move(made(folder, **how) / "tests", root / "tests")
    (root / "student").mkdir()
    return root


def hand_in(root: Path, source: str) -> None:
    (root / "student" / f"{NAME}.py").write_text(source)


@pytest.fixture
def root(tmp_path):
    made_here = container(tmp_path)
    hand_in(made_here, RIGHT)
    return made_here


@pytest.fixture
def says(monkeypatch):
    """Let grading say this, in place of doing it."""

    class Warm:
        def __init__(self, limits, trust, imports):
            self.trust = trust

        def __enter__(self):
            return self

        def __exit__(self, *why):
            pass

    def say(*checks, error=""):
        monkeypatch.setattr(prairielearn, "Sandbox", Warm)
        monkeypatch.setattr(prairielearn, "grade_file_and_say", lambda *args: (result(*checks), error))

    return say


def test_each_check_is_a_test_with_points_and_the_score_is_their_share(root, says):
    failed = checked(Verdict.FAILED, "test_gradient", 6.0, summary="It is not.", got="<b>2</b>")
    says(checked(Verdict.PASSED), failed)
    prairielearn.run(root)
    said = results(root)
    assert (said["gradable"], said["score"]) == (True, 0.25)
    assert [(one["points"], one["max_points"]) for one in said["tests"]] == [(2.0, 2.0), (0.0, 6.0)]
    assert said["tests"][1]["output"] == "It is not.\ngot:       <b>2</b>"


def test_the_results_stay_below_a_megabyte(root, says):
    says(*(checked(Verdict.FAILED, f"test_{number}", summary="x" * 200_000) for number in range(20)))
    prairielearn.run(root)
    assert (root / "results" / "results.json").stat().st_size < 2**20 // 4
    assert len(results(root)["tests"]) == 20


@pytest.mark.parametrize(
    ("checks", "error", "said"),
    [
        (
            [checked(Verdict.STUDENT_ERROR, cause=Cause.MISSING)],
            "SyntaxError: invalid syntax",
            "not Python yet: Syntax",
        ),
        ([checked(Verdict.STUDENT_ERROR, cause=Cause.MISSING)], "IndentationError: unexpected", "not Python yet"),
        ([checked(Verdict.FAILED, cause=Cause.NOT_STARTED)], "", STUB_LEFT),
        ([checked(Verdict.GRADER_ERROR, cause=Cause.GRADER)], "", OURS),
    ],
    ids=["no syntax", "no indentation", "not begun", "a fault of ours"],
)
def test_what_nothing_can_be_said_of_uses_no_attempt(root, says, checks, error, said):
    says(*checks, error=error)
    prairielearn.run(root)
    assert results(root)["gradable"] is False
    assert said in results(root)["format_errors"][0]


def test_a_file_that_stops_with_another_error_is_graded(root, says):
    says(checked(Verdict.STUDENT_ERROR, cause=Cause.MISSING), error="ValueError: SyntaxError")
    prairielearn.run(root)
    assert (results(root)["gradable"], results(root)["score"]) == (True, 0.0)


def test_trust_is_stamped_on_every_result(tmp_path, says):
    root = container(tmp_path, trust=True)
    for source in ("", RIGHT):
        if source:
            hand_in(root, source)
        says(checked(Verdict.PASSED))
        prairielearn.run(root)
        assert results(root)["message"].startswith(TRUSTED)


def test_a_missing_file_a_link_a_pipe_and_a_huge_one_are_said(tmp_path):
    root = container(tmp_path)
    path, said = root / "student" / f"{NAME}.py", []

    def ask():
        prairielearn.run(root)
        said.extend(results(root)["format_errors"])
        path.unlink(missing_ok=True)

    ask()
    path.symlink_to(root / "tests" / SETTINGS)
    ask()
    os.mkfifo(path)
    ask()
    with open(path, "wb") as huge:
        huge.truncate(40 * 2**30)
    ask()
    words = ["there is no", "is a link", "is no ordinary file", "at most 1,048,576 are read"]
    assert [word in one for word, one in zip(words, said, strict=True)] == [True] * 4


def test_without_a_sandbox_nothing_is_graded_and_everybody_knows(root, monkeypatch, capsys):
    def none(limits, trust, imports):
        raise SandboxError("grading needs namespaces")

    monkeypatch.setattr(prairielearn, "Sandbox", none)
    prairielearn.run(root)
    assert results(root) == prairielearn.refused(NO_SANDBOX)
    assert "grading needs namespaces" in capsys.readouterr().out


def test_the_script_is_bash_that_parses_and_has_a_fallback_that_is_json(root, tmp_path):
    script = root / "tests" / "run.sh"
    assert subprocess.run(["bash", "-n", script]).returncode == 0
    command(tmp_path / "bin" / "mtl-grade", "exit 9")
    said = run(script, env={"MTL_GRADE": str(root), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"})
    assert results(root) == prairielearn.refused(OURS)
    assert "exit code 9" in said


# ---- the real thing ----------------------------------------------------------------------------------------------

FORGED = json.dumps({"gradable": True, "score": 1.0, "message": "all of it"})
FORGER = f"""
import os
print({FORGED!r}, flush=True)
def {NAME}(ce, latency_ms, budget_ms, lam):
    for path in ("ROOT/results/results.json", "/grade/results/results.json", "results/results.json"):
        try:
            open(path, "w").write({FORGED!r})
        except OSError:
            pass
    os.write(1, {FORGED!r}.encode())
    os._exit(0)
"""


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_script_grades_right_wrong_empty_and_hostile_files_behind_the_sandbox(tmp_path):
    root = container(tmp_path)
    command(tmp_path / "bin" / "mtl-grade")
    env = {"MTL_GRADE": str(root), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}

    def graded(source):
        hand_in(root, source)
        run(root / "tests" / "run.sh", env=env)
        return results(root)

    assert graded(RIGHT)["score"] == 1.0
    said = graded(WRONG)
    assert 0.0 < said["score"] < 1.0
    assert "This behaves like a known mistake" in "".join(one["output"] for one in said["tests"])
    assert graded("def broken(:\n")["gradable"] is False
    assert graded("")["score"] == 0.0
    assert graded((tmp_path / "question" / "starter.py").read_text())["format_errors"] == [STUB_LEFT]
    said = graded(FORGER.replace("ROOT", str(root)))
    assert (said["score"], said["gradable"]) == (0.0, True)
    assert "all of it" not in said["message"]


def test_the_settings_are_those_of_the_exercise(tmp_path):
    settings = Settings.read(container(tmp_path) / "tests" / SETTINGS)
    assert (settings.name, settings.trust, len(settings.secret)) == (NAME, False, 32)
