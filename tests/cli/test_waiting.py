"""Long work is shown on a terminal, and says nothing into a pipe."""

import os
import sys
from pathlib import Path

from tests.terminals import STDERR, STDIN, on_terminal


def test_a_terminal_sees_what_goes_on_and_it_is_gone_in_the_end(office, scene):
    scene.finish(1)
    argv = [str(Path(sys.executable).parent / "aip"), "backup", "create"]
    environ = {**os.environ, "TERM": "xterm-256color"}
    out, told = on_terminal(argv, STDIN, STDERR, cwd=office.root, env=environ)
    assert "making a backup and restoring it on trial" in told
    assert told.endswith("\x1b[2K")
    assert out.decode().endswith("restored on trial: ok\n")


def test_a_pipe_gets_the_answer_alone(aip, scene):
    scene.finish(1)
    said = aip("backup", "create")
    assert (said.code, said.err) == (0, "")
