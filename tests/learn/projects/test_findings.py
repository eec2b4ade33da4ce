"""A stage's value is read or named, a board keeps what was found, and no exception gets through."""

from decimal import Decimal

import numpy as np
import torch

from mtl_teach.learn.projects import findings
from mtl_teach.learn.projects.findings import (
    Board,
    Finding,
    Usability,
    excludes_zero,
    floats,
    never_raises,
    numbers,
    same,
)
from mtl_teach.metrics import Interval


def test_texts_are_no_numbers_and_numbers_of_few_bits_are():
    assert numbers(["1", "2"]) == "list of texts"
    assert numbers("high") == "str"
    assert numbers(np.ones(2) + 1j) == "ndarray of complex numbers"
    assert numbers(None) == "NoneType"
    assert floats(torch.ones(2, dtype=torch.bfloat16)).tolist() == [1.0, 1.0]
    assert floats([True, Decimal("0.5")]).tolist() == [1.0, 0.5]


def test_equal_up_to_rounding_is_the_same_and_an_unreadable_value_never_is():
    assert same(np.array([1.0, np.nan]), np.array([1.0 + 1e-9, np.nan]))
    assert not same(np.array([1.0]), np.array([1.001]))
    assert not same(np.ones(2), np.ones((2, 1)))
    assert not same("str", "str")


def test_an_exception_that_nobody_foresaw_becomes_a_sentence():
    @never_raises
    def check(value):
        return Finding(Usability.USABLE, f"{1 / value:.0f}.")

    assert check(1).message == "1."
    assert check(0) == Finding(Usability.NOT_USABLE, "This cannot be read: ZeroDivisionError while looking at it.")


def test_the_board_marks_each_verdict_and_names_what_is_left(capsys):
    board = Board()
    for verdict in Usability:
        board.show(f"stage {verdict.value}", Finding(verdict, "Why."))
    board.summary()
    assert capsys.readouterr().out.splitlines() == [
        "[  ] stage not done yet: not done yet. Why.",
        "[!!] stage not usable: not usable. Why.",
        "[ok] stage usable: usable. Why.",
        "1 of 3 milestones usable. Left: stage not done yet (not done yet); stage not usable (not",
        "     usable).",
    ]


def test_a_long_line_of_the_board_is_broken_between_words(capsys):
    Board().show("1a", Finding(Usability.NOT_USABLE, "some words " * 20))
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("[!!] 1a: not usable. some words")
    assert rest
    assert all(len(line) <= 90 for line in (first, *rest))
    assert all(line.startswith("     some") or line.startswith("     words") for line in rest)


def test_the_board_tells_a_reason_once_and_again_when_the_first_has_gone(capsys):
    board, refused = Board(), Finding(Usability.NOT_USABLE, "A gradient is attached.")
    for title in ("1a", "1b", "1a", "1b"):
        board.show(title, refused)
    board.show("1a", Finding(Usability.USABLE, "8 rows."))
    board.show("1b", refused)
    told, same = "not usable. A gradient is attached.", "not usable, for the same reason as"
    assert capsys.readouterr().out.splitlines() == [
        f"[!!] 1a: {told}",
        f"[!!] 1b: {same} “1a”.",
        f"[!!] 1a: {told}",
        f"[!!] 1b: {same} “1a”.",
        "[ok] 1a: usable. 8 rows.",
        f"[!!] 1b: {told}",
    ]


def test_what_is_not_done_says_so_each_time(capsys):
    board = Board()
    for title in ("1a", "1b"):
        board.show(title, Finding(Usability.NOT_DONE, "Nothing is there."))
    assert capsys.readouterr().out.count("not done yet. Nothing is there.") == 2


def test_a_stage_that_is_run_again_counts_once(capsys):
    board = Board()
    board.show("stage", Finding(Usability.NOT_DONE, "Why."))
    board.show("stage", Finding(Usability.USABLE, "Why."))
    board.summary()
    assert capsys.readouterr().out.endswith("1 of 1 milestones usable.\n")


def test_a_board_keeps_what_is_usable_as_progress(monkeypatch, capsys):
    reached = []
    monkeypatch.setattr(findings.place, "reached", reached.append)
    board = Board()
    board.show("1a", Finding(Usability.NOT_DONE, "Nothing."))
    board.show("1b", Finding(Usability.USABLE, "All."))
    assert reached == ["1b"]
    assert "[ok] 1b" in capsys.readouterr().out


def test_a_difference_is_beyond_noise_where_its_interval_lies_on_one_side_of_0():
    for mean, half_width, beyond in ((1.0, 0.5, True), (-1.0, 0.5, True), (1.0, 1.0, False), (0.0, 0.0, False)):
        assert excludes_zero(Interval(np.array(mean), np.array(half_width))) == beyond
