"""An issue that is open on a forge, and a poller that has not seen it yet."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from processor.forge import Forge
from processor.intake.poller import Poller
from processor.model import IssueRef
from processor.service.assembly import assemble
from processor.settings.load import load_settings

REF = IssueRef("octo/hello", 1)
NOW = 1_770_000_000.0


@pytest.fixture
def poller(tmp_path: Path) -> Iterator[Poller]:
    with Forge(tmp_path / "forge") as forge:
        forge.create_repository(REF.repository, labels=["auto-processable"])
        forge.open_issue(REF.repository, "Greet", labels=["auto-processable"], author="octo")
        (tmp_path / "token").write_text(forge.create_token("octo"))
        main = {
            "repositories": [{"name": REF.repository, "agent": "tidy"}],
            "agents": {"tidy": {"kind": "recipe", "steps": [{"tool": "codespell"}]}},
            "github": {"base_url": forge.api_url, "token_file": str(tmp_path / "token"), "seconds_between_requests": 0},
            "state": {"directory": str(tmp_path / "state")},
        }
        (tmp_path / "auto_issue_processor.yaml").write_text(yaml.safe_dump(main))
        with closing(assemble(load_settings(tmp_path, {}), {})) as parts:
            yield Poller(parts.settings, parts.ledger, parts.github, lambda: NOW)
