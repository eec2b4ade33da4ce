"""Lessons are run in a fresh kernel, timed against their budgets, and one that fails is told with its error."""

import os
import threading

import pytest
from nbclient.exceptions import CellExecutionError

from autograder.authoring import lessons
from autograder.authoring.lessons import BUDGETS, PROJECT_BUDGET, Timed, run_notebook, time_lessons
from tests.autograder.conftest import HEADER


@pytest.mark.parametrize(
    ("seconds", "error", "ok"),
    [(9.0, "", True), (30.0, "", True), (30.1, "", False), (9.0, "ValueError: odd", False)],
    ids=["within", "three times", "more", "an error"],
)
def test_a_lesson_is_fine_within_three_times_its_budget_and_without_an_error(seconds, error, ok):
    assert Timed("01_losses", seconds, 10.0, error).ok is ok


@pytest.fixture
def checkout(tmp_path):
    for name in ("lessons/01_losses.py", "lessons/02_scales.py", "lessons/projects/P1_prices.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + "\n# %%\nx = 1\n")
    return tmp_path


@pytest.fixture
def without_a_kernel(monkeypatch):
    """What was run, in place of running it; lesson 2 fails."""
    ran = []

    def run(path, smoke):
        ran.append((path.stem, smoke))
        if path.stem == "02_scales":
            raise CellExecutionError("traceback", "ValueError", "odd")
        return None, 1.5

    monkeypatch.setattr(lessons, "run_notebook", run)
    return ran


def test_each_lesson_has_its_budget_and_a_failure_stops_no_other(checkout, without_a_kernel):
    assert list(time_lessons(checkout, [])) == [
        Timed("01_losses", 1.5, BUDGETS["01"]),
        Timed("02_scales", 0.0, BUDGETS["02"], "ValueError: odd"),
        Timed("P1_prices", 1.5, PROJECT_BUDGET),
    ]
    assert without_a_kernel == [("01_losses", False), ("02_scales", False), ("P1_prices", False)]


def test_as_many_run_at_the_same_time_as_is_asked_and_are_told_in_their_order(checkout, monkeypatch):
    both = threading.Barrier(2, timeout=60)
    monkeypatch.setattr(lessons, "run_notebook", lambda path, smoke: (None, float(both.wait() >= 0)))
    assert [one.name for one in time_lessons(checkout, ["01", "P1"], jobs=2)] == ["01_losses", "P1_prices"]


def test_whoever_stops_listening_has_no_other_begun(checkout, monkeypatch):
    ran, go_on = [], threading.Event()

    def run(path, smoke):
        ran.append(path.stem)
        if len(ran) == 2:
            assert go_on.wait(60)
        return None, 1.0

    monkeypatch.setattr(lessons, "run_notebook", run)
    timed = time_lessons(checkout, [])
    next(timed)
    threading.Timer(0.5, go_on.set).start()
    timed.close()  # waits for the second, which may have begun
    assert ran in (["01_losses"], ["01_losses", "02_scales"])


def test_the_budgets_add_up_to_a_few_minutes():
    assert set(BUDGETS) == {f"{number:02}" for number in range(1, 13)}
    assert sum(BUDGETS.values()) <= 5 * 60
    assert PROJECT_BUDGET == 60


@pytest.mark.parametrize(
    ("names", "kept"),
    [(["01"], ["01_losses"]), (["p1", "02"], ["02_scales", "P1_prices"]), (["losses"], []), (["P"], ["P1_prices"])],
)
def test_lessons_are_chosen_by_how_their_names_begin(checkout, without_a_kernel, names, kept):
    assert [one.name for one in time_lessons(checkout, names, smoke=True)] == kept
    assert without_a_kernel == [(name, True) for name in kept]


def test_a_lesson_runs_beside_its_source_with_settings_that_are_gone_afterwards(checkout, tmp_path, monkeypatch):
    monkeypatch.setattr(lessons, "WARM", "")
    monkeypatch.setenv("SMOKE", "mine")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    path = checkout / "lessons" / "01_losses.py"
    cell = "import os\nprint(os.getcwd(), os.environ['SMOKE'], os.environ['OMP_NUM_THREADS'])"
    path.write_text(HEADER + f"\n# %%\n{cell}\n\n# %%\n1 / 0\n")
    with pytest.raises(CellExecutionError, match="ZeroDivisionError") as raised:
        run_notebook(path, smoke=True)
    assert raised.value.__notes__ == ["cell 2, `1 / 0`"]
    assert (os.environ["SMOKE"], os.environ.get("OMP_NUM_THREADS")) == ("mine", None)
    path.write_text(HEADER + f"\n# %%\n{cell}\n")
    notebook, seconds = run_notebook(path, smoke=True)
    assert notebook.cells[0].outputs[0].text.split() == [str(path.parent), "1", "1"]
    assert seconds > 0


def test_what_is_imported_beforehand_takes_the_place_of_no_cell(checkout, monkeypatch):
    monkeypatch.setattr(lessons, "WARM", "import math")
    path = checkout / "lessons" / "01_losses.py"
    path.write_text(HEADER + "\n# %%\nprint(math.tau > 6)\n\n# %% [markdown]\n# ## Take-away\n")
    notebook, _ = run_notebook(path, smoke=True)
    assert [cell.source for cell in notebook.cells] == ["print(math.tau > 6)", "## Take-away"]
    assert notebook.cells[0].outputs[0].text == "True\n"
