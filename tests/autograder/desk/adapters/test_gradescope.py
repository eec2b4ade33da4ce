"""An archive for Gradescope: what lies in it, and what becomes of a submission in a container laid out like theirs."""

import copy
import json
import os
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path

import pytest

from autograder.desk.adapters import common, gradescope
from autograder.desk.adapters.common import NO_SANDBOX, OURS, SETTINGS, STOPPED, TRUSTED, Settings
from autograder.engine import bubblewrap
from autograder.engine.sandbox import SandboxError
from autograder.grading.course import assignments_in
from autograder.grading.record import GRADER_ERROR, UNGRADABLE, Job, blank_record
from autograder.results import UsageError, Verdict
from tests.autograder.by_hand import LAYERS, checked, result
from tests.autograder.conftest import NAME, with_answer
from tests.autograder.desk.adapters.containers import command, results, run, unpacked, wheel

LATER = Settings(NAME, b"secret", False, gradescope.LATER)

# ---- the archive -------------------------------------------------------------------------------------------------


@pytest.fixture
def here(sources, monkeypatch):
    """A checkout with one problem set, in place of the course's."""
    monkeypatch.setattr(gradescope, "course_root", lambda: sources)
    return sources


def made(folder: Path, name: str = NAME, **how) -> Path:
    return gradescope.make(name, folder / "archive.zip", wheel=wheel(folder), **how)


def test_the_archive_holds_what_the_contract_asks_at_its_root(tmp_path, here):
    with zipfile.ZipFile(made(tmp_path)) as archive:
        names = archive.namelist()
        modes = {one.filename: one.external_attr >> 16 & 0o777 for one in archive.infolist()}
    assert sorted(names) == sorted(
        ["setup.sh", "run_autograder", SETTINGS, "constraints.txt", "mtl_teach-0.1.0-py3-none-any.whl"]
    )
    assert modes["run_autograder"] == modes["setup.sh"] == 0o755


def test_the_archive_is_its_owners_alone_and_never_written_over(tmp_path, here):
    path = made(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="is there already"):
        made(tmp_path)


@pytest.mark.parametrize(("visible", "seen"), [(False, "after_published"), (True, "visible")])
def test_the_settings_say_which_set_when_students_see_the_checks_and_whether_code_is_trusted(
    tmp_path, here, visible, seen
):
    with zipfile.ZipFile(made(tmp_path, visible=visible, trust=visible)) as archive:
        settings = json.loads(archive.read(SETTINGS))
    assert (settings["name"], settings["visibility"], settings["trust"]) == (NAME, seen, visible)
    assert len(settings["secret"]) == 64


def test_a_problem_set_that_there_is_not_is_answered_with_those_that_there_are(tmp_path, here):
    with pytest.raises(UsageError, match=f"There is no problem set 'ps99'; there are: {NAME}"):
        made(tmp_path, "ps99")
    assert not (tmp_path / "archive.zip").exists()


def test_the_scripts_are_bash_that_parses_and_a_fallback_that_is_json(tmp_path, here):
    root = tmp_path / "autograder"
    unpacked(made(tmp_path), root)
    for script in (root / "run_autograder", root / "source" / "setup.sh"):
        assert subprocess.run(["bash", "-n", script]).returncode == 0
    command(root / "mtl-teach" / "bin" / "mtl-grade", "echo no memory; exit 9")
    (root / "results" / "results.json").write_text('{"score": 1000}')  # of whoever was there before
    said = run(root / "run_autograder", env={"MTL_AUTOGRADER": str(root)})
    assert results(root) == gradescope.refused(OURS)
    assert "no memory" in said
    assert "ended with exit code 9" in said


def programs(folder: Path, **bodies: str) -> dict[str, str]:
    """Programs that note how they were called, in place of the system's; in a path without any other Python."""
    log = folder / "log"
    for name in ("bash", "chmod", "env", "cat"):
        (folder / name).symlink_to(shutil.which(name))
    for name, body in bodies.items():
        command(folder / name, f'echo {name} "$@" >> {log}\n{body}\n')
    return {"PATH": str(folder), "LOG": str(log)}


NEW = 'if [ "$1 $2" = "-m venv" ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$0" "$3/bin/mtl-grade"; fi'


@pytest.mark.parametrize("pythons", [{"python3": NEW}, {"python3": "exit 1", "python3.12": NEW}], ids=["new", "beside"])
def test_the_setup_installs_the_wheel_by_the_constraints_into_a_python_that_fits(tmp_path, here, pythons):
    root, path = tmp_path / "autograder", tmp_path / "bin"
    unpacked(made(tmp_path), root)
    path.mkdir()
    (path / "mkdir").symlink_to(shutil.which("mkdir"))
    (path / "cp").symlink_to(shutil.which("cp"))
    env = programs(path, **{"apt-get": ":", **pythons})
    done = subprocess.run(
        ["bash", root / "source" / "setup.sh"], env={**env, "MTL_AUTOGRADER": str(root)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    calls = Path(env["LOG"]).read_text()
    assert "apt-get install -y --no-install-recommends bubblewrap python3-venv" in calls
    assert f"-m venv {root}/mtl-teach" in calls
    assert f"--constraint {root}/source/constraints.txt {root}/source/mtl_teach-0.1.0-py3-none-any.whl" in calls
    assert "deadsnakes" not in calls
    assert stat.S_IMODE((root / "source").stat().st_mode) == 0o700


def test_an_image_without_a_python_that_fits_gets_one_or_fails_when_it_is_built(tmp_path, here):
    root, path = tmp_path / "autograder", tmp_path / "bin"
    unpacked(made(tmp_path), root)
    path.mkdir()
    env = programs(path, **{"apt-get": ":", "add-apt-repository": ":", "python3": "exit 1"})
    done = subprocess.run(
        ["bash", root / "source" / "setup.sh"], env={**env, "MTL_AUTOGRADER": str(root)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "choose Ubuntu 22.04 or newer" in done.stderr
    calls = Path(env["LOG"]).read_text()
    assert "add-apt-repository -y ppa:deadsnakes/ppa" in calls
    assert "install -y --no-install-recommends python3.12 python3.12-venv" in calls


# ---- a record in Gradescope's words ------------------------------------------------------------------------------


@pytest.fixture
def assignment(sources):
    return assignments_in(sources / "solutions")[NAME]


def record_of(assignment, *made, **more):
    job = Job("", assignment, b"", {}, "", LAYERS)
    return {**blank_record(job), "exercises": {one.exercise: one.to_dict() for one in made}, "seconds": 2.4, **more}


WRONG = checked(Verdict.FAILED, "test_gradient", 5.0, summary="It is not.", expected="1", got="<b>2</b>")
HALF = result(checked(Verdict.PASSED, most=4.0), WRONG)


def test_each_check_is_a_test_with_its_points_and_there_is_no_other_score(assignment):
    said = gradescope.told(record_of(assignment, HALF), assignment, LATER)
    assert "score" not in said
    assert [(one["number"], one["score"], one["max_score"], one["status"]) for one in said["tests"]] == [
        ("1.1", 4.0, 4.0, "passed"),
        ("1.2", 0.0, 5.0, "failed"),
    ]
    assert said["tests"][0]["name"] == "masked_mean: The value is right."
    assert said["execution_time"] == 2


def test_what_a_student_wrote_stays_text_and_is_shown_when_the_instructor_wants_it(assignment):
    tests = gradescope.told(record_of(assignment, HALF), assignment, LATER)["tests"]
    assert {one["visibility"] for one in tests} == {"after_published"}
    assert {one["output_format"] for one in tests} == {"text"}
    assert "got:       <b>2</b>" in tests[1]["output"]


def test_a_written_answer_is_no_test_but_is_said_to_be_marked_by_a_person(assignment):
    said = gradescope.told(record_of(assignment, HALF), assignment, LATER)
    assert "why-masking is marked by a person, not here." in said["output"]
    assert not [one for one in said["tests"] if "why-masking" in one["name"]]


def test_what_was_found_elsewhere_and_what_a_person_looks_at_is_said(assignment):
    review = [{"cell": "check-masked_mean", "reason": "the answer stands in a text cell"}]
    record = record_of(assignment, HALF, said=["`x.ipynb` was taken."], review=review)
    lines = gradescope.told(record, assignment, LATER)["output"].splitlines()
    assert lines[:2] == [
        "`x.ipynb` was taken.",
        "An instructor looks at check-masked_mean: the answer stands in a text cell.",
    ]


def test_what_cannot_be_read_has_no_points_and_says_why(assignment):
    record = record_of(assignment, status=UNGRADABLE, reason="the file is not a notebook: it is not valid JSON")
    said = gradescope.told(record, assignment, LATER)
    assert said["score"] == 0
    assert said["tests"] == []
    assert said["output"] == (
        "This could not be graded: the file is not a notebook: it is not valid JSON. "
        f"Hand in the notebook {NAME}.ipynb."
    )


@pytest.mark.parametrize("status", ["graded", UNGRADABLE])
def test_trust_is_stamped_on_every_result(assignment, status):
    trusted = Settings(NAME, b"secret", True, gradescope.LATER)
    record = record_of(assignment, HALF, status=status, reason="it is no notebook", trusted=True)
    assert gradescope.told(record, assignment, trusted)["output"].startswith(TRUSTED)


def test_a_check_of_ours_that_failed_is_told_to_the_instructor(assignment, capsys):
    ours = result(checked(Verdict.GRADER_ERROR, summary="The check itself failed; this is not your fault."))
    said = gradescope.told(record_of(assignment, ours), assignment, LATER)
    assert "not your fault" in said["tests"][0]["output"]
    assert "FOR REVIEW: a check itself failed" in capsys.readouterr().out


# ---- one submission, without grading it --------------------------------------------------------------------------


@pytest.fixture
def container(tmp_path, here):
    root = tmp_path / "autograder"
    unpacked(made(tmp_path), root)
    return root


@pytest.fixture
def asked(monkeypatch):
    """What grading was asked to do, in place of doing it."""
    jobs = []

    def grade(job):
        jobs.append(job)
        return {**blank_record(job), "exercises": {}, "seconds": 0.0}

    class Warm:
        layers = LAYERS

    monkeypatch.setattr(gradescope, "grade", grade)
    monkeypatch.setattr(gradescope, "sandbox_of_this_process", lambda limits, trust: Warm)
    return jobs


def put(root, path, notebook):
    path = root / "submission" / path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode())


@pytest.mark.parametrize("name", [f"{NAME}.ipynb", "mine (2).ipynb", "a/repository/of mine/work.ipynb"])
def test_the_notebook_is_found_whatever_it_is_called_and_wherever_it_lies(container, asked, released, name):
    put(container, "README.md", b"Hello")
    put(container, "other.ipynb", b"{}")
    put(container, name, with_answer(released, "right"))
    gradescope.run(container)
    assert asked[0].file == name
    assert b"clamp" in asked[0].notebook


def test_a_notebook_is_found_among_many_files_of_a_repository(container, asked, released):
    for number in range(30):
        put(container, f"module_{number}.py", b"x = 1")
    put(container, "notebooks/work.ipynb", with_answer(released, "right"))
    gradescope.run(container)
    assert asked[0].file == "notebooks/work.ipynb"


def test_of_two_of_one_name_the_one_with_answers_is_taken(container, asked, released):
    put(container, "old/work.ipynb", copy.deepcopy(released))
    put(container, "new/work.ipynb", with_answer(released, "right"))
    gradescope.run(container)
    assert asked[0].file == "new/work.ipynb"


def test_links_pipes_and_files_without_end_are_neither_followed_nor_read(container, asked, tmp_path):
    secret = tmp_path / "autograder" / "source" / SETTINGS
    (container / "submission" / "link.ipynb").symlink_to(secret)
    (container / "submission" / "folder").symlink_to(tmp_path)
    os.mkfifo(container / "submission" / "pipe.ipynb")
    with open(container / "submission" / "huge.ipynb", "wb") as huge:
        huge.truncate(40 * 2**30)
    gradescope.run(container)
    assert asked[0].notebook is None
    assert asked[0].reason


def test_an_empty_submission_is_one_sentence(container):
    gradescope.run(container)
    assert f"no notebook named {NAME}.ipynb was handed in" in results(container)["output"]


def test_who_hands_in_decides_the_inputs_and_nothing_else_of_the_platform_is_believed(container, asked, released):
    put(container, "work.ipynb", with_answer(released, "right"))
    seeds = []
    for metadata in ({"users": [{"email": "ada@u.edu"}]}, {"users": [{"email": "bob@u.edu"}]}, {"users": []}, "odd"):
        (container / "submission_metadata.json").write_text(json.dumps(metadata))
        gradescope.run(container)
        seeds.append(asked[-1].seeds["masked_mean"])
    assert len(set(seeds)) == 3
    assert seeds[2] == seeds[3]


def test_without_a_sandbox_nothing_is_graded_and_everybody_knows(container, monkeypatch, capsys):
    def none(limits, trust):
        raise SandboxError("grading needs namespaces")

    monkeypatch.setattr(gradescope, "sandbox_of_this_process", none)
    gradescope.run(container)
    assert results(container) == gradescope.refused(NO_SANDBOX)
    assert "grading needs namespaces" in capsys.readouterr().out


def test_an_error_of_the_grader_is_told_to_the_instructor_and_is_not_the_students(
    container, asked, monkeypatch, capsys
):
    monkeypatch.setattr(
        gradescope, "grade", lambda job: {**blank_record(job), "status": GRADER_ERROR, "reason": "no worker starts"}
    )
    gradescope.run(container)
    assert results(container) == gradescope.refused(OURS)
    assert "Not graded: no worker starts" in capsys.readouterr().out


def test_settings_that_were_damaged_are_a_fault_of_ours(container):
    (container / "source" / SETTINGS).write_text("{")
    gradescope.run(container)
    assert results(container) == gradescope.refused(OURS)


def test_a_grader_that_is_ended_leaves_word(container, monkeypatch):
    def ended(root):
        raise SystemExit(137)

    monkeypatch.setattr(gradescope, "graded", ended)
    with pytest.raises(SystemExit):
        gradescope.run(container)
    assert results(container) == gradescope.refused(STOPPED)


# ---- the real thing ----------------------------------------------------------------------------------------------

REAL = "ps08_constraints_and_penalties"
FORGED = {"score": 1000, "tests": [{"score": 1000, "max_score": 1, "name": "all of it"}]}
FORGER = f"""
import json, os, sys
forged = {json.dumps(json.dumps(FORGED))}
def latency_objective(ce, latency_ms, budget_ms, lam):
    print(forged)
    print(forged, file=sys.stderr, flush=True)
    for path in ("ROOT/results/results.json", "/autograder/results/results.json", "results/results.json"):
        try:
            open(path, "w").write(forged)
        except OSError:
            pass
    os.write(1, forged.encode())
    os._exit(0)
"""


def solved(**answers):
    """The solved problem set with other answers in some of its cells."""
    notebook = json.loads((common.course_root() / "solutions" / REAL / f"{REAL}.ipynb").read_bytes())
    for cell in notebook["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name]
    return notebook


def points(said, exercise):
    tests = [one for one in said["tests"] if one["tags"] == [exercise]]
    return sum(one["score"] for one in tests), sum(one["max_score"] for one in tests)


def graded_by_script(root, notebook):
    shutil.rmtree(root / "submission")
    (root / "submission").mkdir()
    put(root, "my work.ipynb", notebook)
    log = run(root / "run_autograder", env={"MTL_AUTOGRADER": str(root)})
    return results(root), log


@pytest.mark.slow
@pytest.mark.sandbox
def test_the_script_grades_right_wrong_empty_and_hostile_work_behind_the_sandbox(tmp_path):
    root = tmp_path / "autograder"
    unpacked(made(tmp_path, REAL), root)
    said, _ = graded_by_script(root, solved())
    assert all(one["status"] == "passed" for one in said["tests"])
    assert sum(one["score"] for one in said["tests"]) == sum(one["max_score"] for one in said["tests"]) == 18
    assert "namespaces" in said["extra_data"]["layers"]

    wrong = "def latency_objective(ce, latency_ms, budget_ms, lam):\n    return ce + lam * (latency_ms - budget_ms)\n"
    said, _ = graded_by_script(root, solved(latency_objective=wrong))
    assert points(said, "latency_objective")[0] < 3
    assert "This behaves like a known mistake" in "".join(one["output"] for one in said["tests"])
    assert points(said, "dual_ascent_step") == (4, 4)

    said, log = graded_by_script(root, solved(latency_objective=FORGER.replace("ROOT", str(root))))
    assert points(said, "latency_objective") == (0, 3)
    assert points(said, "dual_ascent_step") == (4, 4)
    assert "all of it" not in [one["name"] for one in said["tests"]]
    assert "1000" not in log

    empty = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    said, _ = graded_by_script(root, empty)
    assert (said["score"], said["tests"]) == (0, [])
    assert f"this is not problem set {REAL}" in said["output"]


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.parametrize("trust", [False, True], ids=["asked to isolate", "told to trust"])
def test_where_the_container_allows_no_namespaces_it_grades_only_if_told_to_trust(tmp_path, trust):
    root = tmp_path / "autograder"
    unpacked(made(tmp_path, REAL, trust=trust), root)
    put(root, "my work.ipynb", solved(latency_objective=FORGER.replace("ROOT", str(root))))
    script = tmp_path / "in_a_container_without_namespaces"
    forbids = "--dev-bind / / --unshare-user --disable-userns --die-with-parent"
    command(script, f'exec {bubblewrap.find()} {forbids} "{root}/run_autograder"')
    log = run(script, env={"MTL_AUTOGRADER": str(root)})
    said = results(root)
    if trust:
        assert said["output"].startswith(TRUSTED)
        assert said["extra_data"]["trusted"] is True
        assert points(said, "dual_ascent_step") == (4, 4)
        assert points(said, "latency_objective") == (0, 3)  # what it wrote was written over
    else:
        assert said == gradescope.refused(NO_SANDBOX)
        assert "bubblewrap cannot make them here" in log
        assert common.REPAIR in log


@pytest.mark.slow
@pytest.mark.sandbox
@pytest.mark.skipif(os.geteuid() != 0 or Path("/autograder").exists(), reason="needs root and makes /autograder itself")
def test_the_script_finds_everything_where_gradescope_puts_it(tmp_path):
    root = gradescope.ROOT
    try:
        unpacked(made(tmp_path, REAL), root)
        put(root, "my work.ipynb", solved())
        run(root / "run_autograder", env={})
        assert all(one["status"] == "passed" for one in results(root)["tests"])
    finally:
        shutil.rmtree(root)
