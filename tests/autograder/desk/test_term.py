"""The term so far: what is due, what is late, and a rule that says who may need a word and nothing more."""

import datetime

import pytest
from traitlets.config import Config

from autograder.desk.term import Rule, Term, due_of, how_late, line_of, standings
from autograder.desk.totals import Policy
from autograder.results import UsageError

NOW = datetime.datetime(2026, 3, 1, 12)
MARKED, WAITS, MISSING = "graded", "needs marking", "not handed in"


def row(student, assignment, score, most=10.0, status=MARKED, late=0.0):
    given = score if status == MARKED else None
    return {
        "student": student, "assignment": assignment, "score": given, "max_score": most, "status": status,
        "seconds_late": late if status != MISSING else None,
    }  # fmt: skip


def class_(**scores):
    """Rows of ps01, ps02, … by student: a score, "-" for nothing handed in, None for what waits."""
    states = {"-": MISSING, None: WAITS}
    return [
        row(student, f"ps{number:02d}", score, status=states.get(score, MARKED))
        for student, all_of in scores.items()
        for number, score in enumerate(all_of, 1)
    ]


USUAL = Rule()


def at_risk(rows, due, rule=USUAL):
    return {one.student: list(one.why) for one in standings(rows, due, Policy(), rule) if one.why}


def test_with_a_date_an_assignment_is_due_when_the_date_is_over():
    rows = class_(ada=[1, "-", "-"], bob=["-", "-", "-"])
    dates = {"ps01": NOW - datetime.timedelta(1), "ps02": NOW + datetime.timedelta(1), "ps03": NOW}
    assert due_of(rows, dates, NOW) == {"ps01"}


def test_without_a_date_it_is_due_when_half_of_the_class_has_handed_it_in():
    rows = class_(ada=[1, 1], bob=[None, "-"], cleo=["-", "-"], dan=["-", "-"])
    assert due_of(rows, {}, NOW) == {"ps01"}
    assert due_of([], {}, NOW) == set()


def test_two_that_are_missing_are_named_and_one_is_not_yet_a_risk():
    rows = class_(ada=["-", "-", 9], bob=["-", 9, 9])
    assert at_risk(rows, {"ps01", "ps02", "ps03"}) == {"ada": ["2 of 3 not handed in: ps01, ps02"]}


def test_what_is_not_due_is_nobodys_risk():
    assert at_risk(class_(ada=["-", "-", "-"]), set()) == {}
    assert at_risk(class_(ada=[1, 1, 9]), {"ps03"}) == {}


def test_less_than_half_of_the_points_is_a_risk_and_half_is_none():
    rows = class_(ada=[4, 5], bob=[5, 5], cleo=[0, None])
    assert at_risk(rows, {"ps01", "ps02"}) == {"ada": ["45% of the points of 2 that are marked"]}


def test_one_mark_alone_says_nothing_and_an_open_one_is_no_zero():
    rows = class_(ada=[0, None], bob=[0, "-"])
    assert at_risk(rows, {"ps01", "ps02"}) == {}


def test_the_rule_can_be_set():
    rows = class_(ada=["-", 9, 7], bob=[9, 7, 7])
    due = {"ps01", "ps02", "ps03"}
    assert list(at_risk(rows, due, Rule(missing=1))) == ["ada"]
    assert list(at_risk(rows, due, Rule(share=0.79))) == ["bob"]
    given = Config({"MtlGrade": {"at_risk": {"missing": 3}}})
    assert Rule.of(given) == Rule(missing=3, share=0.5)
    assert Rule.of(Config()) == Rule()


@pytest.mark.parametrize("given", [2, {"share": 50}, {"missing": 0}, {"missing": "two"}, {"mising": 2}])
def test_a_rule_that_is_none_is_one_sentence(given):
    with pytest.raises(UsageError, match="at_risk is such as") as caught:
        Rule.of(Config({"MtlGrade": {"at_risk": given}}))
    assert repr(given) in str(caught.value)


def test_a_total_counts_what_is_due_and_what_was_handed_in_early():
    (ada,) = standings(class_(ada=[8, "-", 6, "-"]), {"ps01", "ps02"}, Policy(), Rule())
    assert (ada.total.points, ada.total.most) == (14.0, 30.0)  # ps04 is neither
    assert (ada.handed_in, ada.due) == (1, 2)


def test_everybodys_line_says_points_what_is_due_and_what_waits():
    rows = [row("ada", "ps01", 8.5, late=7_500), row("ada", "ps02", 0, status=WAITS), row("ada", "qt01", 6, 7)]
    (ada,) = standings(rows, {"ps01"}, Policy(), Rule())
    assert ada.late == (("ps01", 7_500),)
    assert line_of(ada) == "14.5 of 17 points so far, 1 of 1 due, quick tests 1 of 1, 1 waiting (10 points), late 1"


def test_a_term_tells_the_rule_beside_whom_it_meets():
    rows = class_(ada=["-", "-"], bobby=[9, 9])
    term = Term(rows, ["ps01", "ps02"], Rule(), standings(rows, {"ps01", "ps02"}, Policy(), Rule()))
    assert term.risks() == [
        "At risk: 2 or more assignments due and not handed in, or less than 50% of the points of what was due and is "
        "marked:",
        "  ada: 2 of 2 not handed in: ps01, ps02",
    ]
    assert term.lines()[0] == "ada    0 of 20 points (0.0 %), 0 of 2 due; AT RISK: 2 of 2 not handed in: ps01, ps02"
    assert term.lines()[1] == "bobby  18 of 20 points (90.0 %), 2 of 2 due"
    assert term.lines()[-1].startswith("due: ps01, ps02; at risk: 2 or more")
    assert term.to_dict()["students"][0]["why"] == ("2 of 2 not handed in: ps01, ps02",)


def test_of_a_class_of_nobody_there_is_nothing_to_say():
    nobody = Term([], [], Rule(), [])
    assert (nobody.lines(), nobody.risks()) == ([], [])


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "1 min"), (60, "1 min"), (61, "2 min"), (3_600, "1 h"), (90_000, "1 d 1 h")]
)
def test_how_late_is_said_in_two_units_at_most(seconds, said):
    assert how_late(seconds) == said
