"""What the tests of the configuration share."""

from pathlib import Path

import pytest

from tests.config.loading import Load


@pytest.fixture
def load(tmp_path: Path) -> Load:
    return Load(tmp_path)
