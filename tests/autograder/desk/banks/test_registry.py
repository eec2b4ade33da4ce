import pytest

from autograder.desk.banks.registry import FORMATS, FORMS, form_of
from autograder.results import UsageError


def test_every_format_has_a_name_of_its_own_and_is_found_by_it():
    assert len(set(FORMATS)) == len(FORMS) == 4
    assert [form_of(name) for name in FORMATS] == list(FORMS)


def test_an_unknown_format_is_answered_with_those_that_there_are():
    with pytest.raises(UsageError, match=r"^--format must be one of moodle, gift, qti, blackboard; got 'aiken'\.$"):
        form_of("aiken")
