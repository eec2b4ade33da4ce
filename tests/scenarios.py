"""Scenarios for tests: they travel as source and run beside an answer."""


def twice(answer, number):
    """The answer to an answer."""
    return answer(answer(number))


def thrice(answer, number):
    """The answer to an answer to an answer."""
    return answer(twice(answer, number))
