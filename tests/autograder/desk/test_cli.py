"""``mtl-grade`` as a command: exit codes, one clear sentence for wrong use, JSON for programs."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import exercises
from autograder.desk import cli, run
from autograder.engine.sandbox import Limits, Sandbox
from autograder.gradebook import marks
from autograder.grading.one_file import PlainFile, grade_file
from autograder.judging.runner import PUBLISHED_SEED
from autograder.results import Verdict
from tests.autograder.conftest import ANSWERS, NAME, hand_in, with_answer

PROGRAM = Path(sys.executable).parent / "mtl-grade"
pytestmark = pytest.mark.sandbox


def mtl_grade(*arguments, **options):
    env = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
    return subprocess.run(
        [PROGRAM, *map(str, arguments)], capture_output=True, text=True, env=env, timeout=300, **options
    )


@pytest.fixture(scope="module")
def warm():
    with Sandbox(Limits(cell=2, call=1)) as zygote:
        yield zygote


@pytest.fixture
def answer(tmp_path):
    def write(source):
        path = tmp_path / "answer.py"
        path.write_text(source)
        return path

    return write


def test_try_gives_full_marks_and_exit_code_0_for_a_right_answer(answer):
    done = mtl_grade("try", "masked_mean", answer(ANSWERS["right"]), "--json")
    record = json.loads(done.stdout)
    assert done.returncode == 0
    assert record["score"] == record["max_score"] == 9.0
    assert {check["verdict"] for check in record["checks"]} == {"passed"}
    assert set(record["checks"][0]) >= {"id", "verdict", "points", "max_points", "summary", "misconception"}


def test_try_grades_several_files_in_one_sandbox_and_says_which_is_which(tmp_path):
    for name in ("right", "wrong", "exit"):
        (tmp_path / f"{name}.py").write_text(ANSWERS[name])
    paths = [tmp_path / f"{name}.py" for name in ("exit", "right", "wrong")]
    done = mtl_grade("try", "masked_mean", *paths, "--json")
    records = json.loads(done.stdout)
    assert done.returncode == 1
    assert [Path(record["file"]).stem for record in records] == ["exit", "right", "wrong"]
    assert [record["score"] == record["max_score"] for record in records] == [False, True, False]
    done = mtl_grade("try", "masked_mean", paths[1], paths[1])
    assert done.returncode == 0
    assert done.stdout.count(f"{paths[1]}: ") == 2


def test_try_reads_every_file_before_the_first_is_graded(answer):
    done = mtl_grade("try", "masked_mean", answer(ANSWERS["right"]), "not-there.py")
    assert done.returncode == 2
    assert "There is no file not-there.py" in done.stderr
    assert done.stdout == ""


def test_try_names_the_misconception_and_exits_with_1(answer):
    done = mtl_grade("try", "masked_mean", answer(ANSWERS["wrong"]))
    assert done.returncode == 1
    assert "multiplies by the mask" in done.stdout


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("x = 1\n", "`masked_mean` is not defined"),
        ("import not_there\n", "The file stops with ImportError"),
        ("def masked_mean(values):\n    return values\n", "TypeError"),
        ("def masked_mean(values, mask)\n", "SyntaxError"),
        ("import os\nos._exit(0)\n", "ended its own process"),
        ("while True:\n    pass\n", "Timeout"),
    ],
)
def test_a_file_without_a_usable_function_is_an_error_of_the_student(warm, source, said):
    result = grade_file(exercises.load("masked_mean"), PlainFile("answer.py", source), PUBLISHED_SEED, warm)
    assert result.score == 0
    assert {check.verdict for check in result.checks} <= {Verdict.STUDENT_ERROR, Verdict.SKIPPED}
    assert said in result.checks[0].summary


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("try", "maskd_mean", "x.py"), "Did you mean `masked_mean`?"),
        (("try", "masked_mean", "not-there.py"), "There is no file not-there.py"),
        (("run", "not-there"), "not-there is not a folder"),
        (("export", ".", "--format", "pdf"), "--format must be one of csv, canvas, moodle; got 'pdf'"),
        (("no-such-command",), "No such command"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(arguments, said, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["mtl-grade", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 2
    assert said in " ".join(capsys.readouterr().err.replace("│", "").split())


def test_a_course_goes_from_init_to_export(tmp_path, course, released):
    hand_in(course, "ada", with_answer(released, "wrong"))
    done = mtl_grade("run", course.root / "submitted", "--jobs", 1, "--json")
    assert json.loads(done.stdout)["graded"] == 1
    assert mtl_grade("run", course.root, "--jobs", 1).stdout.startswith("0 graded, 1 already were, 0 entered")
    assert json.loads(mtl_grade("report", course.root, "--json").stdout)[0]["misconceptions"] == [
        {"id": "multiplies_by_the_mask", "students": 1}
    ]
    assert mtl_grade("feedback", course.root).stdout.startswith("1 feedback pages")
    mtl_grade("export", course.root, "--format", "canvas", "--to", tmp_path / "canvas.csv")
    assert (tmp_path / "canvas.csv").read_text() == f"ID,Assignment,Points\nada,{NAME},6.0\n"


@pytest.mark.slow
def test_the_demo_is_right_in_every_row_and_keeps_its_folder(tmp_path):
    done = mtl_grade("demo", "--keep", tmp_path / "class", "--json")
    shown = json.loads(done.stdout)
    assert [row for row in shown["rows"] if not row["as_it_should_be"]] == []
    assert done.returncode == 0
    assert len(shown["rows"]) == 24
    assert all(Path(path).exists() for path in shown["paths"].values())
    again = mtl_grade("demo", "--keep", tmp_path / "class")
    assert (again.returncode, "is not empty" in again.stderr) == (2, True)


@pytest.mark.slow
def test_a_cluster_grades_like_this_machine_also_when_a_worker_is_killed(course, released):
    """A real scheduler and two workers as processes of their own, one of which is killed in the middle."""
    from distributed import Client

    for number in range(12):
        hand_in(course, f"s{number:02}", with_answer(json.loads(json.dumps(released)), ("right", "wrong")[number % 2]))
    bin_ = Path(sys.executable).parent
    env = {**os.environ, "OMP_NUM_THREADS": "1"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": env}
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    scheduler = subprocess.Popen(
        [bin_ / "dask", "scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"], **quiet
    )
    worker = [
        bin_ / "dask",
        "worker",
        address,
        "--host",
        "127.0.0.1",
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
    ]
    workers = [subprocess.Popen(worker, **quiet) for _ in range(2)]
    try:
        with Client(address, timeout="60s") as client:
            client.wait_for_workers(2, timeout=60)
            done = []

            def tick(so_far, total):
                done.append(so_far)
                if so_far == 3:
                    workers[0].kill()

            summary = run.run(course, client.get_executor(), tick=tick)
        assert summary.graded == 12
        assert {row["student"]: row["score"] for row in marks.marks(course)} == {
            f"s{number:02}": (9.0, 6.0)[number % 2] for number in range(12)
        }
        assert done[-1] == 12
    finally:
        for process in (*workers, scheduler):
            process.kill()
            process.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
