"""Show how old the newest backup is, how large, and whether it proved to be sound; the folder itself is not looked at.

```
aip_backup_last_success_timestamp_seconds 1.7966e+09
aip_backup_sound 1.0
```
"""

from collections.abc import Iterable
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name="aip_backup_last_success_timestamp_seconds",
        kind=Kind.GAUGE,
        help="Time of the newest backup that was restored on trial with success; absent while there is none",
        example="time() - aip_backup_last_success_timestamp_seconds",
    ),
    Family(
        name="aip_backup_size_bytes",
        kind=Kind.GAUGE,
        help="Size of the newest backup, all its files together; absent while there is none",
        example="aip_backup_size_bytes",
    ),
    Family(
        name="aip_backup_sound",
        kind=Kind.GAUGE,
        help="Whether the last restore on trial of the newest backup went well (1 or 0); absent while there was none",
        example="aip_backup_sound == 0",
    ),
    Family(
        name="aip_backup_wanted",
        kind=Kind.GAUGE,
        help="Whether the service makes backups each night (1 or 0), as backup.enabled says",
        example="aip_backup_wanted",
    ),
)


class BackupsCollector:
    """Reads what the processor wrote down of its backups."""

    name = "backups"
    summary = "age, size and soundness of the newest backup"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        self._is_wanted = surroundings.settings.main.backup.enabled

    def collect(self) -> Iterable[Metric]:
        """Give the four families."""
        known = self._ledger.snapshot().backups
        newest = known[0] if known else None
        success, size, sound, wanted = FAMILIES
        yield success.with_value(next((one.made_at for one in known if one.is_sound), None))
        yield size.with_value(newest.size_bytes if newest else None)
        yield sound.with_value(None if newest is None or newest.is_sound is None else float(newest.is_sound))
        yield wanted.with_value(float(self._is_wanted))
