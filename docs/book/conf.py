"""The web book: Sphinx with MyST-NB, which keeps each figure's alt text. `make site` runs the lessons and builds it.

Its pages ask no other host for anything: mathematics is MathML made here, and fonts and icons are the theme's own.
"""

import base64
import binascii
import hashlib
import re
import sys
from pathlib import Path

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util import logging

sys.path.insert(0, str(Path(__file__).parent))
logger = logging.getLogger(__name__)
project = "mtl-teach"
copyright = "2026, the mtl-teach maintainers. Text under CC BY 4.0, code under MIT"
extensions = ["myst_nb", "sphinx_copybutton", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "reading"]
default_role = "py:obj"  # single backticks in a docstring: a link where the name has a place in the reference
autodoc_typehints = "none"  # the docstring says types in words, with shapes
autodoc_preserve_defaults = True
napoleon_google_docstring = False
napoleon_custom_sections = [("Attributes", "params_style")]
napoleon_use_param = False  # a type is words with shapes, no name to look up
napoleon_use_rtype = False
python_use_unqualified_type_names = True
root_doc = "index"
smartquotes = False  # our text has its quotes, and what stands in a docstring is code
myst_enable_extensions = ["dollarmath", "amsmath", "colon_fence", "attrs_inline"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # lessons come with their outputs
nb_ipywidgets_js = {}  # a widget's HTML twin needs no kernel
nb_mime_priority_overrides = [("html", "application/vnd.jupyter.widget-view+json", None)]
suppress_warnings = ["mystnb.unknown_mime_type"]  # a widget without a twin
exclude_patterns = ["**.ipynb_checkpoints", "jupyter_execute", "parts/*"]
html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "Multi-task and multi-objective learning"
html_static_path = ["static"]
html_css_files = ["book.css"]
html_js_files = [("book.js", {"defer": "defer"})]
html_copy_source = False
toc_object_entries_show_parents = "hide"  # the page says where they are
html_use_index = html_domain_indices = False  # the search finds every name
html_sidebars = {"index": []}
html_theme_options = {
    "logo": {"text": "mtl-teach"},
    "navigation_with_keys": False,
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "use_edit_page_button": False,
    "pygments_dark_style": "a11y-dark",
    "footer_start": ["copyright"],
    "footer_end": [],
}
copybutton_exclude = ".linenos, .gp, .go"

THIN = '<mspace width="0.17em"/>'  # around the name of a function, as in 2 log 3
UNKNOWN = re.compile(r">(\\\w*|&)<")  # what the converter leaves as it was written
BIG = re.compile(r"\\[bB]igg?[lr]\b")  # in MathML a bracket grows by itself
EMBEDDED = re.compile(r'<img\b([^>]*?)\bsrc="data:image/(png|jpeg);base64,([^"]+)"')
WIDGETS = "application/vnd.jupyter.widget-state+json"
IMPORTED = re.compile(r"^from ((?:mtl_teach|autograder)[\w.]*) import (?:\(([^)]+)\)|(.+))$", re.MULTILINE)
IMAGE = re.compile(r"<img\b(?![^>]*\bloading=)")


def mathml(latex: str, block: bool) -> str:
    """A formula as MathML, which every browser draws and reads aloud by itself."""
    latex = BIG.sub("", latex)
    made = convert(latex, display="block" if block else "inline")
    if UNKNOWN.search(made):
        logger.warning("No MathML is known for %s", latex)
    made = re.sub(r"(?<=</m[in]>)(?=<mi>[a-z]{2,}</mi>)", THIN, made)
    return re.sub(r"(<mi>[a-z]{2,}</mi>)(?=<m[in]>)", rf"\1{THIN}", made)


def visit_math(self, node):
    self.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def visit_math_block(self, node):
    """A long one is scrolled on a phone, by keyboard too."""
    formula = mathml(node.astext(), block=True)
    self.body.append(f'<div class="formula" tabindex="0" role="group" aria-label="Formula">{formula}</div>')
    raise nodes.SkipNode


def lighten(app, pagename, templatename, context, doctree):
    """Figures become files that wait until they are looked at, and what widgets left for a kernel goes."""
    if "body" not in context or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_images"

    def as_file(found):
        try:
            data = base64.b64decode(found[3])
        except binascii.Error:
            return found[0]
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{found[2]}"
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(data)
        return f'<img{found[1]}src="{context["pathto"](f"_images/{name}", resource=True)}"'

    context["script_files"][:] = [one for one in context["script_files"] if one.attributes.get("type") != WIDGETS]
    context["body"] = IMAGE.sub('<img loading="lazy"', EMBEDDED.sub(as_file, context["body"]))


def lead_to_the_reference(app, doctree, docname):
    """Where a lesson's text first names something that the lesson imports from the library, it is a link."""
    code = "\n".join(block.astext() for block in doctree.findall(nodes.literal_block))
    waiting = {
        name: f"{module}.{name}"
        for module, *listed in IMPORTED.findall(code)
        for name in re.findall(r"\w+", "".join(listed))
    }
    objects = app.env.domains["py"].objects
    for literal in list(doctree.findall(nodes.literal)):
        name = literal.astext().removesuffix("()")
        full = waiting.get(name)
        if full not in objects or isinstance(literal.parent, (nodes.title, nodes.reference)):
            continue
        del waiting[name]
        place = app.builder.get_relative_uri(docname, objects[full].docname)
        link = nodes.reference(internal=True, refuri=f"{place}#{objects[full].node_id}", reftitle=full)
        literal.replace_self(link)
        link += literal


def setup(app):
    app.connect("doctree-resolved", lead_to_the_reference)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    app.connect("html-page-context", lighten, priority=900)  # after MyST-NB, which adds the widgets' state
    return {"parallel_read_safe": True, "parallel_write_safe": True}  # a figure's file is named by its content
