"""Give Prometheus a past: samples of recorded series from before it started."""

import subprocess
from collections.abc import Iterable
from pathlib import Path

from processor.alerting.drill.durations import seconds_of
from processor.alerting.drill.plan import Plan
from processor.errors import ResourceError


def past_samples(plans: Iterable[Plan], now: float) -> str:
    """Write what the scripts remember, in the OpenMetrics format; empty when that is nothing. Pure."""
    lines = [
        f'{series.removesuffix("}")},service="{plan.service}"}} {value} {now - seconds_of(ago) / plan.k:.3f}\n'
        for plan in plans
        for series, (ago, value) in plan.script.past.items()
    ]
    return "".join([*sorted(lines), "# EOF\n"]) if lines else ""


def write_past(promtool: Path, folder: Path, samples: str) -> None:
    """Put samples into the data of the Prometheus that will run in `folder`.

    Raises:
        ResourceError: promtool fails; the message has its words.
    """
    file, data = folder / "past.om", folder / "prometheus"
    file.write_text(samples, encoding="utf-8")
    data.mkdir(parents=True, exist_ok=True)
    command = [str(promtool), "tsdb", "create-blocks-from", "openmetrics", str(file), str(data)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise ResourceError(f"promtool could not write the past of a drill: {done.stderr.strip()}")
