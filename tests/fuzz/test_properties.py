"""The properties of `tests.fuzz.properties`, on bytes that hypothesis puts together, and on those found by fuzzing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz.properties import FOUND, FRAGMENTS, PROPERTIES


@pytest.mark.parametrize("name", PROPERTIES)
@given(data=st.data())
def test_it_holds_of_any_bytes(name: str, data: st.DataObject) -> None:
    fragment = st.sampled_from(FRAGMENTS[name]) | st.binary(max_size=4)
    PROPERTIES[name](data.draw(st.lists(fragment, max_size=24).map(b"".join)))


@pytest.mark.parametrize(("name", "found"), FOUND)
def test_it_holds_of_what_was_found_by_fuzzing(name: str, found: bytes) -> None:
    PROPERTIES[name](found)
