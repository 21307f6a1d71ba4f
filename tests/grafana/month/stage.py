"""Put the month together: a ledger of it, and a Prometheus that holds what it would have scraped and recorded."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from processor.alerting.servers import running_prometheus
from processor.ledger.connection import Ledger
from tests.contract.alerts import rules
from tests.grafana.boards import boards, panels
from tests.grafana.month import rules as month_rules
from tests.grafana.month.other_targets import OtherTargets
from tests.grafana.month.remote_write import send
from tests.grafana.month.replay import Replay

#: Everything stays in memory, so that samples of any age may come; a value counts until the next scrape.
_OPTIONS = [
    "--web.enable-remote-write-receiver",
    "--storage.tsdb.min-block-duration=100d",
    "--storage.tsdb.max-block-duration=100d",
    "--storage.tsdb.retention.time=100y",
    "--query.lookback-delta=121m",
]


@dataclass(frozen=True)
class Month:
    """A Prometheus and the ledger that it watched."""

    url: str
    ledger: Ledger


@contextmanager
def busy_month(program: Path, folder: Path) -> Iterator[Month]:
    """Play the month and run the Prometheus while the block lasts."""
    replay, others = Replay(folder, _wanted()), OtherTargets()
    for scrape in replay.play():
        others.note(scrape)
    (folder / "prometheus.yml").write_text("global: {}\n", encoding="utf-8")
    try:
        with running_prometheus(program, folder, folder / "prometheus.yml", options=_OPTIONS) as server:
            send(server.url, (one for target in (*replay.targets, *others.targets) for one in target.whole()))
            month_rules.evaluate(server.url)
            yield Month(server.url, replay.ledger)
    finally:
        replay.close()


def _wanted() -> frozenset[str]:
    """Name every series that a dashboard or a rule asks for; nothing else is kept."""
    asked = [rule.expression for rule in rules()]
    asked += [query for panel in panels() for query in panel.expressions]
    asked += [note["expr"] for board in boards() for note in board["annotations"]["list"]]
    return frozenset(re.findall(r"\b[a-z][a-z0-9_:]+", " ".join(asked)))
