"""Write the e-mail of a report: text, HTML that reads well without a style sheet, and the whole page as a file."""

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from processor.reports.document import AnyReport
from processor.reports.files import file_name
from processor.reports.formats import html, plain_text
from processor.reports.formats.mail_html import mail_html
from processor.reports.making import page_of
from processor.reports.words import Words
from processor.settings.sections import ReportThresholds


def message_of(report: AnyReport, thresholds: ReportThresholds, sender: str, to: Sequence[str]) -> EmailMessage:
    """Write it; a second message of the same report has the same id, so that mail programs show one."""
    page = page_of(report, thresholds)
    message = EmailMessage()
    message["Subject"] = f"[AUTO-ISSUE] {page.title}: {_in_short(report)}"
    message["From"] = sender
    message["To"] = ", ".join(to)
    message["Date"] = format_datetime(datetime.fromisoformat(report.made_at))
    message["Message-ID"] = f"<{delivery_id(report)}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = report.language
    message.set_content(plain_text(page))
    message.add_alternative(mail_html(page), subtype="html")
    message.add_attachment(html(page), subtype="html", filename=file_name(report, "html"))
    return message


def delivery_id(report: AnyReport) -> str:
    """Name what is delivered: the same at each try."""
    return f"{report.kind}-report-{report.date}.{datetime.fromisoformat(report.made_at):%Y%m%dT%H%M%S}"


def _in_short(report: AnyReport) -> str:
    words = Words(report.language)
    numbers = {
        "processed": report.summary.total_issues_processed,
        "success_rate": report.summary.success_rate,
        "count": len(report.recommendations),
    }
    return words.filled(numbers, "page", "in_short")
