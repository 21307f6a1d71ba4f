"""Both reports in both languages and all formats, byte for byte.

The golden files are under tests/testdata/reports. After a change of words or layout,
`WRITE_GOLDEN_FILES=1 pytest tests/reports/test_golden.py` writes them anew; look at the difference, then keep it.
"""

import os
import re
from pathlib import Path

import pytest

from processor.model import ReportKind
from processor.reports.document import DailyReport, WeeklyReport
from processor.reports.files import file_name, written
from processor.reports.making import make_report
from processor.reports.words import LANGUAGES
from processor.settings.sections import MainFile
from tests.reports.scene import Scene, at

GOLDEN = Path(__file__).parents[1] / "testdata" / "reports"
FORMATS = ("json", "markdown", "text", "html")
DAY, WEEK = ReportKind
NOW = {DAY: at("2026-11-20T08:30"), WEEK: at("2026-11-23T09:00")}


@pytest.mark.parametrize("kind", ReportKind)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("format_", FORMATS)
def test_a_report_is_written_as_people_have_read_it(
    eventful: Scene, kind: ReportKind, language: str, format_: str
) -> None:
    main = MainFile()
    report = make_report(eventful.ledger, main, kind, day=None, now=NOW[kind], language=language)
    text = _with_steady_ids(written(report, format_, main.reports.thresholds))
    path = GOLDEN / language / file_name(report, format_)
    if os.environ.get("WRITE_GOLDEN_FILES"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_written_as_json_can_be_read_again(language: str) -> None:
    daily = (GOLDEN / language / "daily_report_20261119.json").read_text(encoding="utf-8")
    weekly = (GOLDEN / language / "weekly_report_20261116.json").read_text(encoding="utf-8")
    assert DailyReport.model_validate_json(daily).model_dump_json(indent=2) + "\n" == daily
    assert WeeklyReport.model_validate_json(weekly).model_dump_json(indent=2) + "\n" == weekly


def _with_steady_ids(text: str) -> str:
    """Take the chance out of the ids of runs."""
    return re.sub(r'("run_id": "\d+-)[0-9a-f]{8}"', r'\g<1>00000000"', text)
