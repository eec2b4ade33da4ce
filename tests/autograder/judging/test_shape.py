"""The shape of an answer: the same however things are called and laid out, another where other things are done."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import exercises
from autograder.authoring.solutions import as_submission
from autograder.judging.shape import MAX_SOURCE, bare, essential, shape_of

MEAN = "def mean(values, mask):\n    kept = values[mask]\n    return kept.sum() / max(len(kept), 1)"


def shape(source, *entries):
    return shape_of(source, entries or ("mean",))


@pytest.mark.parametrize(
    "source",
    [
        "def mean(v, m):\n    chosen = v[m]\n    return chosen.sum() / max(len(chosen), 1)",
        '"""Mine."""\ndef mean(values, mask):\n    """The mean."""\n    # so\n    kept = values[mask]\n\n'
        "    return (kept.sum()\n            / max(len(kept), 1))",
        "def mean(values: 'list', mask=None or 1) -> float:\n    pass" + "\n" + MEAN,
        "from __future__ import annotations\nimport torch\n" + MEAN + "\nprint(mean([1], [True]))\nassert mean",
        "def mean(values: list, mask: list) -> float:\n    kept: list = values[mask]\n    'a text'\n    "
        "return kept.sum() / max(len(kept), 1)",
        "%matplotlib inline\n" + MEAN + "\n!ls",
        "def mean(sum, len_):\n    max_ = sum[len_]\n    return max_.sum() / max(len(max_), 1)",
    ],
)
def test_names_words_and_layout_do_not_count(source):
    assert shape(source) == shape(MEAN) != ""


@pytest.mark.parametrize(
    "source",
    [
        MEAN.replace("1)", "2)"),
        MEAN.replace(".sum", ".mean"),
        MEAN.replace("max(", "min("),
        MEAN.replace("/", "*"),
        MEAN.replace("values[mask]", "mask[values]"),
        MEAN.replace("kept.sum()", "kept.sum(axis=0)"),
        MEAN.replace("return ", "return 0 + "),
        MEAN.replace("mask):", "mask, extra):"),
        MEAN.replace("mask):", "mask=1):"),
        MEAN.replace("    return", "    kept = kept\n    return"),
    ],
)
def test_what_is_done_counts(source):
    assert "" != shape(source) != shape(MEAN)


def test_what_a_library_is_imported_as_does_not_count():
    usual = "def mean(x):\n    return np.mean(torch.where(x, x, 0))"
    for source in (
        "import numpy\nimport torch\ndef mean(x):\n    return numpy.mean(torch.where(x, x, 0))",
        "import numpy as n\nfrom torch import where\ndef mean(x):\n    return n.mean(where(x, x, 0))",
        "def mean(x):\n    from numpy import mean as av\n    import torch as t\n    return av(t.where(x, x, 0))",
    ):
        assert shape(source) == shape(usual)
    assert shape(usual) != shape(usual.replace("np.mean", "np.nanmean"))


def test_a_helper_counts_where_it_is_used_wherever_it_stands_and_whatever_it_is_called():
    helper, uses = "def count(x):\n    return len(x)\n", "def mean(x):\n    return sum(x) / count(x)\n"
    renamed = (uses + helper).replace("count", "how_many")
    assert shape(helper + uses) == shape(uses + helper) == shape(renamed)
    assert shape(helper + uses) != shape(helper.replace("len(x)", "len(x) + 1") + uses)
    assert shape(helper + uses) == shape(helper + uses + "def other():\n    return 3\n")


def test_names_of_two_functions_have_nothing_to_do_with_each_other():
    inner = (
        "def mean(x):\n    def one(a):\n        return a\n    def two({0}):\n        return {0}\n    return one(two(x))"
    )
    assert shape(inner.format("a")) == shape(inner.format("b"))
    listed = "def mean(x):\n    return sum([a for a in x]) / len([{0} for {0} in x])"
    assert shape(listed.format("a")) == shape(listed.format("b")) != shape(listed.format("x"))


def test_the_last_definition_counts():
    assert shape("def mean(x):\n    return 0\n" + MEAN) == shape(MEAN)


def test_a_class_has_the_names_of_its_methods_and_attributes():
    source = "class Trunk(nn.Module):\n    def forward(self, x):\n        out = self.layer(x)\n        return out"
    assert shape(source, "Trunk") == shape(source.replace("out", "y").replace("self", "me"), "Trunk")
    assert shape(source, "Trunk") != shape(source.replace("layer", "trunk"), "Trunk")
    assert shape(source, "Trunk") != shape(source.replace("forward", "backward"), "Trunk")


def test_plain_variables_have_a_shape_as_well():
    assert shape("a = 1\nb = a * 2", "a", "b") == shape("# so\na: int = 1\nother = 7\nb = a * 2", "a", "b") != ""
    assert shape("a = 1\nb = a * 2", "a", "b") != shape("a = 1\nb = a * 3", "a", "b")


@pytest.mark.parametrize(
    "source",
    [
        "def mean(:",
        "",
        "x = 1",
        "def mean2(): pass",
        "\0",
        "((((((",
        "mean = 0x" + "f" * 9_000,
        "mean = 1\n" + "#" * MAX_SOURCE,
    ],
)
def test_what_cannot_be_read_or_defines_nothing_of_the_kind_has_no_shape(source):
    assert shape(source) == ""


@pytest.mark.parametrize(
    "body",
    [
        "-" * 3_000 + "1",
        "(" * 5_000,
        "+".join(["x"] * 3_000),
        "x" + ".a" * 20_000,
        "[" * 90 + "]" * 90,
        "x" + "()" * 9_000,
    ],
)
def test_code_that_is_deep_without_end_has_no_shape_and_costs_no_time(body):
    before = time.process_time()
    assert len(shape(f"def mean(x):\n    return {body}")) in (0, 12)
    assert time.process_time() - before < 2


def test_two_ways_of_an_exercise_have_two_shapes():
    one = exercises.load("masked_mean")
    shapes = [shape_of(as_submission(one, right), one.entries) for right in one.alternatives.values()]
    assert "" not in shapes
    assert len(set(shapes)) == len(shapes)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_stops_it(text):
    assert len(shape(text)) in (0, 12)


def test_what_has_no_say_in_an_answer_is_left_out_of_what_is_shown_of_it():
    used = "@torch.no_grad()\ndef mean(x):  # so\n    return LIMIT * helper(x)"
    source = f"import torch\nLIMIT = 3\ndef other(): pass\ndef helper(x): return x\n\n{used}\nmean([1])\n"
    assert essential(source, ["mean"]) == f"LIMIT = 3\n\ndef helper(x): return x\n\n{used}"
    assert essential("%time\n" + used, ["mean"]) == used
    for whole in ("def mean(:", "x = 1"):
        assert essential(whole, ["mean"]) == whole


def test_code_alone_has_neither_comments_nor_docstrings():
    source = '"""Ada."""\nclass One:\n    "Bob."\n    def two(self):\n        \'Cleo\'  # Dan\n'
    assert bare(source) == "class One:\n\n    def two(self):\n        pass"
    assert bare("def (") == "def ("


def test_it_stays_what_it_was_so_that_last_terms_names_find_this_terms_answers():
    assert shape("def mean(x):\n    return x") == "0313de8d08e9"
