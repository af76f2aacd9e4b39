"""Which hard case has its test: a table by the numbers in the tests' names (`pytest -n0 -s` shows it).

A test called `test_hard_case_07_what` stands for case 7, `…_02_03_what` for both, `…_01_to_09_14_to_16_what` for each.
The words here only name the cases.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

TESTS = Path(__file__).resolve().parents[1]
TEST = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)
NAMED = re.compile(r"test_hard_case_((?:\d\d_(?:to_\d\d_)?)+)")
RANGE = re.compile(r"(\d\d)(?:_to_(\d\d))?")
LATER = "later: policy documents"

SECTIONS = {
    "Addresses": (
        "odd spellings of a number", "the cloud's metadata address", "carriers' shared net", "protocol assignments",
        "IPv4 mapped into IPv6", "NAT64", "6to4", "site-local, multicast, ISATAP", "public and private answers",
        "rebinding", "redirect inwards", "redirect to a file", "redirect loop", "user names and backslashes",
        "odd ports", "blanks and line ends", "proxies of the environment", "from TLS into the clear",
    ),
    "Transport": (
        "brotli bomb", "gzip in gzip", "endless body", "dripped body", "dripped headers", "huge header",
        "lying length", "cut gzip", "bad certificate", "validators", "asked to come later", "gone for good",
        "moved for good", "walls and soft 404s", "hanging name server",
    ),
    "Parsing": (
        "entity bomb", "external entity", "author that stalls the parser", "100,000 entries", "endless title",
        "deep nesting", "broken bytes and charsets", "page at a feed's address", "body that names a place",
        "valid but empty", "PDF of shared streams", "PDF bomb", "unreadable PDF", "exponential pattern",
        "lone surrogates", "huge or hostile import", "what looks like a template",
    ),
    "Identity and time": (
        "every id changes", "an id for another story", "no id, no date", "repeated ids", "edited entry",
        "old entry slides back", "restart", "date in the future", "impossible year", "clock jumps",
        "variants of an address", "one story in thirty feeds", "first poll", "days offline",
    ),
    "Pages and documents": (
        "there and back again", "flapping page", "furniture", "reordered list", "new extractor", "PDF saved again",
        "running headers of a PDF", "page gone", "page now the front page", "document under a new address",
    ),
    "What is posted": (
        "mentions", "links in headlines", "angle brackets", "invisible characters", "look-alike hosts",
        "script addresses", "too long", "code fences",
    ),
    "Crashes and operation": (
        "killed while sending", "reply lost", "global limit", "channel gone", "disk full", "two desks, one database",
        "loop stalls", "damaged database", "clock change", "stopped under load",
    ),
    "Administration": (
        "permission revoked", "another server's channel", "autocomplete", "direct message", "secret in an address",
        "bot removed", "quota",
    ),
}  # fmt: skip
CASES = dict(enumerate((what for section in SECTIONS.values() for what in section), start=1))

# Documents are read by what follows the pages of policies, which is not built yet.
WITHOUT = frozenset({44, 45, 46, 65, 66, 70, 71, 72, 73, 74})


def numbers_in(name: str) -> Iterator[int]:
    """The cases that a test stands for, by its name."""
    if found := NAMED.match(name):
        for first, last in RANGE.findall(found[1]):
            yield from range(int(first), int(last or first) + 1)


@pytest.fixture(scope="module")
def tested() -> dict[int, set[str]]:
    """Each case's files, from the names of all tests."""
    files = defaultdict(set)
    for path in sorted(TESTS.rglob("test_*.py")):
        for name in TEST.findall(path.read_text(encoding="utf-8")):
            for number in numbers_in(name):
                files[number].add(path.relative_to(TESTS).as_posix())
    return files


def test_every_hard_case_has_its_test_or_is_known_to_have_none(tested: dict[int, set[str]]) -> None:
    table = Table("", "case", "tests", title="Hard cases")
    for number, what in CASES.items():
        table.add_row(str(number), what, "\n".join(sorted(tested.get(number, ()))) or LATER)
    Console(width=110).print(table)
    assert set(CASES) - set(tested) == WITHOUT
    assert set(tested) - set(CASES) == set()


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("test_hard_case_07_tunnels", [7]),
        ("test_hard_case_01_to_03_07_09_to_10_doors", [1, 2, 3, 7, 9, 10]),
        ("test_hard_case_64_to_the_last", [64]),
        ("test_hard_case_02_04_05_addresses", [2, 4, 5]),
        ("test_hard_case_nothing", []),
        ("test_a_hard_case_07_tunnels", []),
    ],
)
def test_the_numbers_stand_in_the_name(name: str, numbers: list[int]) -> None:
    assert list(numbers_in(name)) == numbers
