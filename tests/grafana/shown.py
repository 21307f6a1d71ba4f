"""What a dashboard shows at a moment of the month."""

from dataclasses import dataclass
from typing import Any

from grafana.src.words import Words
from tests.grafana.asking import Moment, Said, said
from tests.grafana.boards import panels
from tests.grafana.month.stage import Month


@dataclass(frozen=True)
class Shown:
    """What a dashboard shows at a moment; panels go by the key of their texts."""

    month: Month
    board: str
    moment: Moment

    def number(self, key: str, letter: str = "A") -> float | None:
        return self._said(key, letter).number

    def list(self, key: str, *labels: str, letter: str = "A") -> dict[Any, float]:
        """Give what is not zero, by the values of one label or of several."""
        series = self._said(key, letter).series
        found = {tuple(own[name] for name in labels): value for own, (value,) in series if value}
        return found if len(labels) > 1 else {one: value for (one,), value in found.items()}

    def is_there(self, key: str, letter: str = "A") -> bool:
        """Tell whether there is a series; even one that holds no number takes the place of the text for no data."""
        return bool(self._said(key, letter).series)

    def _said(self, key: str, letter: str) -> Said:
        words = Words(self.board, "en")
        texts = {name: words("panels", key, name) for name in ("title", "description")}
        (panel,) = [one for one in panels() if one.board == f"aip-{self.board}" and texts.items() <= one.json.items()]
        (target,) = [one for one in panel.json["targets"] if one["refId"] == letter]
        answer = said(self.month.url, panel, target, self.moment)
        assert answer.remarks == ()
        return answer
