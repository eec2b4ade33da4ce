"""What must run beside the answer because its exceptions are its verdict."""


def behaved(test_masked_mean, candidate):
    """1 where the learner's test stopped the candidate, else 0; and whether something came back from the test."""
    try:
        came_back = test_masked_mean(candidate)
    except NotImplementedError:
        raise
    except Exception:
        return 1, 0
    return 0, int(came_back is not None)
