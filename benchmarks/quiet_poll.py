"""What a poll costs of GitHub's allowance when it finds nothing new, by the forge's own count."""

from collections.abc import Iterable

from benchmarks.figure import Figure
from benchmarks.scene import scene
from tests.acceptance.system import REPOSITORY, System, wait_until

_POLLS = 5


def measure() -> Iterable[Figure]:
    """Measure with one page of issues and with three."""
    for issues, pages in ((3, 1), (250, 3)):
        with scene(modules=1) as system:
            system.settings["intake"].update({"poll_interval_seconds": 1, "explain_skips": False})
            for number in range(issues):
                system.open_issue(f"Not for robots {number}", labels=["wontfix"])
            spent = _spent_by_quiet_polls(system, pages)
        noun = "page" if pages == 1 else "pages"
        yield Figure(
            f"{_POLLS} polls without news, {pages} {noun} of issues: rate limit spent", f"{spent}", "0", spent == 0
        )


def _spent_by_quiet_polls(system: System, pages: int) -> int:
    service = system.start()
    wait_until(lambda: _polls(system) >= 2 * pages, "two polls", 60)
    before, polls = system.forge.stats.rate_limit_spent, _polls(system)
    wait_until(lambda: _polls(system) >= polls + _POLLS * pages, "the quiet polls", 60)
    spent = system.forge.stats.rate_limit_spent - before
    system.stop(service)
    return spent


def _polls(system: System) -> int:
    path = f"/repos/{REPOSITORY}/issues"
    return sum(entry.path == path for entry in system.forge.requests.entries(endpoint="list_issues"))
