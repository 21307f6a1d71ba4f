"""The metrics that the running process owns: what it is doing now. What happened to issues comes from the exporter."""

import platform
from collections.abc import Callable, Iterator, Mapping
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

#: Seconds; GitHub answers in tenths, a proxy in trouble in seconds.
_REQUEST_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
CAPACITY_LEVELS = ("low", "medium", "high")
#: What an answer of GitHub is counted as; `none` is no answer.
CODES = ("2xx", "304", "4xx", "limited", "5xx", "none")
DISTRIBUTION = "auto-issue-processor-a2a"

#: A query that somebody would ask of each family, for docs/metrics.md.
EXAMPLES = {
    "aip_active_tasks": "sum(aip_active_tasks) / sum(aip_max_parallel_tasks)",
    "aip_agent_processes": "aip_agent_processes",
    "aip_agent_resident_memory_bytes": "max_over_time(aip_agent_resident_memory_bytes[1d])",
    "aip_max_parallel_tasks": "sum(aip_max_parallel_tasks)",
    "aip_poll_interval_seconds": (
        "time() - aip_last_poll_success_timestamp_seconds > 2 * aip_poll_interval_seconds + 120"
    ),
    "aip_canary_interval_seconds": "aip_canary_interval_seconds > 0",
    "aip_capacity_level": "aip_capacity_level == 1",
    "aip_paused": "aip_paused == 1",
    "aip_config_last_reload_successful": "aip_config_last_reload_successful == 0",
    "aip_config_last_reload_success_timestamp_seconds": "time() - aip_config_last_reload_success_timestamp_seconds",
    "aip_config_override_expiry_timestamp_seconds": "aip_config_override_expiry_timestamp_seconds - time()",
    "aip_heartbeat_timestamp_seconds": "time() - aip_heartbeat_timestamp_seconds > 120",
    "aip_last_poll_success_timestamp_seconds": "time() - aip_last_poll_success_timestamp_seconds",
    "aip_scheduler_skipped_runs_total": "increase(aip_scheduler_skipped_runs_total[1h]) > 0",
    "aip_github_request_duration_seconds": (
        "histogram_quantile(0.9, sum by (le, endpoint) (rate(aip_github_request_duration_seconds_bucket[1h])))"
    ),
    "aip_build_info": "count by (version) (aip_build_info)",
}


class OverrideEnds(Collector):
    """Shows when overrides end: `aip_config_override_expiry_timestamp_seconds{setting="gate.minimum_score"} 1.8e9`.

    A setting that nobody overrides has no series, so the label has the few values that are of interest.
    """

    def __init__(self) -> None:
        self._ask: Callable[[], Mapping[str, float]] = dict

    def set_function(self, ask: Callable[[], Mapping[str, float]]) -> None:
        """Ask at each scrape for the end of every override, by setting."""
        self._ask = ask

    def collect(self) -> Iterator[Metric]:
        """Give one series an override."""
        family = GaugeMetricFamily(
            "aip_config_override_expiry_timestamp_seconds",
            "Time at which an override of a setting ends by itself; no series without an override",
            labels=["setting"],
        )
        for setting, ends_at in self._ask().items():
            family.add_metric([setting], ends_at)
        yield family


class Metrics:
    """Every metric of the processor, made in one registry; each label set exists from the first scrape."""

    def __init__(self, registry: CollectorRegistry, *, duties: tuple[str, ...], endpoints: tuple[str, ...]) -> None:
        self.registry = registry
        self.active_tasks = Gauge("aip_active_tasks", "Runs that this process executes now", registry=registry)
        self.agent_processes = Gauge(
            "aip_agent_processes", "Processes of agents and checks that live now", registry=registry
        )
        self.agent_resident_memory = Gauge(
            "aip_agent_resident_memory_bytes", "Resident memory of those processes in bytes", registry=registry
        )
        self.max_parallel = Gauge(
            "aip_max_parallel_tasks", "Runs that this process may execute at once", registry=registry
        )
        self.poll_interval = Gauge("aip_poll_interval_seconds", "Seconds between polls of GitHub", registry=registry)
        self.canary_interval = Gauge(
            "aip_canary_interval_seconds", "Seconds from one round of the canary to the next; 0 while it is off",
            registry=registry,
        )  # fmt: skip
        self.capacity_level = Gauge(
            "aip_capacity_level", "1 for the capacity level in force, 0 for the others", ["level"], registry=registry
        )
        self.paused = Gauge("aip_paused", "1 while an operator keeps the queue paused", registry=registry)
        self.heartbeat = Gauge(
            "aip_heartbeat_timestamp_seconds", "Time at which the service last said that it lives", registry=registry
        )
        self.last_poll_success = Gauge(
            "aip_last_poll_success_timestamp_seconds",
            "Time at which every repository was last polled without an error",
            registry=registry,
        )
        self.reload_successful = Gauge(
            "aip_config_last_reload_successful",
            "1 while settings files and overrides are in force as written, 0 while the last good ones are kept",
            registry=registry,
        )
        self.reload_success_at = Gauge(
            "aip_config_last_reload_success_timestamp_seconds",
            "Time at which settings files were last read and put in force",
            registry=registry,
        )
        self.override_ends = OverrideEnds()
        registry.register(self.override_ends)
        self.skipped_duties = Counter(
            "aip_scheduler_skipped_runs",
            "Times that a duty was skipped because its last run was still going on",
            ["duty"],
            registry=registry,
        )
        self.github_requests = Histogram(
            "aip_github_request_duration_seconds",
            "Seconds that GitHub took to answer",
            ["endpoint", "code"],
            buckets=_REQUEST_BUCKETS,
            registry=registry,
        )
        build = {"version": version(DISTRIBUTION), "python_version": platform.python_version()}
        Info("aip_build", "What runs here", registry=registry).info(build)
        for level in CAPACITY_LEVELS:
            self.capacity_level.labels(level)
        for duty in duties:
            self.skipped_duties.labels(duty)
        for endpoint in endpoints:
            for code in CODES:
                self.github_requests.labels(endpoint, code)
