"""Long work shows on a terminal that it goes on; pipes and files get the answer alone."""

import os
import sys
from pathlib import Path

import pytest

from tests.terminals import STDERR, on_terminal


@pytest.mark.usefixtures("ledger")
def test_a_terminal_is_told_what_goes_on(office) -> None:
    argv = [str(Path(sys.executable).parent / "aip"), "maintain", "disk", "--dry-run"]
    out, told = on_terminal(argv, STDERR, cwd=office.root, env={**os.environ, "TERM": "xterm"})
    assert "keeping up disk" in told
    assert b"keeping up" not in out


@pytest.mark.usefixtures("ledger")
@pytest.mark.parametrize("arguments", [("maintain", "disk", "--dry-run"), ("backup", "create"), ("checklist", "daily")])
def test_a_pipe_gets_no_control_codes_even_where_colours_are_forced(aip, monkeypatch, arguments) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    said = aip(*arguments)
    assert said.code == 0
    assert not {"\x1b", "\r"} & set(said.err)


@pytest.mark.usefixtures("ledger")
def test_a_table_in_a_pipe_has_no_blanks_at_the_end_of_lines(aip) -> None:
    lines = aip("config", "show", "gate").out.splitlines()
    assert len(lines) > 10
    assert [line for line in lines if line != line.rstrip()] == []
