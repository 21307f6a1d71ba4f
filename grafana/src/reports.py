"""What the ledger says of a closed day or week, exactly, and how it compares with those before."""

from dataclasses import dataclass

from grafana.src.queries import Query, once
from grafana.src.words import Words


@dataclass(frozen=True)
class Period:
    """A closed period: its label, its length, and the window of the mean before it with its step."""

    name: str
    length: str
    mean_of: str

    def of(self, conditions: str = "") -> str:
        """Give the conditions of this period's series."""
        return ", ".join(filter(None, (f'period="{self.name}"', conditions)))

    def runs(self, conditions: str = 'outcome!="cancelled"') -> str:
        """Give how many runs ended so; processed ones when nothing else is said."""
        return f"sum({once('aip_report_runs', self.of(conditions))})"

    def success_rate(self) -> str:
        """Give the share of processed runs that succeeded; nothing without runs."""
        success = self.runs('outcome="success"')
        return f"{success} / ({self.runs()} > 0)"

    def errors(self) -> str:
        """Give how many runs ended as error or timeout."""
        return f"sum({once('aip_report_errors', self.of())})"

    def largest(self, family: str) -> str:
        """Give a value of the period; of several installations the largest."""
        return f"max({once(family, self.of())})"

    def compared(self, words: Words, expr: str) -> list[Query]:
        """Ask for the period, the one before it, and the mean of several before."""
        return [
            Query(expr, words("series", "this")),
            Query(f"last_over_time(({expr})[5m:1m] offset {self.length})", words("series", "before")),
            Query(f"avg_over_time(({expr})[{self.mean_of}] offset {self.length})", words("series", "mean")),
        ]


DAY = Period("day", "1d", "7d:1d")
WEEK = Period("week", "1w", "4w:1w")
