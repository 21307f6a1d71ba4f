"""Every threshold of the dashboards. Where an alert has the same limit it is named, and a test compares the two."""

from dataclasses import dataclass

from grafana_foundation_sdk.builders import dashboard as builders
from grafana_foundation_sdk.models.dashboard import Threshold, ThresholdsMode

from grafana.src import colours


@dataclass(frozen=True)
class Limit:
    """A value from which on something is wrong, in the unit of its panel.

    `alert` is the rule that fires there and whose runbook the panel links to; None where there is no such rule. `below`
    turns it round: wrong is what lies under the value.
    """

    value: float
    alert: str | None
    colour: str = colours.ACT
    below: bool = False

    def steps(self) -> builders.ThresholdsConfig:
        """Give the colours along the scale."""
        low, high = (self.colour, colours.GOOD) if self.below else (colours.GOOD, self.colour)
        steps = [Threshold(value=None, color=low), Threshold(value=self.value, color=high)]
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
SINCE_SUCCESS_SECONDS = Limit(7200, "AipNoSuccessWithBacklog", colours.LOOK)
PLACES_TAKEN_RATIO = Limit(1, "AipWorkersSaturated", colours.LOOK)
GITHUB_LEFT_RATIO = Limit(0.10, "AipGithubRateLimitLow", colours.LOOK, below=True)
