"""The keyboard's focus goes to a widget of ours whenever it comes to be drawn, once for each wish of the kernel."""

import json

import pytest

from mtl_teach.learn.lesson import choice, sortable
from mtl_teach.learn.lesson.widget_base import script

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# As much of a front end's model as a widget's script asks for.
MODEL = """state => {
  const heard = {};
  return {
    get: (name) => state[name],
    set: (name, value) => { state[name] = value; },
    save_changes: () => {},
    send: () => {},
    on: (names, call) => names.split(" ").forEach((name) => { (heard[name] ??= []).push(call); }),
    tell: (name, value) => { state[name] = value; (heard[`change:${name}`] ?? []).forEach((call) => call()); },
  };
}"""
CHOICE = {"name": "Which?", "labels": ["this", "that"], "index": None, "menu": False, "disabled": False, "heard": 0}
LINES = {"title": "Order", "lines": ["a", "b"], "inside": [0, 1], "outside": [], "before": "", "after": "", "said": "",
         "done": False, "heard": 0, "answered": 0}  # fmt: skip
WIDGETS = [(choice, CHOICE), (sortable, LINES)]


@pytest.fixture(params=WIDGETS, ids=["choice", "sortable"])
def drawn(request, page):
    """A page on which a widget can be drawn, from a model that the page keeps; another thing has the focus."""
    module, state = request.param
    page.set_content("<button id='other'>Other</button><div id='here'></div>")
    page.evaluate(
        """async ([code, model, state]) => {
          const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
          const { render } = (await import(address)).default;
          window.model = eval(model)({ focus_wanted: 0, focus_given: 0, ...JSON.parse(state) });
          window.draw = () => {
            const el = document.createElement("div");
            return [el, render({ model: window.model, el })];
          };
          document.querySelector("#other").focus();
        }""",
        [script(module.__file__), MODEL, json.dumps(state)],
    )
    return page


def inside(page):
    return page.evaluate("() => document.querySelector('#here').contains(document.activeElement)")


def settled(page):
    """Give the page time for whatever it waits for before it draws."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_what_is_wanted_before_it_is_drawn_and_long_before_it_is_shown_is_given_then(drawn):
    drawn.evaluate("() => { window.model.tell('focus_wanted', 1); [window.el] = window.draw(); }")
    drawn.evaluate("() => new Promise((done) => setTimeout(done, 1500))")  # a busy machine
    assert not inside(drawn)
    drawn.evaluate("() => document.querySelector('#here').append(window.el)")
    settled(drawn)
    assert inside(drawn)


def test_what_is_wanted_once_it_is_shown_is_given_each_time_and_not_when_it_is_drawn_anew(drawn):
    drawn.evaluate("() => { [window.el] = window.draw(); document.querySelector('#here').append(window.el); }")
    settled(drawn)
    assert not inside(drawn)
    for wish in (1, 2):
        drawn.evaluate("wish => window.model.tell('focus_wanted', wish)", wish)
        assert inside(drawn)
        drawn.locator("#other").focus()
    drawn.evaluate("() => document.querySelector('#here').replaceChildren(window.draw()[0])")
    settled(drawn)
    assert not inside(drawn)


def test_what_is_gone_before_it_was_shown_takes_nothing(drawn):
    drawn.evaluate(
        "() => { window.model.tell('focus_wanted', 1); const [el, leave] = window.draw(); window.el = el; leave(); }"
    )
    drawn.evaluate("() => document.querySelector('#here').append(window.el)")
    settled(drawn)
    assert not inside(drawn)
