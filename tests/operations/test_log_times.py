"""Logs of every grammar and in every state give the times that they hold, and say what they do not."""

import bz2
import gzip
import lzma
import statistics
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from processor.errors import UsageError
from processor.operations.analysis.analysis import By, Gathering
from processor.operations.analysis.durations import Durations
from processor.operations.analysis.log_scan import LogScan
from processor.operations.foreign_files import ForeignFile

OURS = """\
2026-11-23 18:12:43,929 ERROR A agent_exit issue=octo/hello#3 run=3-59c1 message="gone"
2026-11-23 18:12:43,929 INFO A ISSUE_PROCESSED issue=octo/hello#3 run=3-59c1 status=error priority=low attempts=1
2026-11-23 18:12:43,929 INFO A PROCESSING_COMPLETED issue=octo/hello#3 run=3-59c1 status=error 14.50
2026-11-24 09:00:00,000 INFO A ISSUE_PROCESSED issue=octo/other#4 run=4-aaaa status=success priority=high attempts=1
2026-11-24 09:00:00,000 INFO A PROCESSING_COMPLETED issue=octo/other#4 run=4-aaaa status=success 301.00
"""
HANDBOOK = "2025-07-21 10:31:30,460 - AutoIssueProcessor - INFO - PROCESSING_COMPLETED issue=123 status=success 45.20\n"
OLD = (
    "2025-07-22 12:57:05,000 - EnhancedAutoIssueProcessor - INFO - 🚀 Issue #83 処理開始: パフォーマンス最適化\n"
    "2025-07-22 12:57:41,000 - EnhancedAutoIssueProcessor - INFO - ⏱️ 処理時間: 36.1秒\n"
)


def scan(path: Path, *, since: str = "", by: By | None = None) -> tuple:
    gathering = Gathering(5)
    found = LogScan(gathering, since=since, by=by)
    found.read(path)
    return gathering.finish(), found.remarks


def times(path: Path) -> list[float]:
    return sorted(one.seconds for one in scan(path)[0].longest)


@pytest.fixture
def log(tmp_path):
    return tmp_path / "some.log"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_grammar_is_read_in_every_encoding(log, encoding, line_end):
    log.write_bytes((OURS + HANDBOOK + OLD).replace("\n", line_end).encode(encoding))
    assert times(log) == [14.5, 36.1, 45.2, 301.0]
    assert scan(log)[1].damaged == 0


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp"])
def test_logs_of_japanese_hosts_are_read(log, encoding):
    log.write_bytes(OLD.replace("🚀 ", "").replace("⏱️ ", "").encode(encoding))
    (longest,) = scan(log)[0].longest
    assert (longest.seconds, longest.issue, longest.place) == (36.1, "#83", f"{log}:2")


def test_compressed_logs_are_read_and_one_cut_short_gives_what_is_there(log):
    whole = gzip.compress(HANDBOOK.encode()) + gzip.compress(OLD.encode())
    log.write_bytes(whole)
    assert times(log) == [36.1, 45.2]
    log.write_bytes(whole[:-9])
    analysis, remarks = scan(log)
    assert analysis.overall.count == 2
    assert remarks.troubles == [f"{log}: the compressed data ends too early; what is there is read"]


def test_a_damaged_compressed_log_gives_what_came_before(log):
    first = gzip.compress(HANDBOOK.encode())
    log.write_bytes(first + b"\x1f\x8b\x08\x00" + b"\xff" * 40)
    analysis, remarks = scan(log)
    assert analysis.overall.count == 1
    assert remarks.troubles == [f"{log}: the compressed data is damaged; what came before the damage is read"]


@pytest.mark.parametrize(("pack", "packer"), [(bz2.compress, "bzip2"), (lzma.compress, "xz")])
def test_a_log_that_another_program_compressed_is_told(log, pack, packer):
    log.write_bytes(pack(HANDBOOK.encode()))
    analysis, remarks = scan(log)
    assert (analysis.overall, remarks.damaged) == (None, 0)
    assert remarks.troubles == [f"{log}: it is compressed by {packer}, which is not read here; unpack it first"]


def test_a_log_that_repeats_itself_is_unpacked_bit_by_bit(log):
    log.write_bytes(gzip.compress(HANDBOOK.encode() * 300_000))
    assert max(map(len, ForeignFile(log).pieces())) < 1 << 23


def test_lines_are_counted_whatever_their_length(log):
    log.write_text("x" * ((1 << 24) + (1 << 23)) + HANDBOOK * 2)
    analysis, remarks = scan(log)
    assert ([one.place for one in analysis.longest], remarks.lines) == ([f"{log}:1", f"{log}:2"], 2)


@pytest.mark.parametrize("word", ["", " nan", " -3", " inf", " soon", " 1e999", " status=success"])
def test_a_line_without_seconds_is_counted_and_named(log, word):
    log.write_text(f"2025-07-21 10:31:30,460 INFO A PROCESSING_COMPLETED issue=1{word}\n" + HANDBOOK)
    analysis, remarks = scan(log)
    assert analysis.overall.count == 1
    assert (remarks.without_number, remarks.places) == (1, [f"{log}:1"])


def test_damaged_lines_are_counted_and_what_can_be_read_is(log):
    log.write_bytes(
        b"\x00\xff\xfe garbage\n" + HANDBOOK.encode() + b"\xff" + OLD.encode() + b"half a line PROCESSING_COMPL"
    )
    analysis, remarks = scan(log)
    assert analysis.overall.count == 2
    assert (remarks.damaged, remarks.lines) == (2, 5)


def test_groups_are_told_by_the_lines_of_the_same_run(log):
    log.write_text(OURS + HANDBOOK)
    for by, expected in {
        By.PRIORITY: {"low": 14.5, "high": 301.0, "unknown": 45.2},
        By.REPOSITORY: {"octo/hello": 14.5, "octo/other": 301.0, "unknown": 45.2},
        By.ERROR: {"agent_exit": 14.5, "success": (301.0 + 45.2) / 2},
    }.items():
        groups = scan(log, by=by)[0].groups
        assert {name: one.mean_seconds for name, one in groups.items()} == pytest.approx(expected)


def test_since_leaves_out_what_is_older_or_has_no_date(log):
    log.write_text(OURS + OLD + "INFO:x:PROCESSING_COMPLETED 7.0\n")
    analysis, remarks = scan(log, since="2026-11-24 00:00:00")
    assert (analysis.overall.count, analysis.overall.longest_seconds, remarks.undated) == (1, 301.0, 1)


def test_phases_are_not_in_logs_and_a_missing_log_is_named(log):
    with pytest.raises(UsageError, match="logs hold no times of phases"):
        scan(log, by=By.PHASE)
    with pytest.raises(UsageError, match=r"some.log cannot be read \(No such file or directory\)"):
        scan(log)


def test_a_log_under_two_names_is_read_once(log, tmp_path):
    log.write_text(HANDBOOK)
    (tmp_path / "other.log").hardlink_to(log)
    gathering = Gathering(5)
    found = LogScan(gathering)
    for path in (log, tmp_path / "other.log"):
        found.read(path)
    assert gathering.finish().overall.count == 1


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_bytes_stop_the_reading(tmp_path_factory, noise, at):
    log = tmp_path_factory.mktemp("noise") / "a.log"
    text = (OURS + OLD).encode()
    log.write_bytes(text[:at] + noise + text[at:])
    analysis, _ = scan(log)
    assert analysis.overall is None or analysis.overall.longest_seconds >= 0


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.floats(0, 1e9), min_size=1, max_size=30), min_size=1, max_size=5))
def test_ranks_are_exact_however_the_numbers_came(pieces):
    durations = Durations()
    for piece in pieces:
        durations.add(piece)
    numbers = sorted(number for piece in pieces for number in piece)
    found = durations.distribution()
    assert found.median_seconds == pytest.approx(statistics.median(numbers))
    assert found.longest_seconds == numbers[-1]
    assert found.p95_seconds in numbers
    assert sum(number <= found.p95_seconds for number in numbers) >= 0.95 * len(numbers)
    assert sum(number < found.p95_seconds for number in numbers) < 0.95 * len(numbers)
    assert list(found.bands.values()) == [
        sum(number < 60 for number in numbers),
        sum(60 <= number <= 300 for number in numbers),
        sum(number > 300 for number in numbers),
    ]
