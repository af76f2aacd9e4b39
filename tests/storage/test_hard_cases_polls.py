"""Hard case 28: what a source gave to ask with next time is saved with the items that it showed, or not at all."""

from random import Random

import pytest

from tests.storage.building import NOW, Desk
from watchers.models import FetchResult, Item, Outcome, Parsed, Validators
from watchers.polling import FirstLook
from watchers.sources.recognise import keyed
from watchers.storage import items, polls, sources
from watchers.storage.polls import Poll

URL = "https://courier.example/feed"
SHOWN = (Item(entry_id="1", url="https://courier.example/1", title="Quay goes dark"),)


def record(desk: Desk) -> None:
    fetched = FetchResult(
        outcome=Outcome.OK, url=URL, final_url=URL, status=200, body=b"x", validators=Validators('W/"1"', "yesterday")
    )
    parsed = Parsed(outcome=Outcome.OK, kind="feed", items=SHOWN, entries=1)
    poll = Poll(state=desk.source(), fetched=fetched, digest="x", parsed=parsed, now=NOW, random=Random(1), demo=False)
    desk.write(polls.record_items, poll, keyed(SHOWN), FirstLook(everything=True))


def test_hard_case_28_validators_and_items_are_saved_together(desk: Desk) -> None:
    record(desk)
    assert desk.source().validators == Validators('W/"1"', "yesterday")
    assert [stored.item.title for stored in desk.unread()] == ["Quay goes dark"]


@pytest.mark.parametrize(("module", "name"), [(items, "add"), (sources, "save")])
def test_hard_case_28_what_breaks_off_between_them_leaves_neither(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, module: object, name: str
) -> None:
    write = getattr(module, name)

    def write_and_die(*arguments: object, **more: object) -> None:
        write(*arguments, **more)
        raise KeyError("the process ends here")

    monkeypatch.setattr(module, name, write_and_die)
    with pytest.raises(KeyError):
        record(desk)
    assert desk.source().validators == Validators()
    assert desk.unread() == []
