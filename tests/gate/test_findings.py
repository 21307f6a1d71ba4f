"""What programs print becomes findings that stay the same when lines move."""

from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processor.errors import GateToolError
from processor.gate.command.findings import normalised, read_findings
from processor.model import Finding
from processor.settings.sections import CommandCheck
from tests.gate.conftest import patient

_TREE = Path("/work/tree")


def _read(
    output: str,
    exit_code: int = 1,
    mode: Literal["exit_code", "lines", "pytest"] = "lines",
    *,
    is_complete: bool = True,
) -> tuple[Finding, ...]:
    check = CommandCheck(name="lint", argv=("lint",), findings=mode)
    return read_findings(check, exit_code, output, _TREE, is_complete=is_complete)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.py:1:2: F401 unused", "a.py:30:14: F401 unused"),
        ("/work/tree/a.py:1: error: no", "a.py:9: error: no"),
        ("a.ts(1,2): error TS1: no", "a.ts(10,20): error TS1: no"),
        ("  12:5  error  no-undef", "  1:50  error  no-undef"),
        ("bad call at line 3, column 4", "bad call at line 33, column 40"),
        ("<object at 0x7f00aa>", "<object at 0x11>"),
        ("done in 0.31s", "done in 12 ms"),
        ("\x1b[31ma.py:1: no\x1b[0m", "\x1b[31ma.py:2: no\x1b[0m"),
    ],
)
def test_positions_do_not_matter(one: str, other: str) -> None:
    assert normalised(one, _TREE) == normalised(other, _TREE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.py:1: F401 unused", "a.py:1: F402 unused"),
        ("a.py:1: F401 unused", "b.py:1: F401 unused"),
        ("a.py:1: takes 2 arguments", "a.py:1: takes 3 arguments"),
    ],
)
def test_what_is_said_matters(one: str, other: str) -> None:
    assert normalised(one, _TREE) != normalised(other, _TREE)


@patient
@given(
    line=st.integers(1, 10**6),
    column=st.integers(1, 999),
    text=st.from_regex(r"[A-Z]{1,3}\d{3} [a-z ]+[a-z]", fullmatch=True),
)
def test_a_place_is_read_and_left_out_of_the_key(line: int, column: int, text: str) -> None:
    (found,) = _read(f"/work/tree/src/a b.py:{line}:{column}: {text}\n")
    assert (found.path, found.line, found.key) == ("src/a b.py", line, f"src/a b.py:: {' '.join(text.split())}")


def test_totals_are_no_findings() -> None:
    output = "a.py:1:1: F401 unused\n   |\n1 | import os\n   |\nFound 1 error.\n[*] 1 fixable with `--fix`.\n"
    assert [one.message for one in _read(output)] == ["a.py:1:1: F401 unused"]


def test_a_place_below_its_complaint_belongs_to_it() -> None:
    output = "F401 [*] `os` imported but unused\n --> a.py:1:8\n  |\n1 | import os\n  | ^^\n\nFound 1 error.\n"
    (found,) = _read(output)
    assert (found.key, found.path, found.line) == ("a.py:: F401 [*] `os` imported but unused", "a.py", 1)


def test_without_places_every_line_but_the_totals_counts() -> None:
    assert [one.key for one in _read("Would reformat: a.py\nWould reformat: b.py\n2 files would be reformatted\n")] == [
        "Would reformat: a.py",
        "Would reformat: b.py",
    ]


def test_a_complaint_without_a_place_counts_beside_those_with_one() -> None:
    assert len(_read("a.py:1: F401 unused\nerror: cannot read b.py\nsome context\n")) == 2


def test_exit_code_0_means_good_whatever_is_printed() -> None:
    assert _read("a.py:1: note: fine\n", exit_code=0) == ()


def test_nothing_printed_is_one_finding() -> None:
    assert [one.message for one in _read("", exit_code=1)] == ["exit code 1 and nothing printed"]


def test_different_exit_codes_are_different_findings() -> None:
    assert _read("boom\n", 1, "exit_code")[0].key != _read("boom\n", 2, "exit_code")[0].key
    assert _read("boom\n", 1, "exit_code")[0].message == "exit code 1: boom"


@pytest.mark.parametrize(
    ("exit_code", "output", "mode", "said"),
    [
        (127, "", "exit_code", "it ended with exit code 127: its program cannot be found or executed"),
        (1, "bwrap: Can't mount\n", "exit_code", "bwrap could not start it; see `aip check` for the sandbox"),
        (
            1,
            "/usr/bin/python3: No module named pytest\n",
            "pytest",
            "Python says: No module named pytest; install it for the interpreter of the check",
        ),
        (
            2,
            "bad configuration\n",
            "lines",
            (
                "it ended with exit code 2 and named no place: bad configuration; "
                "set findings to exit_code if that is how it complains"
            ),
        ),
        (
            4,
            "usage\n",
            "pytest",
            "pytest ended with a usage error: it cannot start with these arguments or this configuration (exit code 4)",
        ),
        (1, "strange\n", "pytest", "pytest ended with exit code 1 and named no failed test; see its output"),
        (1, "x.py:1: a\n" * 10_001, "lines", "it printed 10001 findings and the gate keeps 10000; narrow the check"),
    ],
)
def test_a_program_that_checked_nothing_is_no_finding(
    exit_code: int, output: str, mode: Literal["exit_code", "lines", "pytest"], said: str
) -> None:
    with pytest.raises(GateToolError) as raised:
        _read(output, exit_code, mode)
    assert str(raised.value) == said


def test_failed_tests_are_told_by_their_node_ids() -> None:
    output = (
        "----- Captured stdout call -----\nFAILED tests/fake.py::test_made_up - printed by the test\n"
        "=========== short test summary info ===========\n"
        "FAILED tests/a.py::test_x - assert [1] == [2]\n"
        "FAILED tests/a.py::test_y[a - b] - KeyError: 'x'\n"
        "ERROR tests/b.py - ModuleNotFoundError: No module named 'yaml'\n"
        "ERROR tests/a.py::T::test_z\n"
        "FAIL Required test coverage of 90% not reached. Total coverage: 80.00%\n"
        "3 failed, 7 passed in 0.10s\n"
    )
    assert [one.key for one in _read(output, 1, "pytest")] == [
        "tests/a.py::test_x",
        "tests/a.py::test_y[a - b]",
        "tests/b.py",
        "tests/a.py::T::test_z",
        "coverage",
    ]


def test_no_tests_at_all_is_a_finding() -> None:
    assert [one.key for one in _read("no tests ran in 0.01s\n", 5, "pytest")] == ["no tests"]


def test_a_success_without_an_end_is_a_finding() -> None:
    assert [one.key for one in _read("..", 0, "pytest", is_complete=False)] == ["cut short"]
    assert _read("3 passed in 0.1s\n", 0, "pytest", is_complete=False) == ()
    assert _read("", 0, "pytest", is_complete=True) == ()
