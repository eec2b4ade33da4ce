"""What the server leaves out of a notebook when it saves it."""

import copy

from mtl_teach.learn.progress import Progress
from mtl_teach.learn.workspace.places import PROGRESS
from mtl_teach.learn.workspace.saving import VIEW, before_saving

TWIN = {VIEW: {"model_id": "abc"}, "text/html": "<p>Predict</p>", "text/plain": "Predict"}
OF_THE_LEARNER = {VIEW: {"model_id": "def"}, "text/plain": "IntSlider()"}


def notebook(*outputs):
    cells = [
        {"cell_type": "markdown", "source": "A text"},
        {"cell_type": "code", "source": "", "outputs": list(outputs)},
    ]
    return {"type": "notebook", "content": {"cells": cells, "metadata": {}}}


def data(model):
    return [output.get("data") for output in model["content"]["cells"][1]["outputs"]]


def test_a_widget_that_says_the_same_as_html_is_saved_as_html():
    model = notebook({"output_type": "display_data", "data": dict(TWIN)})
    before_saving(model=model, path="a.ipynb", contents_manager=None)
    assert data(model) == [{"text/html": "<p>Predict</p>", "text/plain": "Predict"}]


def test_a_prediction_is_saved_with_the_guess_that_was_made(workspace):
    Progress(workspace / PROGRESS).record_prediction("safe", "Is it safe?", "no", "sure")
    twin = '<p data-guess="safe">How sure are you?</p>'
    for html in (twin, [twin[:9], twin[9:]]):  # as one text, or in lines
        model = notebook({"output_type": "display_data", "data": {"text/html": html}})
        before_saving(model)
        assert data(model) == [{"text/html": '<p data-guess="safe">Your guess: <em>no</em> (sure).</p>'}]


def test_other_outputs_stay_as_they_are():
    stream = {"output_type": "stream", "name": "stdout", "text": "1"}
    model = notebook({"output_type": "display_data", "data": OF_THE_LEARNER}, stream)
    before = copy.deepcopy(model)
    before_saving(model)
    assert model == before


def test_a_file_that_is_no_notebook_stays_as_it_is():
    model = {"type": "file", "format": "text", "content": "print(1)"}
    before_saving(model)
    assert model["content"] == "print(1)"
