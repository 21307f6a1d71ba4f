"""What polls cost of GitHub's allowance when they find nothing new, by the forge's own count."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import sample_repository
from benchmarks.figure import Figure, once
from benchmarks.forge_process import ForgeProcess, forge_process
from benchmarks.installation import Installation
from benchmarks.scale import Scale

_PAGE = 100  #: issues, as GitHub gives them at most


def measure(scale: Scale) -> Iterable[Figure]:
    """Measure with as many pages of issues as the scale names."""
    with TemporaryDirectory(prefix="aip-bench-") as root, forge_process(Path(root) / "forge") as forge:
        for pages in scale.page_counts:
            installation = _with_issues_for_others(forge, Path(root) / str(pages), pages)
            before = forge.rate_limit_spent()
            with installation.service() as service:
                # Its second poll shows that the first one is over.
                after_first = _wait_for_polls(installation, service, 2 * pages)
                after_all = _wait_for_polls(installation, service, (2 + scale.quiet_polls) * pages)
            issues = f"{pages} page{'s' if pages > 1 else ''} of issues"
            yield once(f"start and first poll, {issues}: rate limit spent", after_first - before, "requests")
            yield once(
                f"{scale.quiet_polls} polls without news, {issues}: rate limit spent",
                after_all - after_first,
                "requests",
                most=0,
            )


def _with_issues_for_others(forge: ForgeProcess, root: Path, pages: int) -> Installation:
    name = f"octo/quiet-{pages}"
    sample_repository.create(forge, name, 0)
    for number in range((pages - 1) * _PAGE + 1):
        sample_repository.open_issue(forge, name, number, labels=("wontfix",))
    installation = Installation(root, forge, name)
    # A comment of ours on a skipped issue would be news to the next poll.
    installation.settings["intake"] = {"poll_interval_seconds": 1, "explain_skips": False}
    return installation


def _wait_for_polls(installation: Installation, service: subprocess.Popen[bytes], pages: int) -> int:
    """Wait until so many pages were asked for, and tell what all requests cost by then."""
    forge, repository = installation.forge, installation.repository
    installation.wait(service, lambda: _pages_asked(forge, repository) >= pages, f"{pages} pages of polls")
    return forge.rate_limit_spent()


def _pages_asked(forge: ForgeProcess, repository: str) -> int:
    path = f"/repos/{repository}/issues"
    return sum(entry["endpoint"] == "list_issues" and entry["path"] == path for entry in forge.requests())
