"""A page's versions: one row each time its text really changed."""

from dataclasses import replace

from tests.storage.building import NOW, Desk
from watchers.storage import versions
from watchers.storage.versions import Version

FIRST = Version(
    number=1, title="Policy", text="Kept 30 days.", text_hash="a" * 64, extractor="main-1", snapshot="a.html"
)


def test_the_latest_version_is_the_one_with_the_highest_number(desk: Desk) -> None:
    source = desk.source().id
    assert desk.read(versions.latest, source) is None
    second = replace(FIRST, number=2, text="Kept 90 days.", text_hash="b" * 64, snapshot=None)
    for version in (FIRST, second):
        desk.write(versions.add, source, version, NOW)
    assert desk.read(versions.latest, source) == second


def test_a_text_that_comes_back_is_a_version_of_its_own(desk: Desk) -> None:
    source = desk.source().id
    for number, version in enumerate((FIRST, replace(FIRST, text="B", text_hash="b" * 64), FIRST), start=1):
        desk.write(versions.add, source, replace(version, number=number), NOW)
    assert desk.number("versions") == 3
    assert desk.read(versions.latest, source) == replace(FIRST, number=3)


def test_another_extractor_s_reading_replaces_the_text_without_a_new_version(desk: Desk) -> None:
    source = desk.source().id
    desk.write(versions.add, source, FIRST, NOW)
    again = replace(FIRST, text="Kept for 30 days.", text_hash="c" * 64, extractor="main-2")
    desk.write(versions.replace_text, source, again)
    assert (desk.read(versions.latest, source), desk.number("versions")) == (again, 1)
