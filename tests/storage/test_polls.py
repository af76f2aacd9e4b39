"""What a poll plans for its source, beside what people tell meanwhile."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.storage.building import MINUTE, NOW, Desk, watch_list
from watchers.models import FetchResult, Outcome, Parsed
from watchers.polling import FirstLook
from watchers.storage import polls
from watchers.storage.polls import Poll
from watchers.storage.sources import SourceState

URL = "https://courier.example/feed"


def poll(desk: Desk, state: SourceState) -> None:
    """The answer to a poll that began when its source was `state`."""
    fetched = FetchResult(outcome=Outcome.OK, url=URL, final_url=URL, status=200, body=b"x")
    parsed = Parsed(outcome=Outcome.OK, kind="feed")
    answered = Poll(state=state, fetched=fetched, digest="x", parsed=parsed, now=NOW, random=Random(1), demo=False)
    desk.write(polls.record_items, answered, [], FirstLook())


def follow(desk: Desk, **follows: Any) -> None:
    desk.apply(watch_list(sources={name: {"url": URL, **more} for name, more in follows.items()}))


@pytest.mark.parametrize(
    "told", [{"courier": {"every": "1m"}}, {"courier": {"every": "1d"}, "second": {"every": "1m"}}]
)
def test_an_every_that_is_told_while_a_poll_is_out_plans_the_next(desk: Desk, told: dict[str, Any]) -> None:
    follow(desk, courier={"every": "1d"})
    before = desk.source()
    follow(desk, **told)
    poll(desk, before)
    planned = desk.source().next_at
    assert planned is not None
    assert NOW < planned <= NOW + 2 * MINUTE


def test_an_every_that_is_taken_back_while_a_poll_is_out_plans_nothing(desk: Desk) -> None:
    follow(desk, courier={"every": "1d"}, second={"every": "1m"})
    before = desk.source()
    follow(desk, courier={"every": "1d"})
    poll(desk, before)
    planned = desk.source().next_at
    assert planned is not None
    assert planned > NOW + timedelta(hours=12)
