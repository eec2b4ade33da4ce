"""The marking page: three files and four requests on this machine alone, for whoever has the address.

Whoever has not the token in the address gets nothing; neither does a page of another site, whatever name it gives this
machine: the ``Host`` of every request and the ``Origin`` of every save are looked at.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import secrets
import threading
import time
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from autograder.desk.marking.pile import Marking, shown
from autograder.gradebook.by_hand import Mark, Moved
from autograder.results import UsageError
from autograder.visible import clean_json

HERE = "127.0.0.1"
IDLE = 60 * 60.0  # seconds without a request after which it stops
FILES = {  # by the path behind the token
    "": ("page.html", "text/html"),
    "page.css": ("page.css", "text/css"),
    "page.js": ("page.js", "text/javascript"),
}
MAX_BODY = 200_000
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Refused(Exception):
    """A request that gets nothing; its text says why."""


class Server(ThreadingHTTPServer):
    """The page's server; it listens as soon as it is made.

    Parameters
    ----------
    marking : Marking
    port : int
        0 for any that is free.

    Raises
    ------
    UsageError
        If the port is taken.
    """

    daemon_threads = True

    def __init__(self, marking: Marking, port: int = 0) -> None:
        self.marking = marking
        self.token = secrets.token_urlsafe(24)
        self.one_at_a_time = threading.Lock()
        self.asked_at = time.monotonic()
        try:
            super().__init__((HERE, port), _Handler)
        except OSError as error:
            why = f"Port {port} cannot be used ({error.strerror}); leave --port out for a free one."
            raise UsageError(why) from None
        self.hosts = {f"{name}:{self.server_port}" for name in (HERE, "localhost")}
        self.timeout = 0.5

    @property
    def address(self) -> str:
        """Where the page is; whoever has it can mark."""
        return f"http://{HERE}:{self.server_port}/{self.token}/"

    def serve(self, idle: float = IDLE, stop: threading.Event | None = None) -> None:
        """Answer until nobody has asked for so long, or until somebody stops it."""
        while time.monotonic() - self.asked_at < idle and not (stop is not None and stop.is_set()):
            self.handle_request()


def serve(server: Server, browser: bool, say: Callable[[str], None], idle: float = IDLE) -> None:
    """Open the page and answer it until Ctrl+C or until nobody has asked for an hour; in one line it says which."""
    say(f"Marking at {server.address} (Ctrl+C stops it).")
    if browser:
        threading.Thread(target=webbrowser.open, args=(server.address,), daemon=True).start()
    with contextlib.closing(server.socket):
        try:
            server.serve(idle)
            say("Stopped: nothing was asked for an hour. What was saved is in its place.")
        except KeyboardInterrupt:
            say("Stopped.")


class _Handler(BaseHTTPRequestHandler):
    """One request."""

    server: Server
    timeout = 60  # seconds that a connection may say nothing

    def do_GET(self) -> None:
        self._answer(self._get)

    def do_POST(self) -> None:
        self._answer(self._post)

    def _answer(self, work: Callable[[str, dict[str, str]], None]) -> None:
        url = urlsplit(self.path)
        _, token, *rest = [*url.path.split("/"), "", ""]
        try:
            if self.headers.get("Host") not in self.server.hosts:
                raise Refused("This page answers to 127.0.0.1 alone.")
            if not hmac.compare_digest(token.encode(), self.server.token.encode()):
                raise Refused("Open the page at the address that `mtl-grade mark` printed.")
            self.server.asked_at = time.monotonic()
            with self.server.one_at_a_time:
                work("/".join(rest).rstrip("/"), {name: values[0] for name, values in parse_qs(url.query).items()})
        except Refused as why:
            self._send(HTTPStatus.FORBIDDEN, str(why).encode(), "text/plain")
        except Moved as moved:
            self._json({"now": shown(moved.now)}, HTTPStatus.CONFLICT)
        except UsageError as error:
            self._json({"error": str(error)}, HTTPStatus.BAD_REQUEST)
        except OSError as error:
            said = f"{error.strerror or error}; nothing was saved."
            self._json({"error": said}, HTTPStatus.INTERNAL_SERVER_ERROR)

    def _get(self, what: str, query: dict[str, str]) -> None:
        marking = self.server.marking
        if what in FILES:
            name, kind = FILES[what]
            self._send(HTTPStatus.OK, (Path(__file__).parent / "page" / name).read_bytes(), kind)
        elif what == "questions":
            self._json(marking.questions())
        elif what == "pile":
            self._json(marking.pile(query.get("question", "")))
        elif what == "answer":
            self._json(marking.answer(query.get("question", ""), query.get("key", "")))
        else:
            self._send(HTTPStatus.NOT_FOUND, b"There is no such page.", "text/plain")

    def _post(self, what: str, query: dict[str, str]) -> None:
        if self.headers.get("Origin", "").removeprefix("http://") not in self.server.hosts:
            raise Refused("A mark is saved by this page alone.")
        if self.headers.get_content_type() != "application/json":
            raise Refused("A mark is JSON.")
        if what != "save":
            self._send(HTTPStatus.NOT_FOUND, b"There is no such page.", "text/plain")
            return
        question, key, mark, seen = _asked(self._body())
        self._json(self.server.marking.save(question, key, mark, seen))

    def _body(self) -> bytes:
        try:
            length = int(self.headers.get("Content-Length", ""))
        except ValueError:
            length = -1
        if not 0 <= length <= MAX_BODY:
            raise UsageError(f"A mark has at most {MAX_BODY} bytes. Nothing was saved.")
        return self.rfile.read(length)

    def _json(self, data: Any, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._send(status, clean_json(json.dumps(data)).encode(), "application/json")

    def _send(self, status: HTTPStatus, body: bytes, kind: str) -> None:
        with contextlib.suppress(ConnectionError):  # whoever asked has gone
            self.send_response(status)
            for name, value in _HEADERS.items():
                self.send_header(name, value)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def version_string(self) -> str:
        return "mtl-grade"

    def log_message(self, *_: Any) -> None:
        """Say nothing: the address of every request has the token in it."""


def _asked(body: bytes) -> tuple[str, str, Mark, str]:
    """What a save asks for: question, key, mark, and the version that was seen."""
    try:
        data = json.loads(body)
        score = None if data["score"] is None else float(data["score"])
        lines = tuple(int(one) for one in data["lines"])
        mark = Mark(score, str(data["comment"]).strip(), lines, bool(data["waits"]))
        return str(data["question"]), str(data["key"]), mark, str(data["seen"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError("This is no mark; load the page anew. Nothing was saved.") from None
