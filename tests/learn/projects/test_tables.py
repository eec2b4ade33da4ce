"""A table lines up, whatever form its numbers have."""

from types import SimpleNamespace

import numpy as np
import torch

from mtl_teach.learn.projects.milestones import print_table
from mtl_teach.metrics import Interval


def test_columns_line_up_under_their_tasks_and_rows_name_the_quantity(capsys):
    table = {
        "one model per task": Interval(np.array([0.75, -12.5]), np.array([0.01, 3.0])),
        "w=0.5": SimpleNamespace(mean=(0.5, 0.25), half_width=torch.tensor([0.125, 0.5])),
    }
    print_table(table, ["price", "days on market"], "R², validation", decimals=2)
    assert capsys.readouterr().out.splitlines() == [
        "R², validation               price   days on market",
        "one model per task     0.75 ± 0.01    -12.50 ± 3.00",
        "w=0.5                  0.50 ± 0.12      0.25 ± 0.50",
    ]
