"""What the documentation says is true: commands, settings, links, examples."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
import typer
from typer.core import TyperGroup

from bot.cli import app
from bot.prepare import check_query, read_watchlist
from config.settings import SHIPPED_WATCHLIST, Settings

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = sorted([README, ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
PICTURE = ROOT / "docs" / "images" / "cards.svg"
SETTINGS = sorted(
    {str(field.validation_alias) for field in Settings.model_fields.values() if field.validation_alias}
    | {"DISCORD_TOKEN_FILE", "WIREDESK_DATABASE_URL_FILE"}
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"(?:`|^\$ )(?:[A-Z_]+=\S+ )*make ([a-z]+)", re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def without_code(text: str) -> str:
    return re.sub(r"`[^`\n]+`", "", FENCE.sub("", text))


def examples(text: str, language: str) -> list[str]:
    return [body for found, body in FENCE.findall(text) if found == language]


def commands() -> list[str]:
    """Every command as it is typed: `run`, `source list` …"""
    root = typer.main.get_command(app)
    assert isinstance(root, TyperGroup)
    found: list[str] = []
    for name, command in root.commands.items():
        found += [f"{name} {verb}" for verb in command.commands] if isinstance(command, TyperGroup) else [name]
    return found


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


# ── commands and settings ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_admins_table(command: str) -> None:
    noun, _, verb = command.partition(" ")
    (row,) = re.findall(rf"^\| `wiredesk {noun}(?: [A-Z\[][^`]*)?` \|.*$", page("docs/admin.md"), re.MULTILINE)
    assert not verb or f"`{verb}`" in row


def test_no_page_names_a_command_that_is_not_there() -> None:
    there = {word for command in commands() for word in (command, command.partition(" ")[0])}
    for path in PAGES:
        for noun, verb in re.findall(r"\bwiredesk ([a-z]+)(?: ([a-z]+)\b)?", path.read_text(encoding="utf-8")):
            known_verbs = {command.partition(" ")[2] for command in there if command.startswith(f"{noun} ")}
            named = f"{noun} {verb}" if known_verbs and verb else noun
            assert named in there or noun == "wiredesk", f"{path.name}: wiredesk {named}"


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_in_the_admins_table_and_the_example(name: str) -> None:
    assert re.search(rf"^\| `{name}` \|", page("docs/admin.md"), re.MULTILINE)
    assert re.search(rf"^{name}=", page(".env.example"), re.MULTILINE)


def test_no_page_names_a_setting_that_is_not_there() -> None:
    for path in PAGES:
        named = set(re.findall(r"\b(?:WIREDESK|DISCORD)_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
        assert named <= set(SETTINGS), path.name


# ── links and examples ───────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_within_the_project_lead_somewhere(path: Path) -> None:
    for address in LINK.findall(without_code(path.read_text(encoding="utf-8"))):
        parts = urlsplit(address)
        if parts.scheme:
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        assert target.exists(), address
        assert target.is_relative_to(ROOT), address
        if parts.fragment:
            assert parts.fragment in anchors(target.read_text(encoding="utf-8")), address


@pytest.mark.parametrize("name", ["README.md", "docs/watchlist.md"])
def test_watch_lists_that_are_shown_are_right(name: str, tmp_path: Path) -> None:
    whole = [example for example in examples(page(name), "yaml") if example.startswith("version: 1")]
    assert whole
    for example in whole:
        file = tmp_path / "watchlist.yaml"
        file.write_text(example, encoding="utf-8")
        assert read_watchlist(file).watches


def test_the_webhook_line_of_the_readme_replaces_the_last_line_of_its_watch_list(tmp_path: Path) -> None:
    watchlist, webhook = examples(page("README.md"), "yaml")
    lines = watchlist.splitlines()
    assert (len(lines), len(webhook.splitlines())) == (5, 1)
    file = tmp_path / "watchlist.yaml"
    file.write_text("\n".join([*lines[:-1], webhook]), encoding="utf-8")
    (channel,) = read_watchlist(file).channels.values()
    assert channel.kind == "webhook"


def test_query_errors_are_shown_as_they_are_printed() -> None:
    entities = {"nypd": ("NYPD",)}
    section = page("docs/watchlist.md").partition("| query | message |")[2].partition("\n\n")[0]
    shown = re.findall(r"^\| `([^`]+)` \| (column .+) \|$", section, re.MULTILINE)
    assert len(shown) >= 10
    for query, message in shown:
        problem = check_query(query, entities)
        assert problem is not None
        assert message == f"column {problem.column}: {problem.message}: {problem.hint}"


def test_queries_that_are_shown_are_understood() -> None:
    section = page("docs/watchlist.md").partition("| you write | it matches |")[2].partition("\n\n")[0]
    shown = re.findall(r"^\| `([^`]+)`", section, re.MULTILINE)
    assert len(shown) >= 10
    assert [query for query in shown if check_query(query, {"nypd": ("NYPD",)})] == []


# ── the README ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_readme_keeps_its_order() -> None:
    text = page("README.md")
    marks = (
        "# Wiredesk",
        "![",  # a picture
        "$ make run",
        "$ make demo",
        "in five lines",
        "A webhook, in one",
        "Where to read on",
    )
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    sentence = text[: places[1]].removeprefix("# Wiredesk").strip()
    assert sentence.count(". ") == 0
    assert sentence.endswith(".")


def test_no_page_names_a_make_target_that_is_not_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    named = {path.name: set(MAKE.findall(path.read_text(encoding="utf-8"))) for path in PAGES}
    assert named["README.md"] >= {"run", "demo", "test", "help"}
    assert set().union(*named.values()) <= targets


def test_the_readme_names_every_page_for_readers() -> None:
    for path in sorted((ROOT / "docs").glob("*.md")):
        assert f"docs/{path.name}" in page("README.md")


def test_the_picture_needs_nothing_from_the_network() -> None:
    picture = PICTURE.read_text(encoding="utf-8")
    assert "@font-face" not in picture
    assert re.findall(r"url\((?!#)[^)]*\)|(?:href|src)\s*=", picture) == []


def test_decisions_are_numbered_dated_and_short() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in decisions] == list(range(1, len(decisions) + 1))
    for path in decisions:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert re.fullmatch(rf"# {path.name[:4]}: .+", lines[0]), path.name
        assert re.fullmatch(r"Date: \d{4}-\d{2}-\d{2}", lines[2]), path.name
        assert len(lines) <= 25, path.name


def test_the_shipped_watch_list_is_the_one_that_the_pages_link_to() -> None:
    assert SHIPPED_WATCHLIST == ROOT / "config" / "watchlist.yaml"
