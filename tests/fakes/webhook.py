"""A chat service's webhook on loopback: a real HTTP server in a thread, as good or as bad as a test wants it.

    with FakeWebhook([RateLimited(2.5), Accept()]) as webhook:
        ...                       # the product posts to webhook.url
        assert [post.reference for post in webhook.posts] == [...]

Each request is judged by the next of `answers`; when they run out, everything is accepted. `answers` may be endless,
e.g. a generator with a seed. `posts` holds what was accepted, in order, also where the reply then got lost; a post
that is edited is there as it stands now.
"""

import json
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_TOKEN = "tOkEn-which-nobody-may-see"
_FIRST_ID = 10_001


@dataclass(frozen=True)
class Accept:
    """200 with the message, as Discord answers `?wait=true`."""


@dataclass(frozen=True)
class RateLimited:
    """429. `header` alone is what a proxy before the service sends: no JSON."""

    retry_after: float | None = None
    header: str | None = None
    everywhere: bool = False  # Discord's global limit


@dataclass(frozen=True)
class Reply:
    """Any other answer; `accepts` first, where the service fails only afterwards."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    accepts: bool = False


@dataclass(frozen=True)
class Cut:
    """The connection is reset, before the post was accepted or after."""

    accepts: bool = False


@dataclass(frozen=True)
class Hang:
    """No answer at all until the server stops."""


Answer = Accept | RateLimited | Reply | Cut | Hang


@dataclass(frozen=True)
class Post:
    """One request as it arrived: the message's JSON, and the files by name."""

    path: str
    payload: Mapping[str, Any]
    files: Mapping[str, str]
    content_type: str
    agent: str  # who posts, by its own name
    edits: int | None = None  # the message that is to show it

    @property
    def footer(self) -> str:
        return str(self.payload["embeds"][0]["footer"]["text"])

    @property
    def reference(self) -> str:
        """The delivery's reference, without its marks."""
        return self.footer.split()[1]

    @property
    def resent(self) -> bool:
        return "resent" in self.footer


class FakeWebhook:
    """The server. `start` and `stop` as well as `with`; `url` is the webhook's address, its token a secret."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self.posts: list[Post] = []
        self.requests: list[Post] = []
        self._answers: Iterator[Answer] = iter(answers)
        self._lock = threading.Lock()
        self.asked = threading.Event()  # set by the first request
        self.stopping = threading.Event()
        self._server = _Server(self)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/api/webhooks/4242/{_TOKEN}"

    def start(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def stop(self) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def judge(self, post: Post) -> tuple[Answer, str]:
        """The next answer, and the id of the message if it was accepted."""
        with self._lock:
            answer = next(self._answers, Accept())
            self.requests.append(post)
            self.asked.set()
            accepted = isinstance(answer, Accept) or (isinstance(answer, Reply | Cut) and answer.accepts)
            if post.edits is None:
                self.posts += [post] * accepted
                return answer, str(_FIRST_ID + len(self.posts) - 1)
            if not 0 <= post.edits - _FIRST_ID < len(self.posts):
                return Reply(404, b'{"message": "Unknown Message", "code": 10008}'), ""
            if accepted:
                self.posts[post.edits - _FIRST_ID] = post
            return answer, str(post.edits)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, webhook: FakeWebhook) -> None:
        self.webhook = webhook
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_: object) -> None:
        """A client that was killed in the middle is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_POST(self) -> None:
        self._take(None)

    def do_PATCH(self) -> None:
        self._take(int(self.path.partition("?")[0].rpartition("/messages/")[2]))

    def _take(self, edits: int | None) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        said = self.headers
        post = replace(_parsed(self.path, said["Content-Type"], said["User-Agent"], body), edits=edits)
        answer, message_id = self.server.webhook.judge(post)
        match answer:
            case Accept():
                message = {"id": message_id, "type": 0, "content": post.payload.get("content", "")}
                self._reply(200, json.dumps(message).encode(), {"Content-Type": "application/json"})
            case RateLimited(retry_after=None):
                self._reply(429, b"<html>slow down</html>", {"Retry-After": answer.header or ""})
            case RateLimited():
                told = {
                    "message": "You are being rate limited.",
                    "retry_after": answer.retry_after,
                    "global": answer.everywhere,
                }
                headers = {"Content-Type": "application/json", "Retry-After": answer.header or "1"}
                self._reply(429, json.dumps(told).encode(), headers)
            case Reply():
                self._reply(answer.status, answer.body, answer.headers)
            case Hang():
                self.close_connection = True
                self.server.webhook.stopping.wait()
            case Cut():
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

    def _reply(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: pytest shows what matters."""


def _parsed(path: str, content_type: str, agent: str, body: bytes) -> Post:
    if content_type.startswith("application/json"):
        return Post(path, json.loads(body), {}, content_type, agent)
    form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)
    payload: Mapping[str, Any] = {}
    files = {}
    for part in form.walk():
        name = _parameter(part, "name")
        if name == "payload_json":
            payload = json.loads(_content(part))
        elif filename := _parameter(part, "filename"):
            files[filename] = _content(part).decode()
    return Post(path, payload, files, content_type, agent)


def _parameter(part: Message, name: str) -> str | None:
    value = part.get_param(name, header="Content-Disposition")
    return value if isinstance(value, str) else None


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
