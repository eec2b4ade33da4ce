"""Real data by name: read whole, fetched once, and refused where it is not what was published."""

import functools
import hashlib
import http.server
import re
import threading
from dataclasses import replace

import numpy as np
import pytest
import requests

from mtl_teach.data import REAL_SETS, available_real_sets, load_email_experiment, load_real, real

ARFF = """@RELATION 'made up: -C -2'

@attribute 'Land use=1' numeric
@attribute depth\tnumeric
@attribute Cd numeric
@attribute Co numeric
@attribute Cu numeric

@data
1,2.5,0.1,9,20
0,-3,0.2,8e1,30
"""
EMAILS = """recency,history_segment,history,mens,womens,zip_code,newbie,channel,segment,visit,conversion,spend
10,2) $100 - $200,142.44,1,0,Surburban,0,Phone,Womens E-Mail,0,0,0
6,3) $200 - $350,329.08,0,1,Rural,1,Web,No E-Mail,1,1,49.95
1,1) $0 - $100,29.99,0,1,Urban,1,Multichannel,Mens E-Mail,1,0,0
"""


@pytest.fixture
def published(monkeypatch, tmp_path):
    """Publish texts under the names of real sets; gives back the folder in which their files lie."""
    folder = tmp_path / "published"
    folder.mkdir()
    known = {}
    for name, text in {"jura": ARFF, "hillstrom": EMAILS}.items():
        source = REAL_SETS[name]
        (folder / source.file).write_text(text, encoding="utf-8")
        known[name] = replace(source, sha256=hashlib.sha256(text.encode()).hexdigest())
    monkeypatch.setattr(real, "REAL_SETS", known)
    monkeypatch.setenv("MTL_DATA", str(folder))
    return folder


def test_the_last_columns_of_a_table_are_its_labels(published):
    soil = load_real("jura")
    np.testing.assert_array_equal(soil.X, [[1.0, 2.5], [0.0, -3.0]])
    np.testing.assert_array_equal(soil.y, [[0.1, 9.0, 20.0], [0.2, 80.0, 30.0]])
    assert soil.mask.all()
    assert (soil.feature_names, soil.task_names) == (("Land use=1", "depth"), ("Cd", "Co", "Cu"))
    assert (soil.name, soil.task_units) == ("jura", ("mg/kg",) * 3)
    assert soil.take([1]).y.tolist() == [[0.2, 80.0, 30.0]]


def test_the_words_of_the_email_experiment_become_columns(published):
    emails = load_email_experiment()
    columns = dict(zip(emails.feature_names, emails.X.T.tolist()))
    assert columns == {
        "recency": [10.0, 6.0, 1.0],
        "history": [142.44, 329.08, 29.99],
        "mens": [1.0, 0.0, 0.0],
        "womens": [0.0, 1.0, 1.0],
        "newbie": [0.0, 1.0, 1.0],
        "Urban": [0.0, 0.0, 1.0],
        "Rural": [0.0, 1.0, 0.0],
        "Web": [0.0, 1.0, 0.0],
        "Multichannel": [0.0, 0.0, 1.0],
    }
    assert emails.y.tolist() == [[0.0, 0.0, 0.0], [1.0, 1.0, 49.95], [1.0, 0.0, 0.0]]
    assert emails.treatment.tolist() == ["Womens E-Mail", "No E-Mail", "Mens E-Mail"]
    assert emails.take([0]).treatment.tolist() == ["Womens E-Mail"]


def test_a_file_that_was_changed_is_not_read(published):
    (published / "jura.arff").write_text(ARFF.replace("2.5", "2.6"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"`MTL_DATA` must hold the jura\.arff with the sha256 .*…; got .*… in "):
        load_real("jura")


def test_a_folder_without_the_file_is_named(published, monkeypatch):
    monkeypatch.setenv("MTL_DATA", str(published.parent))
    with pytest.raises(FileNotFoundError, match=r"`MTL_DATA` must be a folder with the file hillstrom\.csv; got "):
        load_email_experiment()


@pytest.mark.parametrize("name", ["hillstrom", "iris", 3])
def test_an_unknown_name_lists_the_known_ones(name):
    with pytest.raises(ValueError, match=r"`name` must be one of 'jura', 'andro', 'enb', 'slump', 'edm'; got "):
        load_real(name)


@pytest.fixture
def home(published, monkeypatch):
    """Serve what was published on this machine, and forget the local folder."""
    handler = functools.partial(Quiet, directory=str(published))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        known = {name: replace(one, url=address + one.file) for name, one in real.REAL_SETS.items()}
        monkeypatch.setattr(real, "REAL_SETS", known)
        monkeypatch.delenv("MTL_DATA")
        monkeypatch.setenv("XDG_CACHE_HOME", str(published.parent / "cache"))
        yield server
        server.shutdown()
        thread.join()


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *about):
        """Nothing on the terminal."""


def test_what_was_fetched_once_is_read_without_a_network(home, published):
    first = load_real("jura")
    (published / "jura.arff").unlink()
    np.testing.assert_array_equal(load_real("jura").y, first.y)


def test_what_is_fetched_must_be_what_was_published(home, published):
    (published / "jura.arff").write_text(ARFF.replace("2.5", "2.6"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"does not give the jura\.arff with the sha256 .*…"):
        load_real("jura")
    assert not [*(published.parent / "cache" / "mtl-teach").iterdir()]


def test_without_a_network_the_message_says_how_to_read_a_local_copy(home, published):
    (published / "jura.arff").unlink()  # its home answers 404
    with pytest.raises(OSError, match=r"`jura` is not on this machine yet and could not be fetched .* MTL_DATA\."):
        load_real("jura")


def test_what_is_there_is_loaded_and_what_is_missing_is_named(published):
    found, missing = available_real_sets()
    assert ([*found], missing) == (["jura", "hillstrom"], "")
    np.testing.assert_array_equal(found["jura"].y, load_real("jura").y)
    assert found["hillstrom"].treatment.tolist() == load_email_experiment().treatment.tolist()
    (published / "jura.arff").unlink()
    found, missing = available_real_sets()
    assert [*found] == ["hillstrom"]
    assert missing.startswith(f"The folder `{published}` that `MTL_DATA` names has no jura.arff. Without `MTL_DATA` ")


def test_a_folder_that_is_none_is_named(published, monkeypatch):
    monkeypatch.setenv("MTL_DATA", str(published / "nowhere"))
    found, missing = available_real_sets()
    assert not found
    assert missing.startswith(f"`MTL_DATA` must name a folder; got `{published / 'nowhere'}`.")


def test_a_changed_file_is_named_and_the_other_sets_are_loaded(published):
    (published / "jura.arff").write_text(ARFF[:-9], encoding="utf-8")
    found, missing = available_real_sets()
    assert [*found] == ["hillstrom"]
    assert re.fullmatch(
        r"`MTL_DATA` must hold the jura\.arff with the sha256 .*…; got .*… in `.*jura\.arff`\.", missing
    )


def nothing_answers(asked, url, **settings):
    asked.append(url)
    raise requests.ConnectTimeout


def test_one_failed_attempt_is_enough_where_nothing_answers(home, published, monkeypatch):
    asked = []
    monkeypatch.setattr(requests, "get", functools.partial(nothing_answers, asked))
    found, missing = available_real_sets()
    assert (len(asked), [*found]) == (1, [])
    assert missing.startswith("Not on this machine: jura, hillstrom. Run this once with a network, or name a folder ")


def test_what_was_fetched_before_is_loaded_where_nothing_answers(home, published, monkeypatch):
    load_email_experiment()
    monkeypatch.setattr(requests, "get", functools.partial(nothing_answers, []))
    assert [*available_real_sets()[0]] == ["hillstrom"]


def test_a_home_that_has_one_file_no_more_is_asked_for_the_next(home, published):
    (published / "jura.arff").unlink()  # it answers 404
    found, missing = available_real_sets()
    assert [*found] == ["hillstrom"]
    assert missing.startswith("Not on this machine: jura.")


def test_every_set_says_where_it_comes_from():
    for name, source in REAL_SETS.items():
        assert source.file.startswith(name)
        assert len(source.sha256) == 64
        assert source.url.startswith("https://")
        assert all((source.about, source.origin, source.licence, source.units))
