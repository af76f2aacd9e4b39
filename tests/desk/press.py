"""Invented feeds and articles for the desk's tests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from html import escape

PARAGRAPHS = (
    (
        "The harbor commission voted on Monday to switch off the harbor cameras along the eastern quay after "
        "residents complained that the devices followed them to their doors."
    ),
    (
        "Commissioner Odile Farrant, who wrote the motion, said that nobody had ever explained to her what "
        "the recordings were used for, or who had looked at them last winter."
    ),
    (
        "A spokesman for the port police answered that the cameras had helped to find two stolen boats and a "
        "lost dog, and that the officers would now have to walk the quay at night."
    ),
    (
        "The cameras cost the city eleven thousand dollars a year, according to the budget that was adopted "
        "in the spring, and the contract with their maker runs until the end of next year."
    ),
    (
        "Residents of the quay greeted the vote with a small brass band, which played until the street lamps "
        "came on and the commissioners had gone home by the back stairs."
    ),
    (
        "The commission will decide in April whether the recordings of the past three years are to be "
        "destroyed or kept in the municipal archive under seal."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of an invented feed."""

    title: str
    link: str | None = None
    guid: str | None = None
    published: str | None = "Mon, 02 Mar 2026 10:00:00 GMT"
    summary: str = ""


def rss(entries: Iterable[Entry], *, title: str = "Quay Courier", extra: str = "") -> bytes:
    items = "".join(_item(entry) for entry in entries)
    channel = f"<title>{escape(title)}</title>{extra}{items}"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}</channel></rss>'.encode()


def _item(entry: Entry) -> str:
    parts = [f"<title>{escape(entry.title)}</title>"]
    if entry.link is not None:
        parts.append(f"<link>{escape(entry.link)}</link>")
    if entry.guid is not None:
        parts.append(f'<guid isPermaLink="false">{escape(entry.guid)}</guid>')
    if entry.published is not None:
        parts.append(f"<pubDate>{entry.published}</pubDate>")
    if entry.summary:
        parts.append(f"<description>{escape(entry.summary)}</description>")
    return f"<item>{''.join(parts)}</item>"


def article(
    title: str, paragraphs: Iterable[str], *, outlet: str = "Quay Courier", lead_in: str = "", tail: str = ""
) -> bytes:
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (lead_in, *paragraphs, tail) if paragraph)
    head = (
        f"<title>{escape(title)} | {escape(outlet)}</title>"
        f'<meta property="og:title" content="{escape(title)}"><meta property="og:site_name" content="{escape(outlet)}">'
    )
    menu = "<nav><a href=/>Home</a><a href=/news>News</a></nav>"
    foot = f"<footer>Published by {escape(outlet)}. All rights reserved.</footer>"
    return (
        f"<!doctype html><html lang=en><head>{head}</head><body>{menu}"
        f"<article><h1>{escape(title)}</h1>{body}</article>{foot}</body></html>"
    ).encode()


def dated(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
