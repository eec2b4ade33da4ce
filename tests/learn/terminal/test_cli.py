"""The learner's commands: what they print, their exit codes, and one sentence for every error."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from autograder.quizzes.bank import load
from mtl_teach.learn.lesson.difference import difference_text
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.terminal import cli
from mtl_teach.learn.workspace import server
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import PROBLEM_SET, RIGHT, STUB, WRONG, cell, notebook, problem_set, read, write

PS = PROBLEM_SET.as_posix()


# ---- start -----------------------------------------------------------------------------------------------------


@pytest.fixture
def served(monkeypatch, course):
    """Starts no JupyterLab; collects what would be served."""
    calls = []
    monkeypatch.setattr("mtl_teach.learn.workspace.deliver.course_root", lambda: course)
    monkeypatch.setattr(server, "serve", lambda *args: calls.append(args) or 0)
    return calls


def test_start_makes_the_default_workspace_and_serves_it(say, served, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = say("start", "--no-browser", "--port", 9123)
    assert code == 0
    assert out.startswith("Made a workspace in")
    assert served == [(tmp_path / "mtl-course", 9123, False)]
    assert (tmp_path / "mtl-course" / PROBLEM_SET).exists()


def test_start_inside_a_workspace_updates_that_one(say, served, workspace, monkeypatch):
    monkeypatch.chdir(workspace / "lessons")
    code, out, _ = say("start")
    assert (code, served) == (0, [(workspace, 8888, True)])
    assert "is up to date" in out


def test_start_says_when_it_cannot_write(say, served, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = say("start", tmp_path / "file" / "here")
    assert code == 2
    assert "cannot be written to" in err
    assert len(err.splitlines()) == 1


def test_start_says_when_the_port_is_taken_and_offers_another(say, monkeypatch, course, tmp_path):
    monkeypatch.setattr("mtl_teach.learn.workspace.deliver.course_root", lambda: course)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        code, _, err = say("start", tmp_path / "ws", "--port", port)
    assert code == 2
    again = rf"Port {port} is taken .* run: mtl-teach start {re.escape(str(tmp_path / 'ws'))} --port \d+\n"
    assert re.fullmatch(again, err)


# ---- status, next, export, import --------------------------------------------------------------------------------


def test_status_and_next_follow_what_was_done(say, workspace):
    assert "Work through the lesson “Missing labels”." in say("next")[1]
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    assert say("check")[0] == 1
    code, out, _ = say("status")
    assert code == 0
    assert "… tried  masked_mean" in out
    assert "(1 attempt(s))" in out
    step = json.loads(say("next", "--json")[1])
    assert step == {"sentence": step["sentence"], "path": PS, "link": f"{PS}#cell-id=title"}
    assert step["sentence"].startswith("Go on with the exercise")


def test_status_as_json_has_every_exercise_and_keeps_answers_to_itself(say, workspace):
    Progress(workspace / PROGRESS).record_hint("masked_mean", 2)
    data = json.loads(say("status", "--json")[1])
    (lesson,) = data["lessons"]
    assert lesson["slug"] == "05_missing_labels"
    (task,) = [task for task in lesson["exercises"] if task["id"] == "masked_mean"]
    assert (task["state"], task["hints"]) == ("open", 2)
    assert "answer" not in task
    assert lesson["quiz"] == {"id": "05", "best": None, "passed": False}


def test_progress_travels_as_json(say, workspace, tmp_path):
    progress = Progress(workspace / PROGRESS)
    progress.record_quick_test("05", 6, 7)
    assert say("export", tmp_path / "mine.json")[0] == 0
    assert json.loads(say("export")[1]) == read(tmp_path / "mine.json")
    (workspace / PROGRESS).unlink()
    code, out, _ = say("import", tmp_path / "mine.json")
    assert (code, out) == (0, f"Merged 1 entries from {tmp_path / 'mine.json'}.\n")
    assert progress.quick_tests()["05"]["best"] == 6


@pytest.mark.parametrize("words", [["import", "none.json"], ["export", "no/such/\0folder"]], ids=["import", "export"])
def test_a_file_that_cannot_be_used_is_named(say, workspace, words):
    if words[0] == "export":
        (workspace / "no").write_text("")
        words = ["export", "no/file.json"]
    code, _, err = say(*words)
    assert code == 2
    assert "cannot be" in err


@pytest.mark.parametrize("words", [["status"], ["next"], ["check"], ["export"], ["import", "x.json"]])
def test_outside_a_workspace_the_repair_is_named(say, tmp_path, monkeypatch, words):
    monkeypatch.chdir(tmp_path)
    code, out, err = say(*words)
    assert (code, out) == (2, "")
    assert "is in no workspace" in err
    assert "mtl-teach start" in err


# ---- check -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_check_names_the_misconception_then_passes_and_saves_both(say, workspace):
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    code, out, _ = say("check", "masked_mean")
    assert code == 1
    assert "known mistake (divides by batch size)" in out
    write(workspace / PROBLEM_SET, problem_set(RIGHT))
    code, out, _ = say("check", "masked_mean", "--json")
    assert code == 0
    assert json.loads(out)[0]["score"] == 9.0
    row = Progress(workspace / PROGRESS).exercise("masked_mean")
    assert (row["attempts"], row["answer"]) == (2, RIGHT)
    assert row["first_pass"]


@pytest.mark.slow
def test_a_renamed_and_moved_notebook_counts_for_the_same_exercise(say, workspace):
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    assert say("check", "masked_mean")[0] == 1
    (workspace / PROBLEM_SET).unlink()
    write(workspace / "my own work.ipynb", problem_set(RIGHT))
    assert say("check", workspace / "my own work.ipynb")[0] == 0
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["attempts"] == 2


def test_check_without_a_name_leaves_out_what_is_not_begun(say, workspace):
    code, out, _ = say("check")
    assert (code, out) == (0, "Nothing is begun yet. See what is next with: mtl-teach next\n")
    assert Progress(workspace / PROGRESS).exercises() == {}
    code, out, _ = say("check", "masked_mean")
    assert code == 1
    assert "Not started yet" in out


def test_plain_variables_that_are_not_written_yet_are_not_begun_either(say, workspace):
    stub = 'raise NotImplementedError("source_exercise_1 is not written yet")\ntotal_loss = ...'
    page = notebook(cell("answer", stub), cell("ask", 'check("source_exercise_1", total_loss)'))
    write(workspace / PROBLEM_SET, page)
    code, out, _ = say("check")
    assert (code, out) == (0, "Nothing is begun yet. See what is next with: mtl-teach next\n")
    assert Progress(workspace / PROGRESS).exercises() == {}


def test_check_reads_a_python_file_with_windows_line_endings_anywhere(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_bytes(b"\xef\xbb\xbfimport torch\r\n" + RIGHT.replace("\n", "\r\n").encode())
    assert say("check", "mine.py")[0] == 0
    assert say("check", "masked_mean", "mine.py", "--json")[0] == 0
    assert list(tmp_path.iterdir()) == [tmp_path / "mine.py"]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("import torch\nwhile True: pass", "was stopped after 4 s: is there a loop without end?"),
        ("import os\nos._exit(0)", "ended its own process"),
    ],
    ids=["a loop without end", "a process that ends itself"],
)
def test_code_that_does_not_come_back_is_one_sentence(say, tmp_path, monkeypatch, code, sentence):
    monkeypatch.chdir(tmp_path)
    Path("mine.py").write_text(code)
    done, _, err = say("check", "masked_mean", "mine.py", "--timeout", 4)
    assert done == 1
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_a_cell_that_stops_is_named_with_what_is_missing_after_it(say, workspace):
    page = problem_set(RIGHT)
    page["cells"].insert(2, cell("own", "%matplotlib inline\n!ls\nprint('seen')\nundefined_name"))
    page["cells"][3]["source"] = "broken ="
    write(workspace / PROBLEM_SET, page)
    code, out, _ = say("check", "masked_mean")
    assert code == 1
    assert "`masked_mean` is not defined" in out
    assert "Before that, cell masked_mean stopped with SyntaxError" in out


def test_a_passed_exercise_is_followed_by_what_to_do_next(say, workspace):
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    assert "Next:" not in say("check", "masked_mean")[1]
    write(workspace / PROBLEM_SET, problem_set(RIGHT))
    code, out, _ = say("check", "masked_mean")
    assert code == 0
    assert out.splitlines()[-1].startswith("Next: “")
    assert json.loads(say("check", "masked_mean", "--json")[1])[0]["exercise"] == "masked_mean"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["maskd_mean"], "There is no exercise `maskd_mean`. Did you mean `masked_mean`?"),
        (["nothing.py"], "nothing.py cannot be read: No such file"),
        (["broken.ipynb"], "broken.ipynb is not a notebook"),
        (["empty.py"], "empty.py defines no answer to any exercise; name the exercise"),
        (["weighted_total"], "No notebook of this workspace checks `weighted_total`"),
    ],
)
def test_wrong_use_of_check_is_one_sentence(say, workspace, words, sentence):
    Path("broken.ipynb").write_text("{")
    Path("empty.py").write_text("x = 1\n")
    code, out, err = say("check", *words)
    assert (code, out) == (2, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_a_workspace_without_problem_sets_says_so(say, workspace):
    (workspace / PROBLEM_SET).unlink()
    code, _, err = say("check")
    assert code == 2
    assert "has no problem sets yet" in err


def test_debug_shows_where_an_error_comes_from(say, workspace):
    with pytest.raises(LookupError, match="There is no exercise `nobody`"):
        say("--debug", "check", "nobody")


def test_a_notebook_that_is_broken_is_named_and_the_others_are_checked(say, workspace):
    write(workspace / PROBLEM_SET, problem_set(RIGHT))
    broken = workspace / "exercises" / "ps01_one_vector_of_losses" / "ps01_one_vector_of_losses.ipynb"
    broken.parent.mkdir()
    broken.write_text("{", encoding="utf-8")
    code, out, err = say("check")
    assert code == 1  # not everything could be looked at
    assert "9 of 9 points" in out
    assert err.startswith(f"{broken} is not a notebook")
    assert "get a fresh one with: mtl-teach start" in err
    assert len(err.splitlines()) == 1


def test_copies_of_a_problem_set_are_told_apart(say, workspace):
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    copy = (workspace / PROBLEM_SET).with_stem("ps05_missing_labels-Copy1")
    write(copy, problem_set(RIGHT))
    code, out, _ = say("check")
    assert code == 1
    heads = [line for line in out.splitlines() if line.startswith("In ")]
    folder = "ps05_missing_labels"
    assert heads == [f"In {folder}/{folder}-Copy1.ipynb (a copy):", f"In {folder}/{folder}.ipynb:"]
    assert out.index("9 of 9 points") < out.index(heads[1]) < out.index("0 of 9 points")
    records = json.loads(say("check", "--json")[1])
    assert [record["file"] for record in records] == [str(copy), str(workspace / PROBLEM_SET)]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "ascii"])
def test_a_result_can_be_shown_in_any_encoding(workspace, encoding):
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    done = subprocess.run(
        [sys.executable, "-m", "mtl_teach.learn.terminal.cli", "check", "ps05"],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": encoding, "OMP_NUM_THREADS": "1"},
        timeout=300,
    )
    text = done.stdout.decode(encoding)
    assert (done.returncode, done.stderr) == (1, b""), done.stderr
    assert "0 of 9 points" in text
    assert "?" not in text.split("Read again")[0], text  # every sign has another form


@pytest.mark.slow
def test_ctrl_c_while_watching_is_one_line(workspace):
    write(workspace / PROBLEM_SET, problem_set(RIGHT))
    process = subprocess.Popen(
        [sys.executable, "-m", "mtl_teach.learn.terminal.cli", "check", "--watch"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1"},
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background is deaf to Ctrl+C
    )
    try:
        first = process.stderr.readline()
        assert first.startswith("Watching;")
        os.killpg(process.pid, signal.SIGINT)
        said = process.communicate(timeout=300)[1]
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 0  # as the first check said
    # stopped in the middle of printing, Rich prints its line once more
    assert said.removeprefix(first) == "Stopped.\n"


def test_watch_notices_what_is_saved_while_the_first_check_still_works(say, workspace, monkeypatch):
    path = workspace / PROBLEM_SET
    write(path, problem_set(WRONG))
    checked, rests = [], []

    def check_and_save(_checker, jobs, *_args, **_more):
        checked.append([one.name for one in jobs])
        if len(checked) == 2:
            raise KeyboardInterrupt
        write(path, problem_set(RIGHT))
        return False

    def rest(_seconds):
        rests.append(1)
        if len(rests) > 3:
            raise KeyboardInterrupt  # it was not noticed

    monkeypatch.setattr(cli, "_check_all", check_and_save)
    monkeypatch.setattr(cli.time, "sleep", rest)
    _, _, err = say("check", "--watch")
    assert f"{path.name} was saved; checking ..." in err
    assert checked == [[path.name], [path.name]]


@pytest.mark.slow
def test_watch_checks_again_when_a_file_is_saved(workspace):
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    process = subprocess.Popen(
        [sys.executable, "-m", "mtl_teach.learn.terminal.cli", "check", "--watch"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": "1"},
    )
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(process.stdout))
    reader.start()
    try:
        wait_for(lambda: any("0 of 9 points" in line for line in lines), 90)
        write(workspace / PROBLEM_SET, problem_set(RIGHT))
        wait_for(lambda: any("9 of 9 points" in line for line in lines), 90)
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def wait_for(holds, seconds):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)


# ---- hints and solutions ---------------------------------------------------------------------------------------


def test_hint_gives_one_more_step_each_time_and_records_it(say, workspace):
    titles = [say("hint", "masked_mean")[1].splitlines()[0] for _ in range(4)]
    assert [title[:11] for title in titles] == ["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "Hint 3 of 3"]
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["hints"] == 3


def test_hint_as_json_and_outside_a_workspace(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    first = json.loads(say("hint", "masked_mean", "--json")[1])
    assert (first["number"], first["out_of"]) == (1, 3)


SOLUTION = "def masked_mean(values, mask):\n    # the solution\n    return values[mask].sum() / mask.sum().clamp(min=1)"


@pytest.fixture
def solved(monkeypatch):
    monkeypatch.setattr("autograder.api.solution_of", lambda exercise: SOLUTION)


def test_reveal_waits_until_it_is_passed_or_given_up(say, workspace, solved):
    code, out, err = say("reveal", "masked_mean")
    assert (code, out) == (2, "")
    assert "not passed yet" in err
    assert "--give-up" in err
    code, out, _ = say("reveal", "masked_mean", "--give-up")
    assert code == 0
    assert "# the solution" in out
    row = Progress(workspace / PROGRESS).exercise("masked_mean")
    assert row["gave_up"] == 1
    assert say("reveal", "masked_mean")[0] == 0


def test_reveal_shows_the_difference_to_ones_own_code_after_passing(say, workspace, solved):
    write(workspace / PROBLEM_SET, problem_set(RIGHT))
    assert say("check", "masked_mean")[0] == 0
    code, out, _ = say("reveal", "masked_mean")
    assert code == 0
    assert "+     # the solution" in out
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["gave_up"] == 0


def test_the_difference_marks_lines_with_signs():
    text = difference_text(STUB, SOLUTION)
    assert text.splitlines()[0] == "  def masked_mean(values, mask):"
    assert [line[0] for line in text.splitlines()] == [" ", "-", "+", "+"]


# ---- quick tests -----------------------------------------------------------------------------------------------


def answers(right, seed=3):
    test = load("05").shuffled(random.Random(seed))
    letters = []
    for number, question in enumerate(test.questions):
        index = question.options.index(question.right)
        letters.append("ABCDE"[index if number < right else (index + 1) % len(question.options)])
    return "\n".join(letters) + "\n"


@pytest.mark.parametrize(("right", "code"), [(7, 0), (5, 0), (4, 1)])
def test_a_quick_test_in_the_terminal_is_scored_and_saved(say, workspace, right, code):
    done, out, _ = say("quiz", "05", "--seed", 3, stdin=answers(right))
    assert done == code
    assert f"{right} of 7 right" in out
    assert out.count("The right answer:") == 7 - right
    assert Progress(workspace / PROGRESS).quick_tests()["05"]["best"] == right


def test_a_typing_mistake_is_asked_again_and_an_early_end_saves_nothing(say, workspace):
    code, out, err = say("quiz", "5", stdin="what\na\n")
    assert code == 2
    assert "Type one letter from A to" in out
    assert "nothing was saved" in err
    assert Progress(workspace / PROGRESS).quick_tests() == {}


def test_an_unknown_quick_test_is_one_sentence(say):
    code, _, err = say("quiz", "77")
    assert code == 2
    assert err.startswith("There is no quick test `77`; there are:")


# ---- every terminal --------------------------------------------------------------------------------------------


def test_without_colour_there_are_no_escapes(say, workspace, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    write(workspace / PROBLEM_SET, problem_set(WRONG))
    for words in (["check", "masked_mean"], ["status"], ["hint", "masked_mean"]):
        assert "\x1b" not in say(*words)[1]


@pytest.mark.parametrize("command", ["start", "status", "next", "export", "import", "check", "hint", "reveal", "quiz"])
def test_every_command_explains_itself(say, command):
    code, out, _ = say(command, "--help")
    assert code == 0
    assert len(out.split()) > 15


def test_a_notebook_with_no_check_cell_is_checked_at_its_end(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "own.ipynb", notebook(cell("a", "import torch"), cell("b", RIGHT)))
    assert say("check", "own.ipynb")[0] == 0
