"""The home page of a workspace: the map of the course, the learner's progress, and what to do next."""

from __future__ import annotations

import html

from autograder.kernel import in_kernel
from autograder.quizzes import bank
from mtl_teach.learn.course_map import Lesson, course_map, next_step
from mtl_teach.learn.lesson.experiment import say
from mtl_teach.learn.progress import Progress, ProgressError
from mtl_teach.learn.reviewing.summary import due_line
from mtl_teach.learn.workspace.places import PROGRESS, find_workspace

MARKS = {"passed": "✓", "tried": "…", "open": "○"}


def home() -> None:
    """Show the map, the progress and the next step; outside a workspace say how to make one."""
    workspace = find_workspace()
    if workspace is None:
        print("This notebook is in no workspace; make one with: mtl-teach start")
        return
    try:
        lessons = course_map(workspace)
        due = due_line(Progress(workspace / PROGRESS))
    except ProgressError as error:
        print(error)
        return
    if due:
        say(f"{due} Open the [review](review.ipynb).")
    if in_kernel():
        from IPython.display import display

        display({"text/html": as_html(lessons), "text/plain": as_text(lessons)}, raw=True)
    else:
        print(as_text(lessons))


def quick_test_words(lesson: Lesson) -> str:
    """How the quick test of a lesson stands, in words."""
    if not lesson.quick_test:
        return "none yet"
    if lesson.quick_test_best is None:
        return "○ not taken"
    mark = "✓ passed" if lesson.quick_test_done else "… not passed"
    return f"{mark}, best {lesson.quick_test_best} of {bank.N_QUESTIONS}"


def as_text(lessons: list[Lesson]) -> str:
    """The map as text."""
    lines = []
    for lesson in lessons:
        passed = sum(task.state == "passed" for task in lesson.tasks)
        lines.append(f"{'✓' if lesson.done else ' '} {lesson.slug[:2]} {lesson.title}")
        lines.append(f"     exercises: {passed} of {len(lesson.tasks)} passed; quick test: {quick_test_words(lesson)}")
    step = next_step(lessons)
    return "\n".join([*lines, f"Next: {step.sentence} ({step.path})"])


def as_html(lessons: list[Lesson]) -> str:
    """The map as HTML: a link to what is next, then one row a lesson."""
    step = next_step(lessons)
    rows = "".join(_row(lesson) for lesson in lessons)
    return (
        f'<p class="mtl-next" style="line-height:2.4"><strong>Next:</strong> {html.escape(step.sentence)} '
        f'<a href="{html.escape(step.path)}" style="border:2px solid #1976d2;border-radius:4px;'
        f'padding:.2em .8em;font-weight:bold;white-space:nowrap">Open it</a></p>'
        '<table class="mtl-map"><caption>Your way through the course (✓ passed, … begun, ○ open)</caption><thead>'
        f"<tr>{''.join(map(_head, ('Lesson', 'Exercises', 'Quick test')))}</tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def _head(name: str) -> str:
    return f'<th scope="col" style="text-align:left">{name}</th>'


def _row(lesson: Lesson) -> str:
    tasks = "<br>".join(f"{MARKS[task.state]} {html.escape(task.title)} ({task.state})" for task in lesson.tasks)
    if lesson.problem_set:
        tasks += f'<br><a href="{lesson.problem_set}">Problem set {lesson.slug[:2]}</a>'
    quick_test = html.escape(quick_test_words(lesson))
    if number := lesson.quick_test:
        quick_test += f'<br><a href="quick_tests/{number}.ipynb" style="white-space:nowrap">Quick test {number}</a>'
    mark = "✓ " if lesson.done else ""
    name = f"{mark}{lesson.slug[:2]} {html.escape(lesson.title)}"
    return (
        f'<tr><th scope="row" style="text-align:left"><a href="{lesson.path}">{name}</a></th>'
        f'<td style="text-align:left">{tasks}</td><td style="text-align:left">{quick_test}</td></tr>'
    )
