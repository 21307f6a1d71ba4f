"""Keep `logs/auto_issue_processing.json` as the handbook's scripts read it: what was processed in the last 24 hours.

```
{"recent_issues": [123, 124], "success_rate": 50.0, "avg_processing_time": 180.5, "processing_times": [45.2, 315.8], …}
```
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.ledger.queries import EndedRun
from processor.model import Outcome
from processor.reports.whole_file import write_whole
from processor.settings.sections import MainFile

NAME = "auto_issue_processing.json"
_SHOWN_SECONDS = 86_400.0


class LegacyFile:
    """Writes the file when something changed."""

    def __init__(self) -> None:
        self._written: tuple[Path, tuple[EndedRun, ...]] | None = None

    def keep(self, ledger: Ledger, main: MainFile, now: float) -> None:
        """Bring the file up to date.

        Raises:
            LedgerError: the ledger cannot be read.
            ResourceError: the file cannot be written; it is tried again.
        """
        path = main.logs.directory / NAME
        with ledger.read() as db:
            ended = queries.processed_runs(db, now - _SHOWN_SECONDS, now + 1)
        if self._written == (path, ended) and path.exists():
            return
        content = processing(ended, now, ZoneInfo(main.timezone))
        write_whole(path, json.dumps(content, indent=2, ensure_ascii=False) + "\n")
        self._written = path, ended


def processing(ended: tuple[EndedRun, ...], now: float, zone: ZoneInfo) -> dict[str, Any]:
    """Give the file's object: percent and seconds; the rate and the mean are null when nothing was processed. Pure."""
    times = [round(run.seconds or 0.0, 2) for run in ended]
    succeeded = sum(run.outcome == Outcome.SUCCESS for run in ended)
    return {
        "recent_issues": [run.issue for run in ended],
        "success_rate": round(100 * succeeded / len(ended), 2) if ended else None,
        "avg_processing_time": round(sum(times) / len(times), 2) if times else None,
        "processing_times": times,
        "updated_at": _local(now, zone),
        "issues": [
            {
                "issue": f"{run.repository}#{run.issue}",
                "outcome": run.outcome,
                "finished_at": _local(run.finished_at, zone),
                "seconds": seconds,
            }
            for run, seconds in zip(ended, times, strict=True)
        ],
    }


def _local(at: float, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(zone).isoformat(timespec="seconds")
