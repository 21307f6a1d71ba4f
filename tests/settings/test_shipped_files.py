"""The files under configs/ are right, also with their examples taken in, and docs/settings.md is up to date."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from processor.settings.cautions import warnings
from processor.settings.load import ENVIRONMENTS_FILE, FILES, load, load_settings
from processor.settings.sections import CommandAgent

ROOT = Path(__file__).parent.parent.parent
# A comment is `# text`; an example is `#key:` or `#  key:`, so that one can be told from the other.
_EXAMPLE = re.compile(r"^#(?! \S|$)", re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("development", (True, "DEBUG", 1, 600, False, True)),
        ("staging", (False, "INFO", 2, 900, True, True)),
        ("production", (False, "WARNING", 5, 1800, True, True)),
    ],
)
def test_each_environment_has_the_handbooks_keys(name: str, values: tuple[object, ...]) -> None:
    main = load_settings(ROOT / "configs", {"AUTO_ISSUE_ENV": name}).main
    assert values == (
        main.debug, main.log_level, main.max_parallel, main.timeout, main.use_cache, main.enable_monitoring
    )  # fmt: skip


def test_the_handbooks_thresholds_stand() -> None:
    gate = load_settings(ROOT / "configs", {}).gate
    assert (gate.minimum_score, gate.security_threshold) == (70, 5)


def test_only_the_missing_repository_is_pointed_at() -> None:
    assert [fault.key for fault in warnings(load(ROOT / "configs", {}))] == ["repositories"]


def test_the_examples_are_right_too(tmp_path: Path) -> None:
    for name in (*FILES, ENVIRONMENTS_FILE):
        text = (ROOT / "configs" / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(_EXAMPLE.sub("", text), encoding="utf-8")
    settings = load_settings(tmp_path, {})
    profiles = {agent.profile for agent in settings.main.agents.values() if isinstance(agent, CommandAgent)}
    assert profiles == {"claude", "codex", "gemini", "opencode", "aider", "plain"}
    assert [repository.name for repository in settings.main.repositories] == ["octo/hello", "octo/service"]
    assert [check.name for check in settings.gate.checks] == ["unit-tests", "types"]
    assert settings.gate.repositories["octo/service"].checks[0].name == "go-tests"
    assert settings.security.denied_authors == ("spam-account",)


def test_the_pages_of_settings_are_up_to_date() -> None:
    check = subprocess.run(
        [sys.executable, "scripts/generate-settings-docs", "--check"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (check.returncode, check.stderr) == (0, "")


def test_every_key_has_a_meaning() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| `") and line.count(" | ") == 5]
    assert len(rows) > 100
    assert [row[0] for row in rows if not row[4].strip()] == []
