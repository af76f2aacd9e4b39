"""Answers about an import: what it would do, what it did, and what was left out and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from discord import File
from discord.ui import View

from bot.answers.reply import Reply, card, said, text_file
from watchers.importing import Mode, Plan

_NAMES_SHOWN: Final = 12
_LINES_SHOWN: Final = 6
_PLURALS: Final = {"entity": "entities", "channel": "channels", "source": "sources", "watch": "watches"}


def preview(name: str, merging: Plan, replacing: Plan, notes: Sequence[str], view: View | None) -> Reply:
    """What merging and replacing would do."""
    body = [
        f"**Merge** adds to what is there: {_comes_to(merging)}",
        f"**Replace** removes what isn't in the file: {_comes_to(replacing)}",
    ]
    body += [said(problem, 400) for problem in dict.fromkeys((*merging.problems, *replacing.problems))]
    left_out = tuple(dict.fromkeys((*merging.left_out, *replacing.left_out, *notes)))
    fields = [
        ("Added", _names(merging.added)),
        ("Changed", _names(merging.changed)),
        ("Changed by replacing only", _names(what for what in replacing.changed if what not in merging.changed)),
        ("Removed by replacing", _names(f"{noun} {row}" for noun, row in replacing.removed)),
        ("Settings", _settings(merging)),
        ("The watch-list file's, untouched", _names(merging.kept)),
        ("Not taken", _lines(left_out)),
    ]
    title = f"Preview of {said(name, 100)}: nothing is done yet"
    embed = card(title, body, fields=fields, tone="ask" if merging or replacing else "plain")
    return Reply(embed=embed, view=view, file=_whole(merging, replacing, left_out))


def done(found: Plan, mode: Mode, notes: Sequence[str]) -> Reply:
    """What was done."""
    left_out = (*found.left_out, *notes)
    fields = [
        ("Added", _names(found.added)),
        ("Changed", _names(found.changed)),
        ("Removed", _names(f"{noun} {row}" for noun, row in found.removed)),
        ("Settings", _settings(found)),
        ("The watch-list file's, untouched", _names(found.kept)),
        ("Not taken", _lines(left_out)),
    ]
    title = "Imported" if found else "There was nothing to change"
    embed = card(title, f"{mode.capitalize()}: {_comes_to(found)}", fields=fields, tone="good" if found else "plain")
    return Reply(embed=embed, file=_whole(found, found, left_out))


def _comes_to(found: Plan) -> str:
    counts = ((len(found.added), "added"), (len(found.changed), "changed"), (len(found.removed), "removed"))
    parts = [f"{number} {what}" for number, what in counts if number]
    parts += ["the desk's settings"] if found.settings else []
    return " · ".join(parts) or "changes nothing"


def _settings(found: Plan) -> str:
    return ", ".join(f"{key.replace('_', ' ')}: {said(str(value), 80)}" for key, value in found.settings.items())


def _names(rows: Iterable[str]) -> str:
    """Rows (`noun name`) by noun, one noun a line."""
    by_noun: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        noun, _, name = row.partition(" ")
        by_noun[noun].append(name)
    lines = []
    for noun, names in by_noun.items():
        shown = ", ".join(said(name, 40) for name in names[:_NAMES_SHOWN])
        more = f" and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else ""
        lines.append(f"{len(names)} {_PLURALS.get(noun, 'settings') if len(names) > 1 else noun}: {shown}{more}")
    return "\n".join(lines)


def _lines(left_out: Sequence[str]) -> str:
    shown = [f"- {said(line, 150)}" for line in left_out[:_LINES_SHOWN]]
    more = len(left_out) - len(shown)
    return "\n".join([*shown, f"… and {more} more, in the file"] if more > 0 else shown)


def _whole(merging: Plan, replacing: Plan, left_out: Sequence[str]) -> File | None:
    """Everything as a text, where the answer doesn't show it all."""
    removed = [f"{noun} {name}" for noun, name in replacing.removed]
    parts = {
        "added": merging.added,
        "changed": list(dict.fromkeys((*merging.changed, *replacing.changed))),
        "removed": removed,
        "kept as the watch-list file has it": merging.kept,
        "not taken": list(left_out),
    }
    if max(map(len, parts.values())) <= _LINES_SHOWN:
        return None
    text = "\n".join(f"{what}: {row}" for what, rows in parts.items() for row in rows)
    return text_file("import.txt", f"{text}\n")
