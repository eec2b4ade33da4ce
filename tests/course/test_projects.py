"""Each project's milestones tell a full, a partial and a bad solution apart, and leave an unsolved one in peace.

The notebook's own cells run here; after a cell that assigns a stage's name, the solution's value takes its place.
"""

import ast
from types import SimpleNamespace

import pytest

from autograder.authoring import notebooks
from autograder.course_files import course_root
from tests.course.projects import p1, p2, p3, p4, p5

PROJECTS = {
    "P1_house_prices": p1,
    "P2_news_topics": p2,
    "P3_clicks_to_revenue": p3,
    "P4_soil_and_water": p4,
    "P5_demand_series": p5,
}
SOLUTIONS = ("full", "partial", "bad")


def assigned(source):
    """Names that a cell binds at its top level."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef):
            yield node.name
        for target in node.targets if isinstance(node, ast.Assign) else ():
            yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))


def play(slug, solution):
    """Run a project's code cells with a solution's stages; return the findings, title -> verdict."""
    notebook, names, left = notebooks.read_source(course_root() / f"lessons/projects/{slug}.py"), {}, set(solution)
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        exec(compile(cell.source, cell.id, "exec"), names)
        for name in [n for n in assigned(cell.source) if n in left]:
            names[name] = solution[name](SimpleNamespace(**names))
            left.remove(name)
    assert left == set()  # a stage that the notebook no longer has
    return {title.split(".")[0]: found.usability.value for title, found in names["board"].findings.items()}


def expected(module, kind):
    return {number: verdict for verdict, numbers in module.EXPECTED[kind].items() for number in numbers.split()}


@pytest.mark.parametrize("kind", SOLUTIONS)
@pytest.mark.parametrize("slug", PROJECTS)
def test_the_milestones_tell_a_solution_for_what_it_is(slug, kind, monkeypatch):
    monkeypatch.setenv("SMOKE", "1")
    module = PROJECTS[slug]
    assert play(slug, getattr(module, kind.upper())) == expected(module, kind)


@pytest.mark.slow
@pytest.mark.parametrize("slug", PROJECTS)
def test_the_full_solution_reaches_every_milestone_with_all_its_seeds(slug, monkeypatch):
    monkeypatch.delenv("SMOKE", raising=False)
    assert set(play(slug, PROJECTS[slug].FULL).values()) == {"usable"}


@pytest.mark.parametrize("slug", PROJECTS)
def test_an_unsolved_project_has_every_milestone_before_it(slug, monkeypatch):
    monkeypatch.setenv("SMOKE", "1")
    assert set(play(slug, {}).values()) == {"not done yet"}


@pytest.mark.parametrize("slug", PROJECTS)
def test_a_project_has_its_rubric_log_audit_and_curve(slug):
    text = (course_root() / f"lessons/projects/{slug}.py").read_text(encoding="utf-8")
    for part in ("## Rubric", "weight_log = [", "audit = {", "trade_off(", "intervals_present("):
        assert part in text, part
    audit = text.split("audit = {")[1].split("}")[0]
    assert audit.count("...") == 4
