"""Run the Prometheus of the busy month until Ctrl-C, for a Grafana to show: `python -m tests.grafana.month`."""

import subprocess
import sys
import threading
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.grafana.month.calendar import NOW
from tests.grafana.month.replay import TOKYO_SERVICE
from tests.grafana.month.stage import busy_month

ROOT = Path(__file__).parents[3]


def main() -> None:
    """Say where it is and at which time it ends, then wait."""
    tools = subprocess.run([ROOT / "scripts" / "monitoring-tools"], capture_output=True, text=True, check=True)
    prometheus = Path(tools.stdout.strip()) / "prometheus"
    with (
        TemporaryDirectory(prefix="aip-month-") as folder,
        busy_month(prometheus, Path(folder)) as month,
        suppress(KeyboardInterrupt),
    ):
        end = datetime.fromtimestamp(NOW, UTC)
        sys.stdout.write(f"{month.url} holds five weeks up to {end:%Y-%m-%dT%H:%MZ}, service {TOKYO_SERVICE}\n")
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
