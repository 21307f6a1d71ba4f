"""Keep Python's compiler, and libraries behind the times, from warning on our standard error."""

import contextlib
import threading
import warnings
from collections.abc import Iterator

_WARNINGS = threading.Lock()


@contextlib.contextmanager
def without_warnings() -> Iterator[None]:
    """Ignore warnings inside; one thread at a time, because the filters belong to the whole process."""
    with _WARNINGS, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
