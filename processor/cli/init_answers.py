"""The answers that `aip init` needs: from options, else from a person, else the suggested ones."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import typer

from processor.cli import screen
from processor.errors import UsageError
from processor.operations.first_agent import installed_agents
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
    is_quiet: bool


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Every answer. `token_to_keep` is a token that was typed in and has no place yet."""

    repository: str
    base_url: str
    agent: str
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
        token=token,
        token_file=token_file,
        token_to_keep=token_to_keep,
    )


def _base_url(questions: Questions, environ: Mapping[str, str]) -> str:
    suggested = environ.get("AUTO_ISSUE_GITHUB_BASE_URL", "").strip() or _DEFAULT_BASE_URL
    text = questions.base_url or (suggested if questions.is_quiet else _ask("GitHub's REST address", default=suggested))
    if not re.match(r"^https?://[^\s/@]+(/\S*)?$", text):
        raise UsageError(
            f"{text!r} is no REST address; write https://api.github.com, or https://HOST/api/v3 for GitHub Enterprise"
        )
    return text.rstrip("/")


def _repository(questions: Questions) -> str:
    if not questions.repository and questions.is_quiet:
        raise UsageError("there is no repository; say it with --repository OWNER/REPO")
    text = questions.repository or _ask("Repository (OWNER/REPO)")
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
    typed = typer.prompt("GitHub token (not shown)", hide_input=True, err=True).strip()
    token = read_github_token(GitHub(), {TOKEN_VARIABLE: typed})
    if token is None:
        raise UsageError("the token is empty; make one on GitHub and paste it")
    return token, None, token


def _agent(questions: Questions, environ: Mapping[str, str]) -> str:
    here = installed_agents(environ)
    if questions.agent or questions.is_quiet:
        return questions.agent or here[0]
    screen.note(f"agents on this machine: {', '.join(here)} (tidy is the built-in recipe: no model, no cost)")
    return _ask("Agent", default=here[0])


def _ask(question: str, default: str | None = None) -> str:
    return str(typer.prompt(question, default=default, err=True)).strip()
