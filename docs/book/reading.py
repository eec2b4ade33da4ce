"""What a page of the book lets its reader do: guess before the outcome is shown, and look up a word where it stands.

A Sphinx extension. What the pages do in the browser is in ``static/book.js``; without JavaScript a word is a link to
the glossary and an outcome a line to open.
"""

import base64
import html
import json
import re
from pathlib import Path

from docutils import nodes
from sphinx.errors import ExtensionError

from autograder.authoring.book_quick_tests import encoded
from autograder.marked import plain, rich
from mtl_teach.learn import glossary
from mtl_teach.learn.lesson.predict import HOW_SURE, said_of
from mtl_teach.learn.reviewing.summary import CONFIDENCE

GLOSSARY = "pages/glossary"
WITH_WORDS = re.compile(r"(?:\w+/)?(?:ps)?(\d\d)\w*")  # lessons, problem sets, quick tests, misconceptions
HERE = "here"  # stands for the glossary until it is known how a link begins
LINKED = re.compile(rf"\[([^\[\]]+)\]\({HERE}(?:#cell-id=([\w-]+))?\)")
LEGEND = re.compile(r"(?<=</strong> ).*?(?=</legend>)")
CODE = re.compile(r"(<code>.*?</code>)")

SHOWS = "What this cell shows"
ASKS = re.compile(r"^predict\(", re.MULTILINE)
TELLS = re.compile(r"""^\s*outcome\(["']([\w-]+)""", re.MULTILINE)
TESTS = re.compile(r"""^quiz\(["'](\d\d)["']\)""", re.MULTILINE)
ASKED = re.compile(r'data-prediction="([^"]+)"')
RUN_AGAIN = re.compile(r"<style>[^<]*</style>\s*<p[^>]*><strong>Run this cell to ([\w ]+)\.</strong>.*?</p>", re.DOTALL)
INSTEAD = {"explore": "In the notebook you choose what is shown; the table has every choice."}
PERCENT = re.compile(r"(?<=\d) %")
AS_WRITTEN = (nodes.literal, nodes.FixedTextElement, nodes.math)
STRONG = re.compile(r"\*\*(.+?)\*\*")
ESCAPED = re.compile(r"\\(&\w+;|[^\w\s])")


# ---- words -----------------------------------------------------------------------------------------------------


def link_words(app, docname, source):
    """Link each term of the glossary where a page first uses it; on the glossary's own page give it a place."""
    file = Path(app.srcdir) / f"{GLOSSARY}.md"
    app.env.note_dependency(str(file))
    terms = glossary.terms_of(file.read_text(encoding="utf-8"))
    if docname == GLOSSARY:
        source[0] = with_places(source[0], terms)
    elif found := WITH_WORDS.fullmatch(docname):
        link = Links(terms, "../" * docname.count("/"), int(found[1]))
        if app.env.doc2path(docname, base=False).suffix == ".ipynb":
            source[0] = link.notebook(source[0])
        else:
            source[0] = link.page(source[0])


def with_places(page, terms):
    """The glossary with an anchor in each row."""
    for term in terms:
        page = page.replace(f"| **{term.name}** |", f'| <span id="{term.cell}"></span>**{term.name}** |', 1)
    return page


class Links:
    """Links from the words of one page to the glossary, each with its meaning for the card that ``book.js`` shows.

    The meaning is in an attribute, so that neither the search nor a screen reader finds it in the middle of a sentence.
    """

    def __init__(self, terms, up, lesson):
        self._terms, self._up, self._lesson = terms, up, lesson
        self._by_place = {term.cell: term for term in terms}

    def notebook(self, text):
        data = json.loads(text)
        cells = [cell for cell in data["cells"] if cell["cell_type"] == "markdown"]
        for cell, linked in zip(cells, self._linked(["".join(cell["source"]) for cell in cells])):
            cell["source"] = linked
        return json.dumps(data)

    def page(self, text):
        """A page in Markdown; of a quick test's form the questions, since what stands in an option is to be chosen."""
        questions = [part for legend in LEGEND.findall(text) for part in CODE.split(legend)]
        linked, *parts = self._linked([text, *(part for part in questions if not CODE.fullmatch(part))])
        rest = iter(parts)

        def with_links(legend):
            return "".join(part if CODE.fullmatch(part) else next(rest) for part in CODE.split(legend[0]))

        return LEGEND.sub(with_links, linked)

    def _linked(self, texts):
        linked = glossary.linked(texts, self._terms, HERE, self._lesson)
        return [LINKED.sub(self._as_html, text) for text in linked]

    def _as_html(self, found):
        word, place = found[1], found[2]
        if place is None:
            return f"[{word}](/{GLOSSARY}.md)"
        term = self._by_place[place]
        name, meaning = map(_in_an_attribute, (term.name, term.meaning))
        link = f"{self._up}{GLOSSARY}.html#{place}"
        return f'<a class="term" href="{link}" data-term="{name}" data-meaning="{meaning}">{word}</a>'


def _in_an_attribute(text):
    """Markdown of the glossary as plain text, without what would end an attribute or the cell of a table."""
    return html.escape(plain(text.replace("\\", ""))).replace("|", "&#124;")


# ---- predictions -----------------------------------------------------------------------------------------------


def let_guess(app, doctree, docname):
    """Make forms of a lesson's predictions, fold what tells their outcome, and promise nothing a page cannot do."""
    waiting = []  # predictions whose outcome is still to come
    for cell in list(doctree.findall(_is_code_cell)):
        code = next(cell.findall(nodes.literal_block), None)
        source = code.astext() if code is not None else ""
        if found := TESTS.search(source):
            cell.children = [nodes.raw("", _to_quick_test(found[1], docname), format="html")]
        elif ASKS.search(source):
            waiting += _asked(cell, docname)
        elif waiting:
            _fold(cell, waiting)
            told = set(TELLS.findall(source))
            waiting = [name for name in waiting if name not in told]
    for twin in list(doctree.findall(_is_twin)):
        twin.replace_self(nodes.raw("", RUN_AGAIN.sub(_instead, twin.astext()), format="html"))


def _is_code_cell(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code"


def _is_twin(node):
    return isinstance(node, nodes.raw) and "mtl-twin" in node.astext()


def _instead(found):
    sentence = INSTEAD.get(found[1])
    return f"<p>{sentence}</p>" if sentence else ""


def _to_quick_test(number, docname):
    up = "../" * docname.count("/")
    return (
        f'<p><a class="reference internal" href="{up}quick_tests/{number}.html">Take quick test {number} here</a>.</p>'
    )


def _asked(cell, docname):
    """Put a form in the place of a prediction's cell, whose code names the answer; return the prediction's name."""
    twin = next((node for node in cell.findall(_is_twin)), None)
    if twin is None:
        return []  # the lessons were not run
    found = ASKED.search(twin.astext())
    if found is None:
        raise ExtensionError(f"{docname} was run by an older course: run it again with `mtl-grade site --again`.")
    asked = json.loads(base64.b64decode(found[1]))
    cell.children = [nodes.raw("", form(**asked), format="html")]
    return [asked["name"]]


def form(name, question, options, answer):
    """A prediction as a form; what is said of each guess travels encoded, as a quick test's answers do."""
    said = [[_as_html(said_of(plain(option), answer, sure)) for sure in CONFIDENCE] for option in options]
    return (
        f'<form class="prediction" data-prediction="{name}" data-said="{encoded(said)}" novalidate>'
        f"{_group('guess', f'<strong>Predict:</strong> {rich(question)}', map(rich, options))}"
        f"{_group('sure', HOW_SURE, CONFIDENCE)}"
        '<p class="buttons"><button type="submit" hidden>Commit my guess</button> '
        '<button type="button" hidden>Forget my guess</button></p><p class="told" role="status"></p></form>'
    )


def _group(name, legend, labels):
    options = "".join(
        f'<label><input type="radio" name="{name}" value="{index}"> <span>{label}</span></label>'
        for index, label in enumerate(labels)
    )
    return f'<fieldset name="{name}"><legend>{legend}</legend>{options}</fieldset>'


def _as_html(sentence):
    return ESCAPED.sub(r"\1", STRONG.sub(r"<strong>\1</strong>", rich(sentence)))


def _fold(cell, waiting):
    """Fold what a cell shows until the guesses that it would give away are made."""
    names = html.escape(" ".join(waiting))
    for output in list(cell.findall(_is_output)):
        before = f'<details class="outcome" data-after="{names}"><summary>{SHOWS}</summary>'
        output.insert(0, nodes.raw("", before, format="html"))
        output.append(nodes.raw("", "</details>", format="html"))


def _is_output(node):
    return isinstance(node, nodes.container) and node.get("nb_element") == "cell_code_output"


# ---- numbers ---------------------------------------------------------------------------------------------------


def keep_together(app, doctree, docname):
    """A number and its percent sign stay on one line; code is as it was written."""
    for text in list(doctree.findall(nodes.Text)):
        is_html = isinstance(text.parent, nodes.raw) and text.parent.get("format") == "html"
        if is_html or not isinstance(text.parent, AS_WRITTEN):
            together = PERCENT.sub("\u00a0%", text.astext())
            if together != text.astext():
                text.parent.replace(text, nodes.Text(together))


def setup(app):
    app.connect("source-read", link_words)
    app.connect("doctree-resolved", let_guess)
    app.connect("doctree-resolved", keep_together, priority=600)  # after the forms are there
    return {"parallel_read_safe": True, "parallel_write_safe": True}
