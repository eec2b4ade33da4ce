"""What lessons show works with and without a front-end, says the same in both, and saves what the learner did."""

import random

import ipywidgets
import matplotlib
import pytest
from matplotlib.figure import Figure

from autograder.quizzes.bank import QuizError, load
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.learn.lesson import explore as explore_module
from mtl_teach.learn.lesson import predict as predict_module
from mtl_teach.learn.lesson import quick_test as view
from mtl_teach.learn.lesson.explore import Explorer
from mtl_teach.learn.lesson.predict import Prediction
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS

matplotlib.use("Agg")
GRID = {(lam, unit): lam * 10 for lam in (0.1, 0.2) for unit in ("ms", "s")}
CONTROLS = {"λ": [0.1, 0.2], "unit": ["ms", "s"]}


def sentence(result, lam, unit):
    return f"At λ = {lam} in {unit} it is `{result:g}`."


@pytest.fixture
def shown(monkeypatch):
    """Pretend to be in a kernel; collect what is displayed."""
    bundles = []
    for target in (view, explore_module, predict_module):
        monkeypatch.setattr(target, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def texts(box):
    """All text that a tree of widgets shows."""
    if isinstance(box, ipywidgets.Box):
        return " ".join(texts(child) for child in box.children)
    return str(getattr(box, "value", "") or "") + " " + str(getattr(box, "description", ""))


# ---- explore ---------------------------------------------------------------------------------------------------


def test_moving_a_control_shows_the_value_of_the_grid():
    explorer = Explorer(GRID, CONTROLS, None, sentence, "Units")
    explorer.menus[0].value = 0.2
    explorer.menus[1].value = "s"
    assert "At λ = 0.2 in s it is <code>2</code>." in texts(explorer.box)


def test_every_control_has_its_name_and_every_value_of_it():
    explorer = Explorer(GRID, CONTROLS, None, sentence, "Units")
    assert [menu.description for menu in explorer.menus] == ["λ", "unit"]
    assert [[value for _, value in menu.options] for menu in explorer.menus] == list(CONTROLS.values())


def test_many_values_can_be_stepped_through_with_buttons_and_stop_at_the_ends():
    values = list(range(6))
    explorer = Explorer({n: n for n in values}, {"n": values}, None, lambda result, n: f"It is {n}.", "T")
    menu, back, forth = explorer.box.children[1].children
    assert (back.tooltip, forth.tooltip) == ("previous n", "next n")
    seen = []
    for button in (back, forth, forth, back, *[forth] * 9):
        button.click()
        seen.append(menu.value)
    assert seen == [0, 1, 2, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5]
    assert "It is 5." in texts(explorer.box)


def test_few_values_are_all_in_view():
    explorer = Explorer(dict.fromkeys("abcd", 0), {"letter": list("abcd")}, None, lambda result, x: x, "T")
    assert explorer.box.children[1].children == (explorer.menus[0],)
    assert isinstance(explorer.menus[0], ipywidgets.RadioButtons)


def test_the_sentence_is_announced_and_is_the_alt_text_of_the_figure():
    def draw(result, lam, unit):
        figure = Figure()
        figure.subplots().bar([0], [result])
        return figure

    text = texts(Explorer(GRID, CONTROLS, draw, sentence, "Units").box)
    assert 'role="alert"' in text
    assert '<img alt="At λ = 0.1 in ms it is 1." src="data:image/png;base64,' in text


def test_a_picture_may_be_html():
    box = Explorer({1: 5}, {"x": [1]}, lambda result, x: f"<b>{result}</b>", lambda result, x: "Five.", "T").box
    assert "<b>5</b>" in texts(box)


def test_the_table_says_what_the_element_says_for_every_choice(shown):
    explore(GRID, CONTROLS, None, sentence, title="Units")
    (bundle,) = shown
    assert bundle["text/html"].count("<tr>") == 1 + len(GRID)
    for (lam, unit), result in GRID.items():
        assert f"At λ = {lam} in {unit} it is <code>{result:g}</code>." in bundle["text/html"]
        assert f"λ = {lam}, unit = {unit}: At λ = {lam} in {unit} it is {result:g}." in bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_names_are_escaped(shown):
    explore({1: 1}, {"<x>": [1]}, None, lambda result, x: "a < b", title="<t>")
    assert "<x>" not in shown[0]["text/html"]
    assert "a &lt; b" in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("grid", "controls", "match"),
    [
        ({1: 1}, {"x": []}, "`controls` must give 'x' at least one value; got none"),
        ({1: 1}, {"x": [1, 2]}, r"`grid` must have every combination of the controls; 2 is missing \(1 of 2\)"),
        ({(1, 1): 1}, {"x": [1], "y": [1, 2]}, r"\(1, 2\) is missing"),
    ],
)
def test_a_grid_with_gaps_is_refused(grid, controls, match):
    with pytest.raises(ValueError, match=match):
        explore(grid, controls, None, lambda result, *choice: "")


# ---- predict ---------------------------------------------------------------------------------------------------


def test_a_guess_is_saved_and_there_again_next_time(workspace):
    first = Prediction("Is it safe?", ["yes", "no"], "safe")
    assert first.entry.value is None
    first.entry.value = "no"
    first.commit()
    assert "Your guess: <em>no</em>" in texts(first.box)
    assert Progress(workspace / PROGRESS).prediction("safe") == "no"
    assert Prediction("Is it safe?", ["yes", "no"], "safe").entry.value == "no"


def test_a_free_guess_is_saved(workspace):
    cell = Prediction("How large?", None, "large")
    cell.entry.value = " about 2 "
    cell.commit()
    assert Progress(workspace / PROGRESS).prediction("large") == "about 2"


def test_committing_nothing_asks_for_a_guess(workspace):
    cell = Prediction("How large?", None, "large")
    cell.commit()
    assert "Make a guess first" in texts(cell.box)
    assert Progress(workspace / PROGRESS).prediction("large") == ""


def test_a_guess_works_outside_any_workspace_and_with_damaged_progress(tmp_path, monkeypatch, workspace):
    (workspace / PROGRESS).mkdir()
    assert Prediction("Is it safe?", ["yes", "no"], "safe").entry.value is None
    monkeypatch.chdir(tmp_path)
    cell = Prediction("Is it safe?", ["yes", "no"], "safe")
    cell.entry.value = "yes"
    cell.commit()
    assert "Your guess: <em>yes</em>" in texts(cell.box)


def test_a_prediction_has_a_twin_without_widgets(shown):
    predict("Is `where` safe?", ["yes", "no"])
    assert "Predict: Is where safe?\n  - yes\n  - no" in shown[0]["text/plain"]
    assert "<li>yes</li><li>no</li>" in shown[0]["text/html"]


@pytest.mark.parametrize(
    ("question", "options", "match"),
    [(" ", None, "`question` must not be empty"), ("What?", ["one"], "must offer at least two guesses; got")],
)
def test_a_prediction_that_asks_nothing_is_refused(question, options, match):
    with pytest.raises(ValueError, match=match):
        predict(question, options)


# ---- quick tests -----------------------------------------------------------------------------------------------


def choose(form, n_right):
    for index, (question, group) in enumerate(zip(form.shown.questions, form.groups)):
        right = question.options.index(question.right)
        group.value = right if index < n_right else (right + 1) % len(question.options)


@pytest.mark.parametrize(("n_right", "word"), [(7, "Passed: 7 of 7"), (5, "Passed: 5 of 7"), (4, "Not passed yet: 4")])
def test_the_score_is_announced_and_saved(workspace, n_right, word):
    form = view.QuickTestForm(load("05"), random.Random(0))
    choose(form, n_right)
    form.submit()
    assert word in texts(form.box)
    assert 'role="alert"' in texts(form.box)
    assert Progress(workspace / PROGRESS).quick_tests()["05"]["best"] == n_right


def test_every_option_is_explained_after_the_answers(workspace):
    form = view.QuickTestForm(load("05"), random.Random(0))
    assert "✓ right" not in texts(form.box)
    choose(form, 6)
    form.submit()
    shown = texts(form.box)
    assert shown.count("✓ right") == 7
    assert shown.count("(your answer)") == 7
    assert shown.count("✗ Not right.") == 1


def test_open_questions_are_named_and_nothing_is_scored(workspace):
    form = view.QuickTestForm(load("05"), random.Random(0))
    choose(form, 7)
    form.groups[2].value = None
    form.submit()
    assert "Still without an answer: question 3." in texts(form.box)
    assert Progress(workspace / PROGRESS).quick_tests() == {}


def test_trying_again_starts_open_and_shuffled(workspace):
    form = view.QuickTestForm(load("05"), random.Random(0))
    before = form.shown
    choose(form, 7)
    form.submit()
    form.restart()
    assert [group.value for group in form.groups] == [None] * 7
    assert form.shown != before


def test_a_quick_test_has_a_twin_without_widgets(shown):
    quiz("05")
    (bundle,) = shown
    for question in load("05").questions:
        assert view.plain(question.text) in bundle["text/plain"]
        assert view.rich(question.right.why) in bundle["text/html"]
        assert question.right.why not in bundle["text/plain"]


def test_outside_a_notebook_the_questions_are_printed(capsys):
    quiz(5)
    assert "Take it in a terminal: mtl-teach quiz 05" in capsys.readouterr().out


def test_the_first_option_is_not_always_the_right_one(capsys):
    quiz("05")
    printed = capsys.readouterr().out
    firsts = [f"A. {view.plain(one.right.text)}" in printed for one in load("05").questions]
    assert not all(firsts)


def test_the_older_widgets_of_colab_are_enough(workspace, shown, monkeypatch):
    """What ipywidgets 8 added and 7 lacks is taken away."""
    monkeypatch.delattr(ipywidgets.Widget, "_repr_mimebundle_", raising=False)
    monkeypatch.delattr(ipywidgets.DOMWidget, "focus", raising=False)
    quiz("05")
    explore(GRID, CONTROLS, None, sentence, title="Units")
    predict("Is `where` safe?", ["yes", "no"])
    assert all("model_id" in bundle["application/vnd.jupyter.widget-view+json"] for bundle in shown)
    assert len(shown) == 3
    form = view.QuickTestForm(load("05"), random.Random(0))
    choose(form, 7)
    form.submit()
    assert "Passed: 7 of 7" in texts(form.box)


def test_an_unknown_quick_test_is_refused_in_the_notebook():
    with pytest.raises(QuizError, match="There is no quick test `77`"):
        quiz("77")
