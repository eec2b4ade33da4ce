"""What is read of a class: records that can be read are counted, everything else by why it is not."""

import json

from autograder.desk.reporting.gather import exercise_of, gather
from autograder.grading.record import UNGRADABLE
from tests.autograder.desk.reporting.small_class import MEAN, RIGHT, SET, TOTAL, WRONG, hand_in, right, wrong


def test_answers_are_by_assignment_and_exercise(small):
    hand_in(small, "ada", right(), wrong(exercise=TOTAL, points=1.0, most=4.0))
    hand_in(small, "bob", wrong())
    found = gather(small)
    assert [student for student, _ in found.answers[SET, MEAN]] == ["ada", "bob"]
    assert [student for student, _ in found.answers[SET, TOTAL]] == ["ada"]
    assert [(one.student, one.score, one.max_score) for one in found.handed_in] == [("ada", 10, 13), ("bob", 0, 9)]


def test_what_waits_and_what_has_no_record_is_counted_apart(small):
    hand_in(small, "ada", right())
    hand_in(small, "bob", status=UNGRADABLE)
    for student in ("cleo", "dan", "eve"):
        hand_in(small, student, right())
    small.record_path("cleo", SET).unlink()
    small.record_path("dan", SET).write_text("{}")
    foreign = json.loads(small.record_path("eve", SET).read_text()) | {"student": "ada"}
    small.record_path("eve", SET).write_text(json.dumps(foreign))
    found = gather(small)
    assert [one.student for one in found.handed_in] == ["ada"]
    assert (found.for_review, found.without_record) == (1, 3)


def test_a_record_with_other_fields_has_no_say(small):
    made = right().to_dict()
    hand_in(small, "ada", exercises={MEAN: {**made, "checks": [{**made["checks"][0], "odd": 1}]}})
    hand_in(small, "bob", exercises={MEAN: {"exercise": MEAN}})
    hand_in(small, "cleo", exercises=[])
    found = gather(small)
    assert (found.handed_in, found.without_record) == ((), 3)


def test_a_folder_of_no_assignment_counts_only_with_a_record(small):
    (small.root / "submitted" / "ada" / "notes").mkdir(parents=True)
    hand_in(small, "bob", right("gone_for_good"), assignment="ps99_gone")
    found = gather(small)
    assert [(one.student, one.assignment) for one in found.handed_in] == [("bob", "ps99_gone")]
    assert found.without_record == 0
    assert found.source("bob", ("ps99_gone", "gone_for_good")) == ""


def test_only_some_submissions_are_read_when_asked(small):
    for student in ("ada", "bob"):
        hand_in(small, student, right())
    found = gather(small, lambda one: one.student == "bob")
    assert [one.student for one in found.handed_in] == ["bob"]


def test_code_is_read_when_it_is_asked_for_and_comes_without_words(small):
    hand_in(small, "ada", right(), answers={MEAN: f'"""By Ada."""\n{RIGHT}  # me'})
    hand_in(small, "bob", wrong(), answers={MEAN: WRONG})
    found = gather(small)
    assert "By Ada" in found.source("ada", (SET, MEAN))
    assert found.code("ada", (SET, MEAN)) == RIGHT.strip()
    assert found.code("bob", (SET, MEAN)) == WRONG.strip()
    assert found.code("bob", (SET, TOTAL)) == ""


def test_ids_are_told_in_order_or_not_at_all(small):
    assert gather(small).told(["bob", "ada"]) == ("ada", "bob")
    assert gather(small, names=False).told(["bob", "ada"]) == ()


def test_people_are_the_roster_and_those_who_handed_in(small):
    small.roster_path.write_text("id,first_name,last_name\nab12,Ada,Lovelace\n")
    hand_in(small, "ab12", right())
    people = gather(small).people
    assert people.in_name("lovelace_mean")
    assert people.in_name("xab12")
    assert not people.in_name("masked_mean")


def test_progress_is_by_exercise_and_numbers_of_ones_own_by_student(small):
    hand_in(small, "ada", right(), right(TOTAL, 4.0), numbers={TOTAL: {"a": 1.0}})
    row = {"id": MEAN, "attempts": 2, "minutes": 3, "first_pass": None}
    path = small.root / "submitted" / "ada" / SET / "progress.json"
    path.write_text(json.dumps({"format": "mtl-teach progress", "exercise": [row, {**row, "id": "not_in_this_set"}]}))
    found = gather(small)
    assert {key: len(rows) for key, rows in found.progress.items()} == {(SET, MEAN): 1}
    assert found.own_numbers == {(SET, TOTAL, "ada")}


def test_an_exercise_that_is_gone_is_none():
    assert exercise_of("gone_for_good") is None
    assert exercise_of(MEAN).id == MEAN
