"""What the ledger says of a closed day or week, exactly, and how it compares with those before."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from grafana_foundation_sdk.builders import stat
from grafana_foundation_sdk.models.dashboard import DynamicConfigValue

from grafana.src.limits import Limit
from grafana.src.panels.numbers import numbers
from grafana.src.queries import Query, once
from grafana.src.words import Words

PROCESSED = 'outcome!="cancelled"'
SUCCEEDED = 'outcome="success"'
FAILED = 'outcome=~"error|timeout"'
#: Which of the closed periods: the last one, the one before it, the several before it.
LAST, BEFORE, EARLIER = 'ago="0"', 'ago="1"', 'ago!="0"'


@dataclass(frozen=True)
class Period:
    """A kind of closed period, by its label. Several installations count as one."""

    name: str

    def of(self, *conditions: str) -> str:
        """Give the conditions of this period's series."""
        return ", ".join((f'period="{self.name}"', *filter(None, conditions)))

    def each(self, what: str, *conditions: str) -> str:
        """Give the sum of a trend for each of the periods."""
        return f"sum by (ago) ({self._trend(what, *conditions)})"

    def largest(self, what: str, *conditions: str) -> str:
        """Give the largest value of a trend for each of the periods."""
        return f"max by (ago) ({self._trend(what, *conditions)})"

    def share(self, outcome: str, which: str = "") -> str:
        """Give the share of processed runs that ended so, for each period; nothing without runs."""
        return f"{self.each('runs', outcome, which)} / ({self.each('runs', PROCESSED, which)} > 0)"

    def mean_seconds(self, which: str = "") -> str:
        """Give the mean time of work for each period; nothing without runs."""
        return f"{self.each('work_seconds', which)} / ({self.each('runs', PROCESSED, which)} > 0)"

    def processed(self, which: str) -> str:
        """Give how many runs were processed; of several periods the mean."""
        return f"avg({self.each('runs', PROCESSED, which)})"

    def errors(self, which: str) -> str:
        """Give how many runs ended as error or timeout; of several periods the mean."""
        return f"avg({self.each('runs', FAILED, which)})"

    def success_rate(self, which: str) -> str:
        """Give the share of processed runs that succeeded, in all of the periods together; nothing without runs."""
        return f"sum({self.each('runs', SUCCEEDED, which)}) / (sum({self.each('runs', PROCESSED, which)}) > 0)"

    def mean(self, which: str) -> str:
        """Give the mean time of work on the runs of all of the periods together; nothing without runs."""
        return f"sum({self.each('work_seconds', which)}) / (sum({self.each('runs', PROCESSED, which)}) > 0)"

    def longest(self, which: str) -> str:
        """Give the longest time of work; nothing without runs."""
        return f"max({self._trend('duration_seconds_max', which)})"

    def compared(self, words: Words, of: Callable[[str], str], earlier: str = "mean") -> list[Query]:
        """Ask for the last period, the one before it, and the several before it, which are called `earlier`."""
        return [
            Query(of(which), words("series", name))
            for which, name in ((LAST, "this"), (BEFORE, "before"), (EARLIER, earlier))
        ]

    def _trend(self, what: str, *conditions: str) -> str:
        return once(f"aip_report_trend_{what}", self.of(*conditions))


DAY = Period("day")
WEEK = Period("week")


def counts(
    words: Words,
    key: str,
    period: Period,
    of: Callable[[str], str],
    *,
    span: int,
    limit: Limit | None = None,
    alerts: Iterable[str] = (),
    board: str | None = None,
) -> stat.Panel:
    """Compare whole numbers; only the mean of several periods has a tenth."""
    queries = period.compared(words, of)
    panel = numbers(words, key, *queries, unit="short", span=span, limit=limit, alerts=alerts, board=board,
                    decimals=0)  # fmt: skip
    return panel.override_by_name(words("series", "mean"), [DynamicConfigValue("decimals", 1)])
