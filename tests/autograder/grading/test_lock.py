"""One command at a time writes to a course's folder, and the second one is told who holds it."""

import os
import subprocess
import sys

import pytest

from autograder.grading.course import CourseError
from autograder.grading.lock import only_one

HOLD = """
import sys
from autograder.grading.course import Course
from autograder.grading.lock import only_one
with only_one(Course.open(sys.argv[1]), "run"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_one_is_told_which_process_does_what_since_when(course):
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(course.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout.readline() == "held\n"
        said = rf"is in use by `mtl-grade run` \(process {other.pid}, since \d\d:\d\d:\d\d\): wait until it has ended"
        with pytest.raises(CourseError, match=said), only_one(course, "changes"):
            pass
        other.kill()  # however it ends, the lock is given back
    with only_one(course, "changes"):
        pass


def test_a_lock_file_that_says_nothing_names_nobody(course):
    with only_one(course, "run"):
        (course.private / "lock").write_text("")
        with pytest.raises(CourseError, match="is in use by another mtl-grade"), only_one(course, "run"):
            pass


def test_the_lock_is_given_back_when_it_fails_inside_and_no_descriptor_stays(course):
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(RuntimeError), only_one(course, "run"):
        raise RuntimeError
    with only_one(course, "run"):
        pass
    assert len(os.listdir("/proc/self/fd")) == before


def test_what_an_earlier_holder_left_does_not_hide_who_holds_it_now(course):
    (course.private / "lock").write_text("x" * 500)
    with only_one(course, "run"), pytest.raises(CourseError, match="by `mtl-grade run`"), only_one(course, "changes"):
        pass
