"""A record's seed, and what a record says before and after anything is known."""

import hashlib
import hmac
import json

import pytest

from autograder.engine.sandbox import Limits
from autograder.grading.assignment import Assignment
from autograder.grading.key import RECORD_VERSION, versions
from autograder.grading.record import Job, blank_record, results_of, sealed, seed_for, unsealed
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
        "trusted": True,
        "layers": ["seccomp"],
        "environment": versions("mtl-teach"),
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
