"""Look whether our credentials can do the job in every repository. Read-only on GitHub."""

from collections.abc import Iterable

from processor.errors import ProcessorError
from processor.github_client import AccessItem, AccessReport, GitHubClient, check_access
from processor.operations.self_check.item import Item, ItemState, failed, split_remedy

_ABOUT_US = "credentials"


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
    return tuple(items.values())


def access_items(repository: str, report: AccessReport) -> tuple[Item, ...]:
    """Give the lines of one repository's report."""
    return tuple(_item(repository, item) for item in report.items)


def _item(repository: str, found: AccessItem) -> Item:
    name = "token" if found.name == _ABOUT_US else f"{repository} {found.name}"
    return Item(name=name, state=ItemState(found.state), detail=found.detail, remedy=found.remedy)
