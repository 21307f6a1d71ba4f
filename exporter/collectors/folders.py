"""Show how much the folders of state and logs hold.

```
aip_state_size_bytes 1.3e+08
aip_logs_size_bytes 2.1e+06
```
"""

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import FILES
from exporter.surroundings import Surroundings

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_state_size_bytes",
        kind=Kind.GAUGE,
        help="Size of all files below state.directory: ledger, mirrors, worktrees; measured once a minute",
        example="delta(aip_state_size_bytes[1d])",
    ),
    Family(
        name="aip_logs_size_bytes",
        kind=Kind.GAUGE,
        help="Size of all files below logs.directory; measured once a minute",
        example="delta(aip_logs_size_bytes[1d])",
    ),
)
#: Going through mirrors and worktrees takes up to seconds.
_EVERY_SECONDS: Final = 60.0


class FoldersCollector:
    """Adds up the sizes of files, at most once a minute."""

    name = "folders"
    summary = "sizes of the folders of state and logs"
    source = FILES
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        main = surroundings.settings.main
        self._folders = (main.state.directory, main.logs.directory)
        self._metrics: tuple[Metric, ...] = ()
        self._measured_at: float | None = None

    def collect(self) -> Iterable[Metric]:
        """Give both families; a folder that is not there yet holds nothing."""
        if self._measured_at is None or time.monotonic() - self._measured_at >= _EVERY_SECONDS:
            sizes = [_size(folder) for folder in self._folders]
            self._metrics = tuple(family.with_value(size) for family, size in zip(FAMILIES, sizes, strict=True))
            self._measured_at = time.monotonic()
        return self._metrics


def _size(folder: Path) -> int:
    """Add up regular files; what vanishes meanwhile or may not be looked at is left out, links are not followed."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(place, name)).st_size  # noqa: PTH118  # half the time of pathlib
            except OSError:
                continue
    return total
