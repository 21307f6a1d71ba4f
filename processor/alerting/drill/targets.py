"""Scripted things to scrape: what they expose is changed while Prometheus looks on."""

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from processor.alerting.drill.baseline import BASELINE
from processor.alerting.drill.changes import Change, Gone, Line
from processor.alerting.drill.loopback import Reply, Request, serving


@dataclass
class Page:
    """What one target exposes; while it is not `answering` a scrape gets an error."""

    lines: Mapping[str, Line]
    answering: bool = True

    def change(self, changes: Mapping[str, Change]) -> None:
        """Change series from now on; one that was not there begins at 0."""
        now = time.time()
        changed = {name: self.lines.get(name, Line()).changed(change, now) for name, change in changes.items()}
        kept = {name: line for name, line in self.lines.items() if not isinstance(changes.get(name), Gone)}
        # Replaced at once: a scrape in another thread sees all of it or none.
        self.lines = kept | {name: line for name, line in changed.items() if not isinstance(changes[name], Gone)}

    def text(self, now: float) -> str:
        """Write it in Prometheus's text format."""
        return "".join(f"{name} {line.at(now)!r}\n" for name, line in self.lines.items())


def healthy_page(job: str) -> Page:
    """Make a page that exposes what a healthy one of this scrape job does."""
    page = Page({})
    page.change(BASELINE[job])
    return page


@dataclass
class ScriptedTargets:
    """Pages by their path, served at one address of loopback."""

    pages: dict[str, Page] = field(default_factory=dict)
    address: str = ""

    @contextlib.contextmanager
    def serving(self) -> Iterator["ScriptedTargets"]:
        """Serve until the end of the block."""
        with serving(self._scraped) as self.address:
            yield self

    def _scraped(self, request: Request) -> Reply:
        page = self.pages.get(request.path)
        if page is None or not page.answering:
            return Reply(503, "out of order")
        return Reply(text=page.text(time.time()))
