"""Show what runs here.

```
aip_build_info{python_version="3.11.7",version="0.1.0"} 1.0
```
"""

import platform
from collections.abc import Iterable
from importlib.metadata import version
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import OURSELVES
from exporter.surroundings import Surroundings

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_build_info",
        kind=Kind.INFO,
        labels=("version", "python_version"),
        help="What runs here",
        example="count by (version) (aip_build_info)",
    ),
)
_DISTRIBUTION = "auto-issue-processor-a2a"


class BuildCollector:
    """Knows the version of this program."""

    name = "build"
    summary = "version of this program"
    source = OURSELVES
    families = FAMILIES

    def __init__(self, _surroundings: Surroundings) -> None:
        labels = {"version": version(_DISTRIBUTION), "python_version": platform.python_version()}
        self._metric = FAMILIES[0].with_values([(labels, 1.0)])

    def collect(self) -> Iterable[Metric]:
        """Give the one family."""
        yield self._metric
