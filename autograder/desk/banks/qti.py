"""QTI 1.2 as Canvas writes and reads it: a zip with a manifest and an assessment a quick test."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from autograder.desk.banks.form import Form
from autograder.desk.banks.item import Bank, Item
from autograder.desk.banks.markup import html
from autograder.quizzes.bank import LETTERS

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same banks, the same bytes
_SCHEMA = {"xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"}
_QTI = {
    "xmlns": "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
    **_SCHEMA,
    "xsi:schemaLocation": (
        "http://www.imsglobal.org/xsd/ims_qtiasiv1p2 http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1.xsd"
    ),
}
_PACKAGE = {
    "xmlns": "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1",
    **_SCHEMA,
    "xsi:schemaLocation": (
        "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1 http://www.imsglobal.org/xsd/imscp_v1p1.xsd"
    ),
}
_CANVAS = {
    "xmlns": "http://canvas.instructure.com/xsd/cccv1p0",
    **_SCHEMA,
    "xsi:schemaLocation": ("http://canvas.instructure.com/xsd/cccv1p0 https://canvas.instructure.com/xsd/cccv1p0.xsd"),
}


class Qti(Form):
    """Read by Canvas, Brightspace, Sakai and others."""

    name = "qti"
    suffix = "-qti.zip"
    way_in = (
        "Canvas: Settings > Import Course Content > QTI .zip file. Brightspace: Course Tools > Import/Export/Copy. New "
        "Quizzes' own Import takes one quick test at a time."
    )
    lacks = "QTI files of Canvas have no place for tags."

    def data(self, banks: Sequence[Bank]) -> bytes:
        """The zip; every text is HTML."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, root in _files(banks):
                ElementTree.indent(root)
                text = ElementTree.tostring(root, encoding="unicode")
                file = f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'
                archive.writestr(zipfile.ZipInfo(path, _EPOCH), file, zipfile.ZIP_DEFLATED)
        return packed.getvalue()


def _files(banks: Sequence[Bank]) -> Iterator[tuple[str, Element]]:
    names = {_identifier(bank): bank for bank in banks}
    yield "imsmanifest.xml", _manifest(list(names))
    for name, bank in names.items():
        yield f"{name}/assessment_meta.xml", _settings(name, bank)
        yield f"{name}/{name}.xml", _assessment(name, bank)


def _identifier(bank: Bank) -> str:
    """A name that is another one when anything in it is: Canvas writes over what it has imported under one before."""
    return f"mtl_{bank.name}_{hashlib.sha256(repr(bank).encode()).hexdigest()[:12]}"


def _manifest(names: Sequence[str]) -> Element:
    all_of_it = hashlib.sha256(" ".join(names).encode()).hexdigest()[:12]
    root = Element("manifest", {"identifier": f"mtl_manifest_{all_of_it}", **_PACKAGE})
    about = SubElement(root, "metadata")
    SubElement(about, "schema").text = "IMS Content"
    SubElement(about, "schemaversion").text = "1.1.3"
    SubElement(root, "organizations")
    resources = SubElement(root, "resources")
    for name in names:
        resource = SubElement(resources, "resource", identifier=name, type="imsqti_xmlv1p2")
        SubElement(resource, "file", href=f"{name}/{name}.xml")
        SubElement(resource, "dependency", identifierref=f"{name}_settings")
        settings = f"{name}/assessment_meta.xml"
        kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
        resource = SubElement(resources, "resource", identifier=f"{name}_settings", type=kind, href=settings)
        SubElement(resource, "file", href=settings)
    return root


def _settings(name: str, bank: Bank) -> Element:
    """Canvas's own part: nothing but what is not its default."""
    root = Element("quiz", {"identifier": name, **_CANVAS})
    values = {
        "title": bank.title,
        "shuffle_answers": "true",
        "scoring_policy": "keep_highest",
        "quiz_type": "assignment",
        "points_possible": f"{len(bank.items):.1f}",
        "show_correct_answers": "true",
        "allowed_attempts": "1",
        "available": "false",
    }
    for key, value in values.items():
        SubElement(root, key).text = value
    return root


def _assessment(name: str, bank: Bank) -> Element:
    root = Element("questestinterop", _QTI)
    assessment = SubElement(root, "assessment", ident=name, title=bank.title)
    _fields(SubElement(assessment, "qtimetadata"), {"cc_maxattempts": "1"})
    section = SubElement(assessment, "section", ident="root_section")
    for place, item in enumerate(bank.items, 1):
        ident = f"{name}_{place}"
        _item(SubElement(section, "item", ident=ident, title=item.name), ident, item)
    return root


def _item(root: Element, ident: str, item: Item) -> None:
    choices = {f"{ident}_{letter}": choice for letter, choice in zip(LETTERS, item.choices)}
    about = SubElement(SubElement(root, "itemmetadata"), "qtimetadata")
    fields = {
        "question_type": "multiple_choice_question",
        "points_possible": "1",
        "original_answer_ids": ",".join(choices),
        "assessment_question_identifierref": f"{ident}_ref",
    }
    _fields(about, fields)
    presentation = SubElement(root, "presentation")
    _material(presentation, item.text)
    response = SubElement(presentation, "response_lid", ident="response1", rcardinality="Single")
    rendered = SubElement(response, "render_choice")
    for key, choice in choices.items():
        _material(SubElement(rendered, "response_label", ident=key), choice.text)
    processing = SubElement(root, "resprocessing")
    score = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    SubElement(SubElement(processing, "outcomes"), "decvar", score)
    _feedback_if(processing, "general_fb")
    for key in choices:
        _feedback_if(processing, f"{key}_fb", key)
    right = next(key for key, choice in choices.items() if choice.right)
    condition = _condition(processing, "No", right)
    SubElement(condition, "setvar", action="Set", varname="SCORE").text = "100"
    texts = {"general_fb": item.explanation, **{f"{key}_fb": choice.feedback for key, choice in choices.items()}}
    for key, text in texts.items():
        _material(SubElement(SubElement(root, "itemfeedback", ident=key), "flow_mat"), text)


def _fields(parent: Element, values: dict[str, str]) -> None:
    for label, entry in values.items():
        field = SubElement(parent, "qtimetadatafield")
        SubElement(field, "fieldlabel").text = label
        SubElement(field, "fieldentry").text = entry


def _material(parent: Element, text: str) -> None:
    SubElement(SubElement(parent, "material"), "mattext", texttype="text/html").text = html(text)


def _condition(parent: Element, goes_on: str, chosen: str) -> Element:
    """Holds if this option was chosen, whatever was chosen if none is named."""
    condition = SubElement(parent, "respcondition", {"continue": goes_on})
    variable = SubElement(condition, "conditionvar")
    if chosen:
        SubElement(variable, "varequal", respident="response1").text = chosen
    else:
        SubElement(variable, "other")
    return condition


def _feedback_if(parent: Element, text: str, chosen: str = "") -> None:
    condition = _condition(parent, "Yes", chosen)
    SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=text)
