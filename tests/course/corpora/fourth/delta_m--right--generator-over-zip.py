"""Right: pure Python, one generator over zipped tasks."""


def delta_m(metrics, single_task, higher_is_better):
    """Mean relative change against fixed single-task baselines; positive is better."""
    return sum(
        (1 if up else -1) * (float(m) - float(b)) / float(b)
        for m, b, up in zip(metrics, single_task, higher_is_better)
    ) / len(metrics)
