"""What a notebook may ask for: a check shows its result, tells who listens, and gives back the points."""

import functools
from dataclasses import replace
from importlib import metadata
from types import SimpleNamespace

import pytest

from autograder import api, exercises, last_tried, render, torch_loads
from autograder.api import Points, check, hints, misconception_answers, reading, run, variant
from autograder.exercises import written
from autograder.files import write_json
from autograder.results import STUB_LEFT, WrongCall
from autograder.testing import fail, points
from tests.handmade import handmade, publish


@points(2.5)
def is_doubled(student, rng):
    """It is doubled."""
    if student(2) != 4:
        fail("It is not.")


@points(1)
def is_a_number(student, rng):
    """It is a number."""
    assert isinstance(student(2), (int, float))


@pytest.fixture
def exercise(monkeypatch):
    made = handmade(is_doubled, is_a_number, probes=())
    publish(monkeypatch, made)
    return made


@pytest.fixture(autouse=True)
def heard(monkeypatch):
    """Nobody listens but us."""
    told = []
    listeners = [SimpleNamespace(load=lambda: lambda result, sources: told.append((result, sources)))]
    monkeypatch.setattr(metadata, "entry_points", lambda group: listeners if group == "mtl_teach.listeners" else [])
    return told


def double(number):
    return 2 * number


def wrong(number):
    return number


def test_a_check_shows_its_result_and_gives_back_the_points(exercise, capsys):
    got = check(exercise.id, wrong)
    assert got == 1.0
    assert isinstance(got, Points)
    shown = capsys.readouterr().out
    assert shown == render.as_text(run(exercise.id, wrong), "lesson 05, “A section”") + "\n"
    assert check(exercise.id, double) == 3.5


def test_points_say_in_a_notebook_what_they_are():
    assert Points(3.5)._repr_html_() == "<small>points: 3.5</small>"
    assert Points(3)._repr_html_() == "<small>points: 3</small>"
    assert repr(Points(3)) == "3.0"


def test_in_a_notebook_the_result_is_shown_as_html_and_as_text(exercise, at, monkeypatch, capsys):
    at("")
    shown = []
    monkeypatch.setattr(api, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append((bundle, raw)))
    check(exercise.id, wrong)
    result, words = run(exercise.id, wrong), "lesson 05, “A section”"
    page = render.as_html(result, words, "lessons/05_missing_labels.ipynb#cell-id=c-1")
    bundle = {"text/html": page, "text/plain": render.as_text(result, words)}
    assert shown == [(bundle, True)]
    assert capsys.readouterr().out == ""


def test_a_run_shows_and_tells_nothing(exercise, heard, capsys):
    result = run(exercise.id, double)
    assert result.passed
    assert result.exercise == exercise.id
    assert heard == []
    assert capsys.readouterr().out == ""


def test_who_listens_is_told_the_result_and_the_answers_source(exercise, heard):
    check(exercise.id, wrong)
    ((result, sources),) = heard
    assert result == run(exercise.id, wrong)
    assert sources == ["def wrong(number):\n    return number\n"]


def test_a_value_is_told_as_it_is_written_and_not_at_any_length(monkeypatch, heard):
    def is_asked(student, rng):
        """It is asked."""
        student()

    made = handmade(is_asked, entries=("first", "second"), values=True)
    publish(monkeypatch, made)
    check(made.id, 2.5, "x" * 5000)
    assert heard[0][1] == ["2.5", "'" + "x" * 1999]


def test_a_listener_that_asks_for_the_answers_gets_them_and_another_one_is_called_as_ever(exercise, monkeypatch):
    told = []

    def asks(result, sources, quietly=False, answers=()):
        told.append(answers)

    listeners = [
        SimpleNamespace(load=lambda: asks),
        SimpleNamespace(load=lambda: lambda result, sources: told.append(sources)),
    ]
    monkeypatch.setattr(metadata, "entry_points", lambda group: listeners)
    check(exercise.id, double)
    assert told == [(double,), ["def double(number):\n    return 2 * number\n"]]


def test_a_listener_that_fails_spoils_neither_the_check_nor_the_other_listeners(exercise, monkeypatch, capsys):
    told = []

    def breaks():
        raise OSError("disk full")

    listeners = [SimpleNamespace(load=breaks), SimpleNamespace(load=lambda: lambda *about: told.append(about))]
    monkeypatch.setattr(metadata, "entry_points", lambda group: listeners)
    assert check(exercise.id, double) == 3.5
    assert capsys.readouterr().out.endswith("(Your progress was not saved: OSError: disk full)\n")
    assert len(told) == 1


@pytest.mark.parametrize(("answers", "count"), [((), 0), ((double, double), 2)])
def test_the_wrong_number_of_answers_is_told_the_right_call(exercise, answers, count):
    with pytest.raises(TypeError) as caught:
        run(exercise.id, *answers)
    assert (
        str(caught.value) == f"`{exercise.id}` is checked with check('{exercise.id}', answer); got {count} answer(s)."
    )


def test_the_call_of_an_exercise_of_several_values_names_them_all(monkeypatch):
    made = handmade(is_doubled, entries=("first", "second"), values=True, name="two_values")
    publish(monkeypatch, made)
    with pytest.raises(TypeError, match=r"is checked with check\('two_values', first, second\); got 1 answer"):
        check("two_values", 1)


# ---- which exercise, and which answer --------------------------------------------------------------------------


@pytest.fixture
def notebook(exercise, monkeypatch):
    """In a kernel whose notebook has these names; give back them, and what is shown."""
    shown, names = [], {}
    monkeypatch.setattr(api, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle["text/plain"]))
    monkeypatch.setattr(last_tried, "names", lambda: names)
    monkeypatch.setattr(last_tried, "_last", {})
    monkeypatch.setattr(last_tried, "all_asked", lambda: [])
    return SimpleNamespace(shown=shown, names=names)


def test_a_function_alone_is_the_answer_to_the_exercise_of_its_name(capsys):
    def masked_mean(values, mask):
        return values[mask].sum() / mask.sum().clamp(min=1)

    assert check(masked_mean) == check("masked_mean", masked_mean) == 9


def test_the_exercise_of_a_function_need_not_have_its_name(monkeypatch, exercise):
    made = handmade(is_doubled, entries=("double",), name="doubling")
    publish(monkeypatch, made)
    monkeypatch.setattr(exercises, "all_exercises", lambda: [exercise, made])
    assert check(double) == 2.5


def test_a_function_of_another_name_is_told_the_nearest():
    def masked_meen(values, mask):
        return 0

    with pytest.raises(exercises.UnknownExercise, match=r"no exercise `masked_meen`\. Did you mean `masked_mean`"):
        check(masked_meen)


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (2.05, "`2.05`"),
        (None, "`None`"),
        ([1] * 99, "`[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1…`"),
        (lambda number: number, "this function"),
        (functools.partial(double, 1), "this function"),
    ],
    ids=["number", "nothing", "long", "lambda", "partial"],
)
def test_what_has_no_name_is_asked_for_the_exercises(answer, what):
    with pytest.raises(WrongCall) as caught:
        check(answer)
    assert str(caught.value) == (
        f"It cannot be known which exercise {what} is the answer to: write the exercise's name first, as in "
        'check("masked_mean", masked_mean).'
    )


def test_a_value_in_the_place_of_a_function_is_named(exercise, heard):
    with pytest.raises(WrongCall) as caught:
        check(exercise.id, 5)
    assert str(caught.value) == "`answer` must be a function that is called as `answer(number)`; got `5`."
    assert heard == []


def test_in_a_notebook_wrong_use_is_one_sentence_without_a_traceback():
    with pytest.raises(WrongCall) as caught:
        check(2.05)
    assert caught.value._render_traceback_() == [str(caught.value)]
    with pytest.raises(exercises.UnknownExercise) as caught:
        check("masked_meen", double)
    assert caught.value._render_traceback_() == [str(caught.value)]


def test_a_name_alone_takes_the_notebooks_own_answer(exercise, notebook):
    notebook.names["answer"] = double
    assert check(exercise.id) == 3.5
    notebook.names["answer"] = wrong
    assert check(exercise.id) == 1


def test_a_name_alone_whose_answer_is_not_there_says_so_and_is_no_attempt(exercise, notebook, heard):
    assert check(exercise.id) == 0
    assert "`answer` is not defined: the answer must define `answer(number)`." in notebook.shown[0]
    assert heard == []


def stopped(name, error, monkeypatch):
    run = last_tried.Run(f"{name} = 1", error, 1)
    monkeypatch.setattr(last_tried, "_last", {name: run})
    return run


def test_a_stub_of_plain_variables_is_not_begun(exercise, notebook, monkeypatch):
    stopped("answer", NotImplementedError("write it"), monkeypatch)
    check(exercise.id)
    assert notebook.shown[0].splitlines()[1] == f"  {STUB_LEFT}"


def test_that_the_cell_stopped_is_said_before_the_verdict_and_nothing_is_offered(
    exercise, notebook, heard, monkeypatch
):
    told = []
    listener = SimpleNamespace(load=lambda: lambda *about, **how: told.append(how))
    monkeypatch.setattr(metadata, "entry_points", lambda group: [listener])
    notebook.names["answer"] = double
    stopped("answer", ValueError("no"), monkeypatch)
    check(exercise.id, double)
    assert notebook.shown[0].startswith("! Your last run of the cell that defines `answer` stopped with ValueError")
    assert told == [{"quietly": True}]


def test_a_torch_that_does_not_load_is_one_sentence(exercise, monkeypatch):
    monkeypatch.setattr(torch_loads, "explained", lambda error: "Install it." if isinstance(error, OSError) else "")

    def broken(*about):
        raise OSError("fbgemm.dll")

    monkeypatch.setattr(api, "run_checks", broken)
    with pytest.raises(torch_loads.DoesNotLoad, match=r"^Install it\.$") as caught:
        check(exercise.id, double)
    assert caught.value._render_traceback_() == ["Install it."]


# ---- a whole notebook ------------------------------------------------------------------------------------------


def test_without_a_word_every_exercise_of_the_notebook_is_checked(exercise, notebook, heard, monkeypatch):
    another = handmade(is_doubled, entries=("other",))
    absent = handmade(is_doubled, entries=("absent",))
    publish(monkeypatch, another, absent)
    asked = [exercise.id, another.id, "masked_meen", absent.id]
    monkeypatch.setattr(last_tried, "all_asked", lambda: asked)
    notebook.names |= {"answer": wrong, "other": double}
    told = []
    listener = SimpleNamespace(
        load=lambda: lambda result, sources, quietly=False: told.append((result.exercise, quietly))
    )
    monkeypatch.setattr(metadata, "entry_points", lambda group: [listener])
    assert check() == 3.5
    lines = notebook.shown[0].splitlines()
    assert lines[:2] == [
        "1 of 3 exercises pass: 3.5 of 8.5 points",
        "  ! There is no exercise `masked_meen`. Did you mean `masked_mean`?",
    ]
    assert lines[2] == "  Made by hand: 1 of 3.5 points, 1 of 2 checks passed"
    assert lines[-2:] == [
        "  ✓ Made by hand: 2.5 of 2.5 points, 1 of 1 checks passed",
        "  ○ Made by hand: its cell was not run",
    ]
    assert told == [(exercise.id, False), (another.id, True)]


@pytest.mark.parametrize("kernel", [True, False])
def test_where_no_notebook_is_found_the_exercise_must_be_named(notebook, monkeypatch, kernel):
    monkeypatch.setattr(api, "in_kernel", lambda: kernel)
    with pytest.raises(WrongCall, match=r"none was found here: name the one you mean, as in check\(\"masked_mean\""):
        check()


# ---- other calls -----------------------------------------------------------------------------------------------


def test_an_unknown_exercise_is_told_the_nearest():
    with pytest.raises(exercises.UnknownExercise, match="Did you mean `masked_mean`"):
        check("masked_meen", double)


@pytest.mark.parametrize(("upto", "count"), [(1, 1), (2, 2), (3, 3), (9, 3), (0, 1), (-2, 1)])
def test_hints_are_given_from_the_first_and_at_least_one(exercise, upto, count):
    assert hints(exercise.id, upto) == exercise.hints[:count]
    assert hints(exercise.id) == exercise.hints[:1]


def test_wrong_answers_are_given_by_their_names(monkeypatch):
    made = handmade(is_doubled, wrong={"same": wrong})
    publish(monkeypatch, made)
    assert misconception_answers(made.id) == {"same": wrong}


# ---- what to read --------------------------------------------------------------------------------------------------


@pytest.fixture
def at(tmp_path, monkeypatch):
    """In a folder of a workspace that may have the lesson."""

    def go(folder, has_lesson=True):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        if has_lesson:
            (tmp_path / "lessons").mkdir(exist_ok=True)
            texts = ["# 5. Missing labels", "Text.\n\n## A section", "## What λ & “costs” are?"]
            cells = [{"cell_type": "markdown", "id": f"c-{at}", "source": text} for at, text in enumerate(texts)]
            write_json(tmp_path / "lessons" / "05_missing_labels.ipynb", {"cells": cells})
        monkeypatch.chdir(tmp_path / folder)

    return go


@pytest.mark.parametrize(
    ("folder", "way"), [("", ""), ("exercises/ps05", "../../"), ("lessons", "../lessons/"), ("lessons/more", "../")]
)
def test_the_lesson_is_found_from_any_folder_of_a_workspace(exercise, at, folder, way):
    at(folder)
    words, link = reading(run(exercise.id, wrong))
    assert words == "lesson 05, “A section”"
    expected = {"lessons": "05", "lessons/more": "../05"}.get(folder, f"{way}lessons/05")
    assert link == f"{expected}_missing_labels.ipynb#cell-id=c-1"


def test_without_the_lesson_at_hand_there_is_no_link(exercise, at):
    at("exercises", has_lesson=False)
    assert reading(run(exercise.id, wrong)) == ("lesson 05, “A section”", "")


def test_an_exercise_without_a_section_leads_to_its_lesson(monkeypatch, at):
    made = replace(handmade(is_doubled), section="")
    publish(monkeypatch, made)
    at("")
    assert reading(run(made.id, wrong)) == ("lesson 05", "lessons/05_missing_labels.ipynb")


def test_a_section_of_any_letters_is_a_link(monkeypatch, at):
    made = replace(handmade(is_doubled), section="What λ & “costs” are?")
    publish(monkeypatch, made)
    at("")
    assert reading(run(made.id, wrong))[1] == "lessons/05_missing_labels.ipynb#cell-id=c-2"


@pytest.mark.parametrize("content", ["", "{", '{"cells": [{"source": "# Another heading"}]}'])
def test_a_lesson_whose_section_is_gone_or_that_is_damaged_opens_at_its_top(exercise, at, tmp_path, content):
    at("")
    (tmp_path / "lessons" / "05_missing_labels.ipynb").write_text(content)
    assert reading(run(exercise.id, wrong))[1] == "lessons/05_missing_labels.ipynb"


# ---- personal numbers ------------------------------------------------------------------------------------------

BY_HAND = "source_exercise_1"


@pytest.fixture
def forgotten(monkeypatch):
    """Nobody's numbers were asked for yet."""
    monkeypatch.setattr(api, "_owners", {})


def right_for(student):
    return next(iter(exercises.load(BY_HAND).for_student(student).alternatives.values()))()


def test_a_student_sees_their_own_numbers_and_is_checked_by_them_from_then_on(forgotten, capsys):
    assert check(BY_HAND, right_for("ada")) == 0
    capsys.readouterr()
    variant(BY_HAND, "ada")
    assert capsys.readouterr().out.strip() == exercises.load(BY_HAND).for_student("ada").statement
    assert check(BY_HAND, right_for("ada")) == 2
    assert check(BY_HAND, right_for("bob")) == 0
    variant(BY_HAND)
    assert check(BY_HAND, 2.05) == 2


def test_one_check_can_be_by_somebodys_numbers(forgotten, capsys):
    assert check(BY_HAND, right_for("ada"), variant="ada") == 2
    assert check(BY_HAND, right_for("ada"), variant="") == 0
    assert check(BY_HAND, 2.05) == 2


def test_a_written_question_is_shown_with_the_numbers_of_an_id(forgotten, capsys):
    for student in ("ada", ""):
        variant("house_weight_log", student)
        assert capsys.readouterr().out.strip() == written.questions()["house_weight_log"].statement(student)


def test_an_exercise_that_is_the_same_for_everybody_has_no_variants(forgotten):
    with pytest.raises(TypeError, match="`masked_mean` has no numbers of its own"):
        variant("masked_mean", "ada")
