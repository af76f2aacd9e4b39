"""All forms of all terms, looked for in one pass (Aho and Corasick, 1975).

The time of a pass grows with the text and with what is found, hardly with the number of forms.
"""

from collections.abc import Iterable

from ahocorasick_rs import BytesAhoCorasick

Hit = tuple[int, int, int]  # index into `forms`, first byte, byte after the last


class Automaton:
    """Finds every place, overlapping ones too, of every form. Immutable."""

    def __init__(self, forms: Iterable[bytes]) -> None:
        self.forms = tuple(sorted(set(forms)))  # in order, what begins alike lies side by side in memory
        self.numbers = {form: number for number, form in enumerate(self.forms)}
        self._automaton = BytesAhoCorasick(self.forms)

    def scan(self, haystack: bytes) -> list[Hit]:
        """Every hit in a haystack (`normalise`), in the order of their ends."""
        return self._automaton.find_matches_as_indexes(haystack, overlapping=True)
