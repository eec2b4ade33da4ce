"""A question about one's own passing answer: right is what it returns, it is asked once, and it is never in the way."""

import ast
import functools
import random
import re
import time
from collections import Counter

import numpy as np
import pytest
import torch

from autograder import exercises
from autograder.results import CheckResult, ExerciseResult, Verdict
from mtl_teach.learn.lesson import after_check, own_code
from mtl_teach.learn.lesson.own_code import OwnCode, question_for
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import cards
from mtl_teach.learn.workspace.places import PROGRESS

NONE_ASKED = {  # by hand, or with inputs that do not fit in a line
    "SharedTrunk",
    "cv_predict_scaled",
    "is_label_scale_equivariant",
    "source_exercise_1",
    "source_exercise_2",
    "test_masked_mean",
    "trunk_grad_norms",
}
ASKED = sorted(set(exercises.all_ids()) - NONE_ASKED)
STYLES = 3  # right answers of each exercise
PASSED = ExerciseResult(
    "masked_mean", "Mean", "05_missing_labels", (CheckResult("test_value", Verdict.PASSED, 2.0, 2.0, "It is right."),)
)
CODE = re.compile(r"`([^`]+)`")


def masked_mean(values, mask):
    return torch.where(mask, values, 0.0).sum() / mask.sum().clamp(min=1)


@functools.cache
def asked_of(exercise, style, seed):
    answer = list(exercises.load(exercise).alternatives.values())[style].function
    return answer, question_for(exercise, (answer,), random.Random(seed))


def kind_of(question):
    return "slope" if "gradient" in question.text else "change" if "Which change" in question.text else "value"


# ---- a second way to find out what is right: from the words of the question ------------------------------------


def live(exercise, code):
    """Arguments as the exercise is called with them, from their code by name."""
    kinds = dict(exercises.load(exercise).arguments)
    made = {}
    for name, text in code.items():
        container, _, dtype = kinds[name].partition(" of ")
        value = eval(text, {"nan": float("nan")})
        if container == "tensor":
            value = torch.tensor(value, dtype=getattr(torch, dtype))
        made[name] = np.array(value, dtype) if container == "array" else value
    return made


def arguments_of(exercise, call):
    tree = ast.parse(call, mode="eval").body
    names = [name for name, _ in exercises.load(exercise).arguments]
    given = dict(zip(names, tree.args)) | {one.arg: one.value for one in tree.keywords}
    return live(exercise, {name: ast.unparse(value) for name, value in given.items()})


def numbers(value):
    """What came back as one flat list, whatever held it."""
    if isinstance(value, (list, tuple)):
        return [number for item in value for number in numbers(item)]
    return np.asarray(value.detach() if isinstance(value, torch.Tensor) else value, float).reshape(-1).tolist()


def read(option):
    text = CODE.search(option)[1].replace("True", "1").replace("False", "0")
    return [float(one) for one in re.findall(r"-?(?:nan|inf|[\d.]+(?:e-?\d+)?)", text)]


def close(one, other):
    return len(one) == len(other) and np.allclose(one, other, rtol=1e-3, atol=1e-8)


def check_value(exercise, answer, question):
    expected = numbers(answer(**arguments_of(exercise, CODE.search(question.text)[1])))
    assert close(read(question.right.text), expected)
    assert not any(close(read(one.text), expected) for one in question.options if not one.correct)


def check_change(exercise, answer, question):
    call = CODE.search(question.text)[1]
    before = numbers(answer(**arguments_of(exercise, call)))
    changes = [one for one in question.options if " = " in one.text]
    assert len(changes) == 2
    for option in changes:
        parts = dict(part.split(" = ", 1) for part in CODE.findall(option.text) if " = " in part)
        after = numbers(answer(**(arguments_of(exercise, call) | live(exercise, parts))))
        assert close(after, before) is option.correct


def check_slope(exercise, answer, question):
    args = arguments_of(exercise, CODE.search(question.text)[1])
    floats = {name: one.requires_grad_() for name, one in args.items() if getattr(one, "dtype", None) == torch.float64}
    result = answer(**args)
    result = result[0] if isinstance(result, (tuple, list)) else result
    grads = torch.autograd.grad(result, list(floats.values()), allow_unused=True)
    assert any(
        close(read(question.right.text), [number]) for one in grads if one is not None for number in numbers(one)
    )


CHECKS = {"value": check_value, "change": check_change, "slope": check_slope}


@pytest.mark.parametrize("style", range(STYLES))
@pytest.mark.parametrize("exercise", ASKED)
def test_the_right_option_is_what_the_answer_returns_and_two_or_three_others_are_not(exercise, style):
    for seed in (exercise, style):
        answer, question = asked_of(exercise, style, seed)
        assert question is not None
        texts = [option.text for option in question.options]
        assert len(set(texts)) == len(texts)
        assert len(texts) in (3, 4)
        assert sum(option.correct for option in question.options) == 1
        CHECKS[kind_of(question)](exercise, answer, question)


def test_each_kind_of_question_is_asked_about_several_exercises():
    kinds = Counter(kind_of(asked_of(exercise, 0, exercise)[1]) for exercise in ASKED)
    assert len(ASKED) >= 25
    assert set(kinds) == set(CHECKS)


@pytest.mark.parametrize("exercise", sorted(NONE_ASKED))
def test_an_exercise_that_is_worked_out_by_hand_or_takes_no_small_input_asks_nothing(exercise):
    one = exercises.load(exercise)
    right = next(iter(one.alternatives.values())).function
    answers = tuple(right()) if one.values and len(one.entries) > 1 else (right,)
    assert question_for(exercise, answers, random.Random(0)) is None


def test_the_same_answer_is_asked_the_same_and_another_seed_something_else():
    texts = {question_for("masked_mean", (masked_mean,), random.Random(seed)).text for seed in range(12)}
    assert len(texts) > 3
    first, again = (question_for("masked_mean", (masked_mean,), random.Random(1)) for _ in range(2))
    assert first == again


def test_a_wrong_option_names_its_idea_without_the_numbers_of_a_check():
    said = [
        option.why
        for exercise in ASKED
        for option in asked_of(exercise, 0, exercise)[1].options
        if not option.correct and "known mistake: " in option.why
    ]
    assert len(said) > len(ASKED) / 2
    ideas = [one.partition("known mistake: ")[2] for one in said]
    assert [idea for idea in ideas if re.search(r"\d", idea) or len(idea.split()) > own_code.IDEA_WORDS] == []


# ---- never in the way ------------------------------------------------------------------------------------------


def raises(values, mask):
    raise RuntimeError("not for you")


def gives_nothing(values, mask):
    return None


def gives_nan(values, mask):
    return torch.tensor(float("nan"))


@pytest.mark.parametrize("answer", [raises, gives_nothing, gives_nan, 3], ids=str)
def test_an_answer_of_which_nothing_can_be_asked_gives_no_question(answer, fresh):
    assert question_for("masked_mean", (answer,), random.Random(0)) is None
    own_code.offer("masked_mean", (answer,))
    assert fresh == []


def sleeps(values, mask):
    time.sleep(60)


def cannot_be_stopped(values, mask):
    for _ in range(4):
        try:
            time.sleep(20)
        except BaseException:
            continue
    return masked_mean(values, mask)


@pytest.mark.parametrize("answer", [sleeps, cannot_be_stopped])
def test_an_answer_that_is_slow_gives_no_question_and_is_not_waited_for(answer, fresh, monkeypatch):
    monkeypatch.setattr(own_code, "SECONDS", 0.1)
    began = time.monotonic()
    own_code.offer("masked_mean", (answer,))
    assert fresh == []
    assert time.monotonic() - began < 20


def test_no_other_input_is_tried_once_the_time_is_over(monkeypatch):
    tried = []
    monkeypatch.setitem(own_code.SMALL, "masked_mean", lambda rng: tried.append(1) or own_code.Small(()))
    assert question_for("masked_mean", (masked_mean,), random.Random(0), seconds=0) is None
    assert len(tried) == 1


def test_a_fault_of_ours_does_not_reach_the_learner(fresh, monkeypatch):
    monkeypatch.setattr(own_code, "question_for", lambda *about: 1 / 0)
    own_code.offer("masked_mean", (masked_mean,))
    assert fresh == []


def test_making_a_question_leaves_every_random_state_and_the_answers_inputs_alone(fresh):
    seen = []

    def random_mean(values, mask):
        random.random()
        np.random.rand()  # noqa: NPY002
        torch.rand(1)
        seen.append(values)
        print("not to be seen")
        return masked_mean(values, mask)

    before = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()  # noqa: NPY002
    own_code.offer("masked_mean", (random_mean,))
    after = random.getstate(), np.random.get_state()[1].tolist(), torch.get_rng_state().tolist()  # noqa: NPY002
    assert before == after
    assert len({id(one) for one in seen}) == len(seen) > 0


# ---- in the notebook -------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(workspace, monkeypatch):
    """A new kernel in a workspace; collect what is displayed."""
    shown = []
    monkeypatch.setattr(own_code, "_settled", set())
    monkeypatch.setattr(own_code, "SECONDS", 60)  # on a busy machine, too
    monkeypatch.setattr(after_check, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle["text/plain"]))
    return shown


def asks(shown):
    return [text for text in shown if text.startswith("Your own code: ")]


def widget(exercise="masked_mean"):
    return OwnCode(exercise, asked_of("masked_mean", 0, 1)[1])


def answer_with(own, correct):
    own.group.index = next(at for at, one in enumerate(own._question.options) if one.correct is correct)
    own.check.click()


def said(own):
    return own._said.value


def test_a_passed_check_asks_and_a_failed_one_or_one_that_is_only_saved_does_not(fresh):
    failed = ExerciseResult(
        "masked_mean", "Mean", "05_missing_labels", (CheckResult("test_value", Verdict.FAILED, 0.0, 2.0, "No."),)
    )
    after_check.listen(failed, [""], answers=(masked_mean,))
    after_check.listen(PASSED, [""], quietly=True, answers=(masked_mean,))
    after_check.listen(PASSED, [""])
    assert asks(fresh) == []
    after_check.listen(PASSED, [""], answers=(masked_mean,))
    assert len(asks(fresh)) == 1


def test_outside_a_notebook_nothing_is_asked(fresh, monkeypatch):
    monkeypatch.setattr(after_check, "in_kernel", lambda: False)
    after_check.listen(PASSED, [""], answers=(masked_mean,))
    assert fresh == []


@pytest.mark.parametrize("correct", [True, False])
def test_after_an_answer_it_is_asked_no_more_not_even_by_a_new_kernel(fresh, monkeypatch, correct):
    own_code.offer("masked_mean", (masked_mean,))
    own_code.offer("masked_mean", (masked_mean,))
    assert len(asks(fresh)) == 2  # as long as it waits for an answer, the cell can be run again
    answer_with(widget(), correct)
    own_code.offer("masked_mean", (masked_mean,))
    monkeypatch.setattr(own_code, "_settled", set())
    own_code.offer("masked_mean", (masked_mean,))
    assert len(asks(fresh)) == 2
    own_code.offer("weighted_total", (exercises.load("weighted_total").alternatives["loop"].function,))
    assert len(asks(fresh)) == 3


def test_what_is_skipped_stays_skipped_and_makes_no_card(fresh, workspace, monkeypatch):
    own = widget()
    own.skip.click()
    assert "Skipped: it will not be asked again." in said(own)
    assert own.group.disabled  # it keeps the keyboard's focus
    assert own.check.layout.display == own.skip.layout.display == "none"
    monkeypatch.setattr(own_code, "_settled", set())
    own_code.offer("masked_mean", (masked_mean,))
    assert asks(fresh) == []
    assert Progress(workspace / PROGRESS).cards() == {}


def test_outside_a_workspace_it_is_asked_once_in_a_kernel(fresh, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    own_code.offer("masked_mean", (masked_mean,))
    answer_with(widget(), False)
    own_code.offer("masked_mean", (masked_mean,))
    assert len(asks(fresh)) == 1


def test_a_right_answer_is_told_with_the_value_and_a_wrong_one_with_where_it_comes_from(fresh, workspace):
    own = widget()
    answer_with(own, True)
    assert "✓ Right." in said(own)
    assert own_code.rich(own._question.right.why) in said(own)
    assert own.group.disabled
    assert Progress(workspace / PROGRESS).cards() == {}
    own = widget()
    answer_with(own, False)
    assert "✗ Not right." in said(own)
    assert own_code.rich(own._question.right.why) in said(own)


def test_a_wrong_answer_comes_back_in_the_review(fresh, workspace):
    own = widget()
    answer_with(own, False)
    row = Progress(workspace / PROGRESS).cards()["own_code/masked_mean"]
    assert (row["kind"], row["step"], row["wrong"]) == (cards.OWN_CODE, 0, 1)
    assert row["data"]["question"] == own._question.text
    assert row["data"]["answer"] == own._question.right.text
    assert row["data"]["why"] == [option.why for option in own._question.options]


def test_without_a_choice_nothing_is_settled(fresh):
    own = widget()
    own.check.click()
    assert "Choose an answer first, or skip the question." in said(own)
    own_code.offer("masked_mean", (masked_mean,))
    assert len(asks(fresh)) == 1


def test_the_twin_has_the_question_and_its_options_and_not_which_is_right(workspace, monkeypatch):
    bundles = []
    monkeypatch.setattr(own_code, "_settled", set())
    monkeypatch.setattr(own_code, "SECONDS", 60)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    own_code.offer("masked_mean", (masked_mean,))
    twin, question = bundles[0]["text/html"], question_for("masked_mean", (masked_mean,), random.Random("masked_mean"))
    assert "One question about your own code (no marks, and you may skip it)." in twin
    assert all(f"<li>{own_code.rich(option.text)}</li>" in twin for option in question.options)
    assert question.right.why not in twin
