"""The two webs of the poison run, each a process: good outlets, and poisonous ones. Every outlet is an origin.

    with served("good", 1_000) as feeds: …    # their addresses

A good feed answers 304 to who knows it; each tenth has a new story at every poll, with a page of its own.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from itertools import cycle, islice
from typing import Final

from tests.desk.press import PARAGRAPHS, Entry, article, rss
from tests.fakes.poison import FEED, KINDS
from tests.fakes.web import Asked, Reply, Web

STORIES: Final = 5  # that a feed shows at first, old ones
LIVELY: Final = 10  # each so many-th feed has news


@contextmanager
def served(kind: str, outlets: int) -> Iterator[list[str]]:
    """A running web of so many outlets, `good` or `poison`; it ends with the block."""
    command = (sys.executable, "-m", "tests.soak.poison_web", kind, str(outlets))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.stdin.close()


def names(outlets: int) -> list[str]:
    """The kind of each poisonous outlet."""
    return list(islice(cycle(KINDS), outlets))


def _outlet(web: Web, number: int) -> None:
    polls = 0

    def feed(asked: Asked) -> Reply:
        nonlocal polls
        polls += 1
        edition = polls if number % LIVELY == 0 else 1
        etag = f'"{edition}"'
        if asked.headers.get("if-none-match") == etag:
            return Reply(304, headers={"ETag": etag})
        old = [Entry(title=f"Old {number} {story}", guid=f"old-{story}") for story in range(STORIES)]
        news = [
            Entry(title=f"News {number} {story}", link=web.url(f"/{story}"), guid=f"{story}", published=None)
            for story in range(1, edition)
        ]
        return Reply(body=rss([*news, *old], title=f"Outlet {number}"), headers={"ETag": etag})

    def page(asked: Asked) -> Reply:
        if asked.path == "/robots.txt":
            return Reply(404)
        lead_in = f"Outlet {number} tells this in its edition {asked.path}."
        return Reply(body=article(f"News {number} {asked.path[1:]}", PARAGRAPHS, lead_in=lead_in))

    web.serve(FEED, feed)
    web.serve("*", page)


async def _serve(kind: str, outlets: int) -> None:
    os.nice(10)
    kinds = names(outlets)
    async with AsyncExitStack() as stack:
        feeds = []
        for number in range(outlets):
            web = await stack.enter_async_context(Web())
            if kind == "good":
                _outlet(web, number)
            else:
                KINDS[kinds[number]](web)
            feeds.append(web.url(FEED))
        sys.stdout.write(json.dumps(feeds) + "\n")
        sys.stdout.flush()
        await asyncio.to_thread(sys.stdin.read)  # until whoever started us is done, or gone


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1], int(sys.argv[2])))
