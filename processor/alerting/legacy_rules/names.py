"""What the names of the old conditions mean now: a quantity of the recording rules, in the old unit."""

from dataclasses import dataclass
from typing import Final

from processor.alerting.legacy_rules.condition import Comparison, Condition, Name, Number


@dataclass(frozen=True)
class Known:
    """One name; its PromQL gives one value a service and no other label, so that any two can be compared."""

    promql: str
    meaning: str  #: with unit, window and what is taken where there are several
    largest: int | None = None  #: the most it can be; the least is 0


# The old file of recent issues held one day. A rate of fewer than ten is chance, and has no value here.
_DAY: Final = 'window="1d"'
_ENOUGH: Final = ">= 9.5"


def _rate(slo: str) -> str:
    bad = f'slo_window:aip_bad_events:ratio{{slo="{slo}", {_DAY}}}'
    return f'sum by (service) ({bad} and slo_window:aip_events:increase{{slo="{slo}", {_DAY}}} {_ENOUGH})'


def _percent(metric: str) -> str:
    return f"100 * max by (service) ({metric})"


#: The names that the handbook's metrics had, and the numbers they gave.
NAMES: Final[dict[str, Known]] = {
    "error_rate": Known(
        _rate("errors"), "share (0 to 1) of the runs of the last day that ended in error or timeout; ten at least", 1
    ),
    "success_rate": Known(
        f"100 * (1 - {_rate('success')})", "percent of the runs of the last day that succeeded; ten at least", 100
    ),
    "total_processed": Known(
        f'sum by (service) (slo_window:aip_events:increase{{slo="success", {_DAY}}})',
        "runs of the last day, cancelled ones left out",
    ),
    "avg_processing_time": Known(
        "max by (service) (service:aip_run_duration_seconds:recent_mean)",
        "seconds, mean of the runs of the last hour, 6 hours or day: the shortest that holds three",
    ),
    "memory_percent": Known(_percent("aip_host_memory_usage_ratio"), "percent of the memory in use, fullest host", 100),
    "cpu_percent": Known(_percent("aip_host_cpu_usage_ratio"), "percent of CPU time in use, busiest host", 100),
    "disk_usage": Known(
        _percent("aip_host_disk_usage_ratio"), "percent of a disk in use, fullest disk of all hosts", 100
    ),
    "load_average": Known("max by (service) (aip_host_load1)", "load of the last minute, busiest host"),
}

#: Conditions that an alert of ours watches, with a guard against chance that the old file could not express.
SHIPPED: Final = {
    ("error_rate", ">", 0.1): "AipHighErrorRate",
    ("avg_processing_time", ">", 300.0): "AipProcessingDelay",
    ("memory_percent", ">", 80.0): "AipMemoryUsageHigh",
    ("cpu_percent", ">", 70.0): "AipCpuHigh",
    ("disk_usage", ">", 80.0): "AipDiskHigh",
}


def shipped_twin(condition: Condition) -> str | None:
    """Name the shipped alert that watches the same; None where there is none."""
    match condition:
        case Comparison(sign, Name(name), Number(text)):
            return SHIPPED.get((name, sign, float(text)))
    return None
