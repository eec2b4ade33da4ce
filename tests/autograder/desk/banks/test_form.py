"""What holds for every format: nothing is lost or changed on the way to the platform."""

import pytest
from hypothesis import HealthCheck, assume, given, settings

from autograder.desk.banks.item import bank_of
from autograder.desk.banks.registry import FORMS
from autograder.quizzes import bank as quick_tests
from tests.autograder.desk.banks.made import kept, kept_as_text, quizzes
from tests.autograder.desk.banks.readers import from_blackboard, from_gift, from_moodle_xml, from_qti

READERS = {
    "moodle": (from_moodle_xml, kept),
    "gift": (from_gift, kept),
    "qti": (from_qti, lambda banks: kept(banks, tags=False)),
    "blackboard": (from_blackboard, kept_as_text),
}
every_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


@every_form
def test_all_quick_tests_are_read_back_as_they_are(form):
    banks = [bank_of(quick_tests.load(number)) for number in quick_tests.all_quizzes()]
    read, expected = READERS[form.name]
    assert [item.name for bank in banks for item in bank.items if form.refuses(item)] == []
    assert read(form.data(banks)) == expected(banks)
    assert sum(len(questions) for _, questions in read(form.data(banks))) == 77


@every_form
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(quiz=quizzes())
def test_any_text_arrives_as_it_was_written(form, quiz):
    made = [bank_of(quiz)]
    read, expected = READERS[form.name]
    assume(not any(form.refuses(item) for item in made[0].items))
    assert read(form.data(made)) == expected(made)


@every_form
def test_the_same_questions_give_the_same_bytes(form):
    assert len({form.data([bank_of(quick_tests.load("05"))]) for _ in range(2)}) == 1


@every_form
def test_a_format_says_where_to_click(form):
    assert form.way_in.endswith(".")
    assert not form.lacks or form.lacks.endswith(".")
    assert form.suffix.startswith(f"-{form.name}.")
