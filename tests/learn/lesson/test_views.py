"""What lessons show works with and without a front-end, says the same in both, and saves what the learner did."""

import base64
import html
import random
import re

import ipywidgets
import matplotlib
import pytest
from matplotlib import pyplot
from matplotlib.figure import Figure

from autograder.marked import plain, rich
from autograder.quizzes.bank import QuizError, load
from mtl_teach.learn import explore, predict, quiz
from mtl_teach.learn.lesson import explore as explore_module
from mtl_teach.learn.lesson import predict as predict_module
from mtl_teach.learn.lesson import quick_test as view
from mtl_teach.learn.lesson.explore import Explorer
from mtl_teach.learn.lesson.notebook import live
from mtl_teach.learn.lesson.quick_test import QuickTestForm
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
    labels = getattr(box, "labels", ())
    return " ".join([str(getattr(box, "value", "") or ""), str(getattr(box, "description", "")), *labels])


# ---- explore ---------------------------------------------------------------------------------------------------


def test_moving_a_control_shows_the_value_of_the_grid():
    explorer = Explorer(GRID, CONTROLS, None, sentence, "Units")
    said = explorer.box.children[3]
    assert "At λ = 0.1 in ms it is <code>1</code>." in said.value
    explorer.menus[0].index = 1
    assert "At λ = 0.2 in ms it is <code>2</code>." in said.value
    explorer.menus[1].index = 1
    assert said.value == live("At λ = 0.2 in s it is <code>2</code>.", "sentence")


def test_the_picture_follows_the_controls_and_stands_above_its_sentence():
    explorer = Explorer(GRID, CONTROLS, lambda result, lam, unit: f"<b>{result} {unit}</b>", sentence, "<Units>")
    head, _, picture, _, twin = explorer.box.children
    assert head.value == "<strong>&lt;Units&gt;</strong>"
    assert picture.value == "<b>1.0 ms</b>"
    explorer.menus[1].index = 1
    assert picture.value == "<b>1.0 s</b>"
    assert twin.value.startswith("<details><summary>The same as a table</summary><table")
    assert "<caption>" not in twin.value
    assert twin.value.count("<tr>") == 1 + len(GRID)


def test_without_a_picture_there_is_only_the_sentence():
    assert Explorer(GRID, CONTROLS, None, sentence, "Units").box.children[2].value == ""


def test_every_control_has_its_name_and_every_value_of_it():
    explorer = Explorer(GRID, CONTROLS, None, sentence, "Units")
    assert [menu.name for menu in explorer.menus] == ["λ", "unit"]
    assert [menu.labels for menu in explorer.menus] == [["0.1", "0.2"], ["ms", "s"]]
    assert explorer.chosen == (0.1, "ms")


def test_many_values_can_be_stepped_through_with_buttons_and_stop_at_the_ends():
    values = list(range(6))
    explorer = Explorer({n: n for n in values}, {"n": values}, None, lambda result, n: f"It is {n}.", "T")
    menu, back, forth = explorer.box.children[1].children
    assert menu.menu
    assert (back.description, forth.description) == ("◀ previous", "next ▶")
    assert (back.tooltip, forth.tooltip) == ("previous n", "next n")
    seen = []
    for button in (back, forth, forth, back, *[forth] * 9):
        button.click()
        seen.append(explorer.chosen[0])
    assert seen == [0, 1, 2, 1, 2, 3, 4, 5, 5, 5, 5, 5, 5]
    assert "It is 5." in texts(explorer.box)


def test_each_control_of_many_values_has_its_own_buttons_beside_it():
    many, few = list(range(5)), [1, 2]
    controls = {"a": many, "b": few, "c": many}
    grid = {(a, b, c): 0 for a in many for b in few for c in many}
    explorer = Explorer(grid, controls, None, lambda result, *choice: str(choice), "T")
    names = [getattr(part, "name", None) or part.description for part in explorer.box.children[1].children]
    assert names == ["a", "◀ previous", "next ▶", "b", "c", "◀ previous", "next ▶"]
    explorer.box.children[1].children[-1].click()
    assert explorer.chosen == (0, 1, 1)
    assert "(0, 1, 1)" in explorer.box.children[3].value


def test_few_values_are_all_in_view():
    explorer = Explorer(dict.fromkeys("abcd", 0), {"letter": list("abcd")}, None, lambda result, x: x, "T")
    assert explorer.box.children[1].children == (explorer.menus[0],)
    assert not explorer.menus[0].menu


def test_the_sentence_is_announced_and_is_the_alt_text_of_the_figure():
    def draw(result, lam, unit):
        figure = Figure()
        figure.subplots().bar([0], [result])
        return figure

    picture = Explorer(GRID, CONTROLS, draw, sentence, "Units").box.children[2].value
    found = re.search(r'<img class="mtl-figure" src="data:image/png;base64,([^"]+)" alt="([^"]+)"', picture)
    assert base64.b64decode(found[1]).startswith(b"\x89PNG\r\n")
    assert found[2] == "At λ = 0.1 in ms it is 1."


def test_an_alt_text_may_hold_quotes_and_signs():
    page = explore_module._as_html(Figure(), '<a> is "b", it\'s `c`.')
    assert 'alt="&lt;a&gt; is &quot;b&quot;, it&#x27;s c."' in page


def test_a_figure_is_closed_when_it_was_shown():
    figure = pyplot.figure()
    explore_module._as_html(figure, "Nothing.")
    assert figure.number not in pyplot.get_fignums()


def test_a_picture_may_be_html():
    box = Explorer({1: 5}, {"x": [1]}, lambda result, x: f"<b>{result}</b>", lambda result, x: "Five.", "T").box
    assert "<b>5</b>" in texts(box)


def test_the_table_says_what_the_element_says_for_every_choice(shown):
    explore(GRID, CONTROLS, None, sentence, title="Units")
    (bundle,) = shown
    assert re.findall(r"<caption>(.*?)</caption>", bundle["text/html"]) == ["Units"]
    assert re.findall(r'<th scope="col">(.*?)</th>', bundle["text/html"]) == ["λ", "unit", "result"]
    assert bundle["text/html"].count("<tr>") == 1 + len(GRID)
    assert "<tr><td>0.1</td><td>ms</td><td" in bundle["text/html"]
    assert bundle["text/plain"].splitlines()[:2] == ["Units", "λ = 0.1, unit = ms: At λ = 0.1 in ms it is 1."]
    for (lam, unit), result in GRID.items():
        assert f"At λ = {lam} in {unit} it is <code>{result:g}</code>." in bundle["text/html"]
        assert f"λ = {lam}, unit = {unit}: At λ = {lam} in {unit} it is {result:g}." in bundle["text/plain"]
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_the_last_choice_is_there_again_another_day(workspace):
    first = Explorer(GRID, CONTROLS, None, sentence, "Units")
    first.menus[1].index = 1
    again = Explorer(GRID, CONTROLS, None, sentence, "Units")
    assert again.chosen == (0.1, "s")
    assert "At λ = 0.1 in s it is <code>1</code>." in texts(again.box)
    assert Explorer(GRID, CONTROLS, None, sentence, "Another").chosen == (0.1, "ms")
    wider = {"λ": [0.1, 0.2], "unit": ["ms"]}
    assert Explorer(GRID, wider, None, sentence, "Units").chosen == (0.1, "ms")


@pytest.mark.parametrize("places", [None, "s", [0], [0, 2], [0, -1], [0, True], [0, "1"], {"λ": 0}])
def test_a_last_choice_that_is_none_is_left_alone(workspace, places):
    Progress(workspace / PROGRESS).remember(explore_module._key_of("Units", CONTROLS), places)
    assert Explorer(GRID, CONTROLS, None, sentence, "Units").chosen == (0.1, "ms")


def test_the_twin_shows_the_picture_of_the_last_choice_beside_its_own_sentence(workspace, shown):
    def draw(result, lam, unit):
        return f"<b>picture of {lam} {unit}</b>"

    Explorer(GRID, CONTROLS, draw, sentence, "Units").menus[1].index = 1
    explore(GRID, CONTROLS, draw, sentence, title="Units")
    page = shown[0]["text/html"]
    assert "<div><b>picture of 0.1 s</b></div><p>At λ = 0.1 in s it is <code>1</code>.</p><table" in page
    assert page.count("<b>picture") == 1
    assert "Run this cell to explore." in page


def test_names_are_escaped(shown):
    explore({"<1>": 1}, {"<x>": ["<1>"]}, None, lambda result, x: "a < b", title="<t>")
    page = shown[0]["text/html"]
    for name in ("<t>", "<x>", "<1>", "a < b"):
        assert name not in page
        assert html.escape(name) in page


def test_outside_a_notebook_every_choice_is_a_line(capsys):
    explore({1: 5, 2: 6}, {"x": [1, 2]}, None, lambda result, x: f"It is `{result}`.", title="Units")
    assert capsys.readouterr().out == "Units\nx = 1: It is 5.\nx = 2: It is 6.\n"
    explore({1: 5}, {"x": [1]}, None, lambda result, x: "Five.")
    assert capsys.readouterr().out == "Explore\nx = 1: Five.\n"


@pytest.mark.parametrize(
    ("grid", "controls", "match"),
    [
        ({1: 1}, {"x": []}, "`controls` must give 'x' at least one value; got none"),
        ({1: 1}, {"x": [1, 2]}, r"`grid` must have every combination of the controls; 2 is missing \(1 of 2\)"),
        ({(1, 1): 1}, {"x": [1], "y": [1, 2]}, r"\(1, 2\) is missing \(1 of 2\)"),
        ({(1, 2): 1}, {"x": [1, 2], "y": [1, 2]}, r"\(1, 1\) is missing \(3 of 4\)"),
    ],
)
def test_a_grid_with_gaps_is_refused(grid, controls, match):
    with pytest.raises(ValueError, match=match):
        explore(grid, controls, None, lambda result, *choice: "")


# ---- quick tests -----------------------------------------------------------------------------------------------


def choose(form, n_right):
    for index, (question, group) in enumerate(zip(form.shown.questions, form.groups)):
        right = question.options.index(question.right)
        group.index = right if index < n_right else (right + 1) % len(question.options)


@pytest.mark.parametrize(
    ("n_right", "said"),
    [
        (7, "Passed: 7 of 7 right."),
        (6, "Passed: 6 of 7 right (needed: 5). Read the explanations of what you missed."),
        (5, "Passed: 5 of 7 right (needed: 5). Read the explanations of what you missed."),
        (4, "Not passed yet: 4 of 7 right (needed: 5). Read the explanations, then try again."),
        (0, "Not passed yet: 0 of 7 right (needed: 5). Read the explanations, then try again."),
    ],
)
def test_the_score_is_announced_and_saved(workspace, n_right, said):
    form = QuickTestForm(load("05"), random.Random(0))
    choose(form, n_right)
    form.submit()
    then = " Next: Solve the exercise “Mean of the observed entries” (15 minutes)." if n_right >= 5 else ""
    assert form.box.children[-1].value == live(f"<strong>{said}</strong>{then}", "score")
    assert Progress(workspace / PROGRESS).quick_tests()["05"] == {"attempts": 1, "best": n_right, "out_of": 7}


def test_what_was_missed_comes_back_in_the_review(workspace):
    form = QuickTestForm(load("05"), random.Random(0))
    choose(form, 5)
    form.submit()
    missed = {f"question/05/{question.id}" for question in form.shown.questions[5:]}
    assert set(Progress(workspace / PROGRESS).cards()) == missed


def test_the_form_asks_every_question_with_lettered_options(workspace):
    form = QuickTestForm(load("05"), random.Random(0))
    title, questions, _, _ = form.box.children
    head = f'<h2 style="font-size:1.3em">Quick test 05: {html.escape(form.shown.title)}</h2><p>7 questions; 5 right'
    assert title.value.startswith(head)
    for number, (question, block, group) in enumerate(zip(form.shown.questions, questions.children, form.groups), 1):
        radios, why = block.children
        assert radios is group
        assert radios.name == f"<strong>Question {number}.</strong> {rich(question.text)}"
        assert radios.labels == [f"{letter}. {rich(option.text)}" for letter, option in zip("ABCDE", question.options)]
        assert (radios.index, radios.disabled, why.value) == (None, False, "")


def test_a_page_hears_of_no_question_before_it_has_its_words(workspace, opened):
    form = QuickTestForm(load("05"), random.Random(0))
    heard = [(state["name"], state["labels"]) for state in opened()]
    assert heard == [(group.name, group.labels) for group in form.groups]
    assert all(name and labels for name, labels in heard)


def explanations(form):
    """What stands under each question: the head, and for every option its letter, its mark and its explanation."""
    found = []
    for block in form.box.children[1].children:
        page = block.children[1].value
        items = re.findall(r"<li><strong>(\w), (✓ right|✗ wrong)( \(your answer\))?:</strong> (.*?)</li>", page)
        found.append((re.search(r"<strong>([✓✗] [\w ]+\.)</strong><ul", page)[1], items))
    return found


def test_every_option_is_explained_after_the_answers_and_ones_own_is_marked(workspace):
    form = QuickTestForm(load("05"), random.Random(0))
    choose(form, 6)
    form.submit()
    for question, group, (head, items) in zip(form.shown.questions, form.groups, explanations(form)):
        assert items == [
            (
                letter,
                "✓ right" if option.correct else "✗ wrong",
                " (your answer)" if index == group.index else "",
                rich(option.why),
            )
            for index, (letter, option) in enumerate(zip("ABCDE", question.options))
        ]
        assert head == ("✓ Right." if question.options[group.index].correct else "✗ Not right.")
    assert [head for head, _ in explanations(form)] == ["✓ Right."] * 6 + ["✗ Not right."]


def test_after_the_answers_nothing_can_be_changed_and_another_try_is_offered(workspace, monkeypatch):
    moved = []
    monkeypatch.setattr(view, "focus", moved.append)
    form = QuickTestForm(load("05"), random.Random(0))
    check, again = form.box.children[2].children
    assert (check.description, again.description) == ("Check my answers", "Try again, reshuffled")
    assert (check.disabled, again.layout.display) == (False, "none")
    choose(form, 7)
    check.click()
    assert (check.disabled, again.layout.display) == (True, "")
    assert {group.disabled for group in form.groups} == {True}
    assert moved == [again]
    again.click()
    assert (check.disabled, again.layout.display, form.box.children[-1].value) == (False, "none", "")
    assert {group.disabled for group in form.groups} == {False}
    assert moved == [again, form.groups[0]]


def test_open_questions_are_named_and_nothing_is_scored(workspace, monkeypatch):
    moved = []
    monkeypatch.setattr(view, "focus", moved.append)
    form = QuickTestForm(load("05"), random.Random(0))
    choose(form, 7)
    form.groups[2].index = None
    form.submit()
    assert form.box.children[-1].value == live("Still without an answer: question 3.")
    assert moved == [form.groups[2]]
    form.groups[0].index = None
    form.submit()
    assert "Still without an answer: question 1, 3." in texts(form.box)
    assert "right:" not in texts(form.box)
    assert not form.groups[1].disabled
    assert Progress(workspace / PROGRESS).quick_tests() == {}


def test_trying_again_starts_open_and_shuffled(workspace):
    form = QuickTestForm(load("05"), random.Random(0))
    before = form.shown
    choose(form, 7)
    form.submit()
    form.restart()
    assert [group.index for group in form.groups] == [None] * 7
    assert form.shown != before
    texts_of = [{one.id: one.text for one in shown.questions} for shown in (before, form.shown)]
    assert "loss is 0.35 over" in texts_of[0]["total"]
    assert "loss is 0.25 over" in texts_of[1]["total"]
    assert {question.id for question in form.shown.questions} == {question.id for question in before.questions}
    choose(form, 5)
    form.submit()
    assert Progress(workspace / PROGRESS).quick_tests()["05"] == {"attempts": 2, "best": 7, "out_of": 7}


def test_an_attempt_that_was_checked_is_there_again_another_day(workspace, monkeypatch, shown):
    form = QuickTestForm(load("05"), random.Random(0))
    form.restart()
    choose(form, 6)
    form.submit()
    forms = []
    monkeypatch.setattr(view, "QuickTestForm", lambda *args: forms.append(QuickTestForm(*args)) or forms[-1])
    quiz("05")
    (again,) = forms
    assert again.shown == form.shown
    assert [group.index for group in again.groups] == [group.index for group in form.groups]
    assert explanations(again) == explanations(form)
    assert again.box.children[-1].value == form.box.children[-1].value
    assert {group.disabled for group in again.groups} == {True}
    assert Progress(workspace / PROGRESS).quick_tests()["05"]["attempts"] == 1
    again.restart()
    assert again.shown.numbers == 2


def test_an_attempt_that_was_left_goes_on_where_it_was(workspace):
    form = QuickTestForm(load("05"), random.Random(0))
    form.groups[3].index = 1
    kept = Progress(workspace / PROGRESS).remembered("quick_test/05")
    again = QuickTestForm(load("05"), random.Random(1), kept)
    assert again.shown == form.shown
    assert [group.index for group in again.groups] == [None, None, None, 1, None, None, None]
    assert {group.disabled for group in again.groups} == {False}
    assert again.box.children[-1].value == ""


def test_after_an_upgrade_of_the_questions_a_new_attempt_begins_and_says_so(workspace):
    form = QuickTestForm(load("05"), random.Random(0))
    choose(form, 7)
    kept = Progress(workspace / PROGRESS).remembered("quick_test/05")
    kept["versions"][2] = "000000"
    again = QuickTestForm(load("05"), random.Random(1), kept)
    assert [group.index for group in again.groups] == [None] * 7
    assert "The questions have changed since your last attempt: this is a new one." in texts(again.box)


@pytest.mark.parametrize(
    "damage",
    [
        {"chosen": [9, *[0] * 6]},
        {"chosen": [0]},
        {"chosen": [None] * 7, "done": True},
        {"chosen": ["a"] * 7},
        {"numbers": "x"},
        {"seed": {}},
        {"versions": None},
    ],
    ids=str,
)
def test_a_damaged_attempt_gives_way_to_a_new_one(workspace, damage):
    form = QuickTestForm(load("05"), random.Random(0))
    choose(form, 7)
    kept = Progress(workspace / PROGRESS).remembered("quick_test/05") | damage
    again = QuickTestForm(load("05"), random.Random(1), kept)
    assert [group.index for group in again.groups] == [None] * 7
    assert {group.disabled for group in again.groups} == {False}
    assert "Quick test 05" in texts(QuickTestForm(load("05"), random.Random(1), "nonsense").box)


def test_a_quick_test_has_a_twin_without_widgets(shown):
    quiz("05")
    (bundle,) = shown
    test = load("05").shuffled(random.Random("05"))
    page = bundle["text/html"]
    head = f'<section><h2 style="font-size:1.3em">Quick test 05: {html.escape(test.title)}</h2><ol><li>'
    assert head in page
    folded = re.findall(r"<li>([^<]*(?:<code>.*?</code>[^<]*|<em>.*?</em>[^<]*)*)<details>(.*?)</details></li>", page)
    assert folded == [
        (
            rich(option.text),
            f"<summary>Explanation</summary>{'Right.' if option.correct else 'Wrong.'} {rich(option.why)}",
        )
        for question in test.questions
        for option in question.options
    ]
    for question in test.questions:
        assert f'<li><p>{rich(question.text)}</p><ol type="A"><li>' in page
        assert question.right.why not in bundle["text/plain"]
    assert bundle["text/plain"] == view.as_text(test)


def test_outside_a_notebook_the_questions_are_printed_always_in_the_same_order(capsys):
    test = load("05").shuffled(random.Random("05"))
    lines = [f"Quick test 05: {test.title}"]
    for number, question in enumerate(test.questions, 1):
        lines.append(f"{number}. {plain(question.text)}")
        lines += [f"   {letter}. {plain(option.text)}" for letter, option in zip("ABCDE", question.options)]
    for seed in (None, 3):
        quiz(5, seed)
        assert capsys.readouterr().out.splitlines() == [*lines, "Take it in a terminal: mtl-teach quiz 05"]


def test_a_seed_fixes_the_order_of_the_form(shown, workspace, monkeypatch):
    forms = []
    monkeypatch.setattr(view, "QuickTestForm", lambda *args: forms.append(QuickTestForm(*args)) or forms[-1])
    for seed in (1, 1, 2, None):
        quiz("05", seed=seed)
    assert forms[0].shown == forms[1].shown
    assert len({one.shown for one in forms[1:]}) == 3


def test_the_first_option_is_not_always_the_right_one(capsys):
    quiz("05")
    printed = capsys.readouterr().out
    firsts = [f"A. {plain(one.right.text)}" in printed for one in load("05").questions]
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
    form = QuickTestForm(load("05"), random.Random(0))
    choose(form, 7)
    form.submit()
    assert "Passed: 7 of 7" in texts(form.box)


def test_an_unknown_quick_test_is_refused_in_the_notebook():
    with pytest.raises(QuizError, match="There is no quick test `77`"):
        quiz("77")
