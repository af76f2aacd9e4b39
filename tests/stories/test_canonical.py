"""One canonical address for every spelling of it, and never one for two articles."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watchers.stories import canonical
from watchers.stories.canonical import canonical_url, title_key

ARTICLE = "https://ledger.example/news/2031/harbour-cameras"


@pytest.mark.parametrize(
    "variant",
    [
        "http://ledger.example/news/2031/harbour-cameras",
        "HTTPS://WWW.Ledger.Example/news/2031/harbour-cameras/",
        "https://ledger.example:443/news/2031/harbour-cameras#comments",
        "http://ledger.example:80//news/2031/./x/../harbour-cameras",
        "https://m.ledger.example/news/2031/harbour-cameras",
        "https://mobile.ledger.example/news/2031/harbour-cameras",
        "https://amp.ledger.example/news/2031/harbour-cameras",
        "https://www.m.ledger.example/news/2031/harbour-cameras",
        f"{ARTICLE}/amp",
        f"{ARTICLE}/amp/",
        f"{ARTICLE}.amp",
        f"{ARTICLE}/amp.html",
        "https://ledger.example/amp/news/2031/harbour-cameras",
        "https://ledger.example/news/amp/2031/harbour-cameras",
        f"{ARTICLE}?amp",
        f"{ARTICLE}/?amp=1",
        f"{ARTICLE}?outputType=amp",
        "https://ledger-example.cdn.ampproject.org/c/s/ledger.example/news/2031/harbour-cameras?amp=1",
        "https://ledger-example.cdn.ampproject.org/v/s/m.ledger.example/news/2031/harbour-cameras/amp/?amp_js_v=0.1",
        "https://www.google.com/amp/s/amp.ledger.example/news/2031/harbour-cameras",
        "https://www.google.co.uk/amp/ledger.example/news/2031/harbour-cameras",
        f"{ARTICLE}/index.html",
        f"{ARTICLE};jsessionid=1A2B3C",
        f"{ARTICLE}?utm_source=feed&utm_medium=rss&UTM_Campaign=x",
        f"{ARTICLE}?fbclid=abc&gclid=def&mc_cid=1&mc_eid=2&igshid=3&cmpid=4&ref_src=twsrc",
        f"{ARTICLE}?ref=rss",
        f"{ARTICLE}?source=twitter.com",
        f"{ARTICLE}?&",
        f"  {ARTICLE}\n",
        "https://ledger.example/news/2031/harbour%2Dcameras",
    ],
)
def test_hard_case_61_variants_of_one_address_are_one(variant: str) -> None:
    assert canonical_url(variant) == ARTICLE


@pytest.mark.parametrize(
    "query",
    [
        "articleId=77",
        "id=7",
        "p=12",
        "page=2",
        "story=9",
        "v=dQw",
        "ref=AZ-1931",
        "source=police",
        "src=77",
        "from=2031-01-01",
        "20310507",
        "type=opinion",
        "s=cameras",
        "mod=news",
    ],
)
def test_hard_case_61_a_parameter_with_meaning_is_kept(query: str) -> None:
    assert canonical_url(f"http://ledger.example/read?utm_source=x&{query}") == f"https://ledger.example/read?{query}"


def test_parameters_come_in_one_order_and_repeated_ones_keep_theirs() -> None:
    assert canonical_url("https://ledger.example/read?b=2&a=9&a=1&amp;c=3") == (
        "https://ledger.example/read?a=9&a=1&b=2&c=3"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://ledger.example/News/A", "https://ledger.example/news/a"),
        ("https://ledger.example/a", "https://ledger.example/b"),
        ("https://ledger.example/#!/a", "https://ledger.example/#!/b"),
        ("https://ledger.example/a", "https://city.ledger.example/a"),
        ("https://ledger.example/a", "https://ledger.example:8443/a"),
        ("https://ledger.example/a?q=x%26y", "https://ledger.example/a?q=x&y"),
        ("https://ledger.example/a?q=1%2B1", "https://ledger.example/a?q=1+1"),
        ("https://m.co.uk/a", "https://www.co.uk/a"),
        ("https://ledger.example/guitar/ampere", "https://ledger.example/guitar"),
    ],
)
def test_different_articles_stay_different(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


def test_a_name_in_another_script_is_its_punycode() -> None:
    assert canonical_url("https://bücher.example/ü") == canonical_url("https://XN--BCHER-KVA.example/%c3%bc")
    assert canonical_url("https://kadın.example/") == canonical_url("https://xn--kadn-nza.example/")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://",
        "http://[::1",
        "http://exa mple.com/",
        "http://h.example:99999/",
        "mailto:a@b.example",
        "ledger:1/2",
        "not one",
    ],
)
def test_what_is_no_web_address_comes_back_as_it_is(address: str) -> None:
    assert canonical_url(f" {address} ") == address


ADDRESS_PIECES = re.split(
    r"\s+",
    "www. m. amp. mobile. ledger .example .co.uk :80 :443 / // /amp .amp /index.html .html ? & = ; # #! % %2F %zz %C3 ü"
    " @ [ ] .. . + utm_source=x id=7 amp &amp; amp=1 ref=rss google.com/amp/s/ x.cdn.ampproject.org/c/s/",
)
ADDRESS_PARTS = st.lists(st.sampled_from(ADDRESS_PIECES), max_size=9).map("".join)


@given(
    st.from_regex(
        r"[Hh]ttps?://([A-Za-z0-9ı-]{1,6}\.){1,3}[A-Za-z0-9]{2,4}(/[A-Za-z0-9._~%,:;@!$&'()*+=-]{0,6}){0,4}"
        r"(\?((&amp;)?([a-z_.-]|%[23][0-9A-Fa-f]){1,8}=?([A-Za-z0-9=+;:/?@!._~-]|%[23][0-9A-Fa-f]){0,5}&?){0,3})?"
        r"(\#[!-~]{0,3})?",
        fullmatch=True,
    )
)
def test_an_address_in_normal_form_needs_no_normalising(address: str) -> None:
    """What the quick way takes for normal, normalising would leave as it is."""
    quick = canonical_url.__wrapped__(address)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(canonical, "_NORMAL", re.compile("(?!)"))
        assert canonical_url.__wrapped__(address) == quick


@given(st.sampled_from(["http://", "https://", "HTTP://", ""]), ADDRESS_PARTS | st.text(max_size=30))
def test_any_text_gives_an_address_that_stays_itself(scheme: str, rest: str) -> None:
    once = canonical_url(scheme + rest)
    assert canonical_url(once) == once


@pytest.mark.parametrize(
    "variant",
    [
        "Harbour police “will reassess” their cameras",
        "HARBOUR POLICE 'WILL REASSESS' THEIR CAMERAS!",
        "Harbour police will reassess their cameras | The Ledger",
        "News | Harbour police will reassess their cameras | The Ledger",
        "Harbour police will reassess their cameras - Harbour Daily News",
        "Harbour police will reassess their cameras — ledger.com",
        "Hárbour police: will reassess, their   cameras",
    ],
)
def test_a_headline_is_known_in_any_dress(variant: str) -> None:
    assert title_key(variant) == "harbour police will reassess their cameras"


def test_the_outlets_own_name_is_no_part_of_the_headline() -> None:
    headline = "Harbour police will reassess their cameras"
    assert title_key(f"{headline} - Quayside Ledger", "The Quayside Ledger") != title_key(headline)
    assert title_key(f"{headline} - Quayside Ledger", "Quayside Ledger") == title_key(headline)


@pytest.mark.parametrize("title", ["", "…", "Live updates", "Letters to editors", "In the courts | The Ledger"])
def test_a_headline_too_short_to_name_a_story_has_no_key(title: str) -> None:
    assert title_key(title) == ""


def test_what_follows_a_dash_may_belong_to_the_headline() -> None:
    assert title_key("Council bans the harbour cameras – for now") == "council bans the harbour cameras for now"


def test_a_headline_without_spaces_counts_its_characters() -> None:
    assert title_key("市議会が港の監視カメラを禁止") != ""


@given(st.text(max_size=80))
@example("Mathematical 𝕬 and Greek ϒ in it")
def test_a_key_is_its_own_key(title: str) -> None:
    assert title_key(title_key(title)) == title_key(title)
