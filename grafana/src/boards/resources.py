"""Resources: has the host room, what do we take of it, and does GitHub let us work?"""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import limits
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import areas, lines
from grafana.src.panels.numbers import numbers
from grafana.src.queries import OURS, Query, answers, grown, rate_limit_left
from grafana.src.words import Words

CPU = f"max(avg_over_time(aip_host_cpu_usage_ratio{{{OURS}}}[30m]))"
MEMORY = f"max(aip_host_memory_usage_ratio{{{OURS}}})"
DISK = f"max by (mountpoint) (aip_host_disk_usage_ratio{{{OURS}}})"
#: A few minutes say nothing of a day: a first copy of a repository would fill any disk.
TOMORROW = (
    f"max by (mountpoint) (predict_linear(aip_host_disk_usage_ratio{{{OURS}}}[6h], 86400)"
    f" and aip_host_disk_usage_ratio{{{OURS}}} offset 1h)"
)

REFUSED = 'error_type="github_auth"'


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard of the host, of our processes and of GitHub's limits."""
    sections = [
        Section("host", [*_host_now(words), *_host(words)]),
        Section("ours", [*_ours(words), *_storage(words)]),
        Section("github", _github(words)),
    ]
    return build(words, site, sections, span="now-24h", refresh="1m")


def _host_now(words: Words) -> list[Builder[Any]]:
    kept: dict[str, Any] = {"unit": "percentunit", "span": 5, "decimals": 0}
    return [
        numbers(words, "cpu_now", Query(CPU), limit=limits.CPU_RATIO, **kept),
        numbers(words, "memory_now", Query(MEMORY), limit=limits.MEMORY_RATIO, **kept),
        numbers(words, "disk_now", Query(f"max({DISK})"), limit=limits.DISK_RATIO, **kept),
        numbers(words, "disk_tomorrow", Query(f"max({TOMORROW})"), limit=limits.DISK_TOMORROW_RATIO, **kept),
        numbers(words, "load", Query(f"max(aip_host_load1{{{OURS}}})"), unit="short", span=4, decimals=1),
    ]


def _host(words: Words) -> list[Builder[Any]]:
    cpu = Query(f"max(aip_host_cpu_usage_ratio{{{OURS}}})", words("panels", "cpu", "series", "cpu"))
    memory = Query(MEMORY, words("panels", "memory", "series", "memory"))
    kept: dict[str, Any] = {"unit": "percentunit", "span": 8, "maximum": 1}
    return [
        lines(words, "cpu", cpu, limit=limits.CPU_RATIO, **kept),
        lines(words, "memory", memory, limit=limits.MEMORY_RATIO, **kept),
        lines(words, "disk", Query(DISK, "{{mountpoint}}"), limit=limits.DISK_RATIO, **kept),
    ]


def _ours(words: Words) -> list[Builder[Any]]:
    resident = f'max by (job) (process_resident_memory_bytes{{job=~"aip-.+", {OURS}}})'
    processes = Query(f"sum(aip_agent_processes{{{OURS}}})", words("panels", "processes", "series", "processes"))
    agents = Query(f"sum(aip_agent_resident_memory_bytes{{{OURS}}})", words("panels", "agents", "series", "agents"))
    return [
        lines(words, "processes", processes, unit="short", span=8),
        lines(words, "agents", agents, unit="bytes", span=8),
        lines(words, "resident", Query(resident, "{{job}}"), unit="bytes", span=8),
    ]


def _storage(words: Words) -> list[Builder[Any]]:
    def size(name: str, before: str = "") -> str:
        return f"max(aip_{name}_size_bytes{{{OURS}}}{before})"

    names = {name: words("panels", "folders", "series", name) for name in ("ledger", "state", "logs")}
    sizes = [Query(size(name), shown) for name, shown in names.items()]
    growth = [Query(f"{size(name)} - {size(name, ' offset 1d')}", shown) for name, shown in names.items()]
    told = ["AipDiskFillsIn24h"]
    return [
        lines(words, "folders", *sizes, unit="bytes", span=14, alerts=told),
        numbers(words, "growth", *growth, unit="bytes", span=10, height=8, decimals=1, alerts=told),
    ]


def _github(words: Words) -> list[Builder[Any]]:
    refused = f"sum({grown('aip_errors_total', '$__interval', REFUSED)})"
    told = ["AipGithubAuthFailing"]
    left = Query(rate_limit_left(), "{{resource}}")
    return [
        lines(words, "left", left, unit="percentunit", span=8, limit=limits.GITHUB_LEFT_RATIO, maximum=1),
        areas(words, "answers", answers, label="code", unit="short", span=8, alerts=told),
        lines(words, "refused", Query(refused, words("panels", "refused", "series", "refused")), unit="short", span=8,
              alerts=told),
    ]  # fmt: skip
