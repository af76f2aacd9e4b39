"""What the demo's server answers: a path and a moment of the invented day → an `Answer`. Pure, so it always repeats.

The manners of the outlets live here: a feed that has moved, one that dies in stages, a slow one, ids that change, a
page for subscribers only, and validators of four sorts.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from bot.demo.data import Outlet
from bot.demo.edition import DemoItem, Edition
from bot.demo.feeds import render_feed
from bot.demo.pages import article_page, city_page, front_page, locked_page, policy_page

_HTML = "text/html; charset=utf-8"
_PLAIN = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer, before conditional GET."""

    status: int
    body: bytes = b""
    content_type: str = _PLAIN
    location: str | None = None
    etag: str | None = None
    last_modified: datetime | None = None
    delay: float = 0.0  # seconds to wait before answering
    hang_up: bool = False  # close the connection and say nothing

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers that the answer itself needs."""
        found = [("Content-Type", self.content_type)]
        if self.location is not None:
            found.append(("Location", self.location))
        if self.etag is not None:
            found.append(("ETag", self.etag))
        if self.last_modified is not None:
            found.append(("Last-Modified", format_datetime(self.last_modified, usegmt=True)))
        return found


class Site:
    """The invented city's web at one address."""

    def __init__(self, edition: Edition, base_url: str) -> None:
        self._edition = edition
        self._base_url = base_url
        self._items = {item.path: item for item in edition.items}
        self._outlets = {outlet.key: outlet for outlet in edition.settings.outlets}

    def answer(self, path: str, moment: datetime) -> Answer:
        """The answer to a GET of `path` (no query) at a moment of the day."""
        if path == "/":
            return _page(city_page(self._edition.settings.outlets))
        if path == "/robots.txt":
            return Answer(status=200, body=b"User-agent: *\nAllow: /\n")
        item = self._items.get(path)
        if item is not None and item.published <= moment:
            return self._article(self._edition.as_of(item, moment), moment)
        key, _, rest = path.removeprefix("/").partition("/")
        outlet = self._outlets.get(key)
        if outlet is not None:
            return self._of_outlet(outlet, rest, moment)
        return _not_found()

    def _of_outlet(self, outlet: Outlet, rest: str, moment: datetime) -> Answer:
        policy = self._edition.settings.policy
        moved = outlet.moved if outlet.moved and self._edition.moment(outlet.moved.since) <= moment else None
        if rest == "":
            return _page(front_page(outlet, self._edition.shown(outlet, moment)))
        if rest == outlet.feed and moved:
            return Answer(status=301, location=f"{self._base_url}/{outlet.key}/{moved.to}")
        if rest == (moved.to if moved else outlet.feed):
            return self._feed(outlet, moment)
        if outlet.key == policy.outlet and rest == policy.path:
            sections = self._edition.policy_text(moment)
            return _page(policy_page(outlet, policy, sections, views=1200 + moment.hour * 7))
        return _not_found()

    def _article(self, item: DemoItem, moment: datetime) -> Answer:
        if item.locked:
            return Answer(status=403, body=locked_page(item).encode(), content_type=_HTML)
        return _page(article_page(item, self._edition.shown(item.outlet, moment), base_url=self._base_url))

    def _feed(self, outlet: Outlet, moment: datetime) -> Answer:
        outage = next((o for o in reversed(outlet.outages) if self._edition.moment(o.since) <= moment), None)
        if outage is not None and outage.answer == "close":
            return Answer(status=500, hang_up=True)
        if outage is not None:
            return Answer(status=int(outage.answer), body=b"The presses have stopped.\n")
        renamed_at = self._edition.moment(outlet.guids_change) if outlet.guids_change else None
        renamed = renamed_at is not None and renamed_at <= moment
        items = self._edition.shown(outlet, moment)
        content_type, body = render_feed(outlet, items, base_url=self._base_url, renamed=renamed)
        return Answer(
            status=200,
            body=body,
            content_type=content_type,
            etag=f'"{hashlib.sha256(body).hexdigest()[:20]}"' if outlet.validators in {"both", "etag"} else None,
            last_modified=(
                self._changed_at(items, renamed_at if renamed else None)
                if outlet.validators in {"both", "modified"}
                else None
            ),
            delay=outlet.delay,
        )

    def _changed_at(self, items: Sequence[DemoItem], renamed_at: datetime | None) -> datetime:
        """When the feed last changed: its newest entry or correction, or the change of its ids."""
        changes = [item.updated for item in items]
        if renamed_at is not None:
            changes.append(renamed_at)
        return max(changes, default=self._edition.hours[0].replace(hour=0))


def _page(html: str) -> Answer:
    return Answer(status=200, body=html.encode(), content_type=_HTML)


def _not_found() -> Answer:
    return Answer(status=404, body=b"Nothing was published here.\n")
