"""The stage of these tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.operations.canary.stage import Stage, sandbox


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An installation and its sandbox."""
    with sandbox(tmp_path) as stage:
        yield stage
