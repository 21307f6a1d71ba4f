"""Send the reports whose turn it is, each to each channel once, and try again what did not arrive."""

from collections.abc import Callable
from dataclasses import dataclass

from processor import logs
from processor.errors import DeliveryError, ResourceError, SettingsError
from processor.ledger import reports
from processor.ledger.connection import Ledger
from processor.ledger.reports import Delivery
from processor.model import ReportChannel
from processor.reports.channels import channels_of
from processor.reports.delivery import smtp, webhook
from processor.reports.delivery.message import message_of
from processor.reports.document import AnyReport, read_report
from processor.settings.sections import MainFile

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 60.0, 3600.0
#: What has not arrived by then is given up: the next reports say more.
_PATIENCE_SECONDS = 72 * 3600.0
_LOG = logs.get_logger("reports")


def next_attempt_at(attempts: int, waiting_since: float, now: float) -> float | None:
    """Tell when to try again after so many attempts: a minute, then twice as long each time, an hour at most.

    None gives it up, three days after the report was made. Pure.
    """
    pause = min(_FIRST_PAUSE_SECONDS * 2.0 ** min(attempts - 1, 16), _LONGEST_PAUSE_SECONDS)
    return now + pause if now + pause <= waiting_since + _PATIENCE_SECONDS else None


@dataclass(frozen=True)
class Sender:
    """Sends for one service; any number may do so on one ledger."""

    ledger: Ledger
    main: MainFile
    clock: Callable[[], float]

    def send_due(self) -> int:
        """Send what is due, and tell how many arrived.

        Raises:
            LedgerError: it cannot be reached; nothing is lost, and what was sent meanwhile may be sent again.
        """
        channels = channels_of(self.main)
        delivered = 0
        while (delivery := self._take_on(channels)) is not None:
            delivered += self._send(delivery)
        return delivered

    def _take_on(self, channels: tuple[ReportChannel, ...]) -> Delivery | None:
        with self.ledger.write() as db:
            reports.withdraw_deliveries(db, channels)
            return reports.take_on_delivery(db, channels, self.clock()) if channels else None

    def _send(self, delivery: Delivery) -> bool:
        report = delivery.report
        fields = {"report": str(report.kind), "date": report.date, "channel": str(delivery.channel)}
        try:
            self.hand_over(read_report(report.content), delivery.channel)
        except (DeliveryError, SettingsError, ResourceError) as exc:
            again_at = next_attempt_at(delivery.attempts, delivery.waiting_since, self.clock())
            with self.ledger.write() as db:
                reports.note_failed(db, delivery, str(exc), again_at)
            event = logs.REPORT_DELAYED if again_at is not None else logs.REPORT_GIVEN_UP
            _LOG.warning(event, **fields, attempts=delivery.attempts, message=str(exc))
            return False
        with self.ledger.write() as db:
            reports.note_delivered(db, delivery, self.clock())
        _LOG.info(logs.REPORT_DELIVERED, **fields, attempts=delivery.attempts)
        return True

    def hand_over(self, report: AnyReport, channel: ReportChannel) -> None:
        """Send one report on one channel.

        Raises:
            DeliveryError: it did not arrive.
            SettingsError: a secret that it needs cannot be read.
        """
        if channel is ReportChannel.WEBHOOK:
            webhook.post(report, self.main.reports.webhook)
            return
        sender, to = self.main.alerting.email.sender, smtp.receivers_of(self.main)
        smtp.send(message_of(report, self.main.reports.thresholds, sender, to), self.main)
