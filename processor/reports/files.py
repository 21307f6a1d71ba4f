"""Write reports into a folder, under the handbook's names."""

from collections.abc import Iterable
from pathlib import Path

from processor.reports.document import AnyReport, read_report
from processor.reports.formats import SUFFIXES, WRITERS
from processor.reports.making import page_of
from processor.reports.whole_file import write_whole
from processor.settings.sections import ReportFormat, Reports, ReportThresholds


def written(report: AnyReport, format_: ReportFormat, thresholds: ReportThresholds) -> str:
    """Give a report as text of a format."""
    if format_ == "json":
        return report.model_dump_json(indent=2) + "\n"
    return WRITERS[format_](page_of(report, thresholds))


def file_name(report: AnyReport, format_: ReportFormat) -> str:
    """Give the handbook's name, such as `daily_report_20261126.json`."""
    return f"{report.kind}_report_{report.date.replace('-', '')}.{SUFFIXES[format_]}"


def write_files(
    report: AnyReport, formats: Iterable[ReportFormat], folder: Path, thresholds: ReportThresholds
) -> tuple[Path, ...]:
    """Write a report in some formats, in place of what was there.

    Raises:
        ResourceError: the folder cannot be made or written.
    """
    paths = []
    for format_ in formats:
        path = folder / file_name(report, format_)
        write_whole(path, written(report, format_, thresholds))
        paths.append(path)
    return tuple(paths)


def write_absent(content: str, settings: Reports) -> None:
    """Write those of the settings' formats of a report, given as JSON, whose files are not there.

    Raises:
        ResourceError: the folder cannot be made or written, or another version made the report.
    """
    report = read_report(content)
    absent = [one for one in settings.formats if not (settings.directory / file_name(report, one)).exists()]
    write_files(report, absent, settings.directory, settings.thresholds)
