"""The demo newsroom as a web server on this machine: sockets, threads and conditional GET; `site` decides the answers.

show(moment) sets the day's clock → a GET asks the Site at that moment → 200, 304, or the outlet's bad manners
"""

import threading
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from bot.demo.edition import load_edition
from bot.demo.site import Answer, Site

_IDLE = 5.0  # seconds that a kept-alive connection may be idle
_POLL = 0.05  # seconds between looks whether to stop


class DemoNewsroom:
    """Serves the invented day on 127.0.0.1, on a free port, from `start` to `stop` or as a context manager."""

    def __init__(self) -> None:
        self._edition = load_edition()
        self._moment = self._edition.hours[0]
        self._stopping = threading.Event()
        self._running: tuple[ThreadingHTTPServer, threading.Thread] | None = None

    @property
    def hours(self) -> tuple[datetime, ...]:
        """The moments of the compressed day, in order, in UTC."""
        return self._edition.hours

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end. Only while it runs."""
        if self._running is None:
            raise RuntimeError("the demo newsroom has an address only while it runs")
        return _address(self._running[0])

    def show(self, moment: datetime) -> None:
        """From now on, answer as the city's web was at `moment` of the invented day."""
        self._moment = moment

    def start(self) -> None:
        """Bind and serve in a thread of its own; it answers as soon as this returns."""
        self._stopping.clear()
        server = _Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
        site = Site(self._edition, _address(server))
        server.RequestHandlerClass = _handler(site, lambda: self._moment, self._stopping)
        thread = threading.Thread(target=server.serve_forever, args=(_POLL,), name="demo-newsroom", daemon=True)
        thread.start()
        self._running = server, thread

    def stop(self) -> None:
        """Stop answering and free the port. Stopping twice is harmless."""
        if self._running is None:
            return
        server, thread = self._running
        self._running = None
        self._stopping.set()
        server.shutdown()
        server.server_close()
        thread.join()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a reader who hangs up: standard error belongs to the desk."""


def _address(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


def _handler(site: Site, shown: Callable[[], datetime], stopping: threading.Event) -> type[BaseHTTPRequestHandler]:
    """A request handler for this site at the moment shown. A slow answer waits no longer than until the stop."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE

        def do_GET(self) -> None:
            moment = shown()
            answer = site.answer(urlsplit(self.path).path, moment)
            if answer.delay:
                stopping.wait(answer.delay)
            if answer.hang_up:
                self.close_connection = True
                return
            unchanged = answer.status == HTTPStatus.OK and _unchanged(
                answer, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
            )
            self.send_response_only(HTTPStatus.NOT_MODIFIED if unchanged else answer.status)
            # The server's date is the invented day's, as the runner's clock is.
            self.send_header("Date", format_datetime(moment, usegmt=True))
            for name, value in answer.headers:
                self.send_header(name, value)
            if not unchanged:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if not unchanged:
                self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Say nothing: standard error belongs to the desk."""

    return Handler


def _unchanged(answer: Answer, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether a conditional GET gets 304. If-None-Match decides where it is sent (RFC 9110, 13.2.2)."""
    if if_none_match is not None:
        wanted = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
        return answer.etag is not None and answer.etag in wanted
    if if_modified_since is None or answer.last_modified is None:
        return False
    try:
        return answer.last_modified <= parsedate_to_datetime(if_modified_since)
    except ValueError:
        return False
