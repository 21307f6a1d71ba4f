"""A script of what has no ledger behind it: the host, the running service, Prometheus and Alertmanager."""

import math
import random
from collections.abc import Iterator

from exporter.catalogue import EVERY
from processor.github_client import ENDPOINTS
from processor.metrics import CODES
from tests.grafana.month.calendar import BAD, DAY, HOUR, NOW, START, WEEK
from tests.grafana.month.canary_rounds import EVERY as EVERY_ROUND
from tests.grafana.month.plan import PLACES
from tests.grafana.month.recording import Labels, Target
from tests.grafana.month.replay import TOKYO_SERVICE, Scrape

_GROUPS = ("aip.outcomes.totals", "aip.outcomes.windows", "aip.handbook", "aip.success", "aip.host")
_MIB = 2**20
#: A new version is deployed on Tuesdays.
_DEPLOYED_EVERY = WEEK


class OtherTargets:
    """Keeps the counters between scrapes."""

    def __init__(self) -> None:
        self._chance = random.Random("other targets")  # noqa: S311 - made-up data that is the same each time
        self._requests: dict[tuple[str, str], int] = {(group, code): 0 for group in ENDPOINTS for code in CODES}
        self._messages = {"email": 0, "slack": 0, "webhook": 0}
        jobs = ("aip-processor", "aip-exporter", "prometheus", "alertmanager")
        self.targets = tuple(Target(job=job, instance=f"{job}:1", service=_service(job)) for job in jobs)

    def note(self, scrape: Scrape) -> None:
        """Note one scrape of all four jobs."""
        shown = (self._processor, self._exporter, self._prometheus, self._alertmanager)
        for target, show in zip(self.targets, shown, strict=True):
            samples = [*show(scrape), *self._of_each_target(dict(target.labels)["job"], scrape)]
            target.note(scrape.at, samples)

    def _of_each_target(self, job: str, scrape: Scrape) -> Iterator[tuple[Labels, float]]:
        place = len(job) / 20
        yield _named("up"), 1
        yield _named("scrape_duration_seconds"), 0.004 + 0.02 * place + self._chance.uniform(0, 0.01)
        yield _named("scrape_samples_post_metric_relabeling"), round(900 * place + 120)
        yield _named("process_start_time_seconds"), scrape.at - (scrape.at - START) % _DEPLOYED_EVERY - 3 * DAY
        size = (60 + 90 * place + 25 * scrape.in_progress) * _MIB
        yield _named("process_resident_memory_bytes"), size + self._chance.uniform(0, 8) * _MIB

    def _processor(self, scrape: Scrape) -> Iterator[tuple[Labels, float]]:
        yield _named("aip_active_tasks"), scrape.in_progress
        yield _named("aip_max_parallel_tasks"), PLACES
        yield _named("aip_agent_processes"), 2 * scrape.in_progress
        agents = 380 * scrape.in_progress + self._chance.uniform(0, 90) * bool(scrape.in_progress)
        yield _named("aip_agent_resident_memory_bytes"), agents * _MIB
        yield _named("aip_paused"), 0
        yield _named("aip_poll_interval_seconds"), 900
        yield _named("aip_canary_interval_seconds"), EVERY_ROUND
        yield _named("aip_heartbeat_timestamp_seconds"), scrape.at - 2
        yield _named("aip_last_poll_success_timestamp_seconds"), scrape.at - scrape.at % 900
        yield from self._steering(scrape)
        for (group, code), count in self._requested(scrape).items():
            yield _named("aip_github_request_duration_seconds_count", endpoint=group, code=code), count

    def _steering(self, scrape: Scrape) -> Iterator[tuple[Labels, float]]:
        """Each night a backup keeps the host at high load for two hours; the gate is relaxed on the last day."""
        since_midnight = (scrape.at - START) % DAY
        level = "high" if since_midnight < 2 * HOUR else "low"
        for name in ("low", "medium", "high"):
            yield _named("aip_capacity_level", level=name), name == level
        yield _named("aip_config_last_reload_successful"), 1
        yield _named("aip_config_last_reload_success_timestamp_seconds"), scrape.at - scrape.at % WEEK
        if level == "high":
            ends = scrape.at - since_midnight + 2 * HOUR
            yield _named("aip_config_override_expiry_timestamp_seconds", setting="main.capacity.level"), ends
        if scrape.at > NOW - 3 * HOUR:
            yield _named("aip_config_override_expiry_timestamp_seconds", setting="gate.minimum_score"), NOW + HOUR

    def _requested(self, scrape: Scrape) -> dict[tuple[str, str], int]:
        often = {"2xx": 4 + 6 * scrape.in_progress, "304": 20, "4xx": 0.05, "limited": 0.02, "5xx": 0.03, "none": 0.02}
        if scrape.at in BAD:
            often |= {"5xx": 6, "none": 3, "limited": 1}
        for group, code in self._requests:
            self._requests[group, code] += _rounded(self._chance, often[code] / len(ENDPOINTS))
        return self._requests

    def _exporter(self, scrape: Scrape) -> Iterator[tuple[Labels, float]]:
        wave = 0.5 - 0.5 * math.cos(2 * math.pi * ((scrape.at - START) % DAY) / DAY)
        noise = self._chance.uniform(0, 0.06)
        yield _named("aip_host_cpu_usage_ratio"), 0.08 + 0.12 * wave + 0.11 * scrape.in_progress + noise
        yield _named("aip_host_memory_usage_ratio"), 0.46 + 0.05 * wave + 0.055 * scrape.in_progress + noise / 4
        yield _named("aip_host_load1"), 0.3 + wave + 0.9 * scrape.in_progress + 3 * noise
        age = scrape.at - START
        yield _named("aip_host_disk_usage_ratio", mountpoint="/"), 0.41 + 0.002 * age / DAY + noise / 100
        kept = 0.52 + 0.004 * age / DAY - 0.1 * (age % (2 * WEEK) < 0) + 0.004 * (age % WEEK) / DAY
        yield _named("aip_host_disk_usage_ratio", mountpoint="/data"), kept
        yield _named("aip_state_size_bytes"), (900 + 22 * age / DAY) * _MIB
        yield _named("aip_logs_size_bytes"), (40 + 9 * (age % WEEK) / DAY) * _MIB
        for number, kind in enumerate(EVERY):
            yield _named("aip_exporter_collector_success", collector=kind.name), 1
            taken = (number * 7 % 12 + 1) / 4000 + self._chance.uniform(0, 0.001)
            yield _named("aip_exporter_collector_duration_seconds", collector=kind.name), taken

    def _prometheus(self, scrape: Scrape) -> Iterator[tuple[Labels, float]]:
        yield _named("prometheus_config_last_reload_successful"), 1
        yield _named("prometheus_notifications_alertmanagers_discovered"), 1
        yield (
            _named("prometheus_tsdb_head_series"),
            round(2900 + 40 * math.sin(scrape.at / HOUR) + (scrape.at - START) / DAY),
        )
        for number, group in enumerate(_GROUPS):
            yield _named("prometheus_rule_evaluation_failures_total", rule_group=group), 0
            yield _named("prometheus_rule_group_iterations_missed_total", rule_group=group), 0
            seconds = 0.002 * (number + 1) + self._chance.uniform(0, 0.002)
            yield _named("prometheus_rule_group_last_duration_seconds", rule_group=group), seconds

    def _alertmanager(self, scrape: Scrape) -> Iterator[tuple[Labels, float]]:
        yield _named("alertmanager_config_last_reload_successful"), 1
        for integration in self._messages:
            self._messages[integration] += _rounded(self._chance, 0.5 if scrape.at in BAD else 0.02)
            yield _named("alertmanager_notifications_total", integration=integration), self._messages[integration]
            yield _named("alertmanager_notifications_failed_total", integration=integration), 0


def _service(job: str) -> str:
    return TOKYO_SERVICE if job.startswith("aip-") else "monitoring"


def _named(name: str, **labels: str) -> Labels:
    return ("__name__", name), *labels.items()


def _rounded(chance: random.Random, number: float) -> int:
    """Round up or down by chance, so that the mean stays."""
    return int(number) + (chance.random() < number % 1)
