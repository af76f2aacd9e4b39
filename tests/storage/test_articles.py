"""One row a canonical address; another text is a revision."""

from dataclasses import replace

from tests.storage.building import MINUTE, NOW, STORY, Desk, reading
from watchers.models import Outcome, Reading
from watchers.storage import articles
from watchers.storage.articles import Saved
from watchers.stories.identity import article_hash

ADDRESS = "https://courier.example/quay"


def _save(desk: Desk, one: Reading) -> Saved:
    return desk.write(
        articles.save, names=(ADDRESS,), source_id=desk.source().id, reading=one, text_hash=article_hash(one), now=NOW
    )


def test_an_article_comes_back_as_it_was_read(desk: Desk) -> None:
    one = reading(updated=NOW + MINUTE, byline="Odile Farrant", language="en", image="https://courier.example/i.jpg")
    saved = _save(desk, one)
    assert (saved.is_new, saved.text_changed) == (True, False)
    found = desk.read(articles.find, ADDRESS)
    assert found is not None
    assert (found.id, found.reading, found.first_seen) == (saved.article_id, one, NOW)


def test_the_same_text_again_changes_nothing(desk: Desk) -> None:
    first = _save(desk, reading())
    again = _save(desk, reading(body=STORY.replace(" ", "  ")))
    assert again == Saved(article_id=first.article_id, is_new=False, text_changed=False)
    assert desk.number("revisions") == 0


def test_another_text_replaces_the_one_before_which_is_kept_as_a_revision(desk: Desk) -> None:
    _save(desk, reading())
    assert _save(desk, reading(body=STORY.replace("Monday", "Tuesday"))).text_changed
    found = desk.read(articles.find, ADDRESS)
    assert found is not None
    assert "on Tuesday" in found.reading.text
    assert desk.number("revisions") == 1


def test_the_feed_s_own_words_never_replace_the_whole_page(desk: Desk) -> None:
    whole = reading()
    _save(desk, whole)
    excerpt = reading(body="The harbor commission voted.", partial=True, outcome=Outcome.BLOCKED)
    assert not _save(desk, excerpt).text_changed
    found = desk.read(articles.find, ADDRESS)
    assert found is not None
    assert found.reading == whole


def test_the_whole_page_replaces_the_feed_s_own_words(desk: Desk) -> None:
    _save(desk, reading(body="The harbor commission voted.", partial=True))
    assert _save(desk, reading()).text_changed
    found = desk.read(articles.find, ADDRESS)
    assert found is not None
    assert not found.reading.partial


def test_articles_since_a_moment_are_those_whose_text_is_kept(desk: Desk) -> None:
    _save(desk, reading())
    assert [one.identity for one in desk.read(lambda c: list(articles.since(c, NOW)))] == [ADDRESS]
    assert desk.read(lambda c: list(articles.since(c, NOW + MINUTE))) == []


def test_an_article_is_named_by_its_address_or_else_its_title(desk: Desk) -> None:
    named = _save(desk, reading()).article_id
    assert desk.read(articles.label, named) == ADDRESS
    bare = replace(reading(), url=None)
    saved = desk.write(
        articles.save, names=("item:1:1",), source_id=None, reading=bare, text_hash=article_hash(bare), now=NOW
    )
    assert desk.read(articles.label, saved.article_id) == "Quay goes dark"
