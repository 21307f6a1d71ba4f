"""The families kept as totals: names, buckets in seconds, and why those buckets.

Source: the observability contract; 60 s and 300 s are the handbook's limits between fast, medium and slow.
"""

from typing import Final

RUNS: Final = "aip_runs_total"
ISSUES_SKIPPED: Final = "aip_issues_skipped_total"
ERRORS: Final = "aip_errors_total"
RETRIES: Final = "aip_retries_total"
GATE_RESULTS: Final = "aip_quality_gate_results_total"
GATE_FINDINGS: Final = "aip_quality_gate_findings_total"
PULL_REQUESTS_CREATED: Final = "aip_pull_requests_created_total"
PULL_REQUESTS_CLOSED: Final = "aip_pull_requests_closed_total"
AGENT_TOKENS: Final = "aip_agent_tokens_total"
AGENT_COST: Final = "aip_agent_cost_dollars_total"
REPORT_DELIVERIES: Final = "aip_report_deliveries_total"
CANARY_RUNS: Final = "aip_canary_runs_total"
CANARY_COST: Final = "aip_canary_cost_dollars_total"

RUN_DURATION: Final = "aip_run_duration_seconds"
ISSUE_LATENCY: Final = "aip_issue_latency_seconds"
QUEUE_WAIT: Final = "aip_issue_queue_wait_seconds"
PHASE_DURATION: Final = "aip_phase_duration_seconds"
GATE_SCORE: Final = "aip_quality_gate_score_ratio"
REVIEW_TIME: Final = "aip_pull_request_review_seconds"
MERGE_TIME: Final = "aip_pull_request_merge_seconds"

#: The values of labels that are no enumeration of the model.
TOKEN_DIRECTIONS: Final = ("input", "cache_read", "cache_write", "output", "reasoning")
CLOSING_RESULTS: Final = ("merged", "closed")
DELIVERY_RESULTS: Final = ("delivered", "failed", "given_up")
#: What the operator's own checks are counted as, or their names would be unbounded.
CUSTOM_CHECK: Final = "custom"

_HOUR = 3600.0
_DAY = 24 * _HOUR

#: Upper bounds of each histogram; +Inf is implied.
BUCKETS: Final[dict[str, tuple[float, ...]]] = {
    RUN_DURATION: (5, 15, 30, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1800, 3600),
    ISSUE_LATENCY: (60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400),
    QUEUE_WAIT: (1, 5, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21600, 86400),
    PHASE_DURATION: (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800),
    GATE_SCORE: (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1),
    REVIEW_TIME: (_HOUR / 4, _HOUR, 4 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 4 * _DAY, 7 * _DAY, 14 * _DAY),
    MERGE_TIME: (_HOUR, 4 * _HOUR, 12 * _HOUR, _DAY, 2 * _DAY, 4 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY),
}
