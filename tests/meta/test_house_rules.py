"""The rules of the house (docs/developer.md), asked of every module."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("bot", "watchers", "config")
LONGEST = 350  # lines
MIGRATIONS = ROOT / "watchers" / "storage" / "migrations" / "versions"  # generated; each is history

# The wall clock is read where a process begins, and by the clock itself; everything else is given the time.
READ_THE_CLOCK = {"watchers/clock.py", "watchers/scheduler.py", "bot/cli/context.py", "bot/cli/run.py"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
# Where packages come from, and folders of one machine, have no place in a project that others clone.
FOREIGN = re.compile(
    r"""(?<!emit-)(?:index-url|find-links)\s*[= ]\s*\S|https?://\S+/simple/?(?=["'\s]|$)|/ro{2}t/|/home/\w"""
)
TEXTS = {".py", ".md", ".toml", ".yaml", ".yml", ".jsonl", ".lock", ".example", ""}


def _modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


PRODUCT = _modules(*PACKAGES)
HAND_WRITTEN = [path for path in _modules(*PACKAGES, "tests") if MIGRATIONS not in path.parents]


def test_imports_go_one_way_and_stay_where_they_belong() -> None:
    """The contracts of pyproject.toml: the layers, and who may import HTTP, SQL and the scheduler's library."""
    lint = Path(sys.executable).with_name("lint-imports")
    found = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=100)
    assert found.returncode == 0, found.stdout + found.stderr
    assert "0 broken" in found.stdout


PLACES = {
    ("httpx", "h11", "httpcore"): ("watchers/fetch/", "bot/channels/", "bot/app.py", "bot/live_channels.py"),
    ("sqlalchemy", "alembic"): ("watchers/storage/",),
    ("apscheduler",): ("watchers/scheduler.py",),
    ("typer",): ("bot/cli/",),
    ("discord",): ("bot/",),
}


def test_a_library_is_imported_only_in_its_place() -> None:
    imported = {_name(path): _imports(path) for path in PRODUCT}
    elsewhere = {
        (name, *libraries)
        for libraries, places in PLACES.items()
        for name, found in imported.items()
        if found & set(libraries) and not name.startswith(places)
    }
    assert elsewhere == set()


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in _nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_no_module_is_too_long_to_be_read_at_once() -> None:
    lines = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in HAND_WRITTEN}
    assert {name: number for name, number in lines.items() if number > LONGEST} == {}


def test_no_module_is_called_after_nothing() -> None:
    nothing = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools"}
    assert [_name(path) for path in HAND_WRITTEN if path.stem in nothing] == []


def test_every_module_says_what_it_is_for() -> None:
    docstring = re.compile(r'(?:#.*\n|\s)*r?"""')  # behind comments at most
    texts = {_name(path): path.read_text(encoding="utf-8") for path in HAND_WRITTEN}
    assert [name for name, text in texts.items() if text.strip() and not docstring.match(text)] == []


def test_only_commands_read_the_environment() -> None:
    readers = {"environ", "getenv", "environb"}
    found = {
        _name(path)
        for path in PRODUCT
        for node in _nodes(path)
        if (isinstance(node, ast.Attribute) and node.attr in readers)
        or (isinstance(node, ast.ImportFrom) and node.module == "os" and readers & {alias.name for alias in node.names})
    }
    assert {name for name in found if not name.startswith(("bot/cli/", "bot/demo_run.py"))} == set()


def test_hard_case_60_only_named_modules_read_the_wall_clock() -> None:
    found = {
        _name(path)
        for path in PRODUCT
        for node in _nodes(path)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in CLOCKS
    }
    assert found <= READ_THE_CLOCK, found - READ_THE_CLOCK


def test_nothing_that_is_expected_is_caught_and_forgotten() -> None:
    """`except Exception: pass` in any spelling: a handler of everything whose body does nothing."""
    found = [
        f"{_name(path)}:{node.lineno}"
        for path in PRODUCT
        for node in _nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
        and all(isinstance(each, ast.Pass | ast.Continue) for each in node.body)
    ]
    assert found == []


def test_no_work_is_left_for_later_in_the_code() -> None:
    left = re.compile(r"#\s*(TODO|FIXME|XXX|HACK)\b|raise NotImplementedError")
    found = [_name(path) for path in PRODUCT if left.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_nothing_names_a_registry_or_a_folder_of_one_machine() -> None:
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if tracked.returncode != 0:
        pytest.skip("not a checkout of git: nothing says which files are the project's")
    found = []
    for name in filter(None, tracked.stdout.split("\0")):
        path = ROOT / name
        if path == Path(__file__) or path.suffix not in TEXTS or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if FOREIGN.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    assert found == []
