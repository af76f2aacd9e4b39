"""An item and the answer of its page → one Reading: the page's where it is an article, else the feed's own words.

    FetchResult + Item ─extract_article (worker)→ the page's Reading ─joined with the item→ Reading

The article is what the page says. What it doesn't say, the feed does; a news search knows the outlet better than
the page that it leads to.
"""

from dataclasses import replace
from typing import Final

from watchers.errors import WorkerKilled
from watchers.models import FetchResult, Item, Outcome, Reading
from watchers.reading.article import extract_article
from watchers.reading.worker import Worker

EXTRACTION_SECONDS: Final = 10.0


async def read_article(fetched: FetchResult, item: Item, worker: Worker) -> Reading:
    """Read an item's article from its fetched page, or keep the feed's own summary, marked `partial`.

    `outcome` and `error` tell what became of the page; the web's and the page's failures raise nothing.
    """
    if fetched.outcome is not Outcome.OK:
        return reading_of_item(item, outcome=fetched.outcome, error=fetched.error)
    try:
        page = await worker.run(
            extract_article,
            fetched.body,
            fetched.content_type,
            fetched.final_url,
            seconds=EXTRACTION_SECONDS,
            errand="page",
        )
    except WorkerKilled as killed:
        return reading_of_item(item, outcome=Outcome.FAILED, error=str(killed))
    if page.outcome is not Outcome.OK:
        return _joined(replace(page, text=item.summary, partial=True), item)
    return _joined(page, item)


def reading_of_item(item: Item, *, outcome: Outcome = Outcome.OK, error: str | None = None) -> Reading:
    """The feed's own words as a reading, for a source that is never read further, or whose page failed."""
    return Reading(
        outcome=outcome,
        url=item.url,
        title=item.title,
        text=item.summary,
        published=item.published,
        updated=item.updated,
        byline=item.byline,
        outlet=item.outlet,
        language=item.language,
        image=item.image,
        partial=True,
        error=error,
    )


def _joined(page: Reading, item: Item) -> Reading:
    return replace(
        page,
        url=item.url or page.url,
        title=page.title or item.title,
        published=page.published or item.published,
        updated=page.updated or item.updated,
        byline=page.byline or item.byline,
        outlet=item.outlet or page.outlet,
        language=page.language or item.language,
        image=page.image or item.image,
    )
