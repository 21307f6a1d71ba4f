"""Put the parts together from the settings; the command line and the service both start here."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from processor import logs
from processor.engine.durable import EngineDatabase
from processor.engine.liveness import FileLiveness, Liveness
from processor.errors import Fault, SettingsError, UsageError
from processor.github_client import AppCredentials, Credentials, GitHubClient, RequestObservation
from processor.ledger.address import ledger_url
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.password import ask_at_each_connection
from processor.pipeline.context import Context, Journal, NoJournal
from processor.settings.api_token import make_api_token, read_api_token
from processor.settings.cautions import is_this_machine
from processor.settings.rotation import RotatingSecret, rotating_database_password
from processor.settings.secrets import (
    Secret,
    read_alerts_token,
    read_app_private_key,
    read_github_token,
)
from processor.settings.sections import GitHub, Settings

_LOG = logs.get_logger("settings")


def _ignore(_observation: RequestObservation) -> None:
    """Observe nothing: a short command has no metrics."""


@dataclass(frozen=True)
class Parts:
    """Everything a command needs; close it when done."""

    settings: Settings
    ledger: Ledger
    github: GitHubClient
    environ: Mapping[str, str]

    def close(self) -> None:
        """Give connections back."""
        self.github.close()
        self.ledger.close()

    def context(
        self,
        *,
        stopping: Callable[[], bool] = lambda: False,
        journal: Journal | None = None,
        settings_now: Callable[[], Settings] | None = None,
    ) -> Context:
        """Give what the pipeline works with; without `settings_now` the settings stay as they are."""
        return Context(
            settings_now=settings_now or (lambda: self.settings),
            ledger=self.ledger,
            github=self.github,
            environ=self.environ,
            instance=instance_name(self.settings),
            stopping=stopping,
            journal=journal or NoJournal(),
        )


def _never() -> bool:
    """Go on: a command ends where it is interrupted."""
    return False


def assemble(
    settings: Settings,
    environ: Mapping[str, str],
    observer: Callable[[RequestObservation], None] = _ignore,
    should_stop: Callable[[], bool] = _never,
) -> Parts:
    """Open the ledger and prepare the GitHub client; no request is made yet.

    Args:
        observer: told of every request to GitHub.
        should_stop: cuts waits between two tries of a request short.

    Raises:
        SettingsError: there is no way to authenticate.
        LedgerError: the ledger cannot be opened.
    """
    github = make_client(settings, environ, observer, should_stop)
    return Parts(settings, open_ledger_of(settings, environ), github, environ)


def open_ledger_of(settings: Settings, environ: Mapping[str, str]) -> Ledger:
    """Open the ledger alone: what most commands need, without any token."""
    password = rotating_database_password(settings.main.state, environ)
    ledger = open_ledger(settings.main.state, password() if password else None)
    if password is not None:
        ask_at_each_connection(ledger.engine, password)
    return ledger


def make_client(
    settings: Settings,
    environ: Mapping[str, str],
    observer: Callable[[RequestObservation], None] = _ignore,
    should_stop: Callable[[], bool] = _never,
) -> GitHubClient:
    """Prepare the GitHub client.

    Raises:
        SettingsError: neither a token nor a GitHub App is set.
    """
    credentials = _credentials(settings.main.github, environ)
    return GitHubClient(settings.main.github, credentials, observer=observer, should_stop=should_stop, environ=environ)


def _credentials(github: GitHub, environ: Mapping[str, str]) -> Credentials:
    """Prepare the credentials; files are read again for each request, because they are rotated under a service."""
    app = github.app
    if app is not None:
        key = RotatingSecret(lambda: read_app_private_key(app))
        return AppCredentials(app_id=app.app_id, installation_id=app.installation_id, private_key=key.reveal)
    return RotatingSecret(lambda: _token(github, environ)).reveal


def _token(github: GitHub, environ: Mapping[str, str]) -> Secret:
    token = read_github_token(github, environ)
    if token is None:
        remedy = "set GITHUB_TOKEN or github.token_file, or run `aip init`"
        raise SettingsError([Fault("environment", None, "GITHUB_TOKEN", "", "there is no token", remedy)])
    return token


def alerts_token(settings: Settings, environ: Mapping[str, str]) -> Callable[[], str] | None:
    """Prepare the token that Alertmanager must show, read again for each request; None when none is set.

    Raises:
        SettingsError: what is set holds no token.
    """
    alerting = settings.main.alerting
    first = read_alerts_token(alerting, environ)
    return None if first is None else RotatingSecret(lambda: read_alerts_token(alerting, environ) or first).reveal


def api_token(settings: Settings) -> Callable[[], str] | None:
    """Prepare the token that whoever changes something over HTTP must show, made at the first start.

    Returns:
        None when it can neither be read nor made: nothing is changed over HTTP then.

    Raises:
        UsageError: there is none, and others than this machine could reach the API.
    """
    main = settings.main
    try:
        make_api_token(main.state)
        return RotatingSecret(lambda: read_api_token(main.state)).reveal
    except SettingsError as exc:
        if not is_this_machine(main.api.host):
            raise UsageError(
                f"api.host {main.api.host} is reachable for others, and there is no token to keep them from changing "
                f"anything: {exc}"
            ) from exc
        _LOG.warning(logs.SETTINGS_DOUBTED, doubt=f"nothing can be changed over HTTP: {exc}")
        return None


def instance_name(settings: Settings) -> str:
    """Tell the name of the service on this host: stable across restarts, or nothing would resume."""
    return settings.main.engine.instance or socket.gethostname()


def engine_database(settings: Settings, environ: Mapping[str, str]) -> EngineDatabase:
    """Tell where DBOS keeps its jobs: beside the ledger's file, or in its PostgreSQL database."""
    state = settings.main.state
    if state.database_url is None:
        return EngineDatabase(f"sqlite:///{state.directory / 'engine.sqlite'}")
    url = ledger_url(state)
    if url.get_backend_name() == "sqlite":
        return EngineDatabase(f"sqlite:///{url.database}.engine")
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return EngineDatabase(address, rotating_database_password(state, environ))


def make_liveness(settings: Settings, environ: Mapping[str, str]) -> Liveness:
    """Give the kind of lock that fits the database."""
    url = ledger_url(settings.main.state)
    if url.get_backend_name() == "sqlite":
        # Beside the file that the services share: each may have a state folder of its own.
        return FileLiveness(Path(url.database or "").absolute().parent)
    from processor.engine.liveness.session_lock import PostgresqlLiveness  # noqa: PLC0415  # brings the driver: 9 MB

    return PostgresqlLiveness(url, rotating_database_password(settings.main.state, environ))
