"""What must run beside the answer."""


def with_inputs(answer, *args):
    """The answer, and its arguments as the call left them."""
    return answer(*args), list(args)
