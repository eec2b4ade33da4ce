"""A record's seed, and what a record says before and after anything is known."""

import hashlib
import hmac
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.engine.sandbox import Limits
from autograder.grading.assignment import Assignment
from autograder.grading.key import RECORD_VERSION, versions
from autograder.grading.record import (
    CUT,
    MAX_EXERCISE,
    MAX_RECORD,
    Job,
    blank_record,
    bounded,
    results_of,
    sealed,
    seed_for,
    size_as_written,
    unsealed,
)
from autograder.results import Cause, CheckResult, ExerciseResult, Verdict

SECRET = b"s" * 32
ASSIGNMENT = Assignment("ps01", ("weighted_total",), (("setup", "x = 1"),), ("setup", "check-weighted_total"))


# ---- the seed ------------------------------------------------------------------------------------------------------


def test_the_seed_is_a_keyed_hash_of_student_and_exercise():
    expected = hmac.new(SECRET, b"ada\0weighted_total", hashlib.sha256).digest()
    assert seed_for(SECRET, "ada", "weighted_total") == expected
    assert seed_for(SECRET, "åda", "weighted_total") == (
        hmac.new(SECRET, "åda\0weighted_total".encode(), hashlib.sha256).digest()
    )


def test_every_secret_student_and_exercise_has_a_seed_of_its_own():
    seeds = {
        seed_for(secret, student, exercise)
        for secret in (SECRET, b"t" * 32)
        for student in ("ada", "bob", "adaw")
        for exercise in ("weighted_total", "eighted_total", "latency_objective")
    }
    assert len(seeds) == 18


# ---- the record ----------------------------------------------------------------------------------------------------


def test_a_record_begins_with_what_was_asked_and_how():
    job = Job("ada", ASSIGNMENT, b"{}", {"weighted_total": b"seed"}, "the key", ("seccomp",), trust=True)
    assert blank_record(job) == {
        "version": RECORD_VERSION,
        "key": "the key",
        "student": "ada",
        "assignment": "ps01",
        "status": "graded",
        "reason": "",
        "exercises": {},
        "cells": {},
        "review": [],
        "said": [],
        "outside": [],
        "believed": {},
        "trusted": True,
        "layers": ["seccomp"],
        "environment": versions("mtl-teach"),
        "numbers": {},
    }
    assert blank_record(Job("ada", ASSIGNMENT, b"{}", {}, "", ()))["trusted"] is False


def test_a_job_has_the_usual_limits():
    assert Job("ada", ASSIGNMENT, b"{}", {}, "", ()).limits == Limits()


def test_the_results_in_a_record_are_read_by_exercise():
    check = CheckResult("test_value", Verdict.FAILED, 0.0, 2.0, "It is right.", "It is not.", cause=Cause.WRONG)
    results = {name: ExerciseResult(name, "A title", "05_missing_labels", (check,), "Why?") for name in ("one", "two")}
    record = {"exercises": {name: result.to_dict() for name, result in results.items()}}
    assert results_of(record) == results


# ---- seals ---------------------------------------------------------------------------------------------------------

DATA = {"student": "ada", "exercises": {"f": {"points": 0.1, "checks": [1, None, "é"]}}, "reason": ""}


def test_what_was_sealed_is_read_back_also_from_a_file():
    assert unsealed(sealed(DATA, SECRET), SECRET) == DATA
    assert unsealed(json.loads(json.dumps(sealed(DATA, SECRET), indent=3)), SECRET) == DATA


def changes():
    whole = sealed(DATA, SECRET)
    points = json.loads(json.dumps(whole))
    points["exercises"]["f"]["points"] = 9.0
    yield "points", points
    yield "student", {**whole, "student": "bob"}
    yield "more", {**whole, "more": 1}
    yield "less", {key: value for key, value in whole.items() if key != "reason"}
    yield "no seal", DATA
    yield "another seal", {**whole, "seal": sealed({**DATA, "student": "bob"}, SECRET)["seal"]}
    yield "odd seals", {**whole, "seal": "\ud800"}
    yield "a number", {**whole, "seal": 7}
    yield "no data", [whole]


@pytest.mark.parametrize(("kind", "data"), list(changes()), ids=lambda one: one if isinstance(one, str) else "")
def test_what_was_changed_since_is_none(kind, data):
    assert unsealed(data, SECRET) is None


def test_a_seal_is_of_one_secret_and_says_nothing_of_seeds():
    assert unsealed(sealed(DATA, SECRET), b"t" * 32) is None
    assert sealed(DATA, SECRET)["seal"] != sealed(DATA, b"t" * 32)["seal"]
    assert sealed({}, SECRET)["seal"] != hmac.digest(SECRET, b"{}", hashlib.sha256).hex()


# ---- no longer than it may be ------------------------------------------------------------------------------------


def size(data):
    return len(json.dumps(data, indent=1, sort_keys=True))


AWKWARD = {"plain": "x", "escaped": "\u2603", "of two halves": "\U0001f600", "quoted": '"', "slashed": "\\"}


def check_of(text):
    said = {"summary": text, "expected": text, "got": text, "inputs": {text[:5000]: text, "b": text}}
    return CheckResult("test_value", Verdict.FAILED, 0.0, 2.0, "It holds.", cause=Cause.WRONG, **said)


def record_with(results=(), cells=()):
    exercises = {result.exercise: result.to_dict() for result in results}
    return {"reason": "", "exercises": exercises, "cells": dict(cells), "status": "graded"}


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize("checks", [1, 12])
def test_an_exercise_takes_64_kilobytes_and_says_where_it_was_cut(text, checks):
    result = ExerciseResult("one", "One", "01_x", (check_of(text * 40_000),) * checks)
    record = bounded(record_with([result]))
    assert size(record["exercises"]["one"]) <= MAX_EXERCISE + 1_000
    kept = results_of(record)["one"]
    assert all(check.summary.endswith(CUT) and check.summary.startswith(text) for check in kept.checks)
    assert [replace(check, summary="", expected="", got="", inputs=None) for check in kept.checks] == [
        replace(check, summary="", expected="", got="", inputs=None) for check in result.checks
    ]
    assert kept.score == result.score


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    )
)
def test_the_size_of_data_is_that_with_which_it_is_written(data):
    assert size_as_written(data) == size(data)


def test_an_exercise_of_the_usual_size_stays_as_it_is():
    result = ExerciseResult("one", "One", "01_x", (check_of("x" * 600),) * 12)
    record = record_with([result], {"one": {"printed": "x" * 20_000, "error": ""}})
    before = json.dumps(record)
    assert json.dumps(bounded(record)) == before


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
@pytest.mark.parametrize(("count", "length"), [(1_900, 20_000), (2_000, 500), (1, 10_000_000)])
def test_a_record_takes_a_megabyte_whatever_its_cells_print(text, count, length):
    cells = {f"cell {number}": {"printed": text * length, "error": ""} for number in range(count)}
    results = [ExerciseResult(f"e{number}", "E", "01_x", (check_of(text * 5_000),) * 6) for number in range(6)]
    record = bounded(record_with(results, cells))
    assert size(record) <= MAX_RECORD
    first = record["cells"]["cell 0"]["printed"]
    assert first.startswith(text * 100)
    assert first.endswith(CUT) or first == text * length
    assert len(record["cells"]) == count or len(record["cells"]) > 5


def test_a_long_reason_is_cut():
    assert size(bounded({**record_with(), "reason": "x" * 10**6})) < MAX_EXERCISE + 1_000


@pytest.mark.parametrize("text", AWKWARD.values(), ids=AWKWARD)
def test_texts_outside_the_answers_and_what_was_found_are_cut_too(text):
    cells = {f"cell {number}": {"printed": text * 500, "error": ""} for number in range(2_000)}
    results = [ExerciseResult(f"e{number}", "E", "01_x", (check_of(text * 5_000),) * 6) for number in range(9)]
    more = {"outside": [text * 4_000] * 20, "said": [text * 4_000] * 2_000}
    record = bounded({**record_with(results, cells), **more})
    assert size(record) <= MAX_RECORD
    assert len(record["outside"]) == 20
    assert len(record["said"]) == 100
    assert all(kept.startswith(text * 50) for kept in (*record["outside"], *record["said"]))
