"""What a learner writes is refused only where it is certainly empty."""

import re

import pandas as pd
import pytest

from mtl_teach.learn.projects.milestones import Finding, Usability, audit_filled, weight_log_filled
from mtl_teach.learn.projects.written import says_nothing
from tests.learn.projects.stages import AUDIT, CHECKS, LOG, log_with


def test_a_filled_log_and_audit_are_usable():
    assert weight_log_filled(LOG) == Finding(Usability.USABLE, "5 lines, each with weights, a reason and a decision.")
    assert audit_filled(AUDIT) == Finding(Usability.USABLE, "2 boxes answered.")


NOT_USABLE = [
    ("weight log", log_with(weights=None), "Line 1 lacks: weights"),
    ("weight log", log_with(weights="...", decision=""), "Line 1 lacks: weights, decision"),
    ("weight log", [*LOG, {"reason": "it was late already"}], "Line 6 lacks: configuration, weights, decision"),
    ("weight log", log_with(reason="to see a"), "Line 1: 'to see a' says too little"),
    ("weight log", log_with(reason="looked good"), "Line 1: 'looked good' says too little"),
    ("weight log", log_with(reason="because it works best"), "Line 1: 'because it works best' says too little"),
    ("weight log", log_with(reason="see see see see share"), "Line 1: 'see see see see share' says too little"),
    ("weight log", log_with(reason=7), "Line 1: 7 says too little"),
    ("weight log", log_with(reason=LOG[3]["reason"]), "Two lines give the same reason"),
    ("weight log", log_with(reason=f" {LOG[3]['reason'].upper()}!\n"), "Two lines give the same reason"),
    ("weight log", [*LOG, "a note"], "Each line must be a dictionary with configuration, .*; got str"),
    ("weight log", {"a": LOG}, "must be a list of dictionaries, one per configuration; got dict"),
    ("weight log", pd.DataFrame(LOG), "must be a list of dictionaries, one per configuration; got DataFrame"),
    ("audit", AUDIT | {"Masked?": "yes"}, r"not just yes: Masked\?\.$"),
    ("audit", AUDIT | {"Masked?": "yes yes yes yes"}, r"not just yes: Masked\?\.$"),
    ("audit", AUDIT | {"Masked?": "Yes, it is all done and works fine."}, r"not just yes: Masked\?\.$"),
    ("audit", AUDIT | {"Logged?": None, "Masked?": "in three words"}, r"yes: Logged\?; Masked\?\.$"),
    ("audit", {"Is the mask tested?": "yes, the mask is tested"}, r"yes: Is the mask tested\?\.$"),
    ("audit", AUDIT | {"Masked?": AUDIT["Logged?"]}, "Two boxes have the same answer"),
    ("audit", list(AUDIT.items()), "must be a dictionary from question to answer; got list"),
]


@pytest.mark.parametrize(
    ("check", "value", "why"), NOT_USABLE, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_text_that_is_certainly_empty_is_told_why(check, value, why):
    found = CHECKS[check](value)
    assert found.usability is Usability.NOT_USABLE
    assert re.search(why, found.message)


def test_a_log_that_is_only_begun_is_not_done_yet():
    found = weight_log_filled([LOG[0], dict.fromkeys(LOG[0], "..."), None])
    assert found == Finding(Usability.NOT_DONE, "1 of at least 5 lines are there.")
    assert audit_filled(dict.fromkeys(AUDIT, "...")).usability is Usability.NOT_DONE


def test_a_short_weight_log_is_enough_where_it_is_asked_for():
    assert weight_log_filled(LOG[:2], least=2)
    assert weight_log_filled(tuple(LOG))
    assert weight_log_filled(LOG[:2], least=3).message == "2 of at least 3 lines are there."


def test_four_words_with_one_that_names_something_are_enough():
    assert weight_log_filled(log_with(reason="to see a difference"))
    assert audit_filled(AUDIT | {"Masked?": "it is in masks.py"})
    assert not says_nothing("no label is missing: data.mask is all True", "Is no label missing?")
