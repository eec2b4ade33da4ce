"""The widgets of our own: when a page hears of them, with what, and how often they want the focus."""

import ipywidgets

from mtl_teach.learn.lesson.choice import choice_of


def test_a_page_hears_of_it_when_it_is_shown_with_all_that_was_set_until_then(opened):
    one = choice_of("", [])
    one.name, one.labels = "Which?", ["this", "that"]
    one.focus()
    assert opened() == []
    box = ipywidgets.VBox([one])
    (heard,) = opened()
    assert (heard["name"], heard["labels"], heard["focus_wanted"]) == ("Which?", ["this", "that"], 1)
    assert box.get_state()["children"] == [f"IPY_MODEL_{one.model_id}"]
    assert len(opened()) == 1


def test_each_wish_for_the_focus_counts():
    one = choice_of("Which?", ["this", "that"])
    for wish in (1, 2):
        one.focus()
        assert (one.focus_wanted, one.focus_given) == (wish, 0)
