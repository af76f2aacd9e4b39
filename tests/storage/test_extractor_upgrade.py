"""A followed page after an upgrade of the rules that read it."""

from sqlalchemy import update

from tests.storage.test_pages import RULE, Following, following
from watchers.policy.redline import text_hash
from watchers.sources.page import EXTRACTOR
from watchers.storage.schema import versions

__all__ = ["following"]  # the fixture


def read_by_another_extractor(following: Following, text: str) -> None:
    following.desk.write(
        lambda connection: connection.execute(
            update(versions).values(text=text, text_hash=text_hash(text), extractor="page-0")
        )
    )


async def test_hard_case_69_both_sides_are_read_by_the_new_rules_and_nothing_is_told(following: Following) -> None:
    (version,) = following.desk.read(lambda connection: connection.execute(versions.select()).all())
    read_by_another_extractor(following, version.text + "\n\nZuletzt aktualisiert am 3. Mai 2031")
    assert (await following.check(f"{RULE}<!-- another answer -->")).alerts == 0
    (again,) = following.desk.read(lambda connection: connection.execute(versions.select()).all())
    assert (again.text, again.extractor) == (version.text, EXTRACTOR)


async def test_hard_case_69_a_change_at_the_upgrade_is_told_without_what_the_rules_changed(
    following: Following,
) -> None:
    (version,) = following.desk.read(lambda connection: connection.execute(versions.select()).all())
    read_by_another_extractor(following, version.text + "\n\nZuletzt aktualisiert am 3. Mai 2031")
    assert (await following.check(RULE.replace("thirty", "ninety"))).alerts == 1
    (alert,) = following.told()
    assert [piece.text for change in alert.changes for piece in change.pieces if piece.op == "removed"] == ["thirty"]


async def test_hard_case_69_what_was_read_by_older_rules_and_is_kept_no_more_is_compared_by_today_s(
    following: Following,
) -> None:
    (version,) = following.desk.read(lambda connection: connection.execute(versions.select()).all())
    curly = version.text.replace("thirty days", "“thirty days”")
    following.desk.write(
        lambda connection: connection.execute(
            update(versions).values(text=curly, text_hash="of older rules", extractor="page-0", snapshot="gone.gz")
        )
    )
    assert (await following.check(RULE.replace("thirty days", '"thirty days"'))).alerts == 0
    assert (await following.check(RULE.replace("thirty", "ninety"))).alerts == 1
