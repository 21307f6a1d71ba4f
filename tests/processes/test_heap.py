"""The threads of a service share two heaps of the C library, however many they are."""

import subprocess
import sys

import pytest

#: Each thread takes memory while all others hold theirs; `malloc_info` lists the heaps.
PROGRAM = """
import ctypes, os, sys, tempfile, threading
from processor.service.heap import share_heaps

share_heaps(dict(argument.split("=") for argument in sys.argv[1:]))
gate = threading.Barrier(9)

def work():
    held = [bytes(1000) for _ in range(50)]
    gate.wait(60)
    gate.wait(60)
    del held

threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
gate.wait(60)
libc = ctypes.CDLL(None)
libc.fdopen.restype = ctypes.c_void_p
libc.malloc_info.argtypes, libc.fclose.argtypes = [ctypes.c_int, ctypes.c_void_p], [ctypes.c_void_p]
with tempfile.TemporaryFile() as file:
    stream = libc.fdopen(os.dup(file.fileno()), b"w")
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    file.seek(0)
    print(file.read().count(b"<heap nr="))
gate.wait(60)
"""


@pytest.mark.parametrize(("environ", "is_few"), [([], True), (["MALLOC_ARENA_MAX=64"], False)])
def test_threads_share_two_heaps_unless_the_operator_says_how_many(environ: list[str], is_few: bool) -> None:
    ran = subprocess.run([sys.executable, "-c", PROGRAM, *environ], capture_output=True, text=True, check=True)
    assert (int(ran.stdout) <= 2) is is_few, ran.stdout
