"""The home page of a workspace: what to do next, and the map of lessons and projects with the learner's progress."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from pathlib import Path

from autograder.kernel import in_browser, in_kernel
from autograder.quizzes import bank
from autograder.sections import at
from mtl_teach.learn import search_box
from mtl_teach.learn.browser import keeping
from mtl_teach.learn.browser.here import NOT_KEPT
from mtl_teach.learn.course_map import Lesson, Project, Step, also_begun, course_map, next_step, projects_of
from mtl_teach.learn.lesson.experiment import say
from mtl_teach.learn.progress import Progress, ProgressError
from mtl_teach.learn.reviewing.summary import due_line
from mtl_teach.learn.workspace.places import find_workspace

MARKS = {"passed": "✓", "tried": "…", "open": "○", "done": "✓", "begun": "…"}
BUTTON = "border:2px solid #1976d2;border-radius:4px;padding:.2em .8em;font-weight:bold;white-space:nowrap"
LEFT = "text-align:left;vertical-align:top"
N_ALSO = 3  # begun things that are named beside the next step: a page of them would be a reproach


def home() -> None:
    """Show the next step, the map and the search box; outside a workspace say how to make one."""
    workspace = find_workspace()
    if workspace is None:
        print(NOT_KEPT if in_browser() else "This notebook is in no workspace; make one with: mtl-teach start")
        return
    try:
        lessons, projects = course_map(workspace), projects_of(workspace)
        due = review_words(workspace)
    except ProgressError as error:
        print(error)
        return
    if due:
        say(due)
    if in_kernel():
        from IPython.display import display

        page = {"text/html": as_html(lessons, projects), "text/plain": as_text(lessons, projects)}
        if in_browser():
            keeping.offer_newer(workspace)
        search_box.offer(workspace)
        display(page, raw=True)
        if in_browser():
            keeping.offer(workspace)
    else:
        print(as_text(lessons, projects))


def review_words(workspace: Path) -> str:
    """What is due in the review, in Markdown with the way there; empty where nothing is."""
    due = due_line(Progress.of(workspace))
    return f"{due} Open the [review](review.ipynb)." if due else ""


def quick_test_words(lesson: Lesson) -> str:
    """How the quick test of a lesson stands, in words."""
    if not lesson.quick_test:
        return "none yet"
    if lesson.quick_test_best is None:
        return "○ not taken"
    mark = "✓ passed" if lesson.quick_test_done else "… not passed"
    return f"{mark}, best {lesson.quick_test_best} of {bank.N_QUESTIONS}"


def reading_words(lesson: Lesson) -> str:
    """How far a lesson was read, in words; empty before it was."""
    if lesson.place is None:
        return ""
    if lesson.read:
        return "✓ read"
    where = f"at “{lesson.place.section}”" if lesson.place.section else "begun"
    return f"… {lesson.place.share:.0%} read, {where}"


def project_words(project: Project) -> str:
    """How a project stands, in words."""
    count = f"{project.n_passed} of {len(project.milestones)} milestones"
    if project.done:
        return f"✓ {count}"
    return f"… {count}" if project.begun else f"○ {count}"


def time_words(minutes: int) -> str:
    """Minutes as people say them.

    >>> time_words(45), time_words(60), time_words(135)
    ('45 min', '1 h', '2 h 15 min')
    """
    hours, rest = divmod(minutes, 60)
    return " ".join(filter(None, (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "")))


def as_text(lessons: Sequence[Lesson], projects: Sequence[Project] = ()) -> str:
    """The map as text."""
    lines = []
    for lesson in lessons:
        passed = sum(task.state == "passed" for task in lesson.tasks)
        lines.append(f"{'✓' if lesson.done else ' '} {lesson.slug[:2]} {lesson.title}")
        lines.append(f"     exercises: {passed} of {len(lesson.tasks)} passed; quick test: {quick_test_words(lesson)}")
    for project in projects:
        lines.append(f"{'✓' if project.done else ' '} {project.slug[:2]} {project.title}: {project_words(project)}")
    step = next_step(lessons, projects)
    lines += [f"Begun as well: {one.sentence} ({one.path})" for one in also_begun(lessons, projects, step)[:N_ALSO]]
    return "\n".join([*lines, f"{headline(step)} ({step.path})"])


def headline(step: Step) -> str:
    """The sentence of the next step, with a word before it that says what it is."""
    return step.sentence if step.sentence.startswith("Continue: ") else f"Next: {step.sentence}"


def as_html(lessons: Sequence[Lesson], projects: Sequence[Project] = (), lines: Iterable[str] = ()) -> str:
    """The map as HTML: what is next, then the lessons and the projects.

    Parameters
    ----------
    lessons : sequence of Lesson
    projects : sequence of Project
    lines : iterable of str
        What else is to be said before the map, as HTML, a paragraph each.
    """
    step = next_step(lessons, projects)
    parts = [_next(step), *(f"<p>{line}</p>" for line in lines), _also(also_begun(lessons, projects, step))]
    parts += [_lessons(lessons), _projects(projects)]
    return "".join(parts)


def _next(step: Step) -> str:
    word, _, sentence = headline(step).partition(" ")
    link = html.escape(step.link)
    return (
        f'<p class="mtl-next" style="line-height:2.4"><strong>{word}</strong> {html.escape(sentence)} '
        f'<a href="{link}" style="{BUTTON}">Open it</a></p>'
    )


def _also(steps: Sequence[Step]) -> str:
    names = ((one.link, one.sentence.removeprefix("Continue: ").rstrip(".")) for one in steps[:N_ALSO])
    items = "".join(f"<li>{_link(link, name[:1].upper() + name[1:])}</li>" for link, name in names)
    return f'<p class="mtl-also" style="margin-bottom:0">Begun as well:</p><ul>{items}</ul>' if items else ""


def _table(kind: str, caption: str, heads: Sequence[str], rows: Iterable[str]) -> str:
    columns = "".join(f'<th scope="col" style="{LEFT}">{name}</th>' for name in heads)
    return (
        f'<table class="mtl-{kind}"><caption style="text-align:left">{caption}</caption>'
        f"<thead><tr>{columns}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _lessons(lessons: Sequence[Lesson]) -> str:
    caption = "Your way through the course (✓ passed, … begun, ○ open)"
    return _table("map", caption, ("Lesson", "Exercises", "Quick test"), map(_row, lessons))


def _projects(projects: Sequence[Project]) -> str:
    rows = (
        _cells(
            _link(
                at(one.path, one.place.cell if one.place else ""),
                f"{'✓ ' if one.done else ''}{one.slug[:2]} {one.title}",
            ),
            project_words(one),
        )
        for one in projects
    )
    return _table("projects", "Projects, to make it yours", ("Project", "Milestones"), rows) if projects else ""


def _row(lesson: Lesson) -> str:
    name = f"{'✓ ' if lesson.done else ''}{lesson.slug[:2]} {lesson.title}"
    left = "" if lesson.done else time_words(lesson.minutes_left)
    small = "".join(f"<br>{html.escape(words)}" for words in (reading_words(lesson), left and f"{left} left") if words)
    quick_test = html.escape(quick_test_words(lesson))
    if number := lesson.quick_test:
        quick_test += (
            f"<br>{_link(f'quick_tests/quick_test_{number}.ipynb', f'Quick test {number}', 'white-space:nowrap')}"
        )
    return _cells(
        _link(at(lesson.path, lesson.place.cell if lesson.place else ""), name) + small, _work(lesson), quick_test
    )


def _work(lesson: Lesson) -> str:
    """The exercises and written answers of a lesson: counted, and listed where it is begun and not done."""
    items = [(task.title, task.state, task.cell) for task in lesson.tasks]
    items += [(one.title, one.state, one.cell) for one in lesson.written]
    done = sum(MARKS[state] == MARKS["done"] for _, state, _ in items)
    lines = []
    for title, state, cell in items:
        is_link = cell and MARKS[state] != MARKS["done"]
        name = _link(at(lesson.problem_set, cell), title) if is_link else html.escape(title)
        lines.append(f"{MARKS[state]} {name} ({state})")
    opened = " open" if lesson.begun and not lesson.done else ""
    count = f"{done} of {len(items)} done"
    work = f"<details{opened}><summary>{count}</summary>{'<br>'.join(lines)}</details>" if items else ""
    links = [_link(lesson.problem_set, f"Problem set {lesson.slug[:2]}")] if lesson.problem_set else []
    if lesson.begun and any(one.state != "done" for one in lesson.written):
        links.append(_link("written.ipynb", "Compare your written answer"))
    return work + "<br>".join(links)


def _cells(head: str, *others: str) -> str:
    cells = "".join(f'<td style="{LEFT}">{other}</td>' for other in others)
    return f'<tr><th scope="row" style="{LEFT};font-weight:normal">{head}</th>{cells}</tr>'


def _link(path: str, name: str, style: str = "") -> str:
    look = f' style="{style}"' if style else ""
    return f'<a href="{html.escape(path)}"{look}>{html.escape(name)}</a>'
