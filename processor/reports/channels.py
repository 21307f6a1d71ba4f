"""Tell on which channels reports are sent."""

from processor.model import ReportChannel
from processor.settings.sections import MainFile


def channels_of(main: MainFile) -> tuple[ReportChannel, ...]:
    """List the channels that are in use."""
    enabled = {ReportChannel.EMAIL: main.reports.email.enabled, ReportChannel.WEBHOOK: main.reports.webhook.enabled}
    return tuple(channel for channel, is_enabled in enabled.items() if is_enabled)
