"""What an answer means: the last `Answer` of a fetch in, the FetchResult out. Pure.

The one place that knows which status is which Outcome.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final

import httpx

from watchers.fetch.body import Problem
from watchers.fetch.disguise import is_front_page, is_html, unmask
from watchers.fetch.guard import Target
from watchers.fetch.headers import max_age, retry_after
from watchers.models import FetchResult, Outcome, Validators

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
PERMANENT: Final = frozenset({301, 308})
LATER: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})

# Statuses under which gatekeepers hide: the page that comes with them is worth reading.
READ: Final = LATER | {HTTPStatus.FORBIDDEN}

MEANINGS: Final = {
    204: (Outcome.EMPTY, "the answer is empty (204)"),
    205: (Outcome.EMPTY, "the answer is empty (205)"),
    206: (Outcome.FAILED, "it sent a part (206), though we asked for the whole"),
    401: (Outcome.BLOCKED, "it wants a login (401)"),
    402: (Outcome.BLOCKED, "it wants to be paid (402)"),
    403: (Outcome.BLOCKED, "it refuses to answer us (403)"),
    404: (Outcome.MISSING, "there is nothing at this address (404)"),
    410: (Outcome.MISSING, "gone for good (410)"),
    429: (Outcome.FAILED, "it asks us to come later (429)"),
    451: (Outcome.BLOCKED, "it may not answer for legal reasons (451)"),
    503: (Outcome.FAILED, "it asks us to come later (503)"),
}
FOLLOWED: Final = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came from the last address of a fetch."""

    target: Target
    status: int
    headers: httpx.Headers
    body: bytes | Problem
    sent: Validators  # with the request
    seconds: float = 0.0  # from resolving to the end of the body


@dataclass(frozen=True, slots=True)
class Way:
    """The redirects between the address as asked and the one that answered."""

    asked: str
    first_path: str = ""  # of the address as asked, once it has redirected
    hops: int = 0
    permanent: bool = True  # every hop so far was 301 or 308

    def onwards(self, redirect: Answer) -> "Way":
        """The same way, one hop longer."""
        return Way(
            self.asked,
            self.first_path if self.hops else redirect.target.url.path,
            self.hops + 1,
            self.permanent and redirect.status in PERMANENT,
        )


def judge(answer: Answer, way: Way, *, now: datetime) -> FetchResult:
    """Make the result of a fetch that was answered. `now` is for dates in Retry-After."""
    outcome, error = _outcome(answer, way)
    usable = outcome is Outcome.OK
    headers = answer.headers
    return FetchResult(
        outcome=outcome,
        url=way.asked,
        final_url=str(answer.target.url),
        status=answer.status,
        body=answer.body if usable and isinstance(answer.body, bytes) else b"",
        content_type=headers.get("content-type"),
        validators=_validators(answer) if outcome in FOLLOWED else Validators(),
        moved_to=str(answer.target.url) if way.hops and way.permanent and outcome in FOLLOWED else None,
        retry_after=retry_after(headers.get("retry-after"), now=now) if answer.status in LATER else None,
        max_age=max_age(headers.get("cache-control")),
        error=error,
    )


def _outcome(answer: Answer, way: Way) -> tuple[Outcome, str | None]:
    if answer.status == HTTPStatus.NOT_MODIFIED:
        if answer.sent != Validators():
            return Outcome.NOT_MODIFIED, None
        return Outcome.FAILED, "it says “not modified” (304), though we asked for the whole"
    body = answer.body if isinstance(answer.body, bytes) else b""
    read = httpx.codes.is_success(answer.status) or answer.status in READ
    if read and (disguise := unmask(answer.status, answer.headers, answer.target.host, body)):
        return disguise.outcome, disguise.error
    if meaning := MEANINGS.get(answer.status):
        return meaning
    if httpx.codes.is_success(answer.status):
        return _judge_body(answer, way)
    return Outcome.FAILED, f"it answered with status {answer.status}"


def _judge_body(answer: Answer, way: Way) -> tuple[Outcome, str | None]:
    if isinstance(answer.body, Problem):
        return Outcome.FAILED, answer.body.error
    if not answer.body.strip():
        return Outcome.EMPTY, "the answer is empty"
    if _sent_to_the_front(answer, way, answer.body):
        return Outcome.MISSING, "it redirects to the front page of its site"
    return Outcome.OK, None


def _sent_to_the_front(answer: Answer, way: Way, body: bytes) -> bool:
    url = answer.target.url
    return (
        way.hops > 0
        and not is_front_page(way.first_path)
        and is_front_page(url.path)
        and not url.query
        and is_html(answer.headers.get("content-type"), body)
    )


def _validators(answer: Answer) -> Validators:
    """As given, letter for letter; a 304 that names none leaves those we have."""
    given = Validators(etag=_verbatim(answer, b"etag"), last_modified=_verbatim(answer, b"last-modified"))
    return answer.sent if answer.status == HTTPStatus.NOT_MODIFIED and given == Validators() else given


def _verbatim(answer: Answer, name: bytes) -> str | None:
    """A header byte for byte, as Latin-1; nothing if it is absent or empty."""
    found = next((value for key, value in answer.headers.raw if key.lower() == name), b"")
    return found.decode("latin-1") or None
