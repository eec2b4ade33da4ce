"""An exercise in numbers, over those who began it."""

from autograder.desk.reporting.gather import gather
from autograder.desk.reporting.items import SHOWN, item_of, points_of
from autograder.results import Verdict
from tests.autograder.by_hand import checked, result
from tests.autograder.desk.reporting.small_class import MEAN, SET, TOTAL, WRONG, hand_in, not_begun, right, wrong


def item(course, exercise=MEAN, assignment=SET, names=True):
    gathered = gather(course, names=names)
    return item_of(gathered, (assignment, exercise), points_of(gathered))[0]


def test_a_check_of_ours_that_failed_us_is_not_counted(small):
    hand_in(small, "ada", right())
    hand_in(small, "bob", result(checked(Verdict.GRADER_ERROR, most=9.0)))
    (check,) = [one for one in item(small).checks if one.id == "test_value"]
    assert (check.passed, check.asked, check.pass_rate) == (1, 1, 1.0)


def test_a_check_that_only_some_records_have_counts_over_those(small):
    hand_in(small, "ada", result(checked(Verdict.PASSED, "test_long_gone", sentence="It was asked once.")))
    hand_in(small, "bob", right())
    hand_in(small, "cleo", wrong())
    checks = {one.id: one for one in item(small).checks}
    assert list(checks) == ["test_long_gone", "test_value"]
    assert (checks["test_long_gone"].sentence, checks["test_long_gone"].pass_rate) == ("It was asked once.", 1.0)
    assert (checks["test_value"].asked, checks["test_value"].pass_rate) == (2, 0.5)


def test_an_exercise_that_the_catalogue_no_longer_has_is_told_from_its_records(small):
    hand_in(small, "ada", wrong("", "aaaaaaaaaaaa", exercise="gone_for_good"))
    found = item(small, "gone_for_good")
    assert (found.title, found.known) == ("Mean of the observed entries", False)
    assert [(check.id, check.pass_rate) for check in found.checks] == [("test_value", 0.0)]
    assert found.clusters[0].count == 1


def test_known_mistakes_and_clusters_say_who_unless_no_id_may_be_told(small):
    for student, made in (("ada", wrong("sums_up")), ("bob", wrong("", "bbbbbbbbbbbb")), ("cleo", wrong("sums_up"))):
        hand_in(small, student, made, answers={MEAN: WRONG})
    found = item(small)
    (mistake,), (cluster,) = found.misconceptions, found.clusters
    assert (mistake.id, mistake.message, mistake.count, mistake.students) == (
        "sums_up",
        "About sums_up.",
        2,
        ("ada", "cleo"),
    )
    assert (cluster.fingerprint, cluster.count, cluster.students, cluster.example.code) == (
        "bbbbbbbbbbbb",
        1,
        ("bob",),
        WRONG.strip(),
    )
    shared = item(small, names=False)
    assert (shared.misconceptions[0].students, shared.clusters[0].students) == ((), ())
    assert shared.misconceptions[0].count == 2


def test_small_clusters_beyond_the_first_are_only_counted(small):
    for place in range(SHOWN + 2):
        hand_in(small, f"s{place}", wrong("", f"{place:012d}"))
    found = item(small)
    assert (len(found.clusters), found.more_clusters) == (SHOWN, 2)


def test_discrimination_is_with_the_rest_of_each_students_points(small):
    for place in range(8):
        good = place >= 4
        hand_in(small, f"s{place}", right() if good else not_begun(), wrong(exercise=TOTAL, points=good * 4, most=4.0))
    found = item(small).discrimination
    assert (found.students, found.r) == (8, 1.0)


def test_a_single_exercise_has_nothing_to_go_with(small):
    for place in range(9):
        hand_in(small, f"s{place}", right())
    assert item(small).discrimination.why == "too few students: 0, and it takes 8"


def test_one_student_all_right(small):
    hand_in(small, "ada", right(), right(TOTAL, 4.0))
    found = item(small)
    assert (found.handed_in, found.started, found.right, found.mean_share) == (1, 1, 1, 1.0)
    assert (found.misconceptions, found.clusters, found.attempts) == ((), (), None)


def test_an_exercise_that_nobody_began_has_no_share(small):
    hand_in(small, "ada", not_begun())
    found = item(small)
    assert (found.handed_in, found.started, found.mean_share) == (1, 0, None)
    assert {check.pass_rate for check in found.checks} == {None}


def test_points_are_summed_over_all_that_was_handed_in(small):
    hand_in(small, "ada", right())
    hand_in(small, "ada", right("gone_for_good", 2.0), assignment="ps99_gone")
    assert points_of(gather(small)) == {"ada": (11.0, 11.0)}
