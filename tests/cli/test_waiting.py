"""Long work is shown on a terminal, and says nothing into a pipe."""

import os
import pty
import subprocess
import sys
from pathlib import Path


def test_a_terminal_sees_what_goes_on_and_it_is_gone_in_the_end(office, scene):
    scene.finish(1)
    ours, theirs = pty.openpty()
    argv = [str(Path(sys.executable).parent / "aip"), "backup", "create"]
    environ = {**os.environ, "TERM": "xterm-256color"}
    done = subprocess.run(
        argv, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, cwd=office.root, env=environ, check=True, timeout=60
    )
    told = os.read(ours, 1_000_000).decode()
    os.close(theirs)
    os.close(ours)
    assert "making a backup and restoring it on trial" in told
    assert told.endswith("\x1b[2K")
    assert done.stdout.decode().endswith("restored on trial: ok\n")


def test_a_pipe_gets_the_answer_alone(aip, scene):
    scene.finish(1)
    said = aip("backup", "create")
    assert (said.code, said.err) == (0, "")
