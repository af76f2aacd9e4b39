"""Cards as Discord messages: within the limits, pinging nobody, in the shape that Discord publishes."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from bot.cards import card_for
from bot.cards.message import Message, message_for
from tests.bot.alerts import DIGEST, FAILING, KINDS, POLICY, PUBLISHED, STORY, hostile_alerts, outgoing
from tests.bot.payloads import is_harmless, is_within_limits
from watchers.models import Alert, AlertKind, Change, Earlier, Piece, Teller

_OPENAPI = Path(__file__).resolve().parents[2].parent / "shared" / "discord" / "openapi.json"
_BODY = (
    "urn:d#/paths/~1webhooks~1%7Bwebhook_id%7D~1%7Bwebhook_token%7D/post/requestBody/content/application~1json/schema"
)


@pytest.fixture(scope="module")
def referee() -> Draft202012Validator:
    if not _OPENAPI.exists():
        pytest.skip(f"Discord's OpenAPI document isn't here: {_OPENAPI}")
    document = DRAFT202012.create_resource(json.loads(_OPENAPI.read_text()))
    return Draft202012Validator(
        {"$ref": _BODY},
        registry=Registry().with_resource("urn:d", document),
    )


def _message(alert: Alert, *, resent: bool = False, mentions: tuple[str, ...] = ()) -> Message:
    return message_for(card_for(outgoing(alert, resent=resent, mentions=mentions)))


def _payload(alert: Alert) -> Mapping[str, Any]:
    return _message(alert).payload


def _embed(alert: Alert) -> dict[str, Any]:
    (embed,) = _payload(alert)["embeds"]
    return dict(embed)


# ── any alert ────────────────────────────────────────────────────────────────────────────────────────────


@given(hostile_alerts)
@settings(max_examples=15)
def test_hard_case_81_any_message_is_within_every_limit(alert: Alert) -> None:
    is_within_limits(_payload(alert))


@given(hostile_alerts)
@settings(max_examples=15)
def test_hard_case_75_to_77_nothing_of_a_stranger_is_a_mention_a_link_or_a_code(alert: Alert) -> None:
    is_harmless(_payload(alert))


@given(alert=hostile_alerts)
@settings(max_examples=15)
def test_any_message_is_valid_by_discord_s_own_document(referee: Draft202012Validator, alert: Alert) -> None:
    referee.validate(_payload(alert))


@pytest.mark.parametrize("kind", AlertKind)
def test_every_kind_is_valid_by_discord_s_own_document(referee: Draft202012Validator, kind: AlertKind) -> None:
    referee.validate(_payload(KINDS[kind]))


def test_the_referee_refuses_what_discord_would(referee: Draft202012Validator) -> None:
    assert referee.is_valid({"content": "a" * 2000})
    assert not referee.is_valid({"content": "a" * 2001})


# ── the first line ───────────────────────────────────────────────────────────────────────────────────────


def test_the_first_line_is_headline_outlet_and_link() -> None:
    assert _payload(STORY)["content"] == (
        "**Council bans live face recognition at Brixham market** · The Harbour Ledger · "
        "<https://ledger.example/2031/03/14/market-ban>"
    )


def test_the_first_line_of_any_other_kind_says_what_happened() -> None:
    assert _payload(FAILING)["content"] == "**harbour-ledger** · Source failing · <https://ledger.example/feed>"


def test_only_the_routed_roles_are_mentioned_after_the_news() -> None:
    payload = _message(replace(STORY, title="<@&99> @everyone"), mentions=("1234", "1234", "everyone")).payload
    assert payload["allowed_mentions"] == {"parse": [], "roles": ["1234"]}
    content = str(payload["content"])
    assert content.endswith("> <@&1234>")
    assert content.count("<@&") == 1


def test_hard_case_80_a_javascript_link_is_plain_text() -> None:
    assert _payload(replace(STORY, url="javascript:alert(1)"))["content"].endswith(r" · javascript\:alert(1)")
    assert "url" not in _embed(replace(STORY, url="javascript:alert(1)"))


def test_a_link_too_long_for_the_first_line_is_still_the_embed_s() -> None:
    url = "https://x.example/" + "a" * 1500
    assert "a" * 100 not in _payload(replace(STORY, url=url))["content"]
    assert _embed(replace(STORY, url=url))["url"] == url
    assert _embed(replace(STORY, url=url))["title"]
    assert "url" not in _embed(STORY)


# ── the embed ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_embed_holds_the_sentences_the_reasons_and_who_was_first() -> None:
    embed = _embed(STORY)
    assert embed["description"].replace("**", "").splitlines() == list(STORY.summary)
    fields = {field["name"]: field["value"] for field in embed["fields"]}
    assert fields["Why"].splitlines()[0] == (
        "police-facial-recognition: **face recognition** (headline); **Police**, **facial recognition** (paragraph 3)"
    )
    assert fields["First"] == "The Harbour Ledger <t:1931260320:R>"
    assert fields["Copies (9)"].startswith(
        "[Coastal Wire 1](https://wire1.example/market-ban) <t:1931260380:R>, [Coastal Wire 2](https://wire2"
    )
    assert fields["Copies (9)"].endswith(" … and 3 more")
    assert "timestamp" not in embed


def test_the_first_is_a_link_where_it_is_another_s() -> None:
    earlier = Teller(outlet="Early Bird", url="https://early.example/a", published=PUBLISHED - timedelta(hours=1))
    _, first = _embed(replace(STORY, copies=(earlier,)))["fields"]
    assert first["value"].startswith("[Early Bird](https://early.example/a) <t:")
    _, first, copies = _embed(replace(STORY, copies=(earlier, *STORY.copies)))["fields"]
    assert first["value"].startswith("[Early Bird](https://early.example/a) <t:")
    assert copies["name"] == "Copies (9)"
    assert "The Harbour Ledger" not in copies["value"]


def test_an_earlier_story_that_the_desk_had_is_linked() -> None:
    earlier = Earlier(title="Market buys cameras", url="https://ledger.example/1", outlet="Ledger", published=PUBLISHED)
    field = _embed(replace(STORY, earlier=earlier))["fields"][-1]
    assert (field["name"], field["value"]) == (
        "Earlier",
        "[Market buys cameras](https://ledger.example/1) · Ledger · <t:1931260320:R>",
    )


def test_an_outlet_whose_name_could_break_a_link_stands_before_it() -> None:
    copies = (Teller(outlet="a](https://evil.example) [", url="https://wire.example/a", published=None),)
    value = _embed(replace(STORY, copies=copies))["fields"][-1]["value"]
    assert value.endswith(" · [read](https://wire.example/a)")


def test_an_undated_story_that_nobody_else_has_names_no_first() -> None:
    assert [field["name"] for field in _embed(replace(STORY, published=None, copies=()))["fields"]] == ["Why"]


def test_an_undated_story_says_when_it_was_first_seen() -> None:
    description = _embed(replace(STORY, published=None, first_seen=PUBLISHED))["description"]
    assert description.splitlines()[-1] == "No date; first seen <t:1931260320:R>"


def test_a_note_is_set_apart_in_small_print() -> None:
    description = _embed(replace(STORY, note="This is the feed's own summary"))["description"]
    assert description.splitlines()[-1] == "-# This is the feed's own summary."


def test_a_failing_source_tells_its_times_as_discord_counts_them() -> None:
    assert _embed(FAILING)["description"].splitlines() == [
        "403 Forbidden.",
        "Began <t:1931260320:R> · Next try <t:1931263440:R>",
    ]


def test_the_footer_holds_the_reference_and_whether_it_was_sent_before() -> None:
    assert _embed(STORY)["footer"] == {"text": "ref d-7f3a"}
    (embed,) = _message(STORY, resent=True).payload["embeds"]
    assert "resent" in embed["footer"]["text"]


def test_a_demo_message_says_so() -> None:
    assert _embed(replace(STORY, demo=True))["author"]["name"] == "Demo: invented story"
    assert "author" not in _embed(STORY)


@pytest.mark.parametrize(
    ("image", "shown"),
    [("https://ledger.example/a.jpg", True), ("http://[::1]/a.jpg", False), ("data:image/png;base64,x", False)],
)
def test_only_an_ordinary_image_is_shown(image: str, shown: bool) -> None:
    assert ("thumbnail" in _embed(replace(STORY, image=image))) is shown


def test_a_changed_page_tells_within_which_time_on_the_reader_s_clock() -> None:
    changed = replace(POLICY, published=None, since=PUBLISHED, until=PUBLISHED + timedelta(hours=1))
    first, _, _ = _embed(changed)["description"].partition("\n\n")
    assert first == "Changed between <t:1931260320:f> and <t:1931263920:f>"


def test_changed_words_are_struck_out_and_set_in_bold_under_their_heading() -> None:
    first, _, second = _embed(POLICY)["description"].partition("\n\n")
    assert first.splitlines()[0] == r"**4\. Retention**"
    assert "kept for ~~30~~ **90** days" in first
    assert second.endswith("**An auditor reads the log every quarter.**")


def test_a_tilde_in_old_words_does_not_end_their_striking_out() -> None:
    change = Change(heading=None, pieces=(Piece(op="removed", text="about ~"),))
    assert _embed(replace(POLICY, changes=(change,)))["description"] == "~~about \\~\u200b~~"


def test_a_digest_lists_its_members_under_their_watches() -> None:
    lines = _embed(DIGEST)["description"].splitlines()
    assert lines[0] == "**police-facial-recognition** (2)"
    assert lines[1].startswith(
        "- [Council bans live face recognition at Brixham market](https://ledger.example/2031/03/14/market-ban) · The"
    )
    assert lines[1].endswith("9 copies · also markets")


def test_an_undated_story_in_a_digest_says_when_it_was_first_seen() -> None:
    undated = replace(STORY, published=None, first_seen=PUBLISHED, outlet=None, copies=())
    lines = _embed(replace(DIGEST, members=(undated,)))["description"].splitlines()
    assert lines[1].endswith(" · ledger.example · first seen <t:1931260320:R> · also markets")


def test_no_group_of_a_digest_is_passed_over_for_a_larger_one() -> None:
    stories = tuple(replace(STORY, key=f"k{number}", story=f"k{number}") for number in range(40))
    description = _embed(replace(DIGEST, members=(*stories, *DIGEST.members)))["description"]
    assert re.findall(r"^\*\*(.+)\*\* \((\d+)\)$", description, re.MULTILINE) == [
        ("police-facial-recognition", "42"),
        ("markets", "1"),
        ("policies", "1"),
        ("Source failing", "1"),
    ]
    entries = description.count("\n- ")
    assert description.endswith(f"\n-# … and {45 - entries} more in digest.txt")


@pytest.mark.parametrize("number", [0, 1, 6, 7, 400])
def test_copies_are_counted_whether_or_not_they_fit(number: int) -> None:
    address = "https://w.example/" + "x" * 300
    copies = tuple(Teller(outlet=f"{each:W>99}", url=address, published=None) for each in range(number))
    fields = {field["name"]: field["value"] for field in _embed(replace(STORY, copies=copies))["fields"]}
    named = [name for name in fields if name.startswith("Copies")]
    assert named == ([f"Copies ({number})"] if number else [])
