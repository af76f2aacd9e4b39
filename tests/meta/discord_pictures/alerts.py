"""Pictures of alerts as they are posted, and of what the buttons under them and the menus of messages answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import discord

from bot.cards import card_for
from bot.cards.message import message_for
from tests.bot.alerts import KINDS, NOW, STORY
from tests.bot.chat.newsroom import message
from tests.meta.discord_page import PHONE, Shown
from tests.meta.discord_pictures.album import Album, answered, posted
from tests.meta.discord_pictures.gull import Gull
from watchers.models import Alert, AlertKind, Outgoing
from watchers.storage import notices

AUDIT = "One in four police face searches"
ARREST = "Man held nine days"
LATER = (  # kinds that nothing brings about yet, with a headline each
    {
        AlertKind.STORY_UPDATE: "Council bans live face recognition at Brixham market, and asks who paid for it",
        AlertKind.STORY_HOT: "Council bans live face recognition at Brixham market",
        AlertKind.ARTICLE_EDITED: "Council bans live face recognition at Brixham market",
        AlertKind.ARTICLE_REMOVED: "Council bans live face recognition at Brixham market",
    },
    {
        AlertKind.DOCUMENT_ADDED: "Impact assessment of the market cameras",
        AlertKind.DOCUMENT_REMOVED: "Contract for the market cameras",
        AlertKind.DOCUMENT_REPLACED: "Camera locations, 2031",
        AlertKind.POLICY_REMOVED: "Facial recognition policy",
        AlertKind.POLICY_UNSTABLE: "Facial recognition policy",
    },
)
_PAGES = ("document.", "policy.")


def post(gull: Gull, place: str, words: str) -> discord.Message:
    """The latest post of a channel that has these words."""
    return next(found for found in reversed(gull.places[place].history()) if words in found.content)


async def stories(gull: Gull, album: Album) -> None:
    """A story with its copies, on a desk and on a phone."""
    await gull.until("10:20")
    shown = await posted(post(gull, "policing", AUDIT))
    album.keep("alert-story", shown)
    album.keep("alert-story-phone", shown, width=PHONE)


async def others(gull: Gull, album: Album) -> None:
    """Changed pages, a digest, and what the desk's editors are told about the desk itself."""
    await gull.until("11:50")
    album.keep("alert-policy", await posted(post(gull, "policing", "Policy 412")))
    album.keep("alert-policy-long", await posted(post(gull, "policing", "Camera rules")))
    failing, back = post(gull, "newsroom", "Source failing"), post(gull, "newsroom", "Source recovered")
    album.keep("alert-source", await posted(failing), await posted(back))
    await gull.until("12:05")
    album.keep("alert-digest", await posted(post(gull, "overview", "alerts")))
    (desk,) = gull.office.directory.all()
    lines = (
        "Watch in-court matched 84 articles this week: narrow its query.",
        f"Source causeway has shown nothing new since {gull.clock() - timedelta(days=17):%-d %B}.",
    )
    await gull.database.write(notices.notice, desk.id, "week", "\n".join(lines), demo=False, now=gull.clock())
    await gull.work()
    album.keep("alert-notice", await posted(post(gull, "newsroom", "Desk notice")))


def later(album: Album) -> None:
    """Cards of kinds that nothing brings about yet, from samples."""
    for number, titles in enumerate(LATER, start=1):
        alerts = [_sample(kind, title) for kind, title in titles.items()]
        cards = [message_for(card_for(Outgoing(reference="WD-7F3A2-1", alert=alert))).payload for alert in alerts]
        album.keep(f"cards-later-{number}", *map(Shown, cards), now=NOW)


def _sample(kind: AlertKind, title: str) -> Alert:
    page = kind.startswith(_PAGES)
    return replace(
        KINDS[kind],
        title=title,
        copies=(),
        image=None,
        why=() if page else STORY.why[:1],
        watches=STORY.watches[:1],
        summary=() if page else STORY.summary[:1],
    )


# ── buttons ──────────────────────────────────────────────────────────────────────────────────────────────


async def buttons(gull: Gull, album: Album) -> None:
    """Why?, Not relevant, Mute… with its undo, Add to known."""
    audit, arrest = post(gull, "policing", AUDIT), post(gull, "courts", ARREST)
    album.keep("button-why", await answered(await gull.ann.click(arrest, label="Why?")))
    asked = await gull.ann.click(audit, label="Not relevant")
    before = await answered(asked)
    await gull.ann.click(message(asked), label="Off topic")
    album.keep("button-not-relevant", before, await answered(asked))
    asked = await gull.ann.click(arrest, label="Mute…")
    before = await answered(asked)
    watch = message(asked).components[0]["components"][0]["options"][0]["value"]
    await gull.ann.select(message(asked), values=[watch])
    muted = await answered(asked)
    await gull.ann.click(message(asked), label="Undo")
    album.keep("button-mute", before, muted, await answered(asked))
    album.keep("button-known", await answered(await gull.ann.click(arrest, label="Add to known")))


async def menus(gull: Gull, album: Album) -> None:
    """The menus of any message: an alert's, and one that somebody wrote."""
    said = await gull.cy.send(
        gull.newsroom,
        "two I always forget: https://transit-notes.example/feed.json and https://ropewalk-business.example/",
    )
    digest = post(gull, "overview", "alerts")
    why = await gull.ann.context_menu(gull.places["overview"], "Why this alert?", digest)
    none = await gull.ann.context_menu(gull.newsroom, "Why this alert?", said)
    album.keep("menu-why", await answered(why, "Why this alert?"), await answered(none, "Why this alert?"))
    asked = await gull.ann.context_menu(gull.newsroom, "Watch this link", said)
    before = await answered(asked, "Watch this link")
    await gull.ann.select(message(asked), values=["0"])
    album.keep("menu-link", before, await answered(asked, "Watch this link"))
    linked = await gull.cy.send(gull.newsroom, f"we had this one: {_address(gull)}")
    known = await gull.ann.context_menu(gull.newsroom, "Add to known stories", linked)
    album.keep("menu-known", await answered(known, "Add to known stories"))


def _address(gull: Gull) -> str:
    content = post(gull, "policing", "Department begins drone program").content
    return content.partition("<")[2].partition(">")[0]


def pictured() -> Sequence[AlertKind]:
    """The kinds that have a picture."""
    sent = [AlertKind.STORY_NEW, AlertKind.POLICY_CHANGED, AlertKind.SOURCE_FAILING, AlertKind.SOURCE_RECOVERED]
    return [*sent, AlertKind.DESK_NOTICE, AlertKind.DIGEST, *(kind for kinds in LATER for kind in kinds)]
