"""Write the settings of a first repository: four files that a person can read, and the token apart from them."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from processor.errors import UsageError
from processor.settings.sections import MainFile

MAIN_FILE = "auto_issue_processor.yaml"
TOKEN_FILE = "github_token"  # noqa: S105  # the name of a file
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_HEAD = """\
# What is processed, and by whom; made by `aip init`. docs/settings.md lists every key with its default.
# The token never stands here. `aip check` tells whether everything fits together.
"""
#: Only written where the folder has none yet; every key is at its default and there to be found.
_OTHERS = {
    "environments.yaml": """\
# What differs between environments; AUTO_ISSUE_ENV chooses one, production when it is not set.
development: {debug: true, log_level: DEBUG, max_parallel: 1, timeout: 600}
staging: {log_level: INFO, max_parallel: 2, timeout: 900}
production: {log_level: WARNING, max_parallel: 5, timeout: 1800}
""",
    "quality_gate.yaml": """\
# What a change must satisfy before it becomes a pull request.
minimum_score: 70
security_threshold: 5
""",
    "security_settings.yaml": """\
# Whose issues are taken, and what agents and checks may touch.
allowed_associations: [OWNER, MEMBER, COLLABORATOR]
sandbox: auto
""",
}
RECIPE: Mapping[str, Any] = {
    "kind": "recipe",
    "steps": [
        {"tool": "ruff-fix", "rules": "from_issue", "paths": "from_issue"},
        {"tool": "codespell", "paths": "from_issue"},
    ],
}


@dataclass(frozen=True, kw_only=True)
class FirstSettings:
    """The answers that the settings are made of; `token_file` None when the token comes from the environment."""

    repository: str
    base_url: str
    token_file: Path | None
    agent_name: str
    agent: Mapping[str, Any]
    timezone: str


def refuse_overwriting(folder: Path, *, is_forced: bool) -> None:
    """Refuse when the folder's main file lists a repository already; the shipped one lists none.

    Raises:
        UsageError: it does, and nobody forces us.
    """
    if is_forced or not _lists_a_repository(folder / MAIN_FILE):
        return
    raise UsageError(f"{folder / MAIN_FILE} lists a repository already; edit it, or write it anew with --force")


def write_settings(folder: Path, first: FirstSettings) -> tuple[Path, ...]:
    """Write the files and return those that were written; a main file that was there is kept beside it as `.old`."""
    folder.mkdir(parents=True, exist_ok=True)
    main = folder / MAIN_FILE
    if main.exists():
        main.replace(folder / f"{MAIN_FILE}.old")
    written = [main]
    main.write_text(_HEAD + yaml.safe_dump(main_data(first), sort_keys=False, allow_unicode=True), encoding="utf-8")
    for name, text in _OTHERS.items():
        if not (folder / name).exists():
            (folder / name).write_text(text, encoding="utf-8")
            written.append(folder / name)
    return tuple(written)


def main_data(first: FirstSettings) -> dict[str, Any]:
    """Give the main file's data, held against the sections before anybody writes it."""
    data = {
        "github": _github(first),
        "repositories": [{"name": first.repository}],
        "default_agent": first.agent_name,
        "agents": {first.agent_name: dict(first.agent)},
        "timezone": first.timezone,
    }
    MainFile.model_validate(data)
    return data


def _github(first: FirstSettings) -> dict[str, Any]:
    github: dict[str, Any] = {"base_url": first.base_url}
    if first.token_file is not None:
        github["token_file"] = str(first.token_file)
    if urlsplit(first.base_url).hostname in _LOOPBACK:
        # A forge on this machine has no use for the pace that GitHub asks of its clients.
        github |= {"seconds_between_requests": 0, "seconds_between_writes": 0}
    return github


def write_token(folder: Path, token: str) -> Path:
    """Write the token for this user's eyes alone and return the absolute path; git is told to leave it out."""
    folder.mkdir(parents=True, exist_ok=True)
    path = (folder / TOKEN_FILE).absolute()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(token + "\n")
    ignore = folder / ".gitignore"
    lines = ignore.read_text(encoding="utf-8").splitlines() if ignore.exists() else []
    if f"/{TOKEN_FILE}" not in lines:
        ignore.write_text("\n".join([*lines, f"/{TOKEN_FILE}"]) + "\n", encoding="utf-8")
    return path


def _lists_a_repository(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        return True  # somebody's work, whatever it is
    return bool(isinstance(data, dict) and data.get("repositories"))
