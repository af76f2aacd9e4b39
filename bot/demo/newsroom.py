"""The demo newsroom as a web server on this machine: sockets, threads and conditional GET; `site` decides the answers.

show(moment) sets the day's clock → a GET asks the Site at that moment → 200, 304, or the outlet's bad manners
"""

import threading
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
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None

    @property
    def hours(self) -> tuple[datetime, ...]:
        """The moments of the compressed day, in order, in UTC."""
        return self._edition.hours

    @property
    def base_url(self) -> str:
        """`http://127.0.0.1:PORT`, without a slash at the end. Only while it runs."""
        if self._server is None:
            raise RuntimeError("the demo newsroom has an address only while it runs")
        return f"http://127.0.0.1:{self._server.server_port}"

    def show(self, moment: datetime) -> None:
        """From now on, answer as the city's web was at `moment` of the invented day."""
        self._moment = moment

    def start(self) -> None:
        """Bind and serve in a thread of its own; it answers as soon as this returns."""
        self._stopping.clear()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.site = Site(self._edition, self.base_url)
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(_POLL,), name="demo-newsroom", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port. Stopping twice is harmless."""
        if self._server is None or self._thread is None:
            return
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._server = self._thread = None

    def answer(self, path: str) -> Answer:
        """What a GET of `path` answers now. Called by the server's threads; waits if the outlet is slow."""
        answer = self.site.answer(path, self._moment)
        if answer.delay:
            self._stopping.wait(answer.delay)
        return answer

    @property
    def moment(self) -> datetime:
        """The moment shown."""
        return self._moment

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _handler(newsroom: DemoNewsroom) -> type[BaseHTTPRequestHandler]:
    """A request handler that asks this newsroom."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = _IDLE

        def do_GET(self) -> None:
            answer = newsroom.answer(urlsplit(self.path).path)
            if answer.hang_up:
                self.close_connection = True
                return
            unchanged = answer.status == HTTPStatus.OK and _unchanged(
                answer, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
            )
            body = b"" if unchanged else answer.body
            self.send_response_only(HTTPStatus.NOT_MODIFIED if unchanged else answer.status)
            # The server's date is the invented day's, as the runner's clock is.
            self.send_header("Date", format_datetime(newsroom.moment, usegmt=True))
            for name, value in answer.headers:
                self.send_header(name, value)
            if not unchanged:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
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
