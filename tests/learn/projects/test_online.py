"""An optional data set is loaded where the network allows, and its absence is said."""

from http.client import IncompleteRead
from urllib.error import URLError

import pytest

from mtl_teach.learn.projects.online import load_online


def test_what_was_fetched_comes_back(capsys):
    assert load_online("Houses", lambda: "rows") == "rows"
    assert capsys.readouterr().out == "Houses is loaded.\n"


@pytest.mark.parametrize(
    "error", [URLError("no route"), TimeoutError("slow"), IncompleteRead(b""), PermissionError("home")]
)
def test_without_a_network_the_project_goes_on_and_says_so(error, capsys):
    def fetch():
        raise error

    assert load_online("Houses", fetch) is None
    kind = type(error).__name__
    assert capsys.readouterr().out == (
        f"Houses could not be loaded ({kind}: {error}). The project goes on without it.\n"
    )


def test_a_mistake_in_the_code_that_fetches_is_no_missing_network():
    with pytest.raises(ZeroDivisionError):
        load_online("Houses", lambda: 1 / 0)


def test_nothing_is_fetched_that_nobody_wanted(capsys):
    assert load_online("Houses", lambda: 1 / 0, wanted=False) is None
    assert capsys.readouterr().out == "Houses is not loaded: set WANT_ONLINE = True to download it.\n"
