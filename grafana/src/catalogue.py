"""Which dashboards there are, and where their files lie."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src.boards import (
    checklists,
    cost,
    daily,
    explorer,
    monitoring,
    operations,
    quality,
    resources,
    slo,
    weekly,
)
from grafana.src.frame import Site
from grafana.src.words import LANGUAGES, Words

FOLDER = Path(__file__).parents[1] / "dashboards"
BOARDS: dict[str, Callable[[Words, Site], Dashboard]] = {
    "operations": operations.board,
    "slo": slo.board,
    "quality": quality.board,
    "resources": resources.board,
    "cost": cost.board,
    "explorer": explorer.board,
    "daily": daily.board,
    "weekly": weekly.board,
    "checklists": checklists.board,
    "monitoring": monitoring.board,
}


@dataclass(frozen=True)
class Written:
    """A dashboard, and the file that holds it: the name is the uid."""

    path: Path
    dashboard: Dashboard

    def text(self) -> str:
        """Give what stands in the file, the same in every run."""
        return json.dumps(self.dashboard, cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def folder(language: str) -> Path:
    """Give where the dashboards of a language lie; Grafana shows each folder as one of its own."""
    return FOLDER / language


def every(site: Site) -> Iterator[Written]:
    """Make every dashboard in every language."""
    for language in LANGUAGES:
        for name, make in BOARDS.items():
            dashboard = make(Words(name, language), site)
            yield Written(folder(language) / f"{dashboard.uid}.json", dashboard)
