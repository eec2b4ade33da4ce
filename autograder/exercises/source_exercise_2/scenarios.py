"""What runs beside the answer: each check sees its own variable, so that a slip in one of the two can be named."""


def first(answer):
    return answer()[0]


def second(answer):
    return answer()[1]
