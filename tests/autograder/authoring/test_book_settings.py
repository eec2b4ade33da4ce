"""What the book's own settings make of a lesson: the first time that it names the library, that is a link."""

import importlib.util
from types import SimpleNamespace

import pytest
from docutils import nodes

from autograder.course_files import course_root


@pytest.fixture(scope="module")
def settings():
    pytest.importorskip("latex2mathml", reason="the book is built with pip install 'mtl-teach[site]'")
    spec = importlib.util.spec_from_file_location("book_settings", course_root() / "docs" / "book" / "conf.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def app():
    """A book whose reference has two names."""
    objects = {
        f"mtl_teach.losses.{name}": SimpleNamespace(docname="reference/losses", node_id=name)
        for name in ("masked_loss", "weighted_sum")
    }
    builder = SimpleNamespace(get_relative_uri=lambda start, to: f"{to}.html")
    return SimpleNamespace(env=SimpleNamespace(domains={"py": SimpleNamespace(objects=objects)}), builder=builder)


def linked(settings, app, code, *texts):
    """The addresses of a lesson's links, once its settings were applied."""
    lesson = nodes.section("", nodes.literal_block(code, code))
    lesson += [nodes.paragraph("", "", nodes.literal(text, text)) for text in texts]
    settings.lead_to_the_reference(app, lesson, "05_missing_labels")
    return [link["refuri"] for link in lesson.findall(nodes.reference)]


def test_the_first_time_a_lesson_names_what_it_imports_it_leads_to_the_reference(settings, app):
    code = "from mtl_teach.losses import masked_loss, weighted_sum\nx = 1"
    found = linked(settings, app, code, "masked_loss", "masked_loss()", "weighted_sum()")
    assert found == ["reference/losses.html#masked_loss", "reference/losses.html#weighted_sum"]
    code = "from mtl_teach.losses import (\n    masked_loss,\n    weighted_sum,\n)\n"
    assert linked(settings, app, code, "weighted_sum") == ["reference/losses.html#weighted_sum"]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("from numpy import masked_loss", "masked_loss"),
        ("from mtl_teach.losses import weighted_sum", "masked_loss"),
        ("from mtl_teach.losses import hidden_loss", "hidden_loss"),
        ("from mtl_teach.losses import masked_loss", "masked_loss(output)"),
    ],
    ids=["of another library", "not imported", "not in the reference", "more than a name"],
)
def test_nothing_else_is_a_link(settings, app, code, text):
    assert linked(settings, app, code, text) == []


def test_a_heading_stays_as_it_is(settings, app):
    lesson = nodes.section("", nodes.title("", "", nodes.literal("masked_loss", "masked_loss")))
    lesson += nodes.literal_block(
        "from mtl_teach.losses import masked_loss", "from mtl_teach.losses import masked_loss"
    )
    settings.lead_to_the_reference(app, lesson, "05_missing_labels")
    assert list(lesson.findall(nodes.reference)) == []
