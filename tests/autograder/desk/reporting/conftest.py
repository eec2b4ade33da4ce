"""One class of handmade records for every test of the report."""

import pytest

from tests.autograder.desk.reporting.small_class import small_course


@pytest.fixture
def small(tmp_path):
    return small_course(tmp_path)
