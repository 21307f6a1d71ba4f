"""Have the committed rules evaluated over the month: recording rules, and what each alert did.

`promtool tsdb create-blocks-from rules` leaves alerts out and knows no rule that reads another, so that each rule is
asked here of the server itself, over the same steps, and written back before the next one is.
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from processor.alerting.prometheus_api import fetch
from tests.contract.alerts import Rule, rules
from tests.grafana.month.calendar import COARSE_SECONDS, FINE_FROM, FINE_SECONDS, HOUR, NOW, START, ticks
from tests.grafana.month.recording import STALE, Labels, Samples
from tests.grafana.month.remote_write import send

#: The steps of the scrapes.
_STRETCHES = (
    (int(START + 2 * HOUR), int(FINE_FROM) - 1, COARSE_SECONDS),
    (int(FINE_FROM), int(NOW), FINE_SECONDS),
)
TICKS = ticks()
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
Points = list[tuple[float, float]]


def evaluate(url: str) -> None:
    """Write the series of every rule; those that others read come first."""
    for rule in sorted(rules(), key=lambda rule: (rule.is_alert, rule.file.name != "outcomes.yml")):
        send(url, _series(rule, _answers(url, rule.expression)))


def _series(rule: Rule, answers: Iterable[tuple[dict[str, str], Points]]) -> Iterator[tuple[Labels, Samples]]:
    for labels, points in answers:
        found = _alert_series(rule, labels, points) if rule.is_alert else [(rule.name, labels, _ended(points))]
        for name, own, samples in found:
            if samples:
                moments, values = (list(column) for column in zip(*samples, strict=True))
                yield (("__name__", name), *{**own, **rule.labels}.items()), Samples(moments, values)


def _answers(url: str, expression: str) -> Iterator[tuple[dict[str, str], Points]]:
    found: dict[Labels, Points] = {}
    for start, end, step in _STRETCHES:
        asked = {"query": expression, "start": str(start), "end": str(end), "step": str(step)}
        for row in fetch(url, "query_range", asked)["data"]["result"]:
            key = tuple(sorted(row["metric"].items()))
            found.setdefault(key, []).extend((float(at), float(value)) for at, value in row["values"])
    for key, points in found.items():
        yield {name: value for name, value in key if name != "__name__"}, points


def _ended(points: Points) -> Points:
    """Mark where a series is gone at the next evaluation, as Prometheus does."""
    values = dict(points)
    marked: Points = []
    for moment, following in pairwise([*TICKS, None]):
        if moment in values:
            marked.append((moment, values[moment]))
            if following is not None and following not in values:
                marked.append((following, STALE))
    return marked


def _alert_series(rule: Rule, labels: dict[str, str], points: Points) -> Iterator[tuple[str, dict[str, str], Points]]:
    """Give ALERTS and ALERTS_FOR_STATE as the rule manager writes them."""
    own = {**labels, "alertname": rule.name}
    pending: Points = []
    firing: Points = []
    since: Points = []
    for moment, began, is_firing in _states(rule, {at for at, _ in points}):
        (firing if is_firing else pending).append((moment, 1.0))
        since.append((moment, began))
    yield "ALERTS", {**own, "alertstate": "pending"}, _ended(pending)
    yield "ALERTS", {**own, "alertstate": "firing"}, _ended(firing)
    yield "ALERTS_FOR_STATE", own, _ended(since)


def _states(rule: Rule, true_at: set[float]) -> Iterator[tuple[float, float, bool]]:
    """Give each evaluation at which the alert is there, since when, and whether it fires.

    Source: https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ on `for` and `keep_firing_for`.
    """
    wait, keep = _seconds(rule, "for"), _seconds(rule, "keep_firing_for")
    began: float | None = None
    ended: float | None = None
    is_firing = False
    for moment in TICKS:
        if moment in true_at:
            began, ended = moment if began is None else began, None
            is_firing = is_firing or moment - began >= wait
        elif began is not None:
            ended = moment if ended is None else ended
            if not is_firing or moment - ended >= keep:
                began, ended, is_firing = None, None, False
        if began is not None:
            yield moment, began, is_firing


def _seconds(rule: Rule, key: str) -> int:
    text = str(rule.body.get(key, "0s"))
    return int(text[:-1]) * _UNITS[text[-1]]
