"""Right: a beginner's two loops that fill a float64 table cell by cell."""
import numpy as np


def lookahead_affinity(loss_before, loss_after):
    """The share of each task's loss (columns) that a step for each task (rows) takes away."""
    number_of_tasks = len(loss_before)
    table = np.zeros((number_of_tasks, number_of_tasks))
    for step_task in range(number_of_tasks):
        for measured_task in range(number_of_tasks):
            before = float(loss_before[measured_task])
            after = float(loss_after[step_task][measured_task])
            table[step_task, measured_task] = 1 - after / before
    return table
