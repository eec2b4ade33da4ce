"""The way into the browser edition from elsewhere."""

from urllib.parse import parse_qs, urlsplit

from autograder.authoring.lite import links


def test_an_address_names_the_notebook_and_the_cell_that_it_opens_at():
    parts = urlsplit(links.address("exercises/ps02_a/ps02_a.ipynb", "about-mean_loss"))
    assert parts.path == "notebooks/index.html"
    assert parse_qs(parts.query) == {"path": ["exercises/ps02_a/ps02_a.ipynb"]}
    assert parts.fragment == "cell-id=about-mean_loss"
