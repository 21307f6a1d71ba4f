"""Look whether reports would reach people: mail server and webhook are asked, and nothing is sent."""

from collections.abc import Callable, Iterator, Mapping

from processor.errors import DeliveryError, SettingsError
from processor.model import ReportChannel
from processor.operations.self_check.item import Item, failed, ok, split_remedy
from processor.reports.channels import channels_of
from processor.reports.delivery import smtp, webhook
from processor.settings.sections import MainFile


def check_report_channels(main: MainFile) -> Iterator[Item]:
    """Look at each channel that is in use."""
    tries: Mapping[ReportChannel, Callable[[MainFile], str]] = {
        ReportChannel.EMAIL: _try_mail,
        ReportChannel.WEBHOOK: lambda settings: f"{webhook.try_out(settings.reports.webhook)} answers",
    }
    for channel in channels_of(main):
        name = f"reports by {channel}"
        try:
            yield ok(name, tries[channel](main))
        except DeliveryError as exc:
            yield failed(name, *split_remedy(str(exc)))
        except SettingsError as exc:
            for fault in exc.faults:
                yield failed(name, f"{fault.key}: {fault.problem}", fault.remedy)


def _try_mail(main: MainFile) -> str:
    smtp.try_out(main)
    return f"{main.alerting.email.smtp_server} takes mail to {', '.join(smtp.receivers_of(main))}"
