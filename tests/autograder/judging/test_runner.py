"""What the checks of an exercise say of an answer, in which order, and which inputs anybody sees."""

import hashlib
import hmac
from dataclasses import replace

import numpy as np
import pytest

from autograder.engine.inside.channel import Tensor
from autograder.engine.outcome import AnswerError
from autograder.engine.sandbox import Limits
from autograder.grading.one_file import PlainFile, grade_file
from autograder.judging import runner
from autograder.judging.answers import LocalAnswer
from autograder.judging.runner import PUBLISHED_SEED, blame_cell, rng_for, run_checks
from autograder.results import STUB_LEFT, Cause, CheckResult, ExerciseResult, Verdict
from autograder.testing import CheckFailure, agree, assert_close, depends, fail, misconception, points, probe
from tests.handmade import handmade, publish
from tests.simulated import SimulatedSandbox

SECRETS = (b"a secret", b"another secret")
SEEDS = (PUBLISHED_SEED, *SECRETS)
HALF_A_SECRET = "Right on the practice inputs, wrong on others: does it rely on particular numbers, shapes or orders?"


def of(exercise, answer, seed=PUBLISHED_SEED):
    return run_checks(exercise, LocalAnswer.of(exercise, answer), seed)


def verdicts(result):
    return {check.id: check.verdict.value for check in result.checks}


@points(3)
def drawn(student, rng):
    """The number comes back."""
    number = int(rng.integers(10**15))
    got = student(number)
    if got != number:
        raise CheckFailure(f"Not {number}.", {"number": number}, number, got, difference=str(number))


@points(2)
def plain(student, rng):
    """A plain assertion holds."""
    number = int(rng.integers(10**15))
    if student(number) != number:
        raise AssertionError(f"Not {number}.")


ECHO = handmade(drawn, plain)


# ---- random numbers ------------------------------------------------------------------------------------------------


def draws(*parts):
    return rng_for(*parts).integers(2**60, size=4).tolist()


def test_the_random_numbers_of_a_check_depend_on_seed_exercise_and_check_and_on_nothing_else():
    one = draws(b"seed", "exercise", "check")
    assert one == draws(b"seed", "exercise", "check")
    others = [
        draws(b"sees", "exercise", "check"),
        draws(b"seed", "another", "check"),
        draws(b"seed", "exercise", "another"),
    ]
    assert one not in others
    assert len({tuple(numbers) for numbers in others}) == 3


def test_the_random_numbers_come_from_a_keyed_hash():
    digest = hmac.new(b"seed", b"exercise/check", hashlib.sha256).digest()
    assert draws(b"seed", "exercise", "check") == (
        np.random.default_rng(int.from_bytes(digest, "big")).integers(2**60, size=4).tolist()
    )


# ---- what is shown -------------------------------------------------------------------------------------------------


def test_a_right_answer_has_all_points_and_no_question():
    for seed in SEEDS:
        result = of(ECHO, lambda number: number, seed)
        assert (result.exercise, result.title, result.lesson) == (ECHO.id, ECHO.title, ECHO.lesson)
        assert [check.points for check in result.checks] == [check.max_points for check in result.checks] == [3.0, 2.0]
        assert result.passed
        assert result.question == ""
        assert result.checks[0] == CheckResult("drawn", Verdict.PASSED, 3.0, 3.0, "The number comes back.")


def test_a_failure_shows_the_published_inputs_whatever_the_seed():
    """Else a submission could read the graded inputs from its feedback."""
    published = of(ECHO, lambda number: -1)
    number = int(rng_for(PUBLISHED_SEED, ECHO.id, "drawn").integers(10**15))
    assert published.checks[0] == CheckResult(
        *("drawn", Verdict.FAILED, 0.0, 3.0, "The number comes back.", f"Not {number}."),
        *({"number": str(number)}, str(number), "-1", str(number)),
        cause=Cause.WRONG,
    )
    for secret in SECRETS:
        assert of(ECHO, lambda number: -1, secret) == published


def test_the_graded_inputs_are_others_than_the_published_ones():
    seen = []
    for seed in SEEDS:
        of(ECHO, lambda number: seen.append(number) or number, seed)
    assert len(set(seen)) == len(seen) == 6


def test_an_answer_that_remembers_the_published_inputs_has_no_points_and_sees_no_others():
    remembered = set()
    of(ECHO, lambda number: remembered.add(number) or number)
    result = of(ECHO, lambda number: number if number in remembered else 0, SECRETS[0])
    assert [check.verdict for check in result.checks] == [Verdict.FAILED] * 2
    for check in result.checks:
        assert check == CheckResult(
            *(check.id, Verdict.FAILED, 0.0, check.max_points, check.sentence),
            summary=HALF_A_SECRET,
            cause=Cause.WRONG,
        )
    assert of(ECHO, lambda number: number if number in remembered else 0).passed


def test_marks_are_for_the_secret_inputs_alone():
    """Wrong on the published ones, right on the others: nobody who practises could see that answer pass."""
    published = set()
    of(ECHO, lambda number: published.add(number) or number)
    assert of(ECHO, lambda number: 0 if number in published else number, SECRETS[0]).passed


@pytest.mark.parametrize(("right", "times"), [(True, 1), (False, 2)], ids=["passed", "failed"])
def test_for_marks_a_failed_check_is_asked_once_more_and_a_passed_one_is_not(right, times):
    seen = []
    of(ECHO, lambda number: seen.append(number) or (number if right else -1), SECRETS[0])
    assert len(seen) == times * len(ECHO.checks)


def test_where_the_published_inputs_make_it_raise_the_failure_stands_without_inputs():
    published = set()
    of(ECHO, lambda number: published.add(number) or number)
    result = of(ECHO, lambda number: 1 / 0 if number in published else -1, SECRETS[0])
    assert [check.summary for check in result.checks] == [HALF_A_SECRET] * 2
    assert [check.verdict for check in result.checks] == [Verdict.FAILED] * 2


def test_an_error_of_the_answer_shows_the_published_inputs_whatever_the_seed():
    """Else an answer would raise its inputs, and read them in its feedback."""

    def tell(number):
        raise ValueError(f"I was asked {number}")

    published = of(ECHO, tell)
    number = int(rng_for(PUBLISHED_SEED, ECHO.id, "drawn").integers(10**15))
    assert published.checks[0].summary.startswith(f"Your code raised ValueError: I was asked {number}")
    for secret in SECRETS:
        assert of(ECHO, tell, secret) == published


def test_where_only_secret_inputs_make_it_raise_nothing_of_them_is_shown():
    published = set()
    of(ECHO, lambda number: published.add(number) or number)

    def tell(number):
        if number in published:
            return number
        raise KeyError(f"I was asked {number}")

    result = of(ECHO, tell, SECRETS[0])
    for check in result.checks:
        assert check == CheckResult(
            *(check.id, Verdict.STUDENT_ERROR, 0.0, check.max_points, check.sentence),
            summary="On others than the practice inputs your code stops with an error: does it rely on particular "
            "numbers, shapes or orders?",
            cause=Cause.RAISED,
        )


def test_a_check_that_fails_itself_says_nothing_of_secret_inputs():
    def it_holds(student, rng):
        """What is asked."""
        raise RuntimeError(f"no such number: {rng.integers(10**15)}")

    exercise = handmade(points(2)(it_holds))
    assert "RuntimeError: no such number: " in of(exercise, lambda number: 7).checks[0].summary
    (check,) = of(exercise, lambda number: 7, SECRETS[0]).checks
    assert (check.verdict, check.cause) == (Verdict.GRADER_ERROR, Cause.GRADER)
    assert check.summary == "The check itself failed; this is not your fault and is marked for review."


# ---- the verdict on one check --------------------------------------------------------------------------------------


def one_check(function, answer=lambda number: 7):
    """What becomes of a check that ends like this."""

    def it_holds(student, rng):
        """What is asked."""
        function(student)

    result = of(handmade(points(2)(it_holds)), answer)
    return result.checks[0]


def test_a_failure_is_told_with_everything_it_carries():
    inputs = {"values": np.array([1.0, 2.0]), "mask": [True], "weights": Tensor(np.array([0.5]))}
    check = one_check(lambda student: assert_close(student(1), 2.0, inputs, what="the mean"))
    assert check == CheckResult(
        *("it_holds", Verdict.FAILED, 0.0, 2.0, "What is asked.", "The mean is not what was expected."),
        *({"values": "[1, 2]", "mask": "[True]", "weights": "tensor([0.5])"}, "2", "7", "5"),
        cause=Cause.WRONG,
    )


@pytest.mark.parametrize(
    ("expected", "got", "shown"),
    [
        (None, None, ("", "")),
        (1.0, None, ("1", "None")),
        (None, 2.0, ("", "2")),
        (0.0, 0, ("0, of type float", "0, of type int")),
        (np.array([0.0]), np.array([]), ("[0], of shape (1,)", "[], of shape (0,)")),
    ],
)
def test_nothing_is_shown_of_what_was_not_compared(expected, got, shown):
    check = one_check(lambda student: fail("Wrong.", None, expected, got))
    assert (check.expected, check.got, check.difference, check.inputs) == (*shown, "", None)


def test_what_comes_back_is_told_with_the_digits_in_which_it_differs():
    check = one_check(lambda student: assert_close([0.25, 0.01000004], [0.25, 0.01], what="the weights"))
    assert (check.expected, check.got) == ("[0.25, 0.01]", "[0.25, 0.01000004]")
    assert check.difference == "4e-08"


def test_no_inputs_are_none():
    assert one_check(lambda student: fail("Wrong.", {})).inputs is None


@pytest.mark.parametrize(
    ("error", "summary"),
    [(AssertionError("Too large."), "Too large."), (AssertionError(), "What is asked.")],
    ids=["with a message", "without"],
)
def test_a_plain_assertion_is_a_failure_told_by_its_message_or_the_checks_sentence(error, summary):
    def raises(student):
        raise error

    check = one_check(raises)
    assert (check.verdict, check.summary, check.points) == (Verdict.FAILED, summary, 0.0)
    assert check.cause is Cause.WRONG


@pytest.mark.parametrize(
    ("error", "cause", "summary"),
    [
        (AnswerError("KeyError", "'price'"), "raised", "Your code raised KeyError: 'price'"),
        (AnswerError("KeyError"), "raised", "Your code raised KeyError"),
        (AnswerError("NameError", "name 'x' is not defined"), "raised", "Your code raised NameError: name 'x' is not"),
        (AnswerError("NotImplementedError", "later"), "not_started", "Not started yet: replace the line that raises "),
        (AnswerError("Missing", "`answer` is not defined"), "missing", "`answer` is not defined: the answer must def"),
        (AnswerError("Missing", "12.5, 0.25"), "missing", "`answer` is not defined: the answer must define `ans"),
        (AnswerError("Timeout", "no answer within 5 s"), "timeout", "Stopped: no answer within 5 s"),
        (AnswerError("Exit", "the code ended its own process"), "ended", "Your code failed: the code ended its own "),
        (AnswerError("Other", "Own: odd"), "ended", "Your code failed: Own: odd"),
    ],
    ids=lambda one: getattr(one, "tag", ""),
)
def test_an_error_of_the_answer_is_the_answers_and_says_which(error, cause, summary):
    def raises(student):
        raise error

    check = one_check(raises)
    assert (check.verdict, check.points, check.max_points) == (Verdict.STUDENT_ERROR, 0.0, 2.0)
    assert check.summary.startswith(summary)
    assert check.cause == cause
    assert check.inputs is None


SMALL, LARGE = np.array([1.0, 2.0]), np.arange(500.0)


def sums(*cases):
    """A check of sums."""

    def it_sums(student, rng):
        """It sums."""
        agree(student, [(case,) for case in cases], np.sum, ("values",))

    return it_sums


@pytest.mark.parametrize(
    ("stops_at", "inputs"), [(SMALL, {"values": "[1, 2]"}), (LARGE, None)], ids=["small", "too large to help"]
)
@pytest.mark.parametrize("seed", SEEDS, ids=["published", "secret", "another"])
def test_an_error_is_told_with_the_input_on_which_it_came_where_that_is_small(stops_at, inputs, seed):
    def stops(values):
        return values.sum() if len(values) != len(stops_at) else {}["a"]

    check = of(handmade(sums(np.ones(3), stops_at)), stops, seed).checks[0]
    assert (check.summary, check.inputs) == ("Your code raised KeyError: 'a'", inputs)
    assert (check.expected, check.got) == ("", "")


@pytest.mark.parametrize("error", [NotImplementedError, SystemExit])
def test_an_answer_that_is_not_begun_or_ends_its_process_is_told_without_inputs(error):
    def stops(values):
        raise error

    assert of(handmade(sums(SMALL)), stops).checks[0].inputs is None


def test_a_check_that_breaks_is_our_fault_and_says_so():
    check = one_check(lambda student: {}["no such key"])
    assert (check.verdict, check.points, check.max_points) == (Verdict.GRADER_ERROR, 0.0, 2.0)
    assert check.cause is Cause.GRADER
    assert check.summary == (
        "The check itself failed (KeyError: 'no such key'); this is not your fault and is marked for review."
    )


def test_a_check_that_breaks_sends_the_result_to_review_and_asks_the_learner_nothing():
    for seed in SEEDS:
        result = of(handmade(breaks, drawn), lambda number: number, seed)
        assert result.needs_review
        assert (result.question, result.misconception) == ("", "")
        assert verdicts(result) == {"breaks": "grader_error", "drawn": "passed"}


# ---- order and dependencies ----------------------------------------------------------------------------------------


def breaks(student, rng):
    """Our fault."""
    raise RuntimeError("ours")


def recording(order, name, *needs):
    def test(student, rng):
        order.append(name)

    test.__name__, test.__doc__ = name, f"About {name}."
    return depends(*needs)(test)


def orders_of(seeds):
    found = []
    for seed in seeds:
        order = []
        names = ("one", "two", "three", "four")
        exercise = handmade(
            *(recording(order, name) for name in names),
            *(recording(order, "five", "two"), recording(order, "six", "five", "four")),
            name="ordered",
        )
        result = of(exercise, lambda number: 7, seed)
        assert [check.id for check in result.checks] == [*names, "five", "six"]
        assert sorted(order) == sorted([*names, "five", "six"])
        found.append(order)
    return found


def test_for_practice_checks_run_as_they_are_written():
    assert orders_of([PUBLISHED_SEED]) == [["one", "two", "three", "four", "five", "six"]]


def test_for_marks_they_run_in_an_order_that_the_seed_decides():
    seeds = [b"%d" % number for number in range(12)]
    orders = orders_of(seeds)
    assert orders == orders_of(seeds)
    assert len({tuple(order) for order in orders}) > 6
    assert {order[0] for order in orders} == {"one", "two", "three", "four"}


def test_in_any_order_a_check_comes_after_those_it_depends_on():
    for order in orders_of([b"%d" % number for number in range(12)]):
        assert order.index("five") > order.index("two")
        assert order.index("six") > max(order.index("five"), order.index("four"))


def test_an_exercise_without_checks_has_an_empty_result():
    assert of(handmade(), lambda number: 7, SECRETS[0]).checks == ()


def first_check(kind):
    def first_thing(student, rng):
        """The first thing holds."""
        if kind == "fails":
            fail("It does not.")
        if kind == "raises":
            raise AnswerError("ValueError")
        if kind == "breaks":
            raise RuntimeError("ours")

    return first_thing


@pytest.mark.parametrize("kind", ["passes", "fails", "raises", "breaks"])
@pytest.mark.parametrize("seed", [PUBLISHED_SEED, SECRETS[0]], ids=["practice", "marks"])
def test_a_check_is_run_only_where_the_one_it_depends_on_passed(kind, seed):
    ran = []
    after = recording(ran, "after", "first_thing")
    last = recording(ran, "last", "after")
    result = of(handmade(first_check(kind), after, points(5)(last)), lambda number: 7, seed)
    if kind == "passes":
        assert result.passed
        assert ran == ["after", "last"]
        return
    assert ran == []
    assert [check.verdict for check in result.checks[1:]] == [Verdict.SKIPPED] * 2
    assert [check.cause for check in result.checks[1:]] == [Cause.DEPENDS] * 2
    assert [check.points for check in result.checks] == [0.0] * 3
    assert [check.max_points for check in result.checks] == [1.0, 1.0, 5.0]
    assert [check.summary for check in result.checks[1:]] == [
        "Fix this first: The first thing holds.",
        "Fix this first: About after.",
    ]


def test_of_two_checks_it_depends_on_the_one_that_failed_is_named():
    ran = []
    exercise = handmade(recording(ran, "good"), first_check("fails"), recording(ran, "after", "good", "first_thing"))
    result = of(exercise, lambda number: 7)
    assert result.checks[2].summary == "Fix this first: The first thing holds."
    assert ran == ["good"]


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("f() takes 0 positional arguments but 1 was given", True),
        ("f() missing 1 required positional argument: 'mask'", True),
        ("f() got an unexpected keyword argument 'x'", True),
        ("f() takes 0 positional arguments but 1 was given (line 3: `f(1)`)", False),
        ("unsupported operand type(s) for +: 'int' and 'str'", False),
    ],
    ids=["too many", "too few", "another name", "a call in the answer", "another error"],
)
def test_a_function_that_takes_other_arguments_is_told_how_it_is_called(message, said):
    def raises(student):
        raise AnswerError("TypeError", message)

    summary = one_check(raises).summary
    assert summary.startswith(f"Your code raised TypeError: {message}")
    assert summary.endswith(". It is called as `answer(number)`.") == said


# ---- names ---------------------------------------------------------------------------------------------------------


def small(student, rng):
    """Small numbers are doubled."""
    assert_close(student(1.0), 2.0)


def large(student, rng):
    """Large numbers are doubled."""
    assert_close(student(1000.0), 2000.0)


def adds_one(number):
    return number + 1


def raises_for_large(number):
    if number > 100:
        raise ValueError("large")
    return 2 * number


def doubling(monkeypatch, **more):
    made = handmade(
        small,
        large,
        wrong={
            "adds_one": misconception("You added one.", caught_by="large")(adds_one),
            "raises_for_large": misconception("You refuse.", caught_by="large")(raises_for_large),
            "halves": misconception("You halve.", caught_by="large")(lambda number: number / 2),
        },
        right={"double": lambda number: 2 * number},
        probes=[probe(1.0), probe(1000.0), probe(-3.0)],
        **more,
    )
    publish(monkeypatch, made)
    return made


@pytest.mark.parametrize("seed", SEEDS)
def test_a_known_mistake_is_named_at_the_check_that_catches_it_and_no_question_is_asked(monkeypatch, seed):
    result = of(doubling(monkeypatch), adds_one, seed)
    assert verdicts(result) == {"small": "passed", "large": "failed"}
    assert [(check.misconception, check.message) for check in result.checks] == [
        ("", ""),
        ("adds_one", "You added one."),
    ]
    assert (result.misconception, result.question) == ("adds_one", "")


def test_a_failure_of_the_published_inputs_that_cost_no_points_names_nothing(monkeypatch):
    """With secret inputs the code stops; that it halves the published number is another failure."""
    made = handmade(
        drawn, wrong={"halves": lambda number: number / 2}, right={"echo": lambda number: number}, probes=[probe(1.0)]
    )
    publish(monkeypatch, made)
    published = int(rng_for(PUBLISHED_SEED, made.id, "drawn").integers(10**15))

    def answer(number):
        if number > 100 and number != published:
            raise ValueError("no")
        return number / 2 if number == published else 0

    assert of(made, answer).misconception == "halves"
    result = of(made, answer, b"a secret")
    assert verdicts(result) == {"drawn": "student_error"}
    assert result.misconceptions == ()


def test_an_error_can_be_a_known_mistake_too(monkeypatch):
    result = of(doubling(monkeypatch), raises_for_large)
    assert verdicts(result) == {"small": "passed", "large": "student_error"}
    assert result.checks[1].misconception == "raises_for_large"
    assert result.checks[1].summary.startswith("Your code raised ValueError: large")


def test_a_mistake_is_named_at_the_check_that_catches_it_also_where_another_failed_before(monkeypatch):
    result = of(doubling(monkeypatch), lambda number: number / 2)
    assert [check.misconception for check in result.checks] == ["", "halves"]


def test_an_unknown_mistake_has_no_name_and_the_question_is_asked(monkeypatch):
    made = doubling(monkeypatch)
    result = of(made, lambda number: 7.0)
    assert (result.misconception, result.question) == ("", "What is asked?")


def test_a_right_answer_is_not_diagnosed(monkeypatch):
    made = doubling(monkeypatch)
    monkeypatch.setattr(runner, "diagnose", lambda *about: pytest.fail("there is nothing to diagnose"))
    assert of(made, lambda number: 2 * number).passed


def test_an_answer_that_is_not_begun_is_not_diagnosed(monkeypatch):
    made = doubling(monkeypatch)
    monkeypatch.setattr(runner, "diagnose", lambda *about: pytest.fail("there is nothing to diagnose"))

    def stub(number):
        raise NotImplementedError("answer is not written yet")

    result = of(made, stub)
    assert result.not_started
    assert result.score == 0.0


def test_a_diagnosis_that_breaks_leaves_the_plain_failure(monkeypatch):
    made = doubling(monkeypatch)

    def broken(*about):
        raise RuntimeError("ours")

    monkeypatch.setattr(runner, "diagnose", broken)
    result = of(made, adds_one)
    assert verdicts(result) == {"small": "passed", "large": "failed"}
    assert (result.misconception, result.question, result.fingerprint) == ("", "What is asked?", "")


# ---- fingerprints --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_wrong_answer_has_a_fingerprint_named_or_not(monkeypatch, seed):
    made = doubling(monkeypatch)
    found = [
        of(made, answer, seed).fingerprint for answer in (adds_one, lambda number: 7.0, raises_for_large, refuses_all)
    ]
    assert all(len(one) == 12 for one in found)
    assert len(set(found)) == 4
    assert of(made, lambda number: 1 + number, seed).fingerprint == found[0]


def refuses_all(number):
    raise ValueError("no")


def not_begun(number):
    raise NotImplementedError("later")


@pytest.mark.parametrize("answer", [lambda number: 2 * number, not_begun], ids=["right", "not begun"])
def test_an_answer_without_a_fault_to_count_has_no_fingerprint(monkeypatch, answer):
    assert of(doubling(monkeypatch), answer).fingerprint == ""


def test_the_probes_are_asked_once_for_name_and_fingerprint(monkeypatch):
    made = doubling(monkeypatch)
    asked = []
    of(made, lambda number: asked.append(number) or number + 1)
    assert asked == [1.0, 1000.0, 1.0, 1000.0, -3.0]  # two checks, then three probes


# ---- in a worker ---------------------------------------------------------------------------------------------------


@pytest.fixture
def simulated(monkeypatch):
    return SimulatedSandbox(Limits(call=5.0, exercise=20.0, submission=100.0)).install(monkeypatch)


def test_an_answer_that_loops_is_not_diagnosed(monkeypatch, simulated):
    """Its probes would loop as well, and cost its exercise the rest of its seconds."""
    made = doubling(monkeypatch)
    source = "def answer(number):\n    if number > 100:\n        work(60)\n    return number + 1"
    before = simulated.now
    result = grade_file(made, PlainFile("answer.py", source), PUBLISHED_SEED, simulated)
    assert verdicts(result) == {"small": "passed", "large": "student_error"}
    assert result.checks[1].summary == "Stopped: no answer within 5 s: is there a loop without end?"
    assert (result.misconception, result.question, result.fingerprint) == ("", "What is asked?", "")
    assert simulated.now == before + 5.0


def test_a_file_is_graded_with_its_seed_and_without_the_functions_that_it_must_write(monkeypatch, simulated):
    remembered = int(rng_for(PUBLISHED_SEED, "remembered", "drawn").integers(10**15))
    made = handmade(drawn, name="remembered", forbidden=("mtl_teach.losses.masked_loss",))
    file = PlainFile("answer.py", f"def answer(number):\n    return {remembered}")
    assert grade_file(made, file, PUBLISHED_SEED, simulated).passed
    assert not grade_file(made, file, SECRETS[0], simulated).passed
    assert simulated.forks[0] == ["mtl_teach.losses.masked_loss"]


def test_a_file_that_stops_is_blamed_for_the_answer_that_is_missing(simulated):
    result = grade_file(ECHO, PlainFile("answer.py", "import nowhere\n"), PUBLISHED_SEED, simulated)
    assert [check.summary for check in result.checks] == [
        "The file stops with ImportError: No module named 'nowhere' (line 1: `import nowhere`)"
    ] * 2
    assert [check.verdict for check in result.checks] == [Verdict.STUDENT_ERROR] * 2


def test_only_a_missing_answer_is_blamed_on_its_cell():
    """The cause decides, whatever the sentence: a name that is missing inside of an answer is the answer's own."""
    missing = CheckResult("test_a", Verdict.STUDENT_ERROR, 0.0, 1.0, "A.", "Gone.", cause=Cause.MISSING)
    others = [
        CheckResult("test_b", Verdict.STUDENT_ERROR, 0.0, 1.0, "B.", "name `x` is not defined", cause=cause)
        for cause in Cause
        if cause is not Cause.MISSING
    ]
    result = ExerciseResult("one", "One", "05", (missing, *others), "Why?")
    assert blame_cell(result, "") is result
    blamed = blame_cell(result, "ValueError: odd")
    assert blamed == replace(result, checks=(replace(missing, summary="The cell stops with ValueError: odd"), *others))
    assert blame_cell(result, "odd", "file").checks[0].summary == "The file stops with odd"


def test_a_cell_that_is_as_it_was_released_is_not_begun():
    missing = CheckResult("test_a", Verdict.STUDENT_ERROR, 0.0, 1.0, "A.", "It is not defined.", cause=Cause.MISSING)
    other = replace(missing, cause=Cause.DEPENDS)
    result = ExerciseResult("by_hand", "By hand", "01", (missing, other))
    found = blame_cell(result, "NotImplementedError: by_hand is not written yet (line 1: `raise …`)")
    assert found.not_started
    assert (found.checks[0].summary, found.checks[1]) == (STUB_LEFT, other)
    assert not blame_cell(result, "NotImplementedError: later").not_started


# ---- the smallest input --------------------------------------------------------------------------------------------


@points(1)
def first_sums(student, rng):
    """It sums."""
    agree(student, [(rng.normal(3.0, 1.0, 9),)], np.sum, ("values",))


@points(1)
def sums_again(student, rng):
    """It still sums."""
    agree(student, [(rng.normal(3.0, 1.0, 9),)], np.sum, ("values",))


SUM = handmade(first_sums, sums_again, right={"sum": np.sum})


@pytest.fixture
def unhurried(monkeypatch):
    """The questions alone end a search: how fast this machine is has no say."""
    monkeypatch.setattr("autograder.judging.smallest.SECONDS", float("inf"))
    monkeypatch.setattr("autograder.judging.smallest.WAIT", float("inf"))


def entries(check):
    return check.inputs["values"].count(",") + 1


def test_the_first_failure_is_shown_on_the_smallest_input_and_the_others_on_their_own(unhurried):
    first, second = of(SUM, lambda values: values.sum() + 1).checks
    assert (entries(first), entries(second)) == (2, 9)
    assert first.difference == second.difference == "1"
    assert (first.verdict, first.cause, first.points) == (Verdict.FAILED, Cause.WRONG, 0.0)


@pytest.mark.parametrize("seed", SECRETS)
def test_the_smallest_input_comes_from_the_published_one_whatever_the_seed(unhurried, seed):
    answer = lambda values: values.sum() + 1  # noqa: E731 - the same for both
    assert of(SUM, answer, seed) == of(SUM, answer)


def test_what_fails_on_secret_inputs_alone_is_not_made_smaller(unhurried):
    published = set()
    of(SUM, lambda values: published.add(values.tobytes()) or values.sum())
    asked = []

    def remembers(values):
        asked.append(len(values))
        return values.sum() + (values.tobytes() not in published)

    result = of(SUM, remembers, SECRETS[0])
    assert [check.summary for check in result.checks] == [HALF_A_SECRET] * 2
    assert [check.inputs for check in result.checks] == [None] * 2
    assert asked == [9] * 4


def test_all_checks_are_done_before_a_smaller_input_is_looked_for(unhurried):
    asked = []
    of(SUM, lambda values: asked.append(len(values)) or values.sum() + 1)
    assert asked[:2] == [9, 9]
    assert set(asked[2:]) <= set(range(2, 9))
    assert len(asked) > 2


@pytest.mark.parametrize(
    ("message", "shown"), [("You added one to the sum.", 2), ("You added 1.5 to the sum.", 9)], ids=["words", "numbers"]
)
def test_a_message_that_quotes_numbers_keeps_the_input_of_which_it_speaks(monkeypatch, unhurried, message, shown):
    answer = lambda values: values.sum() + 1  # noqa: E731 - the same for both
    wrong = misconception(message, caught_by="first_sums")(answer)
    exercise = handmade(first_sums, wrong={"adds_one": wrong}, right={"sum": np.sum}, probes=[probe(np.ones(3))])
    publish(monkeypatch, exercise)
    check = of(exercise, answer).checks[0]
    assert (check.misconception, check.message, entries(check)) == ("adds_one", message, shown)
