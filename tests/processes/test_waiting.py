"""Waiting for a child works with process descriptors and without."""

import os
import subprocess
import sys
import time

from processor.processes.waiting import ends_within, has_ended

# With every descriptor taken, the kernel refuses to open one for the process, as some container run-times always do.
WITHOUT_DESCRIPTORS = """
import os, resource, subprocess, sys
from processor.processes.waiting import ends_within
short, long = subprocess.Popen(["sleep", "0.2"]), subprocess.Popen(["sleep", "60"])
resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
taken = []
try:
    while True:
        taken.append(os.dup(0))
except OSError:
    pass
answers = [ends_within(long.pid, 0.05), ends_within(short.pid, 10), ends_within(short.pid, 0)]
long.kill()
os.write(1, repr(answers).encode())
"""


def test_end_of_a_child_is_noticed_at_once_and_it_stays_a_zombie() -> None:
    with subprocess.Popen(["sleep", "0.1"]) as child:
        began = time.monotonic()
        assert ends_within(child.pid, 10)
        assert time.monotonic() - began < 5
        assert os.waitpid(child.pid, 0)[0] == child.pid


def test_child_that_goes_on_is_waited_for_no_longer_than_asked() -> None:
    with subprocess.Popen(["sleep", "60"]) as child:
        assert not ends_within(child.pid, 0.05)
        assert not ends_within(child.pid, -1)
        assert not has_ended(child.pid)
        child.kill()


def test_child_that_was_reaped_has_ended() -> None:
    with subprocess.Popen(["true"]) as child:
        child.wait()
    assert has_ended(child.pid)


def test_waiting_works_without_process_descriptors() -> None:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", WITHOUT_DESCRIPTORS], capture_output=True, check=True)
    assert done.stdout == b"[False, True, True]"
