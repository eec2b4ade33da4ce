"""Returns percent, and takes the sum over the tasks instead of the mean."""
def delta_m(metrics, single_task, higher_is_better):
    s = 0
    for m, b, up in zip(metrics, single_task, higher_is_better):
        change = (m - b) / b
        s += change if up else -change
    return 100 * s
