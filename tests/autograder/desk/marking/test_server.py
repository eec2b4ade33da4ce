"""The page's server: for whoever has the address, for no other site, and for no longer than it is used."""

import http.client
import json
import socket
import threading
import types

import pytest

from autograder.desk.marking import server as room
from autograder.desk.marking.pile import Gradebook, Marking, schemes
from autograder.desk.marking.server import Server, serve
from autograder.gradebook.by_hand import standings
from autograder.results import UsageError
from tests.autograder.desk.marking.conftest import CELL, QUESTION, SET


@pytest.fixture
def server(class_):
    stop = threading.Event()
    made = Server(Marking(class_, schemes(class_), Gradebook(class_)))
    thread = threading.Thread(target=made.serve, kwargs={"stop": stop})
    thread.start()
    yield made
    stop.set()
    thread.join()
    made.server_close()


def ask(server, path="", method="GET", body=None, token=None, **headers):
    """One request; its status, headers and content."""
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
    path = f"/{server.token if token is None else token}/{path}"
    connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
    reply = connection.getresponse()
    data = reply.read()
    connection.close()
    return types.SimpleNamespace(status=reply.status, headers=reply.headers, data=data)


def tell(server, data, **headers):
    """A save, as the page sends it."""
    sent = {"Content_Type": "application/json", "Origin": f"http://127.0.0.1:{server.server_port}"} | headers
    return ask(server, "save", "POST", json.dumps(data) if isinstance(data, dict) else data, **sent)


def an_answer(server):
    """What a save of the first answer says."""
    key = json.loads(ask(server, f"pile?question={QUESTION}").data)["answers"][0]["key"]
    seen = json.loads(ask(server, f"answer?question={QUESTION}&key={key}").data)["standing"]["version"]
    mark = {"score": 2, "comment": " So. ", "lines": [0, 1], "waits": False}
    return {"question": QUESTION, "key": key, "seen": seen, **mark}


def scores(course):
    return {student: one.mark.score for student, one in standings(course, SET, CELL).items()}


@pytest.mark.parametrize(
    ("path", "kind", "holds"),
    [
        ("", "text/html", b"<title>Marking"),
        ("page.css", "text/css", b":root"),
        ("page.js", "text/javascript", b"strict"),
    ],
)
def test_the_page_and_its_two_files_let_nothing_else_in(server, path, kind, holds):
    reply = ask(server, path)
    assert (reply.status, reply.headers["Content-Type"]) == (200, f"{kind}; charset=utf-8")
    assert holds in reply.data
    policy = reply.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert (reply.headers["Referrer-Policy"], reply.headers["Cache-Control"]) == ("no-referrer", "no-store")
    assert b"http" not in reply.data.replace(b"http-equiv", b"")  # of nobody else


def test_it_listens_on_this_machine_alone(server):
    assert server.socket.getsockname()[0] == "127.0.0.1"
    assert server.address == f"http://127.0.0.1:{server.server_port}/{server.token}/"
    assert len(server.token) >= 32


@pytest.mark.parametrize("token", ["", "x", "x" * 32, "%2e%2e"])
@pytest.mark.parametrize("path", ["", "questions", "page.js", f"pile?question={QUESTION}"])
def test_without_the_token_there_is_nothing(server, path, token):
    reply = ask(server, path, token=token)
    assert reply.status == 403
    assert b"mtl-grade mark" in reply.data


def test_another_name_of_this_machine_gets_nothing(server):
    assert ask(server, "questions", Host=f"evil.example:{server.server_port}").status == 403
    assert ask(server, "questions", Host="127.0.0.1").status == 403
    assert ask(server, "questions", Host=f"localhost:{server.server_port}").status == 200


def test_a_mark_is_saved_at_once(server, class_):
    reply = tell(server, an_answer(server))
    assert reply.status == 200
    now = json.loads(reply.data)["standing"]
    assert (now["score"], now["comment"], now["lines"], now["state"]) == (2.0, "So.", [0, 1], "marked")
    assert sorted(filter(None, scores(class_).values())) == [2.0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "https://127.0.0.1"},
        {"Content_Type": "text/plain"},
        {"Content_Type": "application/x-www-form-urlencoded"},
    ],
)
def test_another_site_saves_nothing(server, class_, headers):
    assert tell(server, an_answer(server), **headers).status == 403
    assert not any(scores(class_).values())


def test_a_mark_that_changed_meanwhile_comes_back_with_the_one_that_is_there(server):
    data = an_answer(server)
    tell(server, data)
    reply = tell(server, {**data, "score": 5})
    assert reply.status == 409
    assert json.loads(reply.data)["now"]["score"] == 2.0


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b'{"question": 1}', b'{"score": "x"}', b"[" * 100_000, b'{"score": 1, "lines": 3}']
)
def test_what_is_no_mark_is_one_sentence(server, data):
    reply = tell(server, data)
    assert (reply.status, json.loads(reply.data)["error"]) == (
        400,
        "This is no mark; load the page anew. Nothing was saved.",
    )


def test_a_body_that_is_too_long_is_not_read(server):
    reply = tell(server, b"", Content_Length="200001")
    assert (reply.status, b"at most 200000 bytes" in reply.data) == (400, True)
    assert tell(server, b"", Content_Length="-1").status == 400


def test_a_gradebook_that_is_gone_is_a_sentence_for_the_page(server, class_):
    data = an_answer(server)
    class_.gradebook_path.unlink()
    for reply in (ask(server, "questions"), tell(server, data)):
        assert reply.status == 400
        assert "gradebook.db is gone" in json.loads(reply.data)["error"]


def test_a_disk_that_takes_nothing_is_a_sentence_for_the_page(server, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    data = an_answer(server)
    monkeypatch.setattr(server.marking, "save", full)
    reply = tell(server, data)
    assert (reply.status, json.loads(reply.data)) == (500, {"error": "No space left on device; nothing was saved."})


def test_what_there_is_not_is_not_found(server):
    assert ask(server, "../page.py").status == 404
    assert ask(server, "page.html").status == 404
    origin = f"http://127.0.0.1:{server.server_port}"
    assert ask(server, "other", "POST", b"{}", Origin=origin, Content_Type="application/json").status == 404


def test_a_port_that_is_taken_is_one_sentence(class_):
    marking = Marking(class_, schemes(class_), Gradebook(class_))
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} cannot be used .*; leave --port out for a free one"):
            Server(marking, port)


def test_it_stops_when_nobody_asks_and_says_so(class_, monkeypatch):
    said, opened = [], []
    monkeypatch.setattr(room.webbrowser, "open", opened.append)
    made = Server(Marking(class_, schemes(class_), Gradebook(class_)))
    serve(made, False, said.append, idle=0.0)
    assert said == [
        f"Marking at {made.address} (Ctrl+C stops it).",
        "Stopped: nothing was asked for an hour. What was saved is in its place.",
    ]
    assert opened == []


def test_ctrl_c_stops_it_in_one_line_and_the_browser_had_the_address(class_, monkeypatch):
    said, opened = [], threading.Event()

    def stopped(self, idle):
        assert opened.wait(30)
        raise KeyboardInterrupt

    made = Server(Marking(class_, schemes(class_), Gradebook(class_)))
    monkeypatch.setattr(Server, "serve", stopped)
    monkeypatch.setattr(room.webbrowser, "open", lambda address: address == made.address and opened.set())
    serve(made, True, said.append)
    assert said[1:] == ["Stopped."]
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", made.server_port), timeout=5)
