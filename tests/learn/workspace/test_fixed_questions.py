"""Questions with the numbers of a run written into them: only the cells that they come from are run."""

import pytest

from mtl_teach.learn.workspace.fixed_questions import fixed

CELLS = [
    "import math as m\nimport numpy as np",
    "values = np.array([1.0, 3.0])",
    'raise RuntimeError("an experiment of minutes")',
    "def mean(x):\n    return float(x.mean())",
    "print('noise')\nn = len(values)",
]


def test_the_numbers_are_those_of_the_cells_above_and_no_other_cell_runs(capsys):
    asked = 'predict(f"The mean of {n} is {mean(values):.1f}?", ["yes", f"{m.pi:.2f}"], name="a", answer="yes")'
    made = fixed(asked, CELLS)
    assert made == ("predict(\n    'The mean of 2 is 2.0?',\n    ['yes', '3.14'],\n    name='a',\n    answer='yes',\n)")
    assert fixed(made, []) == made
    assert capsys.readouterr().out == ""


def test_what_a_name_had_last_counts():
    assert "'5?'" in fixed('predict(f"{n}?", ["a", "b"])', ["n = 4", "n = n + 1"])


def test_a_cell_that_does_more_than_ask_is_refused():
    with pytest.raises(ValueError, match="must be one call of `predict`"):
        fixed('predict("a", options)\nprint(n)', ["options = ['a', 'b']\nn = 1"])
    with pytest.raises(ValueError, match="must be one call of `predict`"):
        fixed("x = predict(n)", ["n = 1"])
