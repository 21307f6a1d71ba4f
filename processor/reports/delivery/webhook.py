"""Post a report as JSON."""

from collections.abc import Mapping
from urllib.parse import urlsplit

import requests

from processor.errors import DeliveryError
from processor.reports.delivery.message import delivery_id
from processor.reports.document import AnyReport
from processor.settings.secrets import read_report_webhook
from processor.settings.sections import ReportWebhook

_LIMIT_SECONDS = 10.0
_OK, _REDIRECT = 200, 300


def post(report: AnyReport, webhook: ReportWebhook) -> None:
    """Post it; a second post of the same report has the same `Idempotency-Key`.

    Raises:
        DeliveryError: the receiver cannot be reached, or does not answer with 2xx. The address is not told: it may
            hold a secret.
        SettingsError: the address cannot be read.
    """
    headers = {"Content-Type": "application/json", "Idempotency-Key": delivery_id(report)}
    host, answer = _ask("POST", webhook, data=report.model_dump_json().encode(), headers=headers)
    if not _OK <= answer.status_code < _REDIRECT:
        raise DeliveryError(
            f"{host} answered {answer.status_code} to the report; it must answer 2xx at the address in "
            "reports.webhook.url_file"
        )


def try_out(webhook: ReportWebhook) -> str:
    """Ask the receiver whether it is there, by HEAD, and give its host; whatever it answers will do.

    Raises:
        DeliveryError, SettingsError: as above.
    """
    return _ask("HEAD", webhook)[0]


def _ask(
    method: str, webhook: ReportWebhook, *, data: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[str, requests.Response]:
    if webhook.url_file is None:
        raise DeliveryError("there is no address to post the report to; name its file in reports.webhook.url_file")
    url = read_report_webhook(webhook.url_file).reveal()
    host = urlsplit(url).hostname or "the receiver"
    try:
        return host, requests.request(
            method, url, data=data, headers=headers, timeout=_LIMIT_SECONDS, allow_redirects=False
        )
    except requests.RequestException as exc:
        raise DeliveryError(
            f"{host} cannot be reached ({_reason(exc)}); check the address in reports.webhook.url_file"
        ) from exc


def _reason(exc: BaseException) -> str:
    """Give the system's own words; the library's hold the address, which may be a secret."""
    inner: BaseException | None = exc
    while inner is not None:
        if isinstance(inner, OSError) and inner.strerror and not isinstance(inner, requests.RequestException):
            return inner.strerror
        inner = inner.__cause__ or inner.__context__
    return type(exc).__name__
