"""Every dashboard as it is made now, as values and as Grafana reads it; PromQL with Grafana's variables filled in."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from grafana.src.catalogue import Written, every
from grafana.src.frame import Site

#: What Grafana puts in place of its variables, for a scrape interval of 15 s.
VALUES = {"service": "aip", "__rate_interval": "1m", "__interval": "15m", "__range": "6h", "__from": "0", "__to": "1"}


@dataclass(frozen=True)
class Panel:
    """A panel that shows something; `json` is what Grafana reads."""

    board: str
    json: dict[str, Any]
    span: str = "now-6h"  #: the start of the time that the dashboard opens with

    @property
    def name(self) -> str:
        return f"{self.board}: {self.json['title']}"

    @property
    def asks_prometheus(self) -> bool:
        """Tell PromQL from SQL: a panel asks one data source alone, which test_linter.py holds."""
        return self.json["datasource"]["type"] == "prometheus"

    @property
    def seconds(self) -> int:
        """How long a time the dashboard shows."""
        number, unit = re.fullmatch(r"now-(\d+)([hd])", self.span).groups()
        return int(number) * {"h": 3600, "d": 86_400}[unit]

    @property
    def expressions(self) -> tuple[str, ...]:
        """Give its PromQL; none for a panel of the ledger."""
        return tuple(filled(target["expr"]) for target in self.json["targets"]) if self.asks_prometheus else ()

    @property
    def statements(self) -> tuple[str, ...]:
        """Give its SQL as it stands in the file; none for a panel of Prometheus."""
        return () if self.asks_prometheus else tuple(target["rawSql"] for target in self.json["targets"])


@cache
def written() -> tuple[Written, ...]:
    return tuple(every(Site()))


@cache
def boards() -> tuple[dict[str, Any], ...]:
    """Give each dashboard as JSON."""
    return tuple(json.loads(one.text()) for one in written())


@cache
def panels() -> tuple[Panel, ...]:
    """Give every panel but the headings."""
    return tuple(
        Panel(board["uid"], panel, board["time"]["from"])
        for board in boards()
        for panel in board["panels"]
        if panel["type"] != "row"
    )


def filled(expression: str, values: Mapping[str, str] = VALUES) -> str:
    """Put values in place of variables; a variable that Grafana does not know is left."""
    return re.sub(r"\$(\w+)", lambda found: values.get(found[1], found[0]), expression)
