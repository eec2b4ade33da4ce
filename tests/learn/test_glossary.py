"""A lesson's words lead to the glossary where they are first used, and nowhere else."""

import pytest

from mtl_teach.learn import glossary
from mtl_teach.learn.glossary import linked, spelled, terms_of

PAGE = r"""# Glossary

Short meanings.

| word | meaning | lesson |
|---|---|---|
| **mask** | boolean array `(n, t)` | 5 |
| **masked mean** | the mean over what was observed | 5 |
| **hard, soft sharing** | one trunk for all | 1, 11 |
| **inverse propensity weighting (IPW, IPS)** | weighted rows | 6 |
| **propensity** | a chance | 6 |
| **λ (lambda), λ\*** | a price | 8 |
| **expert, gate** | a small trunk | 11 |
| **front** | all efficient models | 9 |
| **exact penalty** | a penalty | 8 |
"""
TERMS = terms_of(PAGE)


def one(text, lesson=5):
    return linked([text], TERMS, "g.ipynb", lesson)[0].replace("g.ipynb#cell-id=glossary-", "#")


def test_a_row_is_a_term_with_its_words():
    assert [(term.cell.removeprefix("glossary-"), term.words) for term in TERMS] == [
        ("mask", ("mask",)),
        ("masked-mean", ("masked mean",)),
        ("hard-soft-sharing", ("hard sharing", "soft sharing")),
        ("inverse-propensity-weighting-ipw-ips", ("inverse propensity weighting", "IPW", "IPS")),
        ("propensity", ("propensity",)),
        ("lambda-lambda-lambda", ()),
        ("expert-gate", ("expert", "gate")),
        ("front", ("front",)),
        ("exact-penalty", ("exact penalty",)),
    ]
    assert (TERMS[2].name, TERMS[2].meaning, TERMS[2].lessons) == ("hard, soft sharing", "one trunk for all", "1, 11")
    assert terms_of("no table") == []
    assert glossary.introduction(PAGE) == "# Glossary\n\nShort meanings."


def test_a_term_is_a_cell_with_links_to_its_lessons():
    cell = glossary.as_cell(TERMS[2], {1: "../01_a.ipynb"})
    assert cell == "**hard, soft sharing**: one trunk for all. *Lessons [1](../01_a.ipynb), 11.*"
    assert glossary.as_cell(TERMS[0], {}) == "**mask**: boolean array `(n, t)`. *Lesson 5.*"


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("A mask, then a mask.", "A [mask](#mask), then a mask."),
        ("Masks and **masked means**", "[Masks](#mask) and **[masked means](#masked-mean)**"),
        ("A masked\nmean.", "A [masked\nmean](#masked-mean)."),
        ("Two propensities", "Two [propensities](#propensity)"),
        ("IPW, ips", "[IPW](#inverse-propensity-weighting-ipw-ips), ips"),
        ("unmask, mask_it, mask-like, damask", "unmask, mask_it, mask-like, damask"),
    ],
)
def test_the_first_use_is_linked_in_any_form_of_the_word(text, done):
    assert one(text) == done


@pytest.mark.parametrize(
    "text",
    [
        "# The mask",
        "`mask` and ``a mask``",
        "```python\nmask\n```",
        "$mask$ and $$\nmask\n$$",
        "[a mask](x.ipynb) ![mask](y.png)",
        "<details><summary><b>A mask</b></summary>\nstill HTML: mask",
        'text <span title="mask">',
        "https://example.org/mask",
        "in front of it",
    ],
)
def test_no_link_stands_in_code_headings_formulas_links_and_html(text):
    assert one(text) == text


def test_each_lesson_links_a_term_once_wherever_it_stands():
    assert linked(["# mask", "a mask", "the mask"], TERMS[:1], "g", 5) == [
        "# mask",
        "a [mask](g#cell-id=glossary-mask)",
        "the mask",
    ]


def test_words_of_everyday_english_are_terms_only_where_they_are_explained():
    assert one("An expert opened the gate.", 2) == "An expert opened the gate."
    assert one("An expert opened the gate.", 11) == "An [expert](#expert-gate) opened the gate."


def test_a_link_to_the_glossary_that_an_author_wrote_leads_to_the_term():
    assert one("**[Mask](pages/glossary.md)**; a mask") == "**[Mask](#mask)**; a mask"
    assert one("a mask; [mask](pages/glossary.md)") == "a [mask](#mask); mask"
    assert one("[exact](pages/glossary.md)") == "[exact](#exact-penalty)"
    assert one("[the glossary](pages/glossary.md)") == "[the glossary](g.ipynb)"


def test_without_terms_nothing_changes():
    assert linked(["a mask"], [], "g") == ["a mask"]


def test_greek_letters_are_spelled():
    assert spelled("Δm, λ*, é") == "deltam, lambda*, é"
