"""Let the threads of a service share two heaps: glibc would give most of them one of their own, and keep what is freed
in each from the others.

Source: https://sourceware.org/glibc/manual/latest/html_node/Malloc-Tunable-Parameters.html
"""

import ctypes
from collections.abc import Mapping
from typing import Final

_VARIABLE: Final = "MALLOC_ARENA_MAX"
#: Of malloc.h, where it is no part of the documented interface of other C libraries: they have no `mallopt`.
_M_ARENA_MAX: Final = -8
_HEAPS: Final = 2


def share_heaps(environ: Mapping[str, str]) -> None:
    """Set it for the threads that begin from now on, unless the operator did by `MALLOC_ARENA_MAX`.

    Only one thread runs Python at a time, so that two heaps are enough for those that wait in a database or for GitHub.
    """
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is not None and _VARIABLE not in environ:
        set_option(_M_ARENA_MAX, _HEAPS)
