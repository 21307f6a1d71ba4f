"""Runs that fail or are rejected, and how often.

The shares are chosen so that, by the bounds of prometheus/rules/outcomes.yml, one alert alone fires where that can be.
"""

from collections.abc import Mapping

from processor.alerting.drill.baseline import AUTH_ERRORS, BAD_EVENTS, COST, EVENTS, RECENT_FAILURES, report, runs
from processor.alerting.drill.changes import Change, Plus
from processor.alerting.drill.condition import Condition

_FAST, _SLOW, _TICKET = (f"AipSuccessRateBurn{speed}" for speed in ("Fast", "Slow", "Ticket"))
#: So much goes well afterwards that every window is within its limits again.
_WELL_AGAIN: Mapping[str, Change] = {runs("success"): Plus(2000)}


def _more(**runs_by_outcome: int) -> Mapping[str, Change]:
    return {runs(outcome): Plus(number) for outcome, number in runs_by_outcome.items()}


CONDITIONS = (
    Condition(
        alert="AipHighErrorRate",
        told="24 of 48 runs end in an error",
        says=("50%",),
        injects=_more(success=24, error=24),
        heals=_WELL_AGAIN,
        also=frozenset({_FAST, _SLOW, _TICKET}),
    ),
    Condition(
        alert=_FAST,
        told="24 of 48 runs do not succeed",
        says=("50%", "15%"),
        injects=_more(success=24, rejected=18, error=6),
        heals=_WELL_AGAIN,
        hides=frozenset({_SLOW}),
        also=frozenset({_TICKET}),
    ),
    Condition(
        alert=_SLOW,
        told="15 of 40 runs do not succeed",
        says=("37.5%", "15%"),
        injects=_more(success=25, rejected=15),
        heals=_WELL_AGAIN,
        hides=frozenset({_TICKET}),
    ),
    Condition(
        alert=_TICKET,
        told="10 of 34 runs did not succeed two days ago, 5 of 15 now",
        says=("30.61%", "15%"),
        injects=_more(success=10, rejected=5),
        heals=_WELL_AGAIN,
        past={
            'slo:aip_events:total{slo="success"}': ("2d", EVENTS - 34),
            'slo:aip_bad_events:total{slo="success"}': ("2d", BAD_EVENTS - 10),
        },
    ),
    Condition(
        alert="AipErrorBudgetExhausted",
        told="12 of 60 runs do not succeed",
        says=("20%", "15%"),
        injects=_more(success=48, rejected=12),
        heals=_WELL_AGAIN,
    ),
    Condition(
        alert="AipQualityGateRejectSpike",
        told="the gate rejects 20 of 40 changes",
        says=("50%",),
        injects=_more(success=20, rejected=20),
        heals=_WELL_AGAIN,
        also=frozenset({_FAST, _SLOW, _TICKET}),
    ),
    Condition(
        alert="AipConsecutiveFailures",
        told="12 runs in a row fail",
        says=("12",),
        injects={"aip_consecutive_failures": 12},
    ),
    Condition(
        alert="AipRecentFailureRatio",
        told="16 of the last 20 runs failed",
        says=("80%",),
        injects={RECENT_FAILURES: 0.8},
    ),
    Condition(
        alert="AipSuccessRateBelowReportTarget",
        told="2 of the closed day's 10 runs succeeded",
        says=("20%",),
        injects={report("success"): 2, report("error"): 8},
    ),
    Condition(
        alert="AipAgentCostBudget",
        told="500 US dollars are spent; then a backup from before is restored",
        says=("500.00",),
        injects={COST: Plus(500)},
        heals={COST: 120},
    ),
    Condition(
        alert="AipGithubAuthFailing",
        told="GitHub refuses 3 runs",
        says=("3",),
        injects={AUTH_ERRORS: Plus(3)},
        settles="30m",
    ),
)
