"""Every threshold of the dashboards. Where an alert has the same limit it is named, and a test compares the two."""

from dataclasses import dataclass

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models.dashboard import Threshold, ThresholdsMode

from grafana.src import colours


@dataclass(frozen=True)
class Limit:
    """A value from which on something is wrong, in the unit of its panel.

    `alert` is the rule that fires there and whose runbook the panel links to; None where there is no such rule. `below`
    turns it round: wrong is what lies under the value. `reckoned` says that the rule has the limit in another form.
    Where `goal` is given, good is only what reaches it. `good` is the colour of what is not wrong.
    """

    value: float
    alert: str | None
    colour: str = colours.ACT
    below: bool = False
    reckoned: bool = False
    goal: float | None = None
    good: str = colours.GOOD

    def steps(self) -> builders.ThresholdsConfig:
        """Give the colours along the scale."""
        low, high = (self.colour, self.good) if self.below else (self.good, self.colour)
        steps = [Threshold(value=None, color=low), Threshold(value=self.value, color=high)]
        if self.goal is not None:
            steps = [
                steps[0],
                Threshold(value=self.value, color=colours.SHORT_OF_GOAL),
                Threshold(value=self.goal, color=high),
            ]
        return builders.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)

    def line(self) -> builders.ThresholdsConfig:
        """Give a line at the value, for graphs: there the colour is that of the line, on whichever side wrong is."""
        steps = [Threshold(value=None, color="transparent"), Threshold(value=self.value, color=self.colour)]
        return builders.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps)


def plain(colour: str) -> builders.ThresholdsConfig:
    """Give one colour for every value."""
    return builders.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps([Threshold(value=None, color=colour)])


ALERTS_TO_ACT_ON = Limit(1, None)
ALERTS_TO_LOOK_AT = Limit(1, None, colours.LOOK)
HEARTBEAT_SECONDS = Limit(120, "AipHeartbeatStale")
OLDEST_ISSUE_SECONDS = Limit(3600, "AipQueueOldestTooOld", colours.LOOK)
CONSECUTIVE_FAILURES = Limit(5, "AipConsecutiveFailures")
RECENT_FAILURE_RATIO = Limit(0.45, "AipRecentFailureRatio")
GITHUB_LEFT_RATIO = Limit(0.10, "AipGithubRateLimitLow", colours.LOOK, below=True)

CPU_RATIO = Limit(0.70, "AipCpuHigh", colours.LOOK)
MEMORY_RATIO = Limit(0.80, "AipMemoryUsageHigh", colours.LOOK)
DISK_RATIO = Limit(0.80, "AipDiskHigh", colours.LOOK)
DISK_TOMORROW_RATIO = Limit(1, "AipDiskFillsIn24h")
#: Of the budget of 30 days; the rule compares the ratio of bad events with the budget.
BUDGET_LEFT_RATIO = Limit(0, "AipErrorBudgetExhausted", colours.LOOK, below=True, reckoned=True)
#: In multiples of the budget, or of the limit of an alert; the rules compare a lower bound with the budget.
BURN = {
    slo: {
        "Fast": Limit(1, f"{alert}Fast", reckoned=True),
        "Slow": Limit(1, f"{alert}Slow", colours.LOOK, reckoned=True),
        "Ticket": Limit(1, f"{alert}Ticket", colours.LOOK, reckoned=True),
    }
    for slo, alert in (("success", "AipSuccessRateBurn"), ("latency", "AipLatencyBurn"))
}
#: The goal is the handbook's.
REPORT_SUCCESS_RATIO = Limit(0.80, "AipSuccessRateBelowReportTarget", colours.LOOK, below=True, goal=0.85)
MEAN_DURATION_SECONDS = Limit(300, "AipProcessingDelay", colours.LOOK)
#: The handbook recommends to look into more than 10. Fewer are not good for that: nine may be nearly all runs of a day.
ERRORS_A_DAY = Limit(11, None, colours.LOOK, good=colours.PLAIN)
BACKUP_AGE_SECONDS = Limit(36 * 3600, "AipBackupStale", colours.LOOK, reckoned=True)
FAILING_COLLECTORS = Limit(1, "AipExporterCollectorFailing", colours.LOOK, reckoned=True)
SAMPLES_OF_A_TARGET = Limit(4000, "AipSeriesLimitNear", colours.LOOK)
REJECTED_RATIO = Limit(0.30, "AipQualityGateRejectSpike", colours.LOOK)
#: More than ten, in whole numbers.
WAITING_REVIEWS = Limit(11, "AipPullRequestReviewBacklog", colours.LOOK, reckoned=True)
#: The default of the settings; what passes is green.
GATE_SCORE_RATIO = Limit(0.70, None, colours.LOOK, below=True)
DOLLARS_A_DAY = Limit(50, "AipAgentCostBudget", colours.LOOK)
CANARY_FAILURES = Limit(2, "AipCanaryFailing")
FAILED_ITEMS = Limit(1, None)
UNSIGNED_SECONDS = Limit(86_400, "AipChecklistItemFailed", colours.LOOK)
UNDELIVERED_SECONDS = Limit(3600, "AipReportUndelivered", colours.LOOK)
OVERDUE_SECONDS = Limit(3600, "AipChecklistNotRun", colours.LOOK)
GRAVE_SECURITY_ALERTS = Limit(1, None)
