"""How a picture stands in a page: with its description, and in the light or the dark of the page around it."""

from __future__ import annotations

import base64
import html

# Light and dark change places and every hue stays, so that what could be told apart still can be, in grey too. White
# becomes the #121212 of JupyterLab's dark page. A page that drops the style shows the picture as it was drawn.
_STYLE = """<style>
:is(body[data-jp-theme-light="false"], body.vscode-dark, html[theme="dark"]) .mtl-figure {
  filter: invert(.93) hue-rotate(180deg);
}
</style>"""


def as_html(png: bytes, alt_text: str, width: str = "100%") -> str:
    """An image that carries its own data, for the output of a cell; it follows the theme without being drawn again.

    Parameters
    ----------
    png : bytes
        Drawn for a white page.
    alt_text : str
    width : str
        The most that it may take, as in CSS.

    Examples
    --------
    >>> as_html(b"...", "Two lines cross.").endswith('alt="Two lines cross." style="max-width:100%;height:auto">')
    True
    """
    data = base64.b64encode(png).decode("ascii")
    return (
        f'{_STYLE}\n<img class="mtl-figure" src="data:image/png;base64,{data}" alt="{html.escape(alt_text)}" '
        f'style="max-width:{width};height:auto">'
    )
