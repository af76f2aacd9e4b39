"""Watch lists as hypothesis makes them: anything that the types admit."""

import string
from datetime import time, timedelta

from hypothesis import strategies as st

from config.watchlist import Channel, Desk, Entity, QuietHours, Route, Source, Watch, Watchlist

names = st.from_regex(r"[a-z0-9][a-z0-9_.-]{0,8}", fullmatch=True) | st.sampled_from(
    ["null", "true", "on", "1e3", "0x1f", "2024-01-01", "ñandú"]
)
texts = (
    st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp", "Co")), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
) | st.sampled_from(["null", "yes", "08:00", "- x", "a: b", "# no", "'quoted'", '"q"', "{x}", "*a", "&b", "<<"])
ids = st.text(string.digits, min_size=1, max_size=20)
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
some_names = st.lists(names, max_size=3).map(tuple)
quiet_hours = st.tuples(times, times).filter(lambda pair: pair[0] != pair[1])
routes = st.builds(
    Route,
    channel=names,
    when=st.sampled_from(["now", "hourly", "daily"]),
    mention=st.none() | ids,
    quiet=st.none() | quiet_hours.map(lambda pair: QuietHours(start=pair[0], end=pair[1])),
)
desks = st.builds(
    Desk,
    timezone=st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]),
    digest_at=times,
    admin_channel=st.none() | names,
    guild=st.none() | ids,
)
entities = st.builds(Entity, name=texts, aliases=st.lists(texts, max_size=3).map(tuple))
watches = st.builds(
    Watch,
    query=texts,
    tags=some_names,
    sources=some_names,
    routes=st.lists(routes, max_size=3).map(tuple),
    paused=st.booleans(),
)
durations = st.integers(10, 30 * 86_400).map(lambda seconds: timedelta(seconds=seconds))
feeds = st.builds(
    Source,
    url=names.map(lambda name: f"https://feeds.example/{name}?a=1&b=#c"),
    kind=st.sampled_from(["auto", "feed", "sitemap"]),
    every=st.none() | durations,
    read=st.sampled_from(["all", "matched", "never"]),
    tags=some_names,
    trust=st.sampled_from(["primary", "normal", "low"]),
    paused=st.booleans(),
)
selectors = st.sampled_from(["main", "#policy > p:not(.date)", "a[href^='http://']", 'p[title="a, b: {c}"]', "h2 ~ *"])
pages = st.builds(
    Source,
    url=st.just("http://pages.example/"),
    kind=st.sampled_from(["page", "auto"]),
    select=st.none() | selectors,
    ignore=st.none() | selectors,
)
channels = st.one_of(
    st.just(Channel(kind="terminal")),
    st.builds(Channel, kind=st.sampled_from(["webhook", "apprise"]), url_env=st.just("TEAM_WEBHOOK")),
    st.builds(Channel, kind=st.just("webhook"), url_file=st.just("secrets/team webhook")),
    st.builds(Channel, kind=st.just("discord"), id=ids),
)


@st.composite
def watchlists(draw: st.DrawFn) -> Watchlist:
    """A whole watch list whose references all hold."""
    listed_channels = draw(st.dictionaries(names, channels, max_size=3))
    listed_sources = draw(st.dictionaries(names, feeds | pages, max_size=3))
    known = {*listed_sources, *(tag for source in listed_sources.values() for tag in source.tags)}

    def held(watch: Watch) -> Watch:
        return watch.model_copy(
            update={
                "sources": tuple(name for name in watch.sources if name in known),
                "routes": tuple(
                    route.model_copy(update={"channel": draw(st.sampled_from(sorted(listed_channels)))})
                    for route in watch.routes
                    if listed_channels
                ),
            }
        )

    desk = draw(desks)
    admin = draw(st.sampled_from([None, *sorted(listed_channels)]))
    return Watchlist(
        desk=desk.model_copy(update={"admin_channel": admin}),
        entities=draw(st.dictionaries(names, entities, max_size=3)),
        watches={name: held(watch) for name, watch in draw(st.dictionaries(names, watches, max_size=3)).items()},
        sources=listed_sources,
        channels=listed_channels,
    )
