"""Small pictures inside a page: bars and columns that say their numbers in words too, and need no colour."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

STEP = 34  # a column and the room beside it
HEIGHT = 96  # of the highest column
WIDER = 1.4  # pixels of a screen to one of these
TOP, BOTTOM = 16, 20  # room for its number and for its label


def bar(share: float | None) -> Markup:
    """A bar as long as a share; its number stands beside it as text, so nothing is read out.

    >>> bar(0.5).count("<rect")
    2
    """
    length = round(100 * min(1.0, max(0.0, share or 0.0)), 2)
    return Markup(
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="track" width="100" height="8"/><rect class="fill" width="{length:g}" height="8"/></svg>'
    )


def columns(labels: Sequence[str], counts: Sequence[int], what: str) -> Markup:
    """A column for each label, with its count above it; read out it is a sentence of all that are not 0.

    Parameters
    ----------
    labels : sequence of str
    counts : sequence of int
    what : str
        What is counted, for example "students by their share of the points".
    """
    width, height = STEP * max(1, len(counts)), TOP + HEIGHT + BOTTOM
    highest = max([1, *counts])
    parts = []
    for place, (label, count) in enumerate(zip(labels, counts, strict=True)):
        tall = round(HEIGHT * count / highest, 1)
        top, middle = TOP + HEIGHT - tall, STEP * place + STEP / 2
        parts.append(
            f'<rect class="fill" x="{STEP * place + 3}" y="{top:g}" width="{STEP - 6}" height="{tall:g}"/>'
            f'<text x="{middle:g}" y="{top - 4:g}">{count}</text>'
            f'<text x="{middle:g}" y="{height - 5}">{escape(label)}</text>'
        )
    said = escape(in_words(labels, counts, what))
    return Markup(
        f'<svg class="columns" width="{WIDER * width:g}" viewBox="0 0 {width} {height}" role="img" aria-label="{said}">'
        f'<line x1="0" x2="{width}" y1="{TOP + HEIGHT}" y2="{TOP + HEIGHT}"/>{"".join(parts)}</svg>'
    )


def in_words(labels: Sequence[str], counts: Sequence[int], what: str) -> str:
    """What a picture of columns says.

    >>> in_words(["0", "1"], [0, 3], "marks")
    'Columns: marks. 1: 3. All others: 0.'
    """
    said = [f"{label}: {count}" for label, count in zip(labels, counts, strict=True) if count]
    rest = [] if len(said) == len(counts) else ["All others: 0" if said else "All: 0"]
    return ". ".join([f"Columns: {what}", *said, *rest]) + "."
