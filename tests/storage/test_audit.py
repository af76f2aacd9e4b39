"""The audit: what people did, appended, a desk's own."""

import pytest

from tests.storage.building import NOW, Desk
from watchers.storage import audit
from watchers.storage.audit import Actor, By


def _by(desk: int, act: str = "watch edit") -> By:
    return By(desk=desk, actor=Actor("7", "Ann" * 60), act=act, now=NOW)


def test_acts_are_told_the_newest_first_and_by_pages(desk: Desk) -> None:
    for number in range(3):
        desk.write(audit.record, _by(desk.id), "watch", f"w{number}", before=None, after={"query": "quay"})
    assert [entry.name for entry in desk.read(audit.entries, desk.id, limit=2)] == ["w2", "w1"]
    assert [entry.name for entry in desk.read(audit.entries, desk.id, limit=2, offset=2)] == ["w0"]
    assert desk.read(audit.count, desk.id) == 3
    assert desk.read(audit.entries, desk.id + 1, limit=5) == []


def test_an_act_tells_who_did_what_when_and_how_it_was(desk: Desk) -> None:
    desk.write(audit.record, _by(desk.id), "watch", "quay" * 60, before={"query": "a"}, after=None)
    (entry,) = desk.read(audit.entries, desk.id, limit=5)
    assert (entry.at, entry.actor.id, entry.act, entry.noun) == (NOW, "7", "watch edit", "watch")
    assert (entry.before, entry.after, entry.refused, entry.undoes) == ({"query": "a"}, None, None, None)
    assert (len(entry.actor.name), len(entry.name)) == (100, 200)


@pytest.mark.parametrize("noun", ["watch", "source"])
def test_the_last_change_is_of_its_noun_and_not_what_was_refused_or_undone(desk: Desk, noun: str) -> None:
    first = desk.write(audit.record, _by(desk.id), noun, "first", before=None, after={"query": "a"})
    second = desk.write(audit.record, _by(desk.id), noun, "second", before=None, after={"query": "b"})
    desk.write(audit.record, _by(desk.id), "entity", "other", before=None, after={})
    desk.write(audit.refuse, _by(desk.id), noun, "third", "not yours")
    last = desk.read(audit.last_change, desk.id, noun)
    assert last is not None
    assert last.id == second
    desk.write(
        audit.record, _by(desk.id, "watch undo"), noun, "second", before={"query": "b"}, after=None, undoes=second
    )
    last = desk.read(audit.last_change, desk.id, noun)
    assert last is not None
    assert last.id == first
    assert desk.read(audit.last_change, desk.id + 1, noun) is None
