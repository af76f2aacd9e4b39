"""A followed page, from fetch to commit: compared and matched before the writer has it, heard as it is told now."""

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, cast

import pytest

from tests.storage.building import NOW, PARAGRAPHS, Desk, watch_list
from watchers.errors import CannotRun, WorkerKilled
from watchers.fetch.client import Fetcher
from watchers.fetch.loads import Loads
from watchers.intake import Intake
from watchers.listening import Listener
from watchers.matching.matcher import Document, Matcher
from watchers.models import Alert, Change, FetchResult, Match, Outcome, Piece
from watchers.pipeline import Pipeline
from watchers.policy import watching
from watchers.policy.redline import changes
from watchers.policy.snapshots import Snapshots
from watchers.policy.watching import PageWatcher
from watchers.polling import FirstLook
from watchers.reading.worker import Worker
from watchers.report import Report
from watchers.storage import outbox, told
from watchers.storage.placing import Manner
from watchers.storage.schema import alerts

RULE = "Recordings of the harbor cameras are kept for thirty days and are then destroyed by the port police."
POLICY = {"policy": {"url": "https://port.example/policy", "kind": "page", "tags": ["local"]}}


class Following:
    """A pipeline that follows one page, over a web and a worker of this test."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        desk.apply(watch_list(sources=POLICY))
        self.desk = desk
        self.rule = RULE
        self.snapshots = folder
        self.loads = Loads()
        self.compare: Callable[[str, str], tuple[Change, ...]] = changes
        fetcher, worker = cast("Fetcher", self), cast("Worker", self)
        listener = Listener(desk.database)
        self.pipeline = Pipeline(
            database=desk.database,
            fetcher=fetcher,
            worker=worker,
            listener=listener,
            pages=PageWatcher(database=desk.database, worker=worker, snapshots=Snapshots(folder)),
            intake=Intake(
                database=desk.database,
                fetcher=fetcher,
                worker=worker,
                listener=listener,
                clock=lambda: NOW,
                manner=Manner(),
            ),
            clock=lambda: NOW,
            first_look=FirstLook(),
            random=Random(1),
        )

    async def get(self, url: str, **_: Any) -> FetchResult:
        paragraphs = "".join(f"<p>{each}</p>" for each in (*PARAGRAPHS[1:3], self.rule, PARAGRAPHS[3]))
        html = f"<html lang=en><head><title>Policy</title></head><body><main>{paragraphs}</main></body></html>"
        return FetchResult(outcome=Outcome.OK, url=url, final_url=url, body=html.encode(), content_type="text/html")

    async def run(self, function: Callable[..., Any], *args: Any, **_: Any) -> Any:
        return self.compare(*args) if function is changes else function(*args)

    async def check(self, rule: str) -> Report:
        self.rule = rule
        return await self.pipeline.check_source(self.desk.source("policy").id)

    def told(self) -> list[Alert]:
        rows = self.desk.read(lambda connection: connection.execute(alerts.select()).all())
        return [outbox.ALERT.validate_python(row.payload) for row in rows]


@pytest.fixture
async def following(desk: Desk, tmp_path: Path) -> Following:
    made = Following(desk, tmp_path)
    await made.check(RULE)
    return made


async def test_a_change_that_was_fetched_as_its_source_was_paused_is_told_to_those_who_followed_it(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = Following.get

    async def paused_meanwhile(self: Following, url: str, **named: Any) -> FetchResult:
        self.desk.write(lambda connection: told.pause(connection, told.find(connection, 1, "source", "policy")))
        return await get(self, url, **named)

    monkeypatch.setattr(Following, "get", paused_meanwhile)
    assert (await following.check(RULE.replace("thirty", "ninety"))).alerts == 1


async def test_a_page_is_compared_and_matched_before_the_writer_has_it(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_work = []
    match = Matcher.match

    def matched(matcher: Matcher, document: Document) -> tuple[Match, ...]:
        at_work.append(threading.current_thread().name)
        return match(matcher, document)

    def compared(old: str, new: str) -> tuple[Change, ...]:
        at_work.append("worker")
        return changes(old, new)

    monkeypatch.setattr(Matcher, "match", matched)
    following.compare = compared
    assert (await following.check(RULE.replace("thirty", "ninety"))).alerts == 1
    assert at_work[0] == "worker"
    assert len(at_work) == 3
    assert "writer" not in at_work


async def test_a_page_that_the_worker_can_t_compare_is_told_paragraph_by_paragraph(following: Following) -> None:
    def killed(_: str, __: str) -> tuple[Change, ...]:
        raise WorkerKilled("more than 5 s of CPU")

    following.compare = killed
    assert (await following.check(RULE.replace("thirty", "ninety"))).failed == 0
    (told,) = following.told()
    assert told.changes == (
        Change(heading=None, pieces=(Piece(op="removed", text=RULE),)),
        Change(heading=None, pieces=(Piece(op="added", text=RULE.replace("thirty", "ninety")),)),
    )


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"watches": {"kept": {"query": '"ninety days"', "routes": ["newsroom"]}}}, id="a watch"),
        pytest.param(
            {
                "watches": {"kept": {"query": "recordings", "routes": ["newsroom"], "sources": ["rules"]}},
                "sources": {"policy": POLICY["policy"] | {"tags": ["rules"]}},
            },
            id="who listens to its source",
        ),
    ],
)
async def test_a_page_is_heard_by_the_watches_that_there_are_when_it_is_recorded(
    following: Following, changed: dict[str, Any]
) -> None:
    def meanwhile(old: str, new: str) -> tuple[Change, ...]:
        following.desk.apply(watch_list(**({"sources": POLICY} | changed)), prune=True)
        return changes(old, new)

    following.compare = meanwhile
    assert (await following.check(RULE.replace("thirty", "ninety"))).alerts == 1
    (told,) = following.told()
    assert told.watches == ("kept",)
    assert following.desk.number("versions") == 2


async def test_hard_case_87_a_full_disk_under_the_pages_stops_the_desk_and_is_no_defect(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotRun, match="the disk is full: free some space"):
        await following.check(RULE.replace("thirty", "ninety"))
    monkeypatch.undo()
    assert (await following.check(RULE.replace("thirty", "ninety"))).alerts == 1


async def test_a_page_whose_snapshot_was_torn_is_followed_on_by_another_extractor(
    following: Following, monkeypatch: pytest.MonkeyPatch
) -> None:
    (snapshot,) = following.snapshots.iterdir()
    snapshot.write_bytes(snapshot.read_bytes()[:-9])
    monkeypatch.setattr(watching, "EXTRACTOR", "another")
    assert (await following.check(RULE.replace("thirty", "ninety"))).alerts == 1
    assert (await following.check(RULE)).alerts == 1
