"""Issue explorer: which runs were there, what happened in one of them, what waits, what was given up and refused."""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import ledger
from grafana.src.frame import Section, Site, build
from grafana.src.panels.records import records
from grafana.src.words import Words


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard of single issues and runs, from the ledger itself."""
    sections = [
        Section("runs", [_runs(words)]),
        Section("run", _run(words)),
        Section("others", _others(words)),
    ]
    return build(
        words, site, sections, span="now-24h", refresh="1m", source=ledger.LEDGER, variables=ledger.variables(words)
    )


def _runs(words: Words) -> Builder[Any]:
    return records(
        words, "runs", "run", "ended", "repository", "issue", "title", "priority", "outcome", "error_type", "duration",
        "attempts", "gate_score", "cost", "pull_request", height=12,
    )  # fmt: skip


def _run(words: Words) -> list[Builder[Any]]:
    return [
        records(words, "run", "repository", "issue", "title", "priority", "outcome", "pull_request", "agent", "waited",
                "duration", "added_lines", "removed_lines", height=4),
        records(words, "trouble", "error_type", "error_message", "service", "log", "findings", height=4),
        records(words, "phases", "attempt", "phase", "started", "duration", "phase_result", "interruptions",
                "retry_after", "error_message", height=7),
        records(words, "checks", "check_name", "check_result", "is_required", "score", "weight", "new_findings",
                "fixed_findings", "flaky_findings", "unchanged_findings", "duration", "summary"),
        records(words, "usage", "attempt", "agent", "input_tokens", "cache_read_tokens", "cache_write_tokens",
                "output_tokens", "cost_dollars", height=5),
        records(words, "pull_requests", "repository", "pull_request", "state", "review_state", "ci_state", "opened",
                "closed", "run", height=5),
    ]  # fmt: skip


def _others(words: Words) -> list[Builder[Any]]:
    return [
        records(words, "backlog", "position", "repository", "issue", "title", "priority", "waiting", "why", "by_whom"),
        records(words, "services", "service", "host", "service_state", "heartbeat_age", "capacity_level",
                "capacity_reason", "max_parallel", height=5),
        records(words, "dead_letters", "run", "ended", "repository", "issue", "title", "error_type", "attempts",
                "error_message"),
        records(words, "refused", "repository", "issue", "title", "priority", "reason", "seen"),
    ]  # fmt: skip
