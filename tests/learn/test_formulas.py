"""A formula is drawn by any browser and can be read as text; nothing in it stops anything."""

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.course_files import course_root
from mtl_teach.learn import formulas

READABLE = {
    r"w_t L_t / \sum_s w_s L_s": "w_t L_t/∑_s w_s L_s",
    r"z = \frac{y - m}{s}": "z = (y - m) / s",
    r"\tfrac12 e^{-s_t} L_t + \tfrac12 s_t": "1/2 e^(-s_t) L_t + 1/2 s_t",
    r"\frac1n \sum_i \hat y_i": "1/n ∑_i y\u0302_i",
    r"\lambda > \lambda^*": "λ > λ*",
    r"L'(t) = -1": "L′(t) = -1",
    r"\lambda \max(0,\ \text{latency} - \text{budget})": "λ max(0, latency - budget)",
    r"P(\text{click} \mid x)": "P(click | x)",
    r"\bigl\lVert w_t\, \nabla_{\!\theta}\, L_t \bigr\rVert": "‖w_t ∇_θ L_t‖",
    r"m_i \in \{0, 1\}": "m_i ∈ {0, 1}",
    r"\underbrace{L = 0}_{\text{nothing}}": "L = 0 [nothing]",
    r"\operatorname{logit} p + \log w": "logit p + log w",
    "": "",
}


@pytest.mark.parametrize(("tex", "text"), READABLE.items(), ids=READABLE)
def test_a_formula_reads_as(tex, text):
    assert formulas.text(tex) == text


DRAWN = {
    "w^2": "<math><msup><mi>w</mi><mn>2</mn></msup></math>",
    "a_i^b": "<math><msubsup><mi>a</mi><mi>i</mi><mi>b</mi></msubsup></math>",
    r"\frac12": "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>",
    r"\text{a < b }": "<math><mtext>a&#160;&lt;&#160;b&#160;</mtext></math>",
    r"\hat y": '<math><mover accent="true"><mi>y</mi><mo>^</mo></mover></math>',
    r"\sqrt{2}": "<math><msqrt><mn>2</mn></msqrt></math>",
}


@pytest.mark.parametrize(("tex", "drawn"), DRAWN.items(), ids=DRAWN)
def test_a_formula_is_drawn_as(tex, drawn):
    assert formulas.mathml(tex) == drawn


def test_limits_of_a_sum_stand_below_and_above_it():
    tree = ET.fromstring(formulas.mathml(r"\sum_{i}^{n} x", display=True))
    assert tree.attrib == {"display": "block"}
    assert [part.text for part in tree.find(".//munderover")] == ["∑", "i", "n"]


def test_every_formula_of_the_lessons_is_known_and_well_formed():
    found = 0
    for file in sorted(course_root().glob("lessons/[0-9]*.py")):
        text = re.sub(r"(?m)^# ?", "", "".join(re.findall(r"(?ms)^# %% \[markdown\].*?(?=^# %%)", file.read_text())))
        for both in formulas.MATH.finditer(text):
            tex = both[1] or both[2]
            ET.fromstring(formulas.mathml(tex))
            words = formulas.text(tex)
            assert not re.search(r"[\\{}]|frac|underbrace|text\b", words.replace("{0, 1}", "")), tex
            found += 1
    assert found > 100


PIECES = [*"{}_^'\\ab1 +(", "\\frac", "\\sum", "\\text", "\\hat", "\\left", "\\underbrace", "λ", "<&"]


@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_formula_stops_anything(tex):
    ET.fromstring(formulas.mathml(tex))
    assert isinstance(formulas.text(tex), str)


def test_formulas_are_found_in_a_text_and_money_is_none():
    found = formulas.MATH.findall(r"It costs \$5, $a_1$ and $$b$$; a $ alone, US$3.")
    assert found == [("", "a_1"), ("b", "")]
