"""Gzip is undone in pieces and within bounds."""

import gzip

from hypothesis import example, given
from hypothesis import strategies as st

from watchers.fetch.body import Gunzip, Problem


def unpack(packed: bytes, size: int, most: int) -> bytes | Problem:
    gunzip = Gunzip(most)
    for at in range(0, len(packed), size):
        if problem := gunzip.feed(packed[at : at + size]):
            return problem
    return gunzip.finish()


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.integers(1, 400), st.binary(max_size=20))
@example([b"a story"], 1, b"\x1f\x8b")  # behind what is no member, nothing is one
def test_members_come_out_whole_however_they_are_cut(parts: list[bytes], size: int, padding: bytes) -> None:
    packed = b"".join(gzip.compress(part) for part in parts) + b"\x00" + padding
    assert unpack(packed, size, 10_000) == b"".join(parts)


@given(st.binary(min_size=1, max_size=500), st.integers(1, 600), st.integers(1, 400))
def test_the_limit_is_exact(body: bytes, most: int, size: int) -> None:
    result = unpack(gzip.compress(body), size, most)
    assert result == body if len(body) <= most else isinstance(result, Problem)


@given(st.binary(min_size=1, max_size=500), st.data())
def test_a_missing_end_is_a_problem(body: bytes, data: st.DataObject) -> None:
    packed = gzip.compress(body)
    cut = data.draw(st.integers(1, len(packed) - 1))
    assert isinstance(unpack(packed[:cut], 64, 10_000), Problem)


@given(st.binary(max_size=200))
def test_any_bytes_are_unpacked_or_a_problem(junk: bytes) -> None:
    assert isinstance(unpack(b"\x1f\x8b" + junk, 50, 1_000), bytes | Problem)
