"""What an archive carries, a result as items, and a results.json whatever happens."""

import json
import stat
import subprocess
import types

import pytest

from autograder.desk.adapters import common
from autograder.desk.adapters.common import NO_SANDBOX, OURS, STOPPED, Settings
from autograder.engine.sandbox import SandboxError
from autograder.grading.course import Course, CourseError
from autograder.results import UsageError, Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.desk.adapters.containers import wheel

# ---- settings ----------------------------------------------------------------------------------------------------


def test_settings_are_read_as_they_were_written(tmp_path):
    settings = Settings("ps05_masks", bytes(range(32)), True, "visible")
    (tmp_path / "settings.json").write_bytes(settings.written())
    assert Settings.read(tmp_path / "settings.json") == settings


def test_a_secret_of_its_own_is_another_each_time():
    assert len({common.secret_for("ps05", None) for _ in range(3)}) == 3


def test_a_secret_of_a_course_is_the_same_each_time_and_never_the_courses_own(course: Course):
    first, again, other = (common.secret_for(name, course.root) for name in ("ps05", "ps05", "ps06"))
    assert first == again != other
    assert course.secret not in (first, other)


def test_a_secret_of_a_folder_that_is_no_course_is_one_sentence(tmp_path):
    with pytest.raises(CourseError, match="is not a course's folder"):
        common.secret_for("ps05", tmp_path)


# ---- the wheel ---------------------------------------------------------------------------------------------------


def test_a_wheel_that_is_given_is_taken_with_the_constraints_beside_it(tmp_path):
    files = dict(common.wheel_and_constraints(wheel(tmp_path)))
    assert set(files) == {"mtl_teach-0.1.0-py3-none-any.whl", "constraints.txt"}
    assert b"torch==" in files["constraints.txt"]


@pytest.mark.parametrize(
    ("name", "inside", "said"),
    [
        ("mtl_teach-0.0.1-py3-none-any.whl", "autograder/render.py", "an older mtl-teach's"),
        ("other-1.0-py3-none-any.whl", common.NEEDED_IN_A_WHEEL, "another package's wheel"),
        ("mtl_teach-0.1.0.tar.gz", common.NEEDED_IN_A_WHEEL, "another package's wheel"),
    ],
)
def test_a_wheel_that_would_not_work_there_is_refused_here(tmp_path, name, inside, said):
    with pytest.raises(UsageError, match=said):
        dict(common.wheel_and_constraints(wheel(tmp_path, name, inside)))


def test_a_wheel_that_is_no_zip_or_not_there_is_named(tmp_path):
    (tmp_path / "mtl_teach-1-py3-none-any.whl").write_text("no zip")
    with pytest.raises(UsageError, match="is no wheel; give --wheel"):
        dict(common.wheel_and_constraints(tmp_path / "mtl_teach-1-py3-none-any.whl"))
    with pytest.raises(UsageError, match="There is no file"):
        dict(common.wheel_and_constraints(tmp_path / "nothing.whl"))


@pytest.fixture
def pip(monkeypatch):
    """pip in place of pip: makes a wheel, or ends as it is told."""
    told = types.SimpleNamespace(code=0, error="", commands=[])

    def run(command, **how):
        told.commands.append(command)
        if told.code == 0:
            wheel(common.Path(command[command.index("-w") + 1]))
        return subprocess.CompletedProcess(command, told.code, "", told.error)

    monkeypatch.setattr(common.subprocess, "run", run)
    return told


def test_in_a_checkout_the_wheel_is_built_without_its_dependencies(pip):
    files = dict(common.wheel_and_constraints(None))
    assert "mtl_teach-0.1.0-py3-none-any.whl" in files
    assert "--no-deps" in pip.commands[0]
    assert pip.commands[0][-1] == str(common.course_root())


def test_a_wheel_that_cannot_be_built_says_why_and_what_to_do(pip):
    pip.code, pip.error = 1, "a long story\nERROR: No matching distribution found for hatchling\n"
    with pytest.raises(UsageError, match=r"\(ERROR: No matching distribution found for hatchling\); .* --wheel FILE"):
        dict(common.wheel_and_constraints(None))


def test_an_installed_package_says_that_the_wheel_must_be_given(tmp_path, monkeypatch):
    monkeypatch.setattr(common, "course_root", lambda: tmp_path)
    with pytest.raises(UsageError, match=r"installed package.* --wheel FILE"):
        dict(common.wheel_and_constraints(None))


# ---- a result as items -------------------------------------------------------------------------------------------


def test_each_check_is_an_item_with_what_happened_and_the_hint_once():
    wrong = checked(
        Verdict.FAILED,
        "test_mask",
        sentence="What is not observed does not count.",
        summary="The answer is NaN.",
        inputs={"values": "[1, nan]"},
        expected="1",
        got="nan",
        misconception="multiplies_by_the_mask",
        message="NaN * 0 is NaN.",
    )
    passed, failed, later, skipped = common.items_of(
        result(
            checked(Verdict.PASSED),
            wrong,
            checked(Verdict.STUDENT_ERROR, "test_error", summary="Your code raised KeyError"),
            checked(Verdict.SKIPPED, "test_gradient", summary="Fix this first: the value."),
            question="What is divided by what?",
        )
    )
    assert (passed.points, passed.max_points, passed.passed, passed.text) == (2.0, 2.0, True, "")
    assert failed.text.splitlines() == [
        "This behaves like a known mistake (multiplies by the mask): NaN * 0 is NaN.",
        "The answer is NaN.",
        "values:    [1, nan]",
        "expected:  1",
        "got:       nan",
        "? What is divided by what?",
    ]
    assert later.text == "Your code raised KeyError"
    assert (skipped.passed, skipped.points, skipped.text) == (False, 0.0, "Fix this first: the value.")


def test_what_a_student_hides_in_a_text_is_written_out():
    (item,) = common.items_of(result(checked(Verdict.FAILED, summary="a\x1b[31mred\u202e")))
    assert item.text == "a\\x1b[31mred\\u202e"


# ---- in the container --------------------------------------------------------------------------------------------


def refused(why):
    return {"why": why}


def written(path, make):
    common.write_results(path, make, refused)
    return json.loads(path.read_bytes())


def test_what_comes_of_grading_is_written(tmp_path):
    assert written(tmp_path / "results" / "results.json", lambda: {"score": 1}) == {"score": 1}


def test_while_it_grades_the_file_says_that_it_was_stopped(tmp_path):
    path, seen = tmp_path / "results.json", []
    written(path, lambda: seen.append(json.loads(path.read_bytes())) or {})
    assert seen == [{"why": STOPPED}]


def test_without_a_sandbox_the_student_reads_that_it_was_not_graded_and_the_instructor_what_to_do(tmp_path, capsys):
    def make():
        raise SandboxError("bubblewrap cannot make them here")

    assert written(tmp_path / "results.json", make) == {"why": NO_SANDBOX}
    said = capsys.readouterr().out
    assert "bubblewrap cannot make them here" in said
    assert "--trust-submissions" in said


def test_a_crash_of_ours_is_said_to_be_ours_and_told_by_kind_and_line_without_its_words(tmp_path, capsys):
    def make():
        raise ValueError("a secret input: 0.123")

    assert written(tmp_path / "results.json", make) == {"why": OURS}
    said = capsys.readouterr().out
    assert "ValueError in " in said
    assert "test_common.py, line" in said
    assert "0.123" not in said


def test_a_file_or_link_that_somebody_put_in_the_way_is_replaced(tmp_path):
    elsewhere, path = tmp_path / "elsewhere", tmp_path / "results.json"
    elsewhere.write_text("mine")
    path.symlink_to(elsewhere)
    assert written(path, lambda: {"score": 1}) == {"score": 1}
    assert elsewhere.read_text() == "mine"
    assert stat.S_ISREG(path.lstat().st_mode)


def test_nothing_is_written_over(tmp_path):
    common.must_be_new(tmp_path / "new")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for there in (tmp_path, tmp_path / "dangling"):
        with pytest.raises(UsageError, match="is there already; remove it, or name another place with --to"):
            common.must_be_new(there)


def test_the_file_that_a_wheel_must_hold_is_one_of_ours():
    assert (common.course_root() / common.NEEDED_IN_A_WHEEL).is_file()
