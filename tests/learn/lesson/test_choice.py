"""A choice: what the browser's part is told, and what it may say back."""

import re

import pytest
import traitlets

from mtl_teach.learn.lesson import choice
from mtl_teach.learn.lesson.choice import choice_of
from mtl_teach.learn.lesson.widget_base import script


def test_a_choice_has_its_name_its_options_and_nothing_chosen():
    one = choice_of("<b>Which?</b>", ("this", "that"))
    assert (one.name, one.labels, one.index) == ("<b>Which?</b>", ["this", "that"], None)
    assert (one.menu, one.disabled) == (False, False)
    menu = choice_of("n", ["1", "2"], index=1, menu=True)
    assert (menu.index, menu.menu) == (1, True)


def test_what_is_chosen_can_be_observed_and_is_a_place():
    seen, one = [], choice_of("Which?", ["this", "that"])
    one.observe(lambda change: seen.append(change["new"]), "index")
    one._handle_custom_msg({"index": 1, "sent": 5}, [])  # as the browser says it
    assert (seen, one.heard) == ([1], 5)
    one._handle_custom_msg({"index": 0, "sent": 4}, [])  # an earlier one, which took longer
    assert (one.index, one.heard) == (1, 5)
    with pytest.raises(traitlets.TraitError):
        one.index = "that"


def test_the_browsers_part_reads_what_is_synchronised():
    one = choice_of("Which?", ["this", "that"])
    code = script(choice.__file__)
    read = set(re.findall(r'model\.get\("(\w+)"\)', code))
    assert read == {"name", "labels", "index", "menu", "disabled", "heard", "focus_wanted", "focus_given"}
    assert read <= set(one.keys)
    assert one._esm == code
