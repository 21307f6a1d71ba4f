"""Read the secrets: from files or variables, never from YAML; each one is masked in the logs from then on."""

import hmac
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

from processor.errors import Fault, SettingsError
from processor.logs.redaction import MASK, PROCESS_REDACTOR, Redactor
from processor.settings.sections import Alerting, GitHub, GitHubApp, Settings, State

TOKEN_VARIABLE = "GITHUB_TOKEN"  # noqa: S105  # the name of a variable
TOKEN_FILE_VARIABLE = "GITHUB_TOKEN_FILE"  # noqa: S105  # the same
PASSWORD_VARIABLE = "PGPASSWORD"  # noqa: S105  # the same; libpq's own
ALERTS_TOKEN_VARIABLE = "AIP_ALERTS_TOKEN"  # noqa: S105  # the same
_LET_READ = "let this user read the file and enter its folder"
_ONE_WORD = re.compile(r"[!-~]+")


class Secret:
    """A text that shows itself only on `reveal()`: not in a repr, a log, a format string or a pickle."""

    __slots__ = ("_text",)

    def __init__(self, text: str, redactor: Redactor = PROCESS_REDACTOR) -> None:
        """Wrap a text that is not empty, and mask it in the logs."""
        redactor.protect(text)
        self._text = text

    def reveal(self) -> str:
        """Give the text, for the one place that sends it."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash(self._text)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled; read it again where it is needed")


def read_github_token(github: GitHub, environ: Mapping[str, str]) -> Secret | None:
    """Read the GitHub token from `github.token_file`, else the file GITHUB_TOKEN_FILE, else GITHUB_TOKEN.

    Returns:
        None when none of them is set.

    Raises:
        SettingsError: what is set holds no token.
    """
    remedy = "put the token alone into it, or unset it and set GITHUB_TOKEN"
    for file, key, path in _token_files(github, environ):
        return Secret(_one_word(_read(path, file, key, remedy), file, key, remedy))
    text = environ.get(TOKEN_VARIABLE, "").strip()
    if not text:
        return None
    return Secret(_one_word(text, "environment", TOKEN_VARIABLE, "set it to the token alone"))


def read_app_private_key(app: GitHubApp) -> Secret:
    """Read the private key of a GitHub App (PEM).

    Raises:
        SettingsError: the file is missing, empty or no PEM file.
    """
    path, key = app.private_key_file, "github.app.private_key_file"
    remedy = "download a key on the App's settings page and name its file here"
    text = _read(path, str(path), key, remedy)
    if "PRIVATE KEY-----" not in text:
        raise SettingsError([Fault(str(path), None, key, "", "the file holds no PEM private key", remedy)])
    return Secret(text)


def read_database_password(state: State, environ: Mapping[str, str]) -> Secret | None:
    """Read the database password from `state.database_password_file`, else PGPASSWORD; None without either.

    Raises:
        SettingsError: the file is missing or empty.
    """
    path, key = state.database_password_file, "state.database_password_file"
    if path is not None:
        return Secret(_read(path, str(path), key, "put the password alone into it, or set PGPASSWORD"))
    text = environ.get(PASSWORD_VARIABLE, "")
    return Secret(text) if text else None


def read_reader_password(path: Path) -> Secret:
    """Read the password of a role that may only read the ledger.

    Raises:
        SettingsError: the file is missing or empty.
    """
    return Secret(_read(path, str(path), "--password-file", "put the password alone into it"))


def read_smtp_password(path: Path) -> Secret:
    """Read the password of the mail server from `reports.email.password_file`.

    Raises:
        SettingsError: the file is missing or empty.
    """
    return Secret(_read(path, str(path), "reports.email.password_file", "put the password alone into it"))


def read_report_webhook(path: Path) -> Secret:
    """Read the address that reports are posted to from `reports.webhook.url_file`.

    Raises:
        SettingsError: the file is missing or holds no address.
    """
    key, remedy = "reports.webhook.url_file", "put the address alone into it, such as https://example.com/reports"
    text = _one_word(_read(path, str(path), key, remedy), str(path), key, remedy)
    if not text.startswith(("https://", "http://")):
        raise SettingsError([Fault(str(path), None, key, MASK, "holds no address that begins with https://", remedy)])
    return Secret(text)


def read_alerts_token(alerting: Alerting, environ: Mapping[str, str]) -> Secret | None:
    """Read the token that Alertmanager must show, from `alerting.token_file`, else AIP_ALERTS_TOKEN.

    Returns:
        None when neither is set.

    Raises:
        SettingsError: what is set holds no token.
    """
    path, key = alerting.token_file, "alerting.token_file"
    remedy = "put the token alone into it, such as one made by `openssl rand -hex 32`"
    if path is not None:
        return Secret(_one_word(_read(path, str(path), key, remedy), str(path), key, remedy))
    text = environ.get(ALERTS_TOKEN_VARIABLE, "").strip()
    if not text:
        return None
    return Secret(_one_word(text, "environment", ALERTS_TOKEN_VARIABLE, "set it to the token alone"))


def read_secret_word(path: Path, key: str, remedy: str) -> Secret:
    """Read a file that holds a secret of one word and nothing else.

    Raises:
        SettingsError: it cannot be read, or holds no such word.
    """
    return Secret(_one_word(_read(path, str(path), key, remedy), str(path), key, remedy))


def secret_warnings(settings: Settings, environ: Mapping[str, str]) -> tuple[Fault, ...]:
    """Point at files of secrets that every user of the machine can read, and at a token that is ignored."""
    return (*_readable_by_all(settings, environ), *_ignored_token(settings.main.github, environ))


def secret_files(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    """Name every file that the service reads a secret from, by the key or variable that names it."""
    github, state, alerting = settings.main.github, settings.main.state, settings.main.alerting
    reports = settings.main.reports
    yield from ((key, path) for _, key, path in _token_files(github, environ))
    if github.app is not None:
        yield "github.app.private_key_file", github.app.private_key_file
    if state.database_password_file is not None:
        yield "state.database_password_file", state.database_password_file
    if alerting.token_file is not None:
        yield "alerting.token_file", alerting.token_file
    if reports.email.password_file is not None:
        yield "reports.email.password_file", reports.email.password_file
    if reports.webhook.url_file is not None:
        yield "reports.webhook.url_file", reports.webhook.url_file


def _readable_by_all(settings: Settings, environ: Mapping[str, str]) -> Iterator[Fault]:
    ours = ("api_token", settings.main.state.directory / "api_token")  # hidden with its folder
    for key, path in (*secret_files(settings, environ), ours):
        # A file that is mounted by itself, as an engine hands over a secret, keeps the mode it has outside. What keeps
        # others out is its folder there, which nobody sees from here; another mode would keep the container out.
        if _mode(path) & stat.S_IROTH and not os.path.ismount(path):
            yield Fault(str(path), None, key, "", "every user of this machine can read the file", f"chmod 600 {path}")


def _mode(path: Path) -> int:
    """Look at the rights to a file; none where it is not there or lies in a folder that this user may not enter."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0


def _ignored_token(github: GitHub, environ: Mapping[str, str]) -> Iterator[Fault]:
    files = list(_token_files(github, environ))
    if not environ.get(TOKEN_VARIABLE, "").strip():
        return
    if github.app is not None:
        yield Fault("environment", None, TOKEN_VARIABLE, MASK, "is ignored, github.app is set", "unset it")
    elif files:
        yield Fault("environment", None, TOKEN_VARIABLE, MASK, f"is ignored, {files[0][1]} is set", "unset one of them")


def _token_files(github: GitHub, environ: Mapping[str, str]) -> Iterator[tuple[str, str, Path]]:
    if github.token_file is not None:
        yield str(github.token_file), "github.token_file", github.token_file
    if named := environ.get(TOKEN_FILE_VARIABLE, "").strip():
        yield named, TOKEN_FILE_VARIABLE, Path(named)


def _read(path: Path, file: str, key: str, remedy: str) -> str:
    try:
        text = path.read_text(encoding="utf-8").strip("\r\n")
    except UnicodeDecodeError as exc:
        raise SettingsError([Fault(file, None, key, "", "the file is not UTF-8 text", remedy)]) from exc
    except OSError as exc:
        remedy = _LET_READ if isinstance(exc, PermissionError) else remedy
        raise SettingsError([Fault(file, None, key, "", f"the file cannot be read ({exc.strerror})", remedy)]) from exc
    if not text.strip():
        raise SettingsError([Fault(file, None, key, "", "the file is empty", remedy)])
    return text


def _one_word(text: str, file: str, key: str, remedy: str) -> str:
    """Trim the text; refuse what could not be a token, and would break an HTTP header."""
    text = text.strip()
    if _ONE_WORD.fullmatch(text) is None:
        raise SettingsError([Fault(file, None, key, MASK, "holds more than one word of plain characters", remedy)])
    return text
