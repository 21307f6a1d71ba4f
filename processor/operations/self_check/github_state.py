"""Look whether our credentials can do the job in every repository. Read-only on GitHub."""

from collections.abc import Iterable, Iterator

from processor.errors import ProcessorError
from processor.github_client import AccessItem, AccessReport, GitHubClient, check_access
from processor.operations.self_check.item import Item, ItemState, failed, ok, split_remedy

_ABOUT_US = "credentials"
#: What GitHub bears of the token by which an App signs in. Source: https://docs.github.com/en/apps (JSON Web Tokens)
_CLOCK_LIMIT_SECONDS = 60.0


def check_github(client: GitHubClient, repositories: Iterable[str]) -> tuple[Item, ...]:
    """Look at each repository; what is said of the token itself is said once."""
    items: dict[str, Item] = {}
    for repository in repositories:
        try:
            report = check_access(client, repository)
        except ProcessorError as exc:
            items[repository] = failed(repository, *split_remedy(str(exc)))
            continue
        items |= {item.name: item for item in access_items(repository, report)}
    return (*items.values(), *_clock(client.clock_ahead_seconds))


def _clock(ahead_seconds: float | None) -> Iterator[Item]:
    if ahead_seconds is None:
        return
    if abs(ahead_seconds) <= _CLOCK_LIMIT_SECONDS:
        yield ok("clock", "agrees with GitHub's")
        return
    way = "ahead of" if ahead_seconds > 0 else "behind"
    yield failed(
        "clock",
        f"{abs(ahead_seconds):.0f} s {way} GitHub's",
        "switch the time service on, such as by `timedatectl set-ntp true`",
    )


def access_items(repository: str, report: AccessReport) -> tuple[Item, ...]:
    """Give the lines of one repository's report."""
    return tuple(_item(repository, item) for item in report.items)


def _item(repository: str, found: AccessItem) -> Item:
    name = "token" if found.name == _ABOUT_US else f"{repository} {found.name}"
    return Item(name=name, state=ItemState(found.state), detail=found.detail, remedy=found.remedy)
