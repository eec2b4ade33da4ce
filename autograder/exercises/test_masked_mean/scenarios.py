"""What must run beside the answer because its exceptions are its verdict."""


def happened(test_masked_mean, candidate):
    """Run the learner's test on one candidate: whether it stopped it, with which error, or what type came back."""
    try:
        came_back = test_masked_mean(candidate)
    except NotImplementedError:
        raise
    except Exception as error:
        return True, type(error).__name__, str(error)[:300]
    return False, type(came_back).__name__, ""


def behaved(test_masked_mean, candidate):
    """1 where the test stopped the candidate, else 0; and whether something came back from the test."""
    stopped, kind, _ = happened(test_masked_mean, candidate)
    return int(stopped), int(not stopped and kind != "NoneType")
