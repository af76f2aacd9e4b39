"""Invented alerts of every kind, and hostile ones, for the tests of cards and channels."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from watchers.models import Alert, AlertKind, Change, Earlier, Outgoing, Piece, Teller, Why

NOW = datetime(2031, 3, 14, 13, 24, tzinfo=UTC)
PUBLISHED = datetime(2031, 3, 14, 13, 12, tzinfo=UTC)

_LEAD = (
    "The borough council voted 31 to 14 on Tuesday to stop traders from running face recognition "
    "on shoppers at Brixham market."
)
_SECOND = "Police had asked for “live facial recognition” at the market’s three gates since January."

STORY = Alert(
    key="story.new:s1",
    kind=AlertKind.STORY_NEW,
    title="Council bans live face recognition at Brixham market",
    url="https://ledger.example/2031/03/14/market-ban",
    outlet="The Harbour Ledger",
    published=PUBLISHED,
    story="s1",
    watches=("police-facial-recognition", "markets"),
    summary=(_LEAD, _SECOND),
    why=(
        Why(
            watch="police-facial-recognition",
            term="face recognition",
            field="title",
            paragraph=None,
            text="face recognition",
            sentence="Council bans live face recognition at Brixham market",
        ),
        Why(
            watch="police-facial-recognition",
            term="police",
            field="text",
            paragraph=3,
            text="Police",
            sentence=_SECOND,
        ),
        Why(
            watch="police-facial-recognition",
            term="facial recognition",
            field="text",
            paragraph=3,
            text="facial recognition",
            sentence=_SECOND,
        ),
        Why(watch="markets", term="market", field="text", paragraph=3, text="market", sentence=_SECOND),
    ),
    copies=tuple(
        Teller(
            outlet=f"Coastal Wire {number}",
            url=f"https://wire{number}.example/market-ban",
            published=PUBLISHED + timedelta(minutes=number),
        )
        for number in range(1, 10)
    ),
    image="https://ledger.example/market.jpg",
    language="en",
)

POLICY = Alert(
    key="policy.changed:p1:v2",
    kind=AlertKind.POLICY_CHANGED,
    title="Facial recognition policy",
    url="https://police.example/policies/facial-recognition",
    outlet="Brixham Police",
    published=PUBLISHED,
    watches=("policies",),
    changes=(
        Change(
            heading="4. Retention",
            pieces=(
                Piece(op="same", text="Images that match nobody are kept for "),
                Piece(op="removed", text="30"),
                Piece(op="added", text="90"),
                Piece(op="same", text=" days and then deleted, unless a supervisor asks for more time."),
            ),
        ),
        Change(heading="5. Audit", pieces=(Piece(op="added", text="An auditor reads the log every quarter."),)),
    ),
)

FAILING = Alert(
    key="source.failing:ledger:1",
    kind=AlertKind.SOURCE_FAILING,
    title="harbour-ledger",
    url="https://ledger.example/feed",
    note="403 Forbidden",
    since=PUBLISHED,
    next_try=NOW + timedelta(minutes=40),
)

RECOVERED = Alert(
    key="source.recovered:ledger:1",
    kind=AlertKind.SOURCE_RECOVERED,
    title="harbour-ledger",
    url="https://ledger.example/feed",
    since=PUBLISHED - timedelta(hours=5),
    until=PUBLISHED,
)

NOTICE = Alert(
    key="desk.notice:hygiene:2031-03-14",
    kind=AlertKind.DESK_NOTICE,
    title="Source quayside has shown nothing new since 27 February.",
)

DIGEST = Alert(
    key="digest:newsroom:2031-03-14T08",
    kind=AlertKind.DIGEST,
    title="5 alerts",
    members=(
        STORY,
        replace(
            STORY,
            key="story.new:s2",
            story="s2",
            title="Market traders sue over cameras",
            url="https://a.example/2",
            copies=(),
        ),
        replace(STORY, key="story.new:s3", story="s3", title="Night market returns", watches=("markets",), copies=()),
        POLICY,
        FAILING,
    ),
)

KINDS: dict[AlertKind, Alert] = {
    **{kind: replace(STORY, key=f"{kind}:x", kind=kind, title=f"Something about {kind.value}") for kind in AlertKind},
    **{alert.kind: alert for alert in (STORY, POLICY, FAILING, RECOVERED, NOTICE, DIGEST)},
}


def outgoing(alert: Alert = STORY, *, resent: bool = False, mentions: tuple[str, ...] = ()) -> Outgoing:
    return Outgoing(reference="d-7f3a", alert=alert, resent=resent, mentions=mentions)


# Fragments that mean something to a chat service, a terminal, a browser or a careless renderer.
_HOSTILE = st.sampled_from(
    [
        "@everyone", "@here", "<@1>", "<@!1>", "<@&1234>", "<#1>", "</cmd:1>", "<t:1:R>", "<:a:1>", "<a:b:1>",
        "[bank](https://evil.example)", "https://x.example/_a_ *b*", "```", "``", "`", "||", "~~", "**", "__", "\\",
        "# ", "-# ", "> ", ">>> ", "- ", "1. ",
        "\n", "\r\n", "\u2028", "\u202e", "\u2066", "\u200b", "\u200d", "\ufeff",
        "\x1b[31m", "\x1b]8;;https://evil.example\x07", "\x9b2J", "\x00", "\x07", "[red]", "[/]", "{{x.__class__}}",
        "%s", "$(id)", "👩\u200d👩\u200d👧", "e\u0301", "Z" + "\u0336" * 40, "\ud800", "سلام", "漢字", "word", "a", " ",
    ]
)  # fmt: skip
hostile_text = st.one_of(
    st.lists(st.one_of(_HOSTILE, st.text(max_size=8)), max_size=8).map("".join),
    st.builds(lambda text, times: (text * times)[:2500], _HOSTILE, st.integers(1, 2500)),
)
hostile_url = st.one_of(
    st.none(),
    hostile_text,
    st.builds("https://x.example/{}".format, hostile_text),
    st.sampled_from(["javascript:alert(1)", "https://аррӏе.com/", "http://[::1]/", "https://u:p@x.example/?token=s"]),
)
moments = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)))
_names = st.lists(hostile_text, max_size=2).map(tuple)
_whys = st.builds(
    Why,
    watch=hostile_text,
    term=hostile_text,
    field=st.sampled_from(["title", "text"]),
    paragraph=st.one_of(st.none(), st.integers(1, 99)),
    text=hostile_text,
    sentence=hostile_text,
)
_tellers = st.builds(Teller, outlet=st.one_of(st.none(), hostile_text), url=hostile_url, published=moments)
_earlier = st.builds(
    Earlier,
    title=st.one_of(st.none(), hostile_text),
    url=hostile_url,
    outlet=st.none() | hostile_text,
    published=moments,
)
_changes = st.builds(
    Change,
    heading=st.one_of(st.none(), hostile_text),
    pieces=st.lists(
        st.builds(Piece, op=st.sampled_from(["same", "removed", "added"]), text=hostile_text), max_size=3
    ).map(tuple),
)


def _alerts(members: st.SearchStrategy[tuple[Alert, ...]]) -> st.SearchStrategy[Alert]:
    return st.builds(
        Alert,
        key=st.just("k"),
        kind=st.sampled_from(AlertKind),
        title=hostile_text,
        url=hostile_url,
        outlet=st.one_of(st.none(), hostile_text),
        published=moments,
        first_seen=moments,
        watches=_names,
        summary=_names,
        why=st.lists(_whys, max_size=3).map(tuple),
        copies=st.lists(_tellers, max_size=2).map(tuple),
        earlier=st.none() | _earlier,
        image=hostile_url,
        note=st.one_of(st.none(), hostile_text),
        changes=st.lists(_changes, max_size=2).map(tuple),
        members=members,
        since=moments,
        until=moments,
        next_try=moments,
        demo=st.booleans(),
    )


hostile_alerts = _alerts(st.one_of(st.just(()), st.lists(_alerts(st.just(())), min_size=1, max_size=2).map(tuple)))
