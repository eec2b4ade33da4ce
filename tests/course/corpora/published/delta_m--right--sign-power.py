"""The formula of the papers with (-1) to the power l."""
def delta_m(metrics, single_task, higher_is_better):
    T = len(metrics)
    delta = 0.0
    for m, b, higher in zip(metrics, single_task, higher_is_better):
        l_i = 0 if higher else 1
        delta += (-1) ** l_i * (m - b) / b
    return delta / T
