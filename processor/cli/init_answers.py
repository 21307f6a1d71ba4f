"""The answers that `aip init` needs: from options, else from a person, else the suggested ones."""

import re
import sys
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from processor.cli import screen
from processor.cli.questions import ask
from processor.errors import SettingsError, UsageError
from processor.operations.first_agent import agent_data, installed_agents
from processor.operations.machine_zone import DEFAULT_ZONE, suggested_zone
from processor.settings.secrets import TOKEN_VARIABLE, Secret, read_github_token
from processor.settings.sections import GitHub

_REPOSITORY = re.compile(r"^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$")
_DEFAULT_BASE_URL = "https://api.github.com"


@dataclass(frozen=True, kw_only=True)
class Questions:
    """What the options say already; empty means that it is asked, unless `is_quiet`."""

    repository: str
    token_file: Path | None
    base_url: str
    agent: str
    timezone: str
    is_quiet: bool


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Every answer. `token_to_keep` is a token that was typed in and has no place yet."""

    repository: str
    base_url: str
    agent: str
    timezone: str
    token: Secret
    token_file: Path | None
    token_to_keep: Secret | None


def ask_all(questions: Questions, environ: Mapping[str, str]) -> Answers:
    """Get every answer.

    Raises:
        UsageError: an answer is missing or has the wrong form.
        SettingsError: the token file holds no token.
    """
    base_url = _base_url(questions, environ)
    repository = _repository(questions)
    token, token_file, token_to_keep = _token(questions, environ)
    return Answers(
        repository=repository,
        base_url=base_url,
        agent=_agent(questions, environ),
        timezone=_timezone(questions),
        token=token,
        token_file=token_file,
        token_to_keep=token_to_keep,
    )


def _base_url(questions: Questions, environ: Mapping[str, str]) -> str:
    suggested = environ.get("AUTO_ISSUE_GITHUB_BASE_URL", "").strip() or _DEFAULT_BASE_URL
    if questions.base_url or questions.is_quiet:
        return _read_base_url(questions.base_url or suggested)
    instead = "say it with --base-url URL, or take the suggested answers with --yes"
    return ask("GitHub's REST address", default=suggested, read=_read_base_url, instead=instead)


def _read_base_url(text: str) -> str:
    if not re.match(r"^https?://[^\s/@]+(/\S*)?$", text):
        raise UsageError(
            f"{text!r} is no REST address; write https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise"
        )
    return text.rstrip("/")


def _repository(questions: Questions) -> str:
    if not questions.repository and questions.is_quiet:
        raise UsageError("there is no repository; say it with --repository OWNER/REPO")
    if questions.repository:
        return _read_repository(questions.repository)
    return ask("Repository (OWNER/REPO)", read=_read_repository, instead="say it with --repository OWNER/REPO")


def _read_repository(text: str) -> str:
    if not _REPOSITORY.match(text):
        raise UsageError(f"{text!r} is not a repository; write OWNER/REPO, such as octo/hello")
    return text


def _token(questions: Questions, environ: Mapping[str, str]) -> tuple[Secret, Path | None, Secret | None]:
    """Take the token from the file, the environment, or a hidden prompt, in this order."""
    file = questions.token_file.expanduser().absolute() if questions.token_file else None
    found = read_github_token(GitHub(token_file=file), environ)
    if found is not None:
        return found, file, None
    if questions.is_quiet:
        raise UsageError(f"there is no token; say --token-file FILE, or set {TOKEN_VARIABLE}")
    instead = f"say --token-file FILE, or set {TOKEN_VARIABLE}"
    typed = Secret(ask("GitHub token (not shown)", read=_read_token, instead=instead, is_hidden=True))
    return typed, None, typed


def _read_token(text: str) -> str:
    try:
        token = read_github_token(GitHub(), {TOKEN_VARIABLE: text})
    except SettingsError as exc:
        raise UsageError(
            "that is no token: it is one word of plain characters; make one on GitHub and paste it"
        ) from exc
    if token is None:
        raise UsageError("the token is empty; make one on GitHub and paste it")
    return token.reveal()


def _agent(questions: Questions, environ: Mapping[str, str]) -> str:
    here = installed_agents(environ)

    def read(name: str) -> str:
        agent_data(name, environ)
        return name

    if questions.agent or questions.is_quiet:
        return read(questions.agent or here[0])
    screen.note(f"agents on this machine: {', '.join(here)} (tidy is the built-in recipe: no model, no cost)")
    return ask("Agent", default=here[0], read=read, instead="say it with --agent NAME, or take the first with --yes")


def _timezone(questions: Questions) -> str:
    """Ask a person alone: a script that answers the other questions gets the default, as with --yes."""
    if questions.timezone or questions.is_quiet or not sys.stdin.isatty():
        return _read_timezone(questions.timezone or DEFAULT_ZONE)
    question = "Time zone of the operators, for reports, office hours and times in messages"
    return ask(question, default=suggested_zone(), read=_read_timezone, instead="say it with --timezone ZONE")


def _read_timezone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as exc:
        raise UsageError(f"{name!r} is no time zone of the IANA database; write it as Europe/Berlin") from exc
    return name
