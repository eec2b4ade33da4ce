"""The reference: every public name is on exactly one page, with the lessons that use it."""

import importlib
import inspect
import pkgutil
import re
from collections import Counter

import pytest

import mtl_teach
from autograder.authoring import notebooks, reference
from autograder.course_files import course_root

ROOT = course_root()
ENTRY = re.compile(r"^\.\. (?:autofunction|autoclass|py:data):: ([\w.]+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def pages():
    return reference.pages(ROOT)


@pytest.fixture
def library(tmp_path):
    """A package of two files, one of which gives it no name, and a lesson."""
    for name, text in {
        "mtl_teach/__init__.py": "",
        "mtl_teach/weights/__init__.py": (
            '"""Weights: what each loss counts.\n\nMore."""\nfrom mtl_teach.weights.table import ALL, Weight, pick\n'
            '__all__ = ["ALL", "Weight", "pick"]\n'
        ),
        "mtl_teach/weights/table.py": (
            'class Weight:\n    """W."""\n    def show(self):\n        """S."""\n    def bare(self): ...\n'
            'def pick():\n    """P."""\ndef helper(): ...\nALL: tuple = ()\n"""Every weight."""\n'
        ),
        "mtl_teach/weights/fixed.py": 'def fixed():\n    """F."""\ndef _own(): ...\n',
        "lessons/03_weights.py": "# %%\nfrom mtl_teach.weights import pick\n",
        "lessons/projects/P1_choice.py": "# %%\nfrom mtl_teach.weights import pick, ALL\n",
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def public_names():
    """What the modules themselves say is public, by importing them."""
    modules = [one.name for one in pkgutil.iter_modules(mtl_teach.__path__, "mtl_teach.")]
    library = [name for name in modules if not name.split(".")[1].startswith("_") and name != "mtl_teach.learn"]
    for name in [*library, *reference.DOORS]:
        module = importlib.import_module(name)
        own = [key for key, one in vars(module).items() if inspect.isroutine(one) or inspect.isclass(one)]
        own = [key for key in own if getattr(module, key).__module__ == name and not key.startswith("_")]
        yield from (f"{name}.{key}" for key in getattr(module, "__all__", own))


def test_every_public_name_is_on_exactly_one_page(pages):
    entries = Counter(name for page in pages.values() for name in ENTRY.findall(page))
    assert [name for name, count in entries.items() if count > 1] == []
    assert sorted(set(public_names()) - set(entries)) == []


def test_every_name_that_a_lesson_imports_is_there_with_that_lesson(pages):
    used = reference.used_in(ROOT)
    assert len(used) > 40
    for name, lessons in used.items():
        (page,) = [text for text in pages.values() if name in ENTRY.findall(text)]
        entry = page.partition(f":: {name}\n")[2].partition("\n.. ")[0]
        assert re.findall(r":doc:`/(.+?)`", entry) == lessons, name
    lessons = {path.relative_to(ROOT / "lessons").with_suffix("").as_posix() for path in notebooks.sources(ROOT)}
    assert {lesson for lessons in used.values() for lesson in lessons} <= lessons


def test_every_name_has_words_of_its_own():
    for module in reference.modules(ROOT):
        for name in reference.names(ROOT, module):
            said = getattr(importlib.import_module(module), name.short).__doc__ or ""
            assert said or reference.page(ROOT, module, {}).partition(f":: {name.dotted}\n")[2].split(), name.dotted


def test_no_property_begins_with_what_sphinx_would_take_for_its_type():
    checked = 0
    for module in reference.modules(ROOT):
        for name in reference.names(ROOT, module):
            found = getattr(importlib.import_module(module), name.short, None)
            for key, one in vars(found).items() if inspect.isclass(found) else ():
                if isinstance(one, property) and not key.startswith("_"):
                    checked += 1
                    assert ": " not in (one.__doc__ or "").partition("\n")[0], f"{name.dotted}.{key}"
    assert checked > 5


def test_a_page_has_names_methods_and_constants_and_a_file_without_a_name_is_a_section(library):
    text = reference.page(library, "mtl_teach.weights", reference.used_in(library))
    assert text.startswith("# mtl_teach.weights\n\n```{eval-rst}\n.. automodule:: mtl_teach.weights\n")
    assert "py:data:: mtl_teach.weights.ALL\n\n   Every weight.\n\n   Used in :doc:`/projects/P1_choice`." in text
    assert ".. autoclass:: mtl_teach.weights.Weight\n   :members: show\n" in text
    assert "autofunction:: mtl_teach.weights.pick\n\n   Used in :doc:`/03_weights`, :doc:`/projects/P1_choice`." in text
    assert "## fixed\n" in text
    assert ".. autofunction:: mtl_teach.weights.fixed.fixed\n" in text
    assert "helper" not in text
    assert "_own" not in text


def test_the_list_says_of_each_module_what_it_says_first(pages):
    assert "- [mtl_teach.cost](reference/mtl_teach.cost.md): What a model costs: operations, " in pages["reference.md"]
    assert all(f"\nreference/{module}\n" in pages["reference.md"] for module in reference.modules(ROOT))


def test_a_listed_name_that_is_nowhere_is_an_error(library):
    (library / "mtl_teach/weights/__init__.py").write_text('__all__ = ["gone"]\n')
    with pytest.raises(LookupError, match=r"mtl_teach\.weights has no gone"):
        reference.names(library, "mtl_teach.weights")
