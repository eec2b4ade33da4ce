"""What every full solution of a project hands in besides its numbers: a weight log and an audit."""


def weight_log(nb, letter, knobs, weights, reasons, dropped):
    """A line for each configuration of the sweep, named after its knob such as `w=0.5`, with one reason each."""
    return [
        {
            "configuration": f"{letter}={knob}",
            "weights": weights(knob),
            "reason": reason,
            "decision": "kept" if nb.chosen == f"{letter}={knob}" else f"dropped: {dropped}",
        }
        for knob, reason in zip(knobs, reasons, strict=True)
    ]


def audit(nb, *answers):
    """The notebook's questions with an answer each."""
    return dict(zip(nb.audit, answers, strict=True))
