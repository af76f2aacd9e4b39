"""`python -m tests.fuzz splitting --seconds 600`: look for bytes of which a property does not hold, by coverage.

Needs atheris, which is not among our dependencies: `pip install atheris` (on Linux). What is found goes into a file
`crash-…` of the corpus's folder, and the exit code is not 0; what widens the coverage is kept there for the next time.
"""

import argparse
import sys
import tempfile
from importlib import import_module
from pathlib import Path
from typing import Any


def _atheris() -> Any:
    try:
        return import_module("atheris")
    except ImportError:
        sys.exit("fuzzing needs atheris: pip install atheris")


def main() -> None:
    """Ends by itself after the seconds asked for, or with the first bytes that are found."""
    atheris = _atheris()
    with atheris.instrument_imports(include=["watchers", "bot", "tests.fuzz"]):
        from tests.fuzz.properties import FRAGMENTS, PROPERTIES
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("property", choices=PROPERTIES)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, help="a folder that is kept; without it, one for this run")
    asked = parser.parse_args()
    corpus = asked.corpus or Path(tempfile.mkdtemp(prefix=f"wiredesk-fuzz-{asked.property}-"))
    corpus.mkdir(parents=True, exist_ok=True)
    words = corpus / "words.dict"
    words.write_text("".join(f'"{_quoted(fragment)}"\n' for fragment in FRAGMENTS[asked.property]))
    seeds = corpus / "seeds"
    seeds.mkdir(exist_ok=True)
    for number, fragment in enumerate(FRAGMENTS[asked.property]):
        (seeds / str(number)).write_bytes(fragment)
    options = (f"-max_total_time={asked.seconds}", f"-artifact_prefix={corpus}/", f"-dict={words}", "-max_len=512")
    atheris.Setup([sys.argv[0], *options, str(seeds)], PROPERTIES[asked.property])
    atheris.Fuzz()


def _quoted(fragment: bytes) -> str:
    """As libFuzzer's dictionaries want it."""
    return "".join(f"\\x{byte:02x}" for byte in fragment)


if __name__ == "__main__":
    main()
