"""What happens in the middle: a run that is killed goes on where it was, and a full disk loses nothing."""

import hashlib
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time

import pytest
from nbgrader.api import Gradebook

from autograder.engine.bubblewrap import find
from autograder.gradebook.marks import marks
from autograder.grading.course import Course
from tests.autograder.conftest import NAME, course, hand_in, released, released_course, sources, with_answer

__all__ = ["course", "released", "released_course", "sources"]  # fixtures

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
STUDENTS = [f"student{number:02}" for number in range(10)]
ANSWERS = ["right", "wrong", "exit", "def masked_mean(values, mask):\n    return 0 * values.sum()"]


@pytest.fixture
def class_(course, released):
    """Ten people who handed in, on a roster; one file cannot be read."""
    course.roster_path.write_text("id\n" + "".join(f"{who}\n" for who in STUDENTS))
    for number, who in enumerate(STUDENTS):
        text = json.dumps(with_answer(released, ANSWERS[number % len(ANSWERS)]) | {"metadata": {"of": who}})
        hand_in(course, who, text.encode() if number != 5 else b"{")
    return Course.open(course.root)


def mtl_grade(*words):
    """The words of a command in a process of its own."""
    return [sys.executable, "-m", "autograder.desk.cli", *map(str, words)]


def done(*words):
    return subprocess.run(mtl_grade(*words), capture_output=True, text=True)


def in_the_gradebook(course):
    """Everything that the gradebook and the notebooks of formgrader say."""
    found = {"marks": marks(course)}
    with Gradebook(course.database) as gradebook:
        for one in gradebook.find_assignment(NAME).submissions:
            (notebook,) = one.notebooks
            found[one.student.id] = (
                one.timestamp,
                sorted((grade.cell.name, grade.auto_score, grade.needs_manual_grade) for grade in notebook.grades),
                sorted((comment.cell.name, comment.auto_comment) for comment in notebook.comments),
            )
    for path in sorted((course.root / "autograded").glob("*/*/*.ipynb")):
        found[str(path.relative_to(course.root))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


@pytest.mark.parametrize(("folder", "files"), [(f".mtl-grade/records/{NAME}", 3), ("autograded", 2)])
def test_a_run_that_is_killed_and_run_again_leaves_the_same_gradebook(class_, tmp_path, folder, files):
    other = Course.open(shutil.copytree(class_.root, tmp_path / "never stopped"))
    assert done("run", other.root).returncode == 0
    running = subprocess.Popen(
        mtl_grade("run", class_.root), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    while running.poll() is None and len([one for one in (class_.root / folder).rglob("*") if one.is_file()]) < files:
        time.sleep(0.002)
    if running.poll() is None:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    again = done("run", class_.root, "--json")
    assert again.returncode == 0, again.stderr
    assert in_the_gradebook(Course.open(class_.root)) == in_the_gradebook(other)
    assert len(marks(other)) == len(STUDENTS)


# ---- a full disk -------------------------------------------------------------------------------------------------

IN_A_SMALL_DISK = """
import json, os, pathlib, shutil, subprocess, sys
small, course, download = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
root = pathlib.Path(shutil.copytree(course, small / "course"))
whole = [json.loads(one) for one in sys.argv[4:]]

def state():
    names = ("lock", "gradebook.db-journal")
    files = (one for one in sorted(root.rglob("*")) if one.is_file() and one.name not in names)
    return {str(one.relative_to(root)): one.read_bytes() for one in files}

def do(words):
    words = [word.replace("COURSE", str(root)).replace("DOWNLOAD", download) for word in words]
    ran = subprocess.run([sys.executable, "-m", "autograder.desk.cli", *words], capture_output=True, text=True)
    return {"code": ran.returncode, "out": ran.stdout[-2000:], "err": ran.stderr[-2000:]}

said = []
for words in whole:
    before = state()
    filler = small / "filler"
    with filler.open("wb", 0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    full = do(words)
    after = state()
    lost = [name for name, data in before.items() if len(after.get(name, b"")) < len(data)]
    filler.unlink()
    said.append({"words": words, "full": full, "lost": lost, "room": do(words)})
print(json.dumps(said))
"""


def test_a_full_disk_is_said_in_a_sentence_loses_nothing_and_the_command_goes_on_when_there_is_room(class_, tmp_path):
    download = tmp_path / "attachments" / STUDENTS[1] / f"{NAME}.ipynb"
    download.parent.mkdir(parents=True)
    shutil.move(class_.root / "submitted" / STUDENTS[1] / NAME / f"{NAME}.ipynb", download)
    (tmp_path / "people.csv").write_text(f"id,first_name,moodle:{NAME}\n{STUDENTS[0]},Ada,1201\n")
    steps = [
        ["roster", str(tmp_path / "people.csv"), "--course", "COURSE"],
        ["collect", "DOWNLOAD", "--course", "COURSE"],
        ["run", "COURSE"],
        ["review", STUDENTS[5], NAME, "--zero", "It stayed unreadable.", "--course", "COURSE"],
        ["feedback", "COURSE"],
        ["feedback", "COURSE", "--assignment", NAME, "--zip", "moodle"],
        ["export", "COURSE"],
    ]
    (tmp_path / "small").mkdir()
    command = [find(), "--dev-bind", "/", "/", "--size", str(24 * 2**20), "--tmpfs", tmp_path / "small"]
    words = [sys.executable, "-c", IN_A_SMALL_DISK, tmp_path / "small", class_.root, tmp_path / "attachments"]
    ran = subprocess.run([*command, "--", *words, *map(json.dumps, steps)], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    for step in json.loads(ran.stdout):
        full, room = step["full"], step["room"]
        assert full["code"] == 2, step
        assert "no space left on device. Make room" in full["err"] or "disk is full; make room" in full["err"], step
        assert full["err"].strip().count("\n") == 0, step
        assert step["lost"] == [], step
        assert room["code"] == 0, step
    assert "10 entered into the gradebook" in json.loads(ran.stdout)[2]["room"]["out"]


@pytest.mark.parametrize("size", [100_000, 400_000])
def test_init_on_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(tmp_path, size):
    (tmp_path / "small").mkdir()
    command = [find(), "--dev-bind", "/", "/", "--size", str(size), "--tmpfs", tmp_path / "small", "--"]
    init = shlex.join(mtl_grade("init", tmp_path / "small" / "a" / "course", "--course-id", "x"))
    ran = subprocess.run(
        [*command, "sh", "-c", f"{init}; echo code $?; ls -A {tmp_path / 'small'}"], capture_output=True, text=True
    )
    assert ran.stdout.splitlines() == ["code 2"]
    assert "no space left on device. Make room" in ran.stderr or "the disk is full; make room" in ran.stderr
    assert ran.stderr.strip().count("\n") == 0
