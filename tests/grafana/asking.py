"""Ask a Prometheus what a panel asks, with the variables and steps that Grafana would choose."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from processor.alerting.prometheus_api import fetch
from tests.grafana.boards import Panel, filled

#: A browser's window of this width, in pixels: a graph gets a point for each pixel at most.
_WIDTH = 1600
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
#: Seconds up to which a step is taken, and the step. Source: roundInterval in @grafana/data's rangeutil.ts
_ROUNDED = (
    (1.5, 1), (3.5, 2), (7.5, 5), (12.5, 10), (17.5, 15), (25, 20), (45, 30), (90, 60), (210, 120), (450, 300),
    (750, 600), (1050, 900), (1500, 1200), (2700, 1800), (5400, 3600), (9000, 7200), (16_200, 10_800), (32_400, 21_600),
    (86_400, 43_200), (604_800, 86_400), (1_814_400, 604_800),
)  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """When a dashboard is looked at, of which service, and how often Prometheus scrapes."""

    at: float
    service: str
    scrape_seconds: int


@dataclass(frozen=True)
class Said:
    """The series of an answer, each its labels and its values, and what Prometheus remarked."""

    series: tuple[tuple[dict[str, str], tuple[float, ...]], ...]
    remarks: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not any(value == value for _, values in self.series for value in values)  # noqa: PLR0124 - NaN

    @property
    def number(self) -> float | None:
        """The value of the one series; None when there is none."""
        if not self.series:
            return None
        ((_, (value,)),) = self.series
        return value


def said(url: str, panel: Panel, target: dict[str, Any], moment: Moment) -> Said:
    """Ask one target of a panel over the time that its dashboard opens with."""
    span, step = panel.seconds, _step(panel, moment.scrape_seconds)
    least = _seconds(panel.json.get("interval") or f"{moment.scrape_seconds}s")
    values = {
        "service": moment.service,
        "__interval": f"{step}s",
        "__rate_interval": f"{max(step + least, 4 * least)}s",
        "__range": f"{span}s",
    }
    query = filled(target["expr"], values)
    if target.get("instant"):
        return _read(fetch(url, "query", {"query": query, "time": str(moment.at)}))
    # Grafana begins at a multiple of the step, so that a graph does not tremble.
    end = moment.at // step * step
    asked = {"query": query, "start": str(end - span // step * step), "end": str(end), "step": str(step)}
    return _read(fetch(url, "query_range", asked))


def _read(body: dict[str, Any]) -> Said:
    rows = body["data"]["result"]
    series = tuple((row["metric"], tuple(float(value) for _, value in _points(row))) for row in rows)
    return Said(series, (*body.get("warnings", ()), *body.get("infos", ())))


def _points(row: dict[str, Any]) -> list[Any]:
    return row["values"] if "values" in row else [row["value"]]


def _step(panel: Panel, scrape_seconds: int) -> int:
    """Give Grafana's step: a round number that gives a point a pixel, and no less than the panel's or the source's."""
    points = panel.json.get("maxDataPoints") or _WIDTH * panel.json["gridPos"]["w"] // 24
    wanted = panel.seconds / points
    place = bisect_right([limit for limit, _ in _ROUNDED], wanted)
    return max(_ROUNDED[place][1], _seconds(panel.json.get("interval") or f"{scrape_seconds}s"))


def _seconds(text: str) -> int:
    number, unit = re.fullmatch(r"(\d+)([smhd])", text).groups()
    return int(number) * _UNITS[unit]
