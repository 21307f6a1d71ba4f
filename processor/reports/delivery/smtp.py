"""Hand a message to the mail server."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from processor.errors import DeliveryError
from processor.settings.secrets import read_smtp_password
from processor.settings.sections import MainFile

_LIMIT_SECONDS = 10.0
_TLS_FROM_THE_START = 465
_TAKEN = (250, 251)


def send(message: EmailMessage, main: MainFile) -> None:
    """Send it through the mail server of `alerting.email`, with the password of `reports.email`.

    Raises:
        DeliveryError: the server cannot be reached or refuses; the message names it, and what to look at.
        SettingsError: the password cannot be read.
    """
    with _session(main) as server:
        server.send_message(message)


def try_out(main: MainFile) -> None:
    """Log in and name sender and receivers, as for a mail, and send none.

    Raises:
        DeliveryError, SettingsError: as above.
    """
    email = main.alerting.email
    with _session(main) as server:
        server.ehlo_or_helo_if_needed()
        code, said = server.mail(email.sender)
        if code not in _TAKEN:
            raise smtplib.SMTPSenderRefused(code, said, email.sender)
        answers = {one: server.rcpt(one) for one in receivers_of(main)}
        if refused := {one: answer for one, answer in answers.items() if answer[0] not in _TAKEN}:
            raise smtplib.SMTPRecipientsRefused(refused)
        server.rset()


def receivers_of(main: MainFile) -> tuple[str, ...]:
    """Tell who gets reports by mail."""
    return main.reports.email.to or main.alerting.email.to


@contextmanager
def _session(main: MainFile) -> Iterator[smtplib.SMTP]:
    """Give a connection to the mail server, logged in; what goes wrong on it becomes an error of ours."""
    email = main.alerting.email
    password = main.reports.email.password_file
    host, _, port = email.smtp_server.rpartition(":")
    try:
        with _connected(host.strip("[]"), int(port), main) as server:
            if email.smtp_user and password is not None:
                server.login(email.smtp_user, read_smtp_password(password).reveal())
            yield server
    except smtplib.SMTPAuthenticationError as exc:
        raise DeliveryError(
            f"{email.smtp_server} refuses the user {email.smtp_user} (code {exc.smtp_code}); check "
            "alerting.email.smtp_user and the file reports.email.password_file"
        ) from exc
    except smtplib.SMTPRecipientsRefused as exc:
        refused = ", ".join(sorted(exc.recipients))
        raise DeliveryError(f"{email.smtp_server} refuses mail to {refused}; check reports.email.to") from exc
    except (OSError, smtplib.SMTPException) as exc:
        raise DeliveryError(
            f"{email.smtp_server} did not take the report ({_reason(exc)}); check alerting.email.smtp_server, "
            "require_tls and reports.email.ca_file"
        ) from exc


def _connected(host: str, port: int, main: MainFile) -> smtplib.SMTP:
    ca_file = main.reports.email.ca_file
    trust = ssl.create_default_context(cafile=None if ca_file is None else str(Path(ca_file)))
    if port == _TLS_FROM_THE_START:
        return smtplib.SMTP_SSL(host, port, timeout=_LIMIT_SECONDS, context=trust)
    server = smtplib.SMTP(host, port, timeout=_LIMIT_SECONDS)
    try:
        if main.alerting.email.require_tls:
            server.starttls(context=trust)
    except BaseException:
        server.close()
        raise
    return server


def _reason(exc: Exception) -> str:
    if isinstance(exc, smtplib.SMTPResponseException):
        return f"code {exc.smtp_code}"
    return getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
