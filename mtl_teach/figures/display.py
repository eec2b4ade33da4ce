"""Putting a figure into a notebook, description included."""

from matplotlib.figure import Figure

from mtl_teach._validate import must
from mtl_teach.figures._canvas import bundle


def show(figure: Figure, alt_text: str | None = None) -> None:
    """Display a figure in a notebook, with its description where assistive technology finds it.

    The output carries the picture as an HTML image with an ``alt`` attribute, the form that JupyterLab, nbconvert
    and MyST-NB prefer and the only one whose description all three pass on; as PNG with ``alt`` in its metadata,
    for other readers of notebooks; and the description alone as text, for a terminal.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        One of this module's, or any other together with `alt_text`.
    alt_text : str, optional
        Replaces the figure's own description.

    Raises
    ------
    ValueError
        If there is no description.
    """
    from IPython.display import display  # notebooks have it; the rest of the library does not need it

    text = alt_text or getattr(figure, "alt_text", "")
    if not text:
        raise ValueError(must("alt_text", "describe a figure that does not describe itself", repr(text)))
    data, metadata = bundle(figure, text)
    display(data, metadata=metadata, raw=True)
