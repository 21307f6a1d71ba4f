"""Runs and issues that take too long, and a backlog that does not move."""

from collections.abc import Mapping

from processor.alerting.drill.baseline import (
    BAD_EVENTS,
    EVENTS,
    LATENCY_COUNT,
    LATENCY_EDGE,
    QUEUE,
    RATE_REMAINING,
    RUN_COUNT,
    RUN_SECONDS,
    UNREVIEWED,
    latency,
)
from processor.alerting.drill.changes import Ago, Change, Plus
from processor.alerting.drill.condition import Condition

_FAST, _SLOW, _TICKET = (f"AipLatencyBurn{speed}" for speed in ("Fast", "Slow", "Ticket"))


def _issues(number: int, *, late: int) -> Mapping[str, Change]:
    return {LATENCY_COUNT: Plus(number), latency("+Inf"): Plus(number), latency(LATENCY_EDGE): Plus(number - late)}


#: So many are quick afterwards that every window is within its limits again.
_QUICK_AGAIN = _issues(2000, late=0)

CONDITIONS = (
    Condition(
        alert="AipProcessingDelay",
        told="5 runs take 900 s each",
        says=("15m 0s",),
        injects={RUN_SECONDS: Plus(5 * 900), RUN_COUNT: Plus(5)},
        heals={RUN_SECONDS: Plus(2000 * 60), RUN_COUNT: Plus(2000)},
    ),
    Condition(
        alert=_FAST,
        told="24 of 48 issues take longer than 600 s",
        says=("50%", "15%"),
        injects=_issues(48, late=24),
        heals=_QUICK_AGAIN,
        hides=frozenset({_SLOW}),
        also=frozenset({_TICKET}),
    ),
    Condition(
        alert=_SLOW,
        told="15 of 40 issues take longer than 600 s",
        says=("37.5%", "15%"),
        injects=_issues(40, late=15),
        heals=_QUICK_AGAIN,
        hides=frozenset({_TICKET}),
    ),
    Condition(
        alert=_TICKET,
        told="10 of 34 issues took longer than 600 s two days ago, 5 of 15 now",
        says=("30.61%", "15%"),
        injects=_issues(15, late=5),
        heals=_QUICK_AGAIN,
        past={
            'slo:aip_events:total{slo="latency"}': ("2d", EVENTS - 34),
            f'le:aip_issue_latency_seconds_bucket:total{{le="{LATENCY_EDGE}"}}': ("2d", EVENTS - BAD_EVENTS - 24),
        },
    ),
    Condition(
        alert="AipNoSuccessWithBacklog",
        told="3 issues wait for 2 h and the last success was 3 h ago",
        says=("3",),
        injects={QUEUE: 3, "aip_last_success_timestamp_seconds": Ago(3 * 3600)},
        settles="2h",
    ),
    Condition(
        alert="AipQueueOldestTooOld",
        told="an issue has waited for 5 h",
        says=("5h 0m",),
        injects={QUEUE: 3, "aip_oldest_queued_issue_timestamp_seconds": Ago(5 * 3600 + 20)},
    ),
    Condition(
        alert="AipWorkersSaturated",
        told="both places are taken and 3 issues wait",
        says=("100%",),
        injects={QUEUE: 3, "aip_active_tasks": 2},
    ),
    Condition(
        alert="AipPausedWithBacklog",
        told="the queue is paused and 3 issues wait",
        says=("3",),
        injects={QUEUE: 3, "aip_paused": 1},
        settles="10m",
    ),
    Condition(
        alert="AipPullRequestReviewBacklog",
        told="40 pull requests wait for a review",
        says=("40",),
        injects={UNREVIEWED: 40},
    ),
    Condition(
        alert="AipGithubRateLimitLow",
        told="50 of 5000 requests are left for the next 30 min",
        says=("1%",),
        injects={RATE_REMAINING: 50},
    ),
)
