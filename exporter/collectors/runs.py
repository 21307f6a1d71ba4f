"""Show what happened to issues since the ledger was made: counters and histograms that never reset.

```
aip_runs_total{outcome="success",priority="high",repository="octo/hello"} 41.0
aip_run_duration_seconds_bucket{le="300.0",outcome="success"} 39.0 # {run_id="7-1f2e3d4c"} 241.5 1.7957e+09
```
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from prometheus_client.core import Metric

from exporter.family import Family, Kind
from exporter.sources import LEDGER
from exporter.surroundings import Surroundings
from exporter.totals import Domains, counter, histogram
from processor.errors import ErrorType
from processor.ledger.queries import Total, families
from processor.model import CheckResult, FindingState, Outcome, Phase, Priority, SkipReason
from processor.settings.sections import BuiltInChecks

_FOREVER = "since the ledger was made"

FAMILIES: Final[tuple[Family, ...]] = (
    Family(
        name=families.RUNS,
        kind=Kind.COUNTER,
        labels=("repository", "priority", "outcome"),
        help=f"Runs that ended, by outcome, {_FOREVER}; dry runs are not counted",
        example="sum without (instance) (aip_runs_total - aip_runs_total offset 1d)",
    ),
    Family(
        name=families.ISSUES_SKIPPED,
        kind=Kind.COUNTER,
        labels=("reason",),
        help=f"Issues that intake refused, once per issue and change of reason, {_FOREVER}",
        example="topk(3, aip_issues_skipped_total - aip_issues_skipped_total offset 1d)",
    ),
    Family(
        name=families.ERRORS,
        kind=Kind.COUNTER,
        labels=("phase", "error_type"),
        help=f"Runs that ended as error or timeout, by the phase and kind of their last error, {_FOREVER}",
        example="sum by (error_type) (aip_errors_total - aip_errors_total offset 1d) > 0.5",
    ),
    Family(
        name=families.RETRIES,
        kind=Kind.COUNTER,
        labels=("phase",),
        help=f"Attempts that failed and were followed by another, by the phase that failed, {_FOREVER}",
        example="aip_retries_total - aip_retries_total offset 1d",
    ),
    Family(
        name=families.GATE_RESULTS,
        kind=Kind.COUNTER,
        labels=("check", "result"),
        help=f"What each check of the gate said; checks of your own are counted as custom, {_FOREVER}",
        example='sum by (check) (aip_quality_gate_results_total{result="failed"})',
    ),
    Family(
        name=families.GATE_FINDINGS,
        kind=Kind.COUNTER,
        labels=("check", "finding_state"),
        help=f"Findings of the gate by what the change did to them, against the base commit, {_FOREVER}",
        example='sum by (check) (aip_quality_gate_findings_total{finding_state="new"})',
    ),
    Family(
        name=families.PULL_REQUESTS_CREATED,
        kind=Kind.COUNTER,
        labels=("repository",),
        help=f"Pull requests opened by us, {_FOREVER}",
        example="aip_pull_requests_created_total - aip_pull_requests_created_total offset 1w",
    ),
    Family(
        name=families.PULL_REQUESTS_CLOSED,
        kind=Kind.COUNTER,
        labels=("repository", "result"),
        help=f"Our pull requests that people merged, or closed without a merge, each once for a result, {_FOREVER}",
        example=('sum(aip_pull_requests_closed_total{result="merged"}) / sum(aip_pull_requests_closed_total)'),
    ),
    Family(
        name=families.AGENT_TOKENS,
        kind=Kind.COUNTER,
        labels=("agent", "direction"),
        help=f"Tokens that agents reported; reasoning is part of output, {_FOREVER}",
        example='sum by (agent) (aip_agent_tokens_total{direction!="reasoning"})',
    ),
    Family(
        name=families.AGENT_COST,
        kind=Kind.COUNTER,
        labels=("agent",),
        help=f"US dollars that agents reported, {_FOREVER}",
        example="sum(aip_agent_cost_dollars_total - aip_agent_cost_dollars_total offset 1d)",
    ),
    Family(
        name=families.RUN_DURATION,
        kind=Kind.HISTOGRAM,
        labels=("outcome",),
        help="Time of work on a run, from its first phase to its outcome",
        example=('sum(aip_run_duration_seconds_bucket{le="300.0"}) / sum(aip_run_duration_seconds_count)'),
    ),
    Family(
        name=families.ISSUE_LATENCY,
        kind=Kind.HISTOGRAM,
        labels=("priority",),
        help="Time from the discovery of an issue to the outcome of its run, waiting and retries included",
        example="histogram_quantile(0.9, sum by (le) (rate(aip_issue_latency_seconds_bucket[6h])))",
    ),
    Family(
        name=families.QUEUE_WAIT,
        kind=Kind.HISTOGRAM,
        labels=("priority",),
        help="Time from joining the queue to the start of work",
        example="histogram_quantile(0.9, sum by (le, priority) (rate(aip_issue_queue_wait_seconds_bucket[6h])))",
    ),
    Family(
        name=families.PHASE_DURATION,
        kind=Kind.HISTOGRAM,
        labels=("phase",),
        help="Time of one phase of one attempt",
        example="sum by (phase) (rate(aip_phase_duration_seconds_sum[6h]))",
    ),
    Family(
        name=families.GATE_SCORE,
        kind=Kind.HISTOGRAM,
        help="Score of the gate, 0 to 1; 0.7 is the bar unless the settings say otherwise",
        example='aip_quality_gate_score_ratio_bucket{le="0.7"} / on () aip_quality_gate_score_ratio_count',
    ),
    Family(
        name=families.REVIEW_TIME,
        kind=Kind.HISTOGRAM,
        help="Time from opening one of our pull requests to its first review",
        example="aip_pull_request_review_seconds_sum / aip_pull_request_review_seconds_count",
    ),
    Family(
        name=families.MERGE_TIME,
        kind=Kind.HISTOGRAM,
        help="Time from opening one of our pull requests to its merge",
        example="aip_pull_request_merge_seconds_sum / aip_pull_request_merge_seconds_count",
    ),
)


class RunsCollector:
    """Reads the totals of the ledger; the cost is that of the series, whatever the number of runs."""

    name = "runs"
    summary = "what happened to issues, from the ledger's totals"
    source = LEDGER
    families = FAMILIES

    def __init__(self, surroundings: Surroundings) -> None:
        self._ledger = surroundings.ledger
        self._made: dict[str, _Made] = {}
        main = surroundings.settings.main
        repository = {"repository": [repository.name for repository in main.repositories]}
        agent = {"agent": list(main.agents)}
        priority = {"priority": list(Priority)}
        processed = [outcome for outcome in Outcome if outcome is not Outcome.CANCELLED]
        self._domains = {
            families.RUNS: Domains({**priority, "outcome": list(Outcome)}, repository),
            families.ISSUES_SKIPPED: Domains({"reason": list(SkipReason)}),
            families.ERRORS: Domains({"phase": list(Phase), "error_type": list(ErrorType)}),
            families.RETRIES: Domains({"phase": list(Phase)}),
            families.GATE_RESULTS: Domains({"check": _checks(), "result": list(CheckResult)}),
            families.GATE_FINDINGS: Domains({"check": _checks(), "finding_state": list(FindingState)}),
            families.PULL_REQUESTS_CREATED: Domains(open_=repository),
            families.PULL_REQUESTS_CLOSED: Domains({"result": families.CLOSING_RESULTS}, repository),
            families.AGENT_TOKENS: Domains({"direction": families.TOKEN_DIRECTIONS}, agent),
            families.AGENT_COST: Domains(open_=agent),
            families.RUN_DURATION: Domains({"outcome": processed}),
            families.ISSUE_LATENCY: Domains(priority),
            families.QUEUE_WAIT: Domains(priority),
            families.PHASE_DURATION: Domains({"phase": list(Phase)}),
        }

    def collect(self) -> Iterable[Metric]:
        """Give every family; a scrape costs O(series), and what did not change is not made again."""
        snapshot = self._ledger.snapshot()
        for family in FAMILIES:
            totals = snapshot.totals.get(family.name, ())
            made = self._made.get(family.name)
            if made is None or (made.born_at, made.totals) != (snapshot.born_at, totals):
                made = _Made(snapshot.born_at, totals, self._make(family, totals, snapshot.born_at))
                self._made[family.name] = made
            yield made.metric

    def _make(self, family: Family, totals: tuple[Total, ...], born_at: float | None) -> Metric:
        domains = self._domains.get(family.name, Domains())
        if family.kind is Kind.HISTOGRAM:
            return histogram(family, families.BUCKETS[family.name], totals, domains, born_at)
        return counter(family, totals, domains, born_at)


@dataclass(frozen=True)
class _Made:
    """A metric, and what it was made from."""

    born_at: float | None
    totals: tuple[Total, ...]
    metric: Metric


def _checks() -> list[str]:
    return [*BuiltInChecks.model_fields, families.CUSTOM_CHECK]
