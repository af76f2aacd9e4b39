"""Boxes on a followed page that are no text of it, by what they ask or where they point, and what resembles them."""

import pytest

from tests.sources.test_page import SENTENCES, text_of
from tests.sources.test_page_noise import page

BOXES = """
<div class="x"><p>This website uses cookies to ensure you get the best experience.</p><a href="/cookies">Learn
more</a> <a href="#">Got it!</a></div>

<div><p>Ce site utilise des cookies pour améliorer votre
expérience.</p><button>Accepter</button><button>Refuser</button></div>

<div><span>Utilizamos cookies propias y de terceros.</span> <a role="button" href="#">Aceptar</a></div>

<section><h2>Your privacy</h2><p>We use optional cookies to understand how the site is used.</p><form><button>Accept
optional cookies</button><button>Reject optional cookies</button></form></section>

<div><p>Questo sito usa i cookie.</p><input type="button" value="Accetto"></div>

<form><fieldset><legend>Was this page helpful?</legend><label><input type=radio> Yes</label><label><input
type=radio> No</label><button>Send</button></fieldset></form>

<div><p>Is this page useful?</p><button>Yes</button><button>No</button><a href="/report">Report a problem with this
page</a></div>

<form action="/newsletter"><label>Get harbour news by email</label><input type=email><button>Sign up</button></form>

<div><p>Share this page</p><ul><li><a href="https://fb.example">Facebook</a></li><li><a
href="https://x.example">X</a></li><li><a href="mailto:">Email</a></li></ul></div>

<form role="none" action="/find"><label>Find a page</label><input name=q><button>Go</button></form>

<div><p>Wir verwenden Cookies, um unsere Seite zu verbessern.</p><a class="btn" href="#">Einverstanden</a><a
class="btn" href="#">Nur notwendige</a></div>

<p>We use cookies on this site. <a href="#">OK</a></p>

<div><p>Deze website gebruikt cookies.</p><button>Akkoord</button></div>

<div id="feedback"><h3>Vous a-t-il été utile ?</h3><button>Oui</button><button>Non</button></div>
"""

TITLES = """
Related content
Related pages
Explore more
Latest updates
Recent articles
You might also be interested in
Weitere Meldungen
Aktuelle Nachrichten
Lesen Sie auch
Articles liés
Sur le même sujet
Noticias relacionadas
Te puede interesar
Articoli correlati
Lees ook
Trending
Editor’s picks
Don’t miss
More in Policing
From the blog
Latest from the newsroom
More news
Das könnte Sie auch interessieren
Últimas noticias
Related
See also
In other news
Also on our site
Upcoming events
What’s new
Mehr zum Thema
À lire aussi
Más noticias
"""


@pytest.mark.parametrize("box", BOXES.strip().split("\n\n"))
def test_hard_case_67_a_box_that_asks_the_visitor_is_no_text(box: str) -> None:
    assert text_of(page("", mid=box)) == text_of(page(box)) == text_of(page(""))


TWO = ("Bridge opening delayed again", "Ferry fares rise in May")
OTHERS = ("New director at the school board", "Winter hours for the library")


def list_under(title: str, links: tuple[str, ...]) -> str:
    items = "".join(f"<li><a href='/{number}'>{link}</a></li>" for number, link in enumerate(links))
    return f"<h3>{title}</h3><ul>{items}</ul>"


@pytest.mark.parametrize("title", TITLES.strip().splitlines())
def test_hard_case_67_a_short_list_of_links_to_other_pages_is_no_text(title: str) -> None:
    assert text_of(page(list_under(title, TWO))) == text_of(page(list_under(title, OTHERS)))


@pytest.mark.parametrize(
    ("title", "one", "other"),
    [
        ("Related legislation", ("Records Act, section 12", "Harbour Act"), ("Records Act, section 14", "Harbour Act")),
        ("Related policies", ("Drones", "Body cameras"), ("Drones", "Faces")),
        ("See also", ("General Order 10.2", "Directive 4"), ("General Order 10.4", "Directive 4")),
        ("Read more", ("Annual report 2024",), ("Annual report 2025",)),
        ("Legal references", TWO, OTHERS),
        ("Members", ("Ana Brenn", "Lou Carter"), ("Ana Brenn", "Kim Doyle")),
        ("Recent changes", TWO, OTHERS),
        ("Latest version", ("Manual 3.1",), ("Manual 3.2",)),
        ("Weitere Vorschriften", ("Polizeigesetz § 12",), ("Polizeigesetz § 14",)),
    ],
)
def test_references_to_laws_and_lists_of_other_things_are_text(
    title: str, one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    assert text_of(page(list_under(title, one))) != text_of(page(list_under(title, other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "<section><h2>Cookies</h2><p>We set one cookie.</p><a href='/c'>Change your cookie settings</a></section>",
            "<section><h2>Cookies</h2><p>We set two cookies.</p><a href='/c'>Change your cookie settings</a></section>",
        ),
        (
            "<section><h2>7. Cookies</h2><p>We set one cookie.</p><button>Accept cookies</button></section>",
            "<section><h2>7. Cookies</h2><p>We set six cookies.</p><button>Accept cookies</button></section>",
        ),
        (
            "<p>This site sets cookies. If you do not agree, <a href='/c'>reject cookies</a>.</p>",
            "<p>This site sets none. If you do not agree, <a href='/c'>reject cookies</a>.</p>",
        ),
        (
            "<div><p>May officers film a protest?</p><a href='/q'>No, never</a></div>",
            "<div><p>May officers film a vigil?</p><a href='/q'>No, never</a></div>",
        ),
        (f"<form>{SENTENCES}<p>Kept 30 days.</p></form>", f"<form>{SENTENCES}<p>Kept 90 days.</p></form>"),
    ],
)
def test_a_section_on_cookies_questions_and_what_stands_in_a_form_are_text(one: str, other: str) -> None:
    assert text_of(page(one)) != text_of(page(other))
