"""Post a report as JSON."""

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
    if webhook.url_file is None:
        raise DeliveryError("there is no address to post the report to; name its file in reports.webhook.url_file")
    url = read_report_webhook(webhook.url_file).reveal()
    host = urlsplit(url).hostname or "the receiver"
    headers = {"Content-Type": "application/json", "Idempotency-Key": delivery_id(report)}
    try:
        answer = requests.post(
            url,
            data=report.model_dump_json().encode(),
            headers=headers,
            timeout=_LIMIT_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as exc:
        raise DeliveryError(
            f"{host} cannot be reached ({type(exc).__name__}); check the address in reports.webhook.url_file"
        ) from exc
    if not _OK <= answer.status_code < _REDIRECT:
        raise DeliveryError(
            f"{host} answered {answer.status_code} to the report; it must answer 2xx at the address in "
            "reports.webhook.url_file"
        )
