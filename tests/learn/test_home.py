"""The home page shows where the learner is and what is next."""

import platform
import re
from dataclasses import replace
from datetime import timedelta

import nbformat
import pytest

from autograder.quizzes import bank
from autograder.sections import read_cells
from mtl_teach.learn import course_map as course_map_module
from mtl_teach.learn import home
from mtl_teach.learn.course_map import (
    Lesson,
    Place,
    Project,
    Step,
    Task,
    Written,
    also_begun,
    course_map,
    next_step,
    projects_of,
)
from mtl_teach.learn.home import as_html, as_text
from mtl_teach.learn.progress import Progress
from mtl_teach.learn.reviewing import cards, schedule
from mtl_teach.learn.workspace import notebooks
from mtl_teach.learn.workspace.places import PROGRESS
from tests.learn.conftest import LESSON, PROBLEM_SET, cell, notebook, read, write
from tests.learn.test_progress import FAILED, PASSED


@pytest.fixture
def progress(workspace):
    return Progress(workspace / PROGRESS)


def step(workspace):
    return next_step(course_map(workspace))


def pass_all(progress, workspace):
    for task in course_map(workspace)[0].tasks:
        progress.record_check(replace(PASSED, exercise=task.id))


def test_the_way_is_lesson_exercises_quick_test_and_then_projects(workspace, progress):
    assert step(workspace).path == "lessons/05_missing_labels.ipynb"
    progress.record_check(FAILED)
    assert step(workspace).sentence.startswith("Go on with the exercise “Mean of the observed entries”")
    assert step(workspace).path == PROBLEM_SET.as_posix()
    pass_all(progress, workspace)
    assert step(workspace).path == "quick_tests/quick_test_05.ipynb"
    progress.record_quick_test("05", 4, 7)
    assert step(workspace).path == "quick_tests/quick_test_05.ipynb"
    progress.record_quick_test("05", 5, 7)
    assert step(workspace).path == "projects"
    assert course_map(workspace)[0].done


def test_exercises_stand_in_the_order_of_the_problem_set_and_those_it_lacks_after_them_by_difficulty(workspace):
    page = read(workspace / PROBLEM_SET)
    page["cells"] = [
        cell("check-multitask_masked_mse", "check()"),
        *page["cells"],
        cell("check-ctr_cvr_loss", "check()"),
        cell("masked_bce_with_logits", "an answer cell is no check"),
    ]
    write(workspace / PROBLEM_SET, page)
    (lesson,) = course_map(workspace)
    assert [task.id for task in lesson.tasks] == [
        "multitask_masked_mse",
        "masked_mean",
        "ctr_cvr_loss",
        "ctr_cvr_total",  # difficulty 1
        "source_exercise_1",  # 1
        "masked_bce_with_logits",  # 3
        "test_masked_mean",  # 4
    ]
    (workspace / PROBLEM_SET).unlink()
    (lesson,) = course_map(workspace)
    assert [task.difficulty for task in lesson.tasks] == [1, 1, 2, 3, 3, 3, 4]
    assert lesson.problem_set == ""


def test_the_map_has_what_the_course_says_of_a_lesson_and_what_the_learner_did(workspace, progress):
    progress.record_check(PASSED)
    progress.record_quick_test("05", 6, 7)
    progress.record_quick_test("05", 2, 7)
    (lesson,) = course_map(workspace)
    assert (lesson.slug, lesson.title, lesson.path) == ("05_missing_labels", "Missing labels", LESSON.as_posix())
    assert (lesson.problem_set, lesson.quick_test, lesson.quick_test_best) == (PROBLEM_SET.as_posix(), "05", 6)
    task = lesson.tasks[0]
    assert (task.id, task.title, task.minutes, task.difficulty) == (
        "masked_mean",
        "Mean of the observed entries",
        15,
        2,
    )
    assert task.row == progress.exercise("masked_mean")
    assert lesson.tasks[1].row["attempts"] == 0


def test_lessons_come_in_order_and_other_notebooks_are_none(workspace):
    for name in ("13_last.ipynb", "01_first.ipynb", "notes.ipynb"):
        write(workspace / "lessons" / name, notebook(cell("x", f"# {name}", "markdown")))
    lessons = course_map(workspace)
    assert [(lesson.slug, lesson.quick_test, len(lesson.tasks)) for lesson in lessons] == [
        ("01_first", "01", 0),
        ("05_missing_labels", "05", 7),
        ("13_last", "", 0),
    ]
    assert lessons[0].quick_test_best is None


@pytest.mark.parametrize(
    ("cells", "title"),
    [
        ([cell("a", "# 5. Missing labels\n\n# Another", "markdown")], "Missing labels"),
        ([cell("a", "# a comment"), cell("b", "Text.\n\n#   12.  Found below ", "markdown")], "Found below"),
        ([cell("a", "# 3D shapes", "markdown")], "3D shapes"),
        ([cell("a", "## Only a section", "markdown")], "My own page"),
        ([cell("a", "Not a # heading", "markdown")], "My own page"),
        ([], "My own page"),
        ([{"cell_type": "markdown"}], "My own page"),
        ([3], "My own page"),
    ],
)
def test_the_title_of_a_lesson_is_its_first_heading_without_the_number_else_its_name(tmp_path, cells, title):
    write(tmp_path / "07_my_own_page.ipynb", notebook(*cells))
    for name, words in (("07_my_own_page.ipynb", title), ("08_not_there.ipynb", "Not there")):
        assert course_map_module._title(read_cells(tmp_path / name), tmp_path / name) == words


# ---- what is done and what is next -----------------------------------------------------------------------------


def task(state="open", **more):
    row = Progress.blank("x") | {"attempts": state != "open", "first_pass": "2026" if state == "passed" else None}
    return Task(**({"id": "x", "title": "X", "minutes": 7, "difficulty": 1, "row": row} | more))


def lesson(*tasks, quick_test="05", best=None, **more):
    made = {"slug": "05_a", "title": "A", "path": "lessons/05_a.ipynb", "problem_set": "exercises/ps05_a/a.ipynb"}
    return Lesson(**(made | {"tasks": tasks, "quick_test": quick_test, "quick_test_best": best} | more))


@pytest.mark.parametrize(
    ("one", "begun", "done"),
    [
        (lesson(), False, False),
        (lesson(quick_test=""), False, False),  # there is nothing to pass
        (lesson(task("passed"), quick_test=""), True, True),
        (lesson(best=5), True, True),
        (lesson(best=4), True, False),
        (lesson(best=0), True, False),
        (lesson(task(), best=7), True, False),
        (lesson(task("tried")), True, False),
        (lesson(task(), task("tried"), best=7), True, False),
        (lesson(task("passed"), task("passed"), best=7), True, True),
        (lesson(task("passed"), task("tried"), best=7), True, False),
        (lesson(task("passed")), True, False),
    ],
)
def test_a_lesson_is_done_when_every_exercise_and_the_quick_test_are_passed(one, begun, done):
    assert (one.begun, one.done) == (begun, done)


PROJECTS = Step("Everything is done. Choose a project and make it yours.", "projects")
DONE = lesson(task("passed"), best=5)
LATER = {"slug": "06_b", "title": "B", "path": "lessons/06_b.ipynb", "problem_set": "ps06"}


@pytest.mark.parametrize(
    ("lessons", "following"),
    [
        ([], PROJECTS),
        ([DONE], PROJECTS),
        ([lesson(task())], Step("Work through the lesson “A”.", "lessons/05_a.ipynb")),
        ([lesson(quick_test=""), DONE], Step("Everything is passed. Read “A”, then choose a project.", DONE.path)),
        ([lesson(quick_test=""), lesson(task(), **LATER)], Step("Work through the lesson “B”.", LATER["path"])),
        ([DONE, lesson(task(), **LATER)], Step("Work through the lesson “B”.", "lessons/06_b.ipynb")),
        (
            [lesson(task("passed"), task(title="Y", minutes=9), task("tried"))],
            Step("Solve the exercise “Y” (9 minutes).", "exercises/ps05_a/a.ipynb"),
        ),
        (
            [lesson(task("tried"), task(title="Y"))],
            Step("Go on with the exercise “X” (7 minutes).", "exercises/ps05_a/a.ipynb"),
        ),
        ([lesson(task("passed"), best=4)], Step("Take the quick test of “A”.", "quick_tests/quick_test_05.ipynb")),
        (
            [lesson(task("tried"), problem_set=""), lesson(task("tried"), **LATER)],
            Step("Take the quick test of “A”.", "quick_tests/quick_test_05.ipynb"),
        ),
        (
            [lesson(task("tried"), problem_set="", best=7), lesson(task("tried"), **LATER)],
            Step("Go on with the exercise “X” (7 minutes).", "ps06"),
        ),
    ],
)
def test_the_next_step_is_the_first_thing_that_is_open(lessons, following):
    assert next_step(lessons) == following


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (lesson(quick_test=""), "none yet"),
        (lesson(), "○ not taken"),
        (lesson(best=0), "… not passed, best 0 of 7"),
        (lesson(best=4), "… not passed, best 4 of 7"),
        (lesson(best=5), "✓ passed, best 5 of 7"),
    ],
)
def test_the_quick_test_of_a_lesson_is_told_in_words(one, words):
    assert home.quick_test_words(one) == words


def test_the_map_as_text_has_two_lines_a_lesson_and_what_is_next():
    text = as_text([DONE, lesson(task("passed"), task("tried"), task(), **LATER)])
    assert text.splitlines() == [
        "✓ 05 A",
        "     exercises: 1 of 1 passed; quick test: ✓ passed, best 5 of 7",
        "  06 B",
        "     exercises: 1 of 3 passed; quick test: ○ not taken",
        "Next: Go on with the exercise “X” (7 minutes). (ps06)",
    ]


def test_the_map_as_html_has_a_row_a_lesson_with_its_links():
    page = as_html([DONE, lesson(task("tried", title="Y", cell="y"), task(title="Z"), quick_test="", **LATER)])
    assert '<strong>Next:</strong> Go on with the exercise “Y” (7 minutes). <a href="ps06#cell-id=y"' in page
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page) == ["Lesson", "Exercises", "Quick test"]
    first, second = re.findall(r"<tr>(.*?)</tr>", page)[1:]
    for row, name, tasks, test in (
        (
            first,
            '<a href="lessons/05_a.ipynb">✓ 05 A</a>',
            "<details><summary>1 of 1 done</summary>✓ X (passed)</details>"
            '<a href="exercises/ps05_a/a.ipynb">Problem set 05</a>',
            '✓ passed, best 5 of 7<br><a href="quick_tests/quick_test_05.ipynb" '
            'style="white-space:nowrap">Quick test 05</a>',
        ),
        (
            second,
            '<a href="lessons/06_b.ipynb">06 B</a><br>14 min left',
            '<details open><summary>0 of 2 done</summary>… <a href="ps06#cell-id=y">Y</a> (tried)<br>'
            "○ Z (open)</details>"
            '<a href="ps06">Problem set 06</a>',
            "none yet",
        ),
    ):
        assert re.search(r'<th scope="row"[^>]*>(.*?)</th>', row)[1] == name
        assert re.findall(r"<td[^>]*>(.*?)</td>", row) == [tasks, test]


def test_titles_and_paths_are_escaped_on_the_page():
    odd = lesson(task("tried", title="<i>X</i>"), title="a < b & c", problem_set='a"b')
    page = as_html([odd])
    assert "a &lt; b &amp; c" in page
    assert "… &lt;i&gt;X&lt;/i&gt; (tried)" in page
    assert "Go on with the exercise “&lt;i&gt;X&lt;/i&gt;”" in page
    assert 'href="a&quot;b"' in page
    page = as_html([lesson(title="a < b")])
    assert "Work through the lesson “a &lt; b”." in page
    assert "<i>" not in page
    assert "a < b" not in page


# ---- where the learner is --------------------------------------------------------------------------------------


def place(share=0.5, when="2026-01-01", section="The mean", cell="c-9"):
    return Place(section, cell, round(share * 20), 20, when)


def project(*passed, **more):
    made = {"slug": "P1_a", "title": "Houses", "path": "projects/P1_a.ipynb", "milestones": ("1a", "1b", "2")}
    return Project(**(made | {"passed": frozenset(passed), "minutes": 180} | more))


READING = lesson(task("tried"), minutes=80, place=place())
READ = lesson(task("tried"), minutes=80, place=place(1))


def test_a_lesson_that_was_left_in_the_middle_is_continued_at_its_section():
    step = next_step([READING])
    assert step == Step("Continue: lesson 5, “The mean” (about 40 minutes left).", "lessons/05_a.ipynb", "c-9")
    assert step.link == "lessons/05_a.ipynb#cell-id=c-9"
    page = as_html([READING])
    assert (
        '<strong>Continue:</strong> lesson 5, “The mean” (about 40 minutes left). <a href="lessons/05_a.ipynb#cell-i'
        in page
    )
    assert "… 50% read, at “The mean”<br>57 min left" in page
    assert as_text([READING]).splitlines()[-1] == f"{step.sentence} (lessons/05_a.ipynb)"


def test_the_lesson_where_the_learner_was_last_comes_first():
    later = lesson(task(), place=place(when="2026-01-02"), **LATER)
    assert next_step([READING, later]).path == LATER["path"]
    assert next_step([lesson(task()), later]).path == LATER["path"]
    assert next_step([READING, lesson(task(), place=place(when="2025-12-31"), **LATER)]).path == READING.path


def test_a_lesson_that_was_run_to_its_end_is_not_to_be_worked_through_again():
    assert (READ.read, READ.begun, READ.reading_left) == (True, True, 0)
    assert next_step([READ]).sentence == "Go on with the exercise “X” (7 minutes)."
    assert "✓ read" in as_html([READ])
    assert next_step([lesson(task("passed"), best=5, place=place(0.5))]).sentence.startswith("Everything is done.")


def test_a_lesson_with_nothing_to_pass_is_continued_and_done_when_it_was_read():
    one = lesson(quick_test="", problem_set="", place=place(0.25))
    assert next_step([one]).sentence == "Continue: lesson 5, “The mean”."
    assert lesson(quick_test="", place=place(1)).done
    assert not one.done


def test_a_section_that_is_gone_leads_to_the_top_of_its_lesson():
    step = next_step([lesson(task(), place=place(section="", cell=""))])
    assert step == Step("Continue: lesson 5.", "lessons/05_a.ipynb")
    assert "… 50% read, begun" in as_html([lesson(task(), place=place(section="", cell=""))])


def test_written_answers_come_after_the_exercises_and_hold_nobody_up():
    one = Written("ps05_a/why", "Why?", 8, "open", "about-why")
    step = next_step([lesson(task("passed"), written=(one,))])
    assert step == Step("Answer in writing “Why?” (8 minutes).", "exercises/ps05_a/a.ipynb", "about-why")
    begun = replace(one, state="begun")
    assert next_step([lesson(task("passed"), written=(begun,))]).sentence.startswith("Go on with your answer to “Why?”")
    done = lesson(task("passed"), written=(begun,), best=7)
    assert done.done
    assert next_step([done, lesson(task(), **LATER)]).path == LATER["path"]
    assert next_step([done]).sentence.startswith("Go on with your answer")
    assert next_step([lesson(task("passed"), written=(replace(one, state="done"),), best=7)]) == PROJECTS
    page = as_html([lesson(task("passed"), written=(one,))])
    assert '○ <a href="exercises/ps05_a/a.ipynb#cell-id=about-why">Why?</a> (open)' in page
    assert '<a href="written.ipynb">Compare your written answer</a>' in page
    for other in (lesson(task(), written=(one,)), lesson(task("passed"), written=(replace(one, state="done"),))):
        assert "written.ipynb" not in as_html([other])


def test_minutes_left_are_those_of_what_is_open():
    assert lesson(task(), minutes=80).minutes_left == 80 + 7 + 10
    assert lesson(task("tried"), minutes=80).minutes_left == 7 + 10  # nobody knows what was read
    assert READING.minutes_left == 40 + 7 + 10
    assert lesson(task("passed"), best=7, minutes=80, place=place(0.95)).minutes_left == 5
    one = Written("w", "Why?", 8, "open")
    assert lesson(task("passed"), best=7, written=(one,)).minutes_left == 8
    assert lesson(task(), best=7, problem_set="", place=place(1)).minutes_left == 0
    assert (project().minutes_left, project("1a").minutes_left, project("1a", "1b", "2").minutes_left) == (180, 120, 0)


def test_a_project_stands_on_the_map_with_its_milestones():
    page = as_html([], [project(), project("1a"), project("1a", "1b", "2", "gone")])
    assert re.findall(r"[○…✓] \d of 3 milestones", page) == [
        "○ 0 of 3 milestones",
        "… 1 of 3 milestones",
        "✓ 3 of 3 milestones",
    ]
    assert '<a href="projects/P1_a.ipynb">P1 Houses</a>' in page
    assert '<a href="projects/P1_a.ipynb">✓ P1 Houses</a>' in page
    assert "  P1 Houses: … 1 of 3 milestones" in as_text([], [project("1a")])


def test_a_project_is_continued_and_the_last_step_is_said_when_all_are_done():
    begun = project("1a", place=place(when="2026-02-01", section="Stage 2"))
    step = Step("Continue: project 1, “Stage 2” (1 of 3 milestones).", "projects/P1_a.ipynb", "c-9")
    assert next_step([READING], [begun]) == step
    assert next_step([DONE], [project("1a")]).sentence == "Continue: project 1 (1 of 3 milestones)."
    assert next_step([DONE], [project()]) == PROJECTS
    assert next_step([DONE], [project("1a", "1b", "2")]).sentence.startswith("Everything is done, the projects too.")


def test_what_was_begun_as_well_is_named_beside_the_next_step():
    lessons = [READING, lesson(task("tried", title="Y"), **LATER)]
    step = next_step(lessons, [project("1a")])
    also = also_begun(lessons, [project("1a")], step)
    assert [one.sentence for one in also] == [
        "Go on with the exercise “X” (7 minutes).",
        "Go on with the exercise “Y” (7 minutes).",
        "Continue: project 1 (1 of 3 milestones).",
    ]
    page = as_html(lessons, [project("1a")])
    assert '<li><a href="ps06">Go on with the exercise “Y” (7 minutes)</a></li>' in page
    assert '<li><a href="projects/P1_a.ipynb">Project 1 (1 of 3 milestones)</a></li>' in page
    assert "Begun as well: Continue: project 1" in as_text(lessons, [project("1a")])
    assert "Begun as well" not in as_html([lesson(task())])


def test_lines_of_others_stand_before_the_map():
    page = as_html([DONE], lines=["<em>Review:</em> 3 cards"])
    assert "<p><em>Review:</em> 3 cards</p>" in page
    assert page.index("3 cards") < page.index("<table")


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (135, "2 h 15 min"), (180, "3 h")]
)
def test_minutes_are_said_as_people_say_them(minutes, words):
    assert home.time_words(minutes) == words


# ---- the pages -------------------------------------------------------------------------------------------------


def test_a_renamed_problem_set_keeps_its_progress(workspace, progress):
    progress.record_check(PASSED)
    (workspace / PROBLEM_SET).rename(workspace / PROBLEM_SET.with_name("renamed.ipynb"))
    (state,) = [task.state for task in course_map(workspace)[0].tasks if task.id == "masked_mean"]
    assert state == "passed"


def test_text_and_html_show_the_same_state(workspace, progress):
    progress.record_check(PASSED)
    progress.record_quick_test("05", 3, 7)
    lessons = course_map(workspace)
    page, text = as_html(lessons), as_text(lessons)
    assert "✓ Mean of the observed entries (passed)" in page
    assert f"exercises: 1 of {len(lessons[0].tasks)} passed" in text
    for shown in (page, text):
        assert "… not passed, best 3 of 7" in shown
        assert step(workspace).path in shown


def test_the_home_page_shows_the_map_before_anything_is_run(workspace):
    cells = read(workspace / "index.ipynb")["cells"]
    shown = {one["id"]: one.get("outputs") for one in cells}
    (output,) = shown.pop(notebooks.HOME_CELL)
    assert not any(shown.values())
    lessons, projects = course_map(workspace), projects_of(workspace)
    assert (output["output_type"], output["metadata"]) == ("display_data", {})
    assert output["data"] == {"text/html": as_html(lessons, projects), "text/plain": as_text(lessons, projects)}


def test_only_the_home_pages_own_code_cell_shows_the_map():
    page = notebook(
        cell(notebooks.HOME_CELL, "mine", "markdown"), cell("own", "1"), cell(notebooks.HOME_CELL, "home()")
    )
    done = notebooks.with_progress(page, [DONE])
    assert [one.get("outputs") for one in done["cells"]][:2] == [None, []]
    assert "Everything is done" in done["cells"][2]["outputs"][0]["data"]["text/plain"]
    assert page["cells"][2]["outputs"] == []
    assert done["nbformat"] == 4


def test_home_prints_the_map_and_says_when_there_is_no_workspace(workspace, monkeypatch, capsys):
    home.home()
    lessons, projects = course_map(workspace), projects_of(workspace)
    assert capsys.readouterr().out == f"{as_text(lessons, projects)}\n"
    bundles = []
    monkeypatch.setattr(home, "in_kernel", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append((bundle, raw)))
    home.home()
    search, shown = bundles
    assert shown == ({"text/html": as_html(lessons, projects), "text/plain": as_text(lessons, projects)}, True)
    assert "mtl-teach find" in search[0]["text/plain"]
    assert capsys.readouterr().out == ""
    monkeypatch.chdir(workspace.parent)
    home.home()
    assert "make one with: mtl-teach start" in capsys.readouterr().out


def test_home_has_one_calm_line_for_the_review_when_something_is_due(workspace, progress, monkeypatch, capsys):
    cards.missed(progress, "05", ["total"])
    home.home()
    assert "review" not in capsys.readouterr().out
    tomorrow = schedule.today() + timedelta(days=1)
    monkeypatch.setattr(schedule, "today", lambda: tomorrow)
    home.home()
    first = capsys.readouterr().out.splitlines()[0]
    assert first == "1 thing to look at again, about 1 minute. Open the [review](review.ipynb)."
    page = notebooks.with_progress(notebooks.notebook(), [], due=home.review_words(workspace))
    (shown,) = [one["outputs"] for one in page["cells"] if one.get("outputs")]
    assert [next(iter(output["data"])) for output in shown] == ["text/markdown", "text/html"]
    assert shown[0]["data"]["text/markdown"] == first


def test_home_says_when_progress_cannot_be_read(workspace, capsys):
    (workspace / PROGRESS).mkdir()
    home.home()
    assert "Progress cannot be read or saved in" in capsys.readouterr().out


def test_home_says_that_damaged_progress_was_kept_aside(workspace, capsys):
    (workspace / PROGRESS).write_bytes(b"x" * 5000)
    home.home()
    assert "it is kept as progress-damaged-" in capsys.readouterr().err


def test_a_lesson_without_a_heading_goes_by_its_name(workspace):
    (workspace / "lessons/06_clicks_to_revenue.ipynb").write_text("{")
    assert course_map(workspace)[1].title == "Clicks to revenue"


def test_lesson_problem_set_and_quick_test_lead_to_each_other_and_home(workspace):
    for path, links in (
        ("lessons/05_missing_labels.ipynb", f"[Problem set 05](../{PROBLEM_SET.as_posix()}) · [Quick test 05](../qu"),
        (
            PROBLEM_SET,
            "[Lesson 05](../../lessons/05_missing_labels.ipynb) · [Quick test 05](../../quick_tests/quick_test_05.ip",
        ),
        (
            "quick_tests/quick_test_05.ipynb",
            "[Lesson 05](../lessons/05_missing_labels.ipynb) · [Problem set 05](../exercises",
        ),
        ("projects/P1_house_prices.ipynb", "[Home page](../index.ipynb)"),
    ):
        found = ["".join(one["source"]) for one in read(workspace / path)["cells"] if "signpost" in one["id"]]
        assert found
        assert all(links in text for text in found), path
        for target in re.findall(r"\]\(([^)]+)\)", found[0]):
            assert (workspace / path).parent.joinpath(target).resolve().is_file(), target


def test_signposts_stand_under_the_title_and_at_the_end():
    there = [
        "lessons/05_a.ipynb",
        "exercises/ps05_a/ps05_a.ipynb",
        "quick_tests/quick_test_05.ipynb",
        "lessons/06_b.ipynb",
    ]
    page = notebook(cell("title", "# A", "markdown"), cell("one", "1"))

    def posts(path, others=there):
        return [(one["id"], "".join(one["source"])) for one in notebooks.signposted(path, page, others)["cells"]]

    links = "[Problem set 05](../exercises/ps05_a/ps05_a.ipynb) · [Quick test 05](../quick_tests/quick_test_05.ipynb)"
    home_page = "[Home page](../index.ipynb)"
    assert posts("lessons/05_a.ipynb") == [
        ("title", "# A"),
        ("signpost-top", f"{links} · {home_page}"),
        ("one", "1"),
        ("signpost-end", f"**Go on:** {links} · {home_page}"),
    ]
    links = "[Lesson 05](../lessons/05_a.ipynb) · [Problem set 05](../exercises/ps05_a/ps05_a.ipynb)"
    assert posts("quick_tests/quick_test_05.ipynb") == [
        ("title", "# A"),
        ("one", "1"),
        ("signpost-end", f"**Go on:** {links} · {home_page}"),
    ]
    assert posts("lessons/06_b.ipynb") == [("title", "# A"), ("signpost-top", home_page), ("one", "1")]
    assert posts("lessons/pages/help.ipynb")[1] == ("signpost-top", "[Home page](../../index.ipynb)")
    assert notebooks.signposted("lessons/05_a.ipynb", page, there)["nbformat"] == 4


def test_pages_without_a_number_are_no_kin_of_each_other(workspace):
    there = ["lessons/pages/help.ipynb", "lessons/pages/glossary.ipynb", "lessons/intro.ipynb"]
    page = notebook(cell("title", "# Help", "markdown"))
    assert [one["id"] for one in notebooks.signposted("lessons/pages/help.ipynb", page, there)["cells"]] == [
        "title",
        "signpost-top",
    ]


def test_every_quick_test_has_a_notebook_that_asks_it():
    made = dict(notebooks.quick_tests())
    assert list(made) == [f"quick_tests/quick_test_{number}.ipynb" for number in bank.all_quizzes()]
    text, code = made["quick_tests/quick_test_05.ipynb"]["cells"]
    assert (text["cell_type"], text["id"], text["source"][0]) == ("markdown", "quick-05-text", "# Quick test 05\n")
    assert (code["cell_type"], code["id"], "".join(code["source"])) == (
        "code",
        "quick-05-quiz",
        'from mtl_teach.learn import quiz\n\nquiz("05")',
    )


def test_the_home_page_welcomes_shows_the_map_and_helps():
    page = notebooks.notebook()
    assert [(one["id"], one["cell_type"]) for one in page["cells"]] == [
        ("home-welcome", "markdown"),
        ("home-progress", "code"),
        ("home-help", "markdown"),
    ]
    assert "".join(page["cells"][1]["source"]) == "from mtl_teach.learn.home import home\n\nhome()"
    nbformat.validate(page)
    assert page["metadata"]["kernelspec"]["name"] == "python3"


def test_a_notebook_is_delivered_as_the_kernel_would_save_it(workspace):
    """Else every notebook counts as changed as soon as it is opened, and is asked about when it is closed."""
    language = read(workspace / PROBLEM_SET)["metadata"]["language_info"]
    assert (language["name"], language["version"]) == ("python", platform.python_version())


def test_the_pages_arrive_as_notebooks_whose_links_lead_to_notebooks(tmp_path):
    pages = tmp_path / "lessons" / "pages"
    pages.mkdir(parents=True)
    (pages / "help.md").write_text("# Help\n\n[words](glossary.md#mask), [lesson](../05_missing_labels.ipynb)\n")
    (pages / "a_page.md").write_text("# β\n\n[far](https://example.org/a.md)", encoding="utf-8")
    (pages / "picture.png").write_bytes(b"")
    (other_path, other), (path, page) = notebooks.pages(tmp_path)
    assert (other_path, path) == ("lessons/pages/a_page.ipynb", "lessons/pages/help.ipynb")
    assert (other["cells"][0]["id"], page["cells"][0]["id"]) == ("page-a-page", "page-help")
    assert "".join(other["cells"][0]["source"]) == "# β\n\n[far](https://example.org/a.md)"
    text = "".join(page["cells"][0]["source"])
    assert text == "# Help\n\n[words](glossary.ipynb#mask), [lesson](../05_missing_labels.ipynb)\n"
