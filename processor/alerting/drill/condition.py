"""How one alert is brought about and ended again, and what must then be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from processor.alerting.drill.baseline import BASELINE, INSTALLATION, JOB_OF, MONITORING, family, grows
from processor.alerting.drill.changes import Change, Held


class Means(StrEnum):
    """What the drill lays its hands on."""

    TARGETS = "targets"  #: what scripted targets expose
    SCRAPE_JOBS = "scrape jobs"  #: which targets Prometheus is told of
    PROMETHEUS = "Prometheus"  #: the drill's Prometheus itself


@dataclass(frozen=True, kw_only=True)
class Condition:
    """The script of one drill.

    `says` are values that each message must hold, in any language, where the condition makes them certain. Durations
    are those before they are divided.
    """

    alert: str
    told: str  #: what is injected, for people
    says: tuple[str, ...] = ()
    injects: Mapping[str, Change] = field(default_factory=dict)
    #: What mends it; other series go back to the baseline, and counters stay where they are.
    heals: Mapping[str, Change] = field(default_factory=dict)
    silences: str = ""  #: the scrape job whose target gives errors
    removes: str = ""  #: the scrape job that loses its targets
    means: Means = Means.TARGETS
    also: frozenset[str] = frozenset()  #: alerts that rightly fire with it
    hides: frozenset[str] = frozenset()  #: alerts that fire with it and are inhibited: nobody is told of them
    settles: str = "0s"  #: how long its windows take to see the change, beyond `for` and `keep_firing_for`
    past: Mapping[str, tuple[str, float]] = field(default_factory=dict)  #: recorded series: how long ago, which value

    @property
    def jobs(self) -> tuple[str, ...]:
        """The scrape jobs that belong to what is drilled."""
        touched = {JOB_OF[family(series)] for series in self.injects} | {self.silences}
        return MONITORING if touched & set(MONITORING) else INSTALLATION

    @property
    def healing(self) -> Mapping[str, Change]:
        """Every change that mends it."""
        usual: dict[str, Change] = {
            series: Held() if grows(series) else BASELINE[JOB_OF[family(series)]].get(series, 0)
            for series in self.injects
        }
        return usual | dict(self.heals)
