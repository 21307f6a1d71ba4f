"""Write reports into a folder: each file is whole or not there."""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from processor.errors import ResourceError
from processor.reports.document import AnyReport
from processor.reports.formats import SUFFIXES, WRITERS
from processor.reports.making import page_of
from processor.settings.sections import ReportFormat, ReportThresholds

_READABLE_BY_ALL = 0o644


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


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once, so that nobody ever reads half of it.

    Raises:
        ResourceError: its folder cannot be made or written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as exc:
        raise ResourceError(
            f"{path} cannot be written ({exc.strerror}); make its folder writable for this user, and free space "
            "where there is none"
        ) from exc


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(_READABLE_BY_ALL)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
