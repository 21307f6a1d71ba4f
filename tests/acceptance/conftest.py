"""A forge with one repository, and an installation that processes it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from processor.forge import Forge
from tests.acceptance.system import FILES, REPOSITORY, System
from tests.ports import own_port


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    with Forge(tmp_path / "forge", port=own_port()) as forge:
        forge.create_user("octo")
        forge.create_repository(REPOSITORY, files=FILES)
        token = forge.create_token("octo")
        installation = System(tmp_path / "aip", forge, token)
        yield installation
        installation.close()
