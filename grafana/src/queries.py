"""PromQL that several panels share. `$service` is the dashboards' own variable."""

from dataclasses import dataclass

#: Of one installation. The alerts of the monitoring itself belong to every one.
OURS = 'service=~"$service"'
FIRING = 'alertstate="firing", alertname!="Watchdog", service=~"$service|monitoring"'
#: Those that are marked on every graph: one that says all day that yesterday was bad would paint over everything.
FIRING_TO_ACT_ON = f'{FIRING}, severity=~"critical|high"'
#: The time in milliseconds since when each alert that fires has been true.
FIRING_SINCE = (
    'max by (alertname, severity) (ALERTS_FOR_STATE{alertname!="Watchdog", service=~"$service|monitoring"}) * 1000'
    f" and on (alertname, severity) ALERTS{{{FIRING}}}"
)


@dataclass(frozen=True)
class Query:
    """An expression, and what its series are called: a text, or `{{label}}`.

    `exemplars` draws a dot for each of single runs whose series it takes; a click on one leads to the issue explorer.
    """

    expr: str
    legend: str = ""
    exemplars: bool = False


def once(family: str, conditions: str = "") -> str:
    """Take what several exporters of one ledger show only once."""
    return f"max without (instance, job) ({family}{{{', '.join(filter(None, (OURS, conditions)))}}})"


def grown(family: str, window: str, conditions: str = "") -> str:
    """Give how much a total of the ledger grew in a window, exactly.

    A difference, since these totals never reset. When the window begins before the first sample, the oldest one counts.
    """
    selector = f"{family}{{{', '.join(filter(None, (OURS, conditions)))}}}"
    now = f"max without (instance, job) ({selector})"
    then = f"max without (instance, job) ({selector} offset {window} or min_over_time({selector}[{window}]))"
    return f"clamp_min({now} - {then}, 0)"


def total(by: str, expr: str) -> str:
    """Sum up by a label."""
    return f"sum by ({by}) ({expr})"


def age(expr: str) -> str:
    """Give the seconds since a point in time."""
    return f"time() - {expr}"


def rate_limit_left() -> str:
    """Give the share of GitHub's requests that is left, by resource."""
    return f"{once('aip_github_rate_limit_remaining')} / ({once('aip_github_rate_limit_limit')} > 0)"


def answers(code: str) -> str:
    """Give how many requests GitHub answered in a way, such as `code="2xx"`."""
    return f"sum(increase(aip_github_request_duration_seconds_count{{{OURS}, {code}}}[$__rate_interval]))"
