"""What each platform takes from a file of questions, written from its own rules and from nothing of ours.

Every reader gives the quick tests in order: (title, questions), a question as a dict of what the platform would keep.
Text that a platform shows as HTML comes back as a list of (kind, text).
"""

import io
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

# ---- HTML as a browser with MathJax shows it ---------------------------------------------------------------------


class Shown(HTMLParser):
    """Runs of plain text, code, emphasis and formulas; a formula lies between two tags."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.inside, self.runs = [], []

    def handle_starttag(self, tag, attributes):
        assert tag in ("code", "em", "br", "span"), f"a tag out of nowhere: {tag}"
        assert not attributes
        if tag == "br":
            self.add(self.kind, "\n")
        else:
            self.inside.append(tag)

    def handle_endtag(self, tag):
        assert self.inside.pop() == tag

    @property
    def kind(self):
        kinds = {"code": "code", "em": "emphasis"}
        return next((kinds[tag] for tag in self.inside if tag in kinds), "plain")

    def add(self, kind, text):
        if kind != "formula" and self.runs and self.runs[-1][0] == kind:
            self.runs[-1] = (kind, self.runs[-1][1] + text)
        elif text:
            self.runs.append((kind, text))

    def handle_data(self, data):
        if self.kind == "code":  # MathJax does not look into code
            self.add("code", data)
            return
        assert "$$" not in data
        assert r"\[" not in data
        for at, part in enumerate(re.split(r"\\\((.*?)\\\)", data, flags=re.DOTALL)):
            self.add("formula" if at % 2 else self.kind, part)


def shown(html):
    reader = Shown()
    reader.feed(html)
    reader.close()
    assert not reader.inside
    return reader.runs


# ---- Moodle ------------------------------------------------------------------------------------------------------


def php_trim(text):
    return text.strip(" \t\n\r\0\x0b")


def moodle_title(path):
    """The last part of a category's path, in which two slashes are one of the name."""
    return re.split(r"(?<!/)/(?!/)", path)[-1].replace("//", "/")


def from_moodle_xml(data):
    """question/format/xml: every text is a `text` element, trimmed; 100 is the right fraction."""
    quizzes = []
    for question in ElementTree.fromstring(data):
        assert question.tag == "question"
        if question.get("type") == "category":
            quizzes.append((moodle_title(php_trim(question.findtext("category/text"))), []))
            continue
        assert question.get("type") == "multichoice"
        assert question.findtext("single") == "true"
        answers = [
            (xml_text(answer), float(answer.get("fraction")) == 100, xml_text(answer.find("feedback")))
            for answer in question.findall("answer")
        ]
        quizzes[-1][1].append(
            {
                "name": php_trim(question.findtext("name/text")),
                "text": xml_text(question.find("questiontext")),
                "answers": answers,
                "explanation": xml_text(question.find("generalfeedback")),
                "tags": [tag.findtext("text") for tag in question.findall("tags/tag")],
            }
        )
    return quizzes


def xml_text(element):
    assert element.get("format") == "html"
    return shown(php_trim(element.findtext("text")))


HELD = {":": "&&058;", "#": "&&035;", "=": "&&061;", "{": "&&123;", "}": "&&125;", "~": "&&126;", "n": "&&010"}


def gift_held(text):
    """Escaped signs are held by place-holders while the rest is read; the backslash comes back at once."""
    text = text.replace("\\\\", "&&092;")
    for sign, holder in HELD.items():
        text = text.replace("\\" + sign, holder)
    return text.replace("&&092;", "\\")


def gift_back(text):
    for sign, holder in HELD.items():
        text = text.replace(holder, "\n" if sign == "n" else sign)
    return text


def gift_text(text):
    assert php_trim(text).startswith("[html]"), text
    return shown(php_trim(gift_back(php_trim(text)[len("[html]") :])))


def from_gift(data):
    """question/format/gift: blocks of lines; the first braces hold the answers, `####` the last text in them."""
    quizzes = []
    for block in re.split(r"\n\s*\n", data.decode().replace("\r\n", "\n")):
        lines = block.split("\n")
        comments = [line for line in lines if line.strip().startswith("//")]
        text = php_trim("\n".join(" " if line in comments else line for line in lines))
        if not text:
            continue
        text = gift_held(text)
        if text.startswith("$CATEGORY:"):
            quizzes.append((moodle_title(php_trim(text[len("$CATEGORY:") :])), []))
            continue
        assert text.startswith("::")
        name, _, text = text[2:].partition("::")
        begin, end = text.index("{"), text.index("}")
        assert end == len(text) - 1, "a question with a gap in it"
        inside = php_trim(text[begin + 1 : end])
        answers, separator, explanation = inside.rpartition("####")
        assert separator
        assert inside[0] != "#", "a number as the answer"
        assert "~" in answers
        assert "=" in answers
        found = []
        for answer in filter(php_trim, answers.replace("=", "~=").split("~")):
            answer = php_trim(answer)
            right = answer.startswith("=")
            assert right or not re.match(r"%-*[0-9]{1,2}\.?[0-9]*%", answer), "a weight"
            told, _, feedback = answer.removeprefix("=").partition("#")
            found.append((gift_text(told), right, gift_text(feedback)))
        quizzes[-1][1].append(
            {
                "name": php_trim(gift_back(name)),
                "text": gift_text(text[:begin]),
                "answers": found,
                "explanation": gift_text(explanation),
                "tags": re.findall(r"\[tag:([^][<>`]+)\]", "".join(comments)),
            }
        )
    return quizzes


# ---- Canvas ------------------------------------------------------------------------------------------------------

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
PACKAGE = "{http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1}"
CANVAS = "{http://canvas.instructure.com/xsd/cccv1p0}"


def qti_files(data):
    """The manifest's assessments in order, each with its settings, after every reference was followed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    manifest = ElementTree.fromstring(files.pop("imsmanifest.xml"))
    resources = {resource.get("identifier"): resource for resource in manifest.iter(f"{PACKAGE}resource")}
    found = []
    for resource in resources.values():
        if resource.get("type") == "imsqti_xmlv1p2":
            settings = resources[resource.find(f"{PACKAGE}dependency").get("identifierref")]
            pair = [files.pop(one.find(f"{PACKAGE}file").get("href")) for one in (resource, settings)]
            found.append([ElementTree.fromstring(file) for file in pair])
    assert not files, "files that the manifest does not name"
    return found


def from_qti(data):
    """Canvas's reading of QTI 1.2: labels by ident, the score and the feedback by the conditions on them."""
    quizzes, idents = [], []
    for assessment, settings in qti_files(data):
        root = assessment.find(f"{QTI}assessment")
        assert settings.findtext(f"{CANVAS}title") == root.get("title")
        assert settings.get("identifier") == root.get("ident")
        idents.append(root.get("ident"))
        questions = []
        for item in root.iter(f"{QTI}item"):
            idents.append(item.get("ident"))
            fields = {
                field.findtext(f"{QTI}fieldlabel"): field.findtext(f"{QTI}fieldentry")
                for field in item.iter(f"{QTI}qtimetadatafield")
            }
            assert fields["question_type"] == "multiple_choice_question"
            assert float(fields["points_possible"]) == 1
            labels = {label.get("ident"): qti_text(label) for label in item.iter(f"{QTI}response_label")}
            assert fields["original_answer_ids"].split(",") == list(labels)
            texts = {one.get("ident"): qti_text(one) for one in item.iter(f"{QTI}itemfeedback")}
            right, told = set(), {}
            for condition in item.iter(f"{QTI}respcondition"):
                chosen = condition.findtext(f"{QTI}conditionvar/{QTI}varequal")
                if condition.find(f"{QTI}setvar") is not None:
                    assert condition.findtext(f"{QTI}setvar") == "100"
                    right.add(chosen)
                for shows in condition.iter(f"{QTI}displayfeedback"):
                    told[chosen] = texts[shows.get("linkrefid")]
            assert right <= set(labels)
            question = {
                "name": item.get("title"),
                "text": qti_text(item.find(f"{QTI}presentation")),
                "answers": [(text, ident in right, told[ident]) for ident, text in labels.items()],
                "explanation": told[None],
            }
            idents += labels
            questions.append(question)
        quizzes.append((root.get("title"), questions))
    assert len(set(idents)) == len(idents)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", ident) for ident in idents)
    return quizzes


def qti_text(element):
    found = element.find(f".//{QTI}mattext")
    assert found.get("texttype") == "text/html"
    return shown(found.text.strip())


# ---- Blackboard --------------------------------------------------------------------------------------------------


def from_blackboard(data):
    """Lines of fields between tabs, no heading, no empty line; a quiz of all of them, without a title."""
    lines = re.split(r"\r\n|\r|\n", data.decode())
    assert lines.pop() == ""
    questions = []
    for line in lines:
        kind, text, *answers = line.split("\t")
        assert kind == "MC"
        assert text.strip()
        assert len(answers) % 2 == 0
        assert set(answers[1::2]) == {"correct", "incorrect"}
        pairs = [(answer, said == "correct") for answer, said in zip(answers[::2], answers[1::2])]
        questions.append({"text": text, "answers": pairs})
    return [("", questions)]
