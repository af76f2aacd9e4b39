"""How followed pages are judged on labelled snapshots: `python -m tests.meta.page_figures`.

    ../shared/evals/pages/raw_html: snapshots in order, each labelled noise or change ─parse_page→ text ─→ counts

No selector is given, as for a page that somebody has just added. `noise` is a snapshot whose bytes differ from the one
before and whose words do not; `change` is one of which the archive recorded a new text.
"""

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from watchers.models import SourceMemory
from watchers.policy.redline import text_hash
from watchers.sources.page import parse_page

SNAPSHOTS: Final = Path(__file__).resolve().parents[2].parent / "shared" / "evals" / "pages" / "raw_html"


def count(snapshots: Path) -> dict[str, Counter[str]]:
    """By page: how many of each label were told and how many were not, as `noise told`, `change not told` …"""
    counts: dict[str, Counter[str]] = {}
    previous: dict[str, str] = {}
    for line in (snapshots / "manifest.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        page = row["page"]
        body = gzip.decompress((snapshots / row["file"]).read_bytes())
        parsed = parse_page(body, "text/html", "https://page.example/", SourceMemory(kind="page"))
        found = counts.setdefault(page, Counter())
        if parsed.page is None:
            found["not a page"] += 1
            continue
        text = text_hash(parsed.page.text)
        if row["label_vs_previous"] in {"noise", "change"} and page in previous:
            told = "told" if text != previous[page] else "not told"
            found[f"{row['label_vs_previous']} {told}"] += 1
        previous[page] = text
    return counts


def main() -> None:
    """Print the counts of each page, and of all."""
    if not SNAPSHOTS.is_dir():
        sys.exit(f"no snapshots to measure on in {SNAPSHOTS}")
    counts = count(SNAPSHOTS)
    columns = ("noise not told", "noise told", "change told", "change not told", "not a page")
    for page, found in [*counts.items(), ("all", sum(counts.values(), Counter()))]:
        sys.stdout.write(f"{page}: " + ", ".join(f"{found[column]} {column}" for column in columns) + "\n")


if __name__ == "__main__":
    main()
