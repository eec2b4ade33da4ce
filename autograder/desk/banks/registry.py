"""The one list of formats. A new format is its module and a line here."""

from __future__ import annotations

from autograder.desk.banks.blackboard_text import BlackboardText
from autograder.desk.banks.form import Form
from autograder.desk.banks.gift import Gift
from autograder.desk.banks.moodle_xml import MoodleXml
from autograder.desk.banks.qti import Qti
from autograder.results import UsageError

FORMS: tuple[Form, ...] = (MoodleXml(), Gift(), Qti(), BlackboardText())
FORMATS = tuple(form.name for form in FORMS)


def form_of(name: str) -> Form:
    """The format that ``--format`` names.

    Raises
    ------
    UsageError
        If there is none of this name.
    """
    found = next((form for form in FORMS if form.name == name), None)
    if found is None:
        raise UsageError(f"--format must be one of {', '.join(FORMATS)}; got {name!r}.")
    return found
