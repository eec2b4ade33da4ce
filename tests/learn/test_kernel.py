"""What a learner meets in a real kernel: output for any front-end, Colab, a restart, an upgrade, two at once."""

from __future__ import annotations

import os
import re
import shutil
from importlib import metadata
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel

from autograder.course_files import course_root
from mtl_teach import __version__
from mtl_teach.learn.progress import NOWHERE, Progress
from mtl_teach.learn.workspace import server
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import RIGHT, WRONG

SECONDS = 120
SETUP = "import torch\nfrom autograder import check"
CHECK = 'check("masked_mean", masked_mean)'


class Kernel:
    """A kernel as a front-end sees it: code goes in, messages come out."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self._manager, self.client = start_new_kernel(cwd=str(folder), env=env, startup_timeout=SECONDS)

    def run(self, code: str) -> list[dict]:
        """Run a cell; give back the contents of its outputs in order."""
        found = []
        self.client.execute_interactive(code, timeout=SECONDS, output_hook=lambda one: found.append(one["content"]))
        return [one for one in found if {"data", "text", "ename"} & set(one) and "comm_id" not in one]

    def says(self, code: str) -> str:
        """Run a cell; give back everything that it shows as text."""
        return "\n".join(words(one) for one in self.run(code))

    def stop(self) -> None:
        self.client.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._manager.cleanup_resources()


def words(output: dict) -> str:
    """What one output says without any markup."""
    if "data" in output:
        return output["data"]["text/plain"]
    return output.get("text", "") + output.get("ename", "")


@pytest.fixture
def kernel():
    """Start kernels in a folder; all are stopped at the end."""
    started = []

    def start(folder: Path, **more: str) -> Kernel:
        started.append(Kernel(folder, {**os.environ, "OMP_NUM_THREADS": "1", **more}))
        return started[-1]

    yield start
    for one in started:
        one.stop()


# ---- threads ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("environment", "threads"), [({}, 1), ({"OMP_NUM_THREADS": "2"}, 2)], ids=["unset", "two"])
def test_a_lesson_uses_one_thread_in_a_kernel_of_anybodys_unless_told_otherwise(workspace, environment, threads):
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    one = Kernel(workspace, plain | environment)
    try:
        one.run("import torch\nfrom mtl_teach.learn import quiz")
        assert one.says("torch.get_num_threads()") == str(threads)
    finally:
        one.stop()


# ---- any front-end ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [RIGHT, WRONG], ids=["right", "wrong"])
def test_what_a_check_shows_is_read_without_scripts_widgets_or_a_front_end_of_ours(kernel, workspace, answer):
    one = kernel(workspace)
    one.run(SETUP)
    result, *after = [output for output in one.run(f"{answer}\n{CHECK}") if "data" in output]
    assert set(result["data"]) == {"text/html", "text/plain"}
    page, text = result["data"]["text/html"], result["data"]["text/plain"]
    assert not re.search(r"<(script|link|iframe|object|embed|img)\b|\son\w+\s*=|javascript:|url\(", page, re.IGNORECASE)
    expected = "9 of 9 points" if answer == RIGHT else "divides by batch size"
    assert expected in page
    assert expected in text
    for output in after:  # the buttons and the points: text for whoever has no widgets
        assert output["data"]["text/plain"]


# ---- Colab -----------------------------------------------------------------------------------------------------


def colab_cell() -> str:
    """The first cell for Colab, from the help page."""
    page = (course_root() / "lessons" / "pages" / "help.md").read_text(encoding="utf-8")
    return re.search(r"^## On Colab$.*?^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[1]


def test_the_cell_for_colab_installs_where_the_course_is_missing(kernel, tmp_path):
    one = kernel(tmp_path)
    one.run(
        "import sys\nsys.modules['mtl_teach'] = None\nasked = []\n"
        "get_ipython().register_magic_function(asked.append, magic_name='pip')"
    )
    assert one.says(colab_cell()) == ""
    assert one.says("print(asked)") == "['install --quiet --no-deps mtl-teach anywidget psygnal']\n"


def test_the_cell_for_colab_goes_on_and_checks_and_quick_tests_work_without_a_workspace(kernel, tmp_path):
    one = kernel(tmp_path)
    assert one.says(colab_cell()) == ""
    one.run(f"{SETUP}\n{RIGHT}")
    first, second = one.says(CHECK), one.says(CHECK)
    assert "9 of 9 points" in first
    assert "9 of 9 points" in second
    assert (first + second).count(NOWHERE) == 1
    (form,) = one.run('from mtl_teach.learn import quiz\nquiz("05")')
    assert "application/vnd.jupyter.widget-view+json" in form["data"]
    assert "Quick test 05" in form["data"]["text/plain"]
    score = """
import random
from mtl_teach.learn.lesson.quick_test import QuickTestForm
from autograder.quizzes.bank import load
form = QuickTestForm(load("05"), random.Random(0))
for question, group in zip(form.shown.questions, form.groups):
    group.index = question.options.index(question.right)
form.submit()
print([one.value for one in form.box.children if "Passed: 7 of 7" in str(getattr(one, "value", ""))] != [])"""
    assert one.says(score).endswith("True\n")
    assert list(tmp_path.iterdir()) == []


# ---- a restart, and set-up cells that are gone -------------------------------------------------------------------


@pytest.fixture
def restarted(kernel, workspace):
    """A kernel of `mtl-teach start` in which nothing was run yet."""
    wanted = server.environment(workspace, "token")
    return kernel(workspace, PYTHONSTARTUP=wanted["PYTHONSTARTUP"])


GO_ON = "Run → Run All Above Selected Cell"


def test_a_check_right_after_a_restart_says_which_name_is_missing_and_how_to_go_on(restarted):
    said = restarted.says(CHECK)
    assert "`check` is not defined in this kernel." in said
    assert GO_ON in said
    assert "NameError" in said
    restarted.run(SETUP)
    assert "`masked_mean` is not defined in this kernel." in restarted.says(CHECK)
    assert "9 of 9 points" in restarted.says(f"{RIGHT}\n{CHECK}")


def test_an_answer_that_misses_the_set_up_cells_import_is_told_so_by_its_check(restarted):
    said = restarted.says(f"from autograder import check\n{WRONG}\n{CHECK}")
    assert "name 'torch' is not defined" in said


def test_other_errors_are_pythons_own_and_the_namespace_is_the_learners(restarted):
    assert "defined in this kernel" not in restarted.says("def f():\n    x += 1\nf()")
    assert "defined in this kernel" not in restarted.says("1 / 0")
    assert restarted.says("print({'os', 'sys', '_install', 'runpy'} & set(globals()))") == "set()\n"


def test_the_learners_own_startup_file_runs_all_the_same(kernel, workspace, monkeypatch):
    (workspace / "own.py").write_text("my_name = 5\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONSTARTUP", str(workspace / "own.py"))
    wanted = server.environment(workspace, "token")
    names = ("PYTHONSTARTUP", "MTL_PYTHONSTARTUP")
    one = kernel(workspace, **{name: wanted[name] for name in names})
    assert one.says("print(my_name)") == "5\n"
    assert GO_ON in one.says("nobody")


# ---- an upgrade, and two kernels -------------------------------------------------------------------------------


def test_an_upgrade_while_the_kernel_runs_is_said_once_and_nothing_is_lost(kernel, workspace, tmp_path):
    packages = tmp_path / "packages"
    packages.mkdir()
    one = kernel(workspace, PYTHONPATH=str(packages))
    one.run(f"{SETUP}\n{RIGHT}")
    assert "Restart" not in one.says(CHECK)
    newer = packages / "mtl_teach-99.0.dist-info"
    newer.mkdir()
    (newer / "METADATA").write_text("Metadata-Version: 2.1\nName: mtl-teach\nVersion: 99.0\n", encoding="utf-8")
    listeners = metadata.distribution("mtl-teach").read_text("entry_points.txt")
    (newer / "entry_points.txt").write_text(listeners, encoding="utf-8")
    said = one.says(CHECK) + one.says(CHECK)
    assert said.count(f"mtl-teach 99.0 was installed while this kernel runs {__version__}") == 1
    assert "choose Kernel → Restart Kernel and run your cells again" in said
    assert Progress(workspace / PROGRESS).exercise("masked_mean")["attempts"] == 3
    shutil.rmtree(packages)


def test_after_an_upgrade_that_an_old_kernel_cannot_read_our_sentence_comes_first(kernel, workspace, tmp_path):
    packages = tmp_path / "packages"
    for name in ("autograder", "mtl_teach"):
        shutil.copytree(course_root() / name, packages / name, ignore=shutil.ignore_patterns("__pycache__"))
    one = kernel(workspace, PYTHONPATH=str(packages))
    one.run(f"{SETUP}, examples\n{RIGHT}")
    newer = packages / "mtl_teach-99.0.dist-info"
    newer.mkdir()
    (newer / "METADATA").write_text("Metadata-Version: 2.1\nName: mtl-teach\nVersion: 99.0\n", encoding="utf-8")
    file = packages / "autograder/exercises/masked_mean/test_masked_mean.py"
    file.write_text("from autograder.testing import only_in_version_99\n", encoding="utf-8")
    for code in (CHECK, CHECK, 'examples("masked_mean")'):
        said = one.says(code)
        assert "mtl-teach 99.0 was installed while this kernel runs" in said.split("Error")[0], said


def test_two_kernels_of_one_notebook_that_check_at_once_lose_no_attempt(kernel, workspace):
    both = [kernel(workspace), kernel(workspace)]
    for one, answer in zip(both, (RIGHT, WRONG)):
        one.run(f"{SETUP}\n{answer}")
    for _ in range(5):
        for one in both:  # asked at the same time; both are waited for below
            one.client.execute(CHECK)
    for one in both:
        one.run("'the end'")
    row = Progress(workspace / PROGRESS).exercise("masked_mean")
    assert (row["attempts"], row["best"]) == (10, 9.0)
    assert row["first_pass"]
