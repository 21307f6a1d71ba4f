"""What formats have in common: nothing of others is obeyed, and the page needs nothing but itself."""

import re
from xml.etree import ElementTree

import pytest

from processor.model import ReportKind
from processor.reports.document import DailyReport, read_report
from processor.reports.files import written
from processor.reports.formats.html import with_commands as html_with_commands
from processor.reports.formats.mail_html import mail_html
from processor.reports.formats.markdown import with_commands as md_with_commands
from processor.reports.formats.plain_text import width
from processor.reports.making import page_of
from processor.reports.page import Bar, Bars, Columns, Limit, Lines, Series, Tone
from processor.reports.svg import draw
from processor.reports.svg.elements import nice_top
from processor.settings.sections import ReportThresholds
from tests.reports.test_golden import GOLDEN

LIMITS = ReportThresholds()
HOSTILE = 'octo/<script>alert(1)</script>"&|`*_[x](javascript:alert(1))'


def _golden(name: str, language: str = "en") -> str:
    return (GOLDEN / language / name).read_text(encoding="utf-8")


@pytest.fixture
def hostile() -> DailyReport:
    """A report whose names and addresses want to be obeyed."""
    report = read_report(_golden("daily_report_20261119.json"))
    assert isinstance(report, DailyReport)
    breakdown = report.issues_breakdown
    run = report.performance.longest[0].model_copy(
        update={"issue": f"{HOSTILE}#7", "pull_request": 'javascript:alert("x")'}
    )
    return report.model_copy(
        update={
            "issues_breakdown": breakdown.model_copy(
                update={"by_repository": {HOSTILE: next(iter(breakdown.by_repository.values()))}}
            ),
            "performance": report.performance.model_copy(update={"longest": (run,)}),
            "errors": {HOSTILE: 3},
        }
    )


def test_html_obeys_nothing_of_others(hostile: DailyReport) -> None:
    for text in (written(hostile, "html", LIMITS), mail_html(page_of(hostile, LIMITS))):
        assert "<script" not in text
        assert 'href="javascript' not in text
        assert "&lt;script&gt;" in text


def test_numbers_and_dates_are_not_torn_apart(hostile: DailyReport) -> None:
    mail = mail_html(page_of(hostile, LIMITS))
    (date,) = re.findall(r'<td style="([^"]*)">Thu, 2026-11-19</td>', mail)
    (name,) = re.findall(r'<td style="([^"]*)">octo/&lt;script&gt;[^<]*#7</td>', mail)
    assert ("nowrap" in date, "nowrap" in name) == (True, False)
    assert re.search(r"\ntd\.text \{[^}]*overflow-wrap: anywhere", written(hostile, "html", LIMITS))


def test_markdown_obeys_nothing_of_others(hostile: DailyReport) -> None:
    text = written(hostile, "markdown", LIMITS)
    assert re.findall(r"(?<!\\)<script", text) == []
    assert r"\[x\](javascript" in text
    rows = [line for line in text.splitlines() if line.startswith(r"| octo/\<script\>")]
    # Of the repository, of the longest run, of the error: no cell is torn apart.
    assert sorted(len(re.findall(r"(?<!\\)\|", row)) for row in rows) == [3, 5, 7]


def test_only_what_stands_between_backquotes_is_a_command() -> None:
    said = "`aip queue list` <b> `<i>` `open"
    assert md_with_commands(said) == r"`aip queue list` \<b\> `<i>` \`open"
    assert html_with_commands(said) == ("<code>aip queue list</code> &lt;b&gt; <code>&lt;i&gt;</code> `open")


@pytest.mark.parametrize("name", ["daily_report_20261119.html", "weekly_report_20261116.html"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_page_needs_nothing_but_itself(name: str, language: str) -> None:
    text = _golden(name, language)
    assert re.findall(r"<(?:script|link|img|iframe|object)\b|@import|url\(", text) == []
    assert {re.sub(r"/pull/\d+", "", link) for link in re.findall(r'(?:src|href)="([^"]*)"', text)} <= {
        "https://github.com/octo/hello", "https://github.com/octo/shop",
    }  # fmt: skip
    assert f'<html lang="{language}">' in text
    assert "@media print" in text
    for drawing in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ElementTree.fromstring(drawing)  # noqa: S314  # our own text


@pytest.mark.parametrize(("largest", "top"), [(0, 4), (3, 4), (5, 8), (9, 20), (41, 80), (145, 200), (2500, 4000)])
def test_a_scale_ends_at_a_round_number(largest: float, top: float) -> None:
    assert nice_top(largest) == top
    assert nice_top(largest) >= largest


def test_drawings_are_of_their_values_and_empty_without_any() -> None:
    series = (Series("a", Tone.GOOD, (1.0, 0.0)), Series("b", Tone.ACT, (1.0, None)))
    columns = draw(Columns(("x", "y"), series), "t")
    assert columns.count("<rect") == 2 + 2  # pieces and legend
    assert draw(Columns(("x",), (Series("a", Tone.GOOD, (0.0,)),)), "t") == ""
    lines = draw(
        Lines(("1", "2", "3"), (Series("a", Tone.GOOD, (10.0, None, 100.0)),), (Limit(85, "g", Tone.GOOD),)), "t"
    )
    assert lines.count("<circle") == 2
    assert re.search(r'<path[^>]* d="M[\d.]+ [\d.]+M[\d.]+ [\d.]+"', lines)  # broken where nothing is known
    assert draw(Lines(("1",), (Series("a", Tone.GOOD, (None,)),)), "t") == ""
    bars = draw(Bars((Bar("a", 4, "4"), Bar("b", 2, "2"), Bar("none", 0, "0"))), "t")
    widths = [float(found) for found in re.findall(r'<rect[^>]* width="([\d.]+)"', bars)]
    assert widths == [pytest.approx(2 * widths[1], abs=0.2), widths[1]]
    assert draw(Bars(()), "t") == ""


def test_japanese_columns_are_straight() -> None:
    text = _golden("weekly_report_20261116.txt", "ja")
    table = text.partition("優先度 ")[2].splitlines()[1:5]
    assert len({width(line) for line in table}) == 1
    assert ReportKind.WEEKLY in _golden("weekly_report_20261116.json", "ja")
