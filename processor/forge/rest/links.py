"""The addresses that answers point to: the API, the human pages and git."""

from dataclasses import dataclass

from processor.forge.storage.records import Issue, Repository


@dataclass(frozen=True, slots=True)
class Links:
    """Build addresses below the forge's own, for example `http://127.0.0.1:8080`."""

    url: str

    @property
    def api(self) -> str:
        """Return the base of the REST API."""
        return f"{self.url}/api/v3"

    def repository(self, repository: Repository) -> str:
        """Return a repository's API address."""
        return f"{self.api}/repos/{repository.full_name}"

    def page(self, repository: Repository) -> str:
        """Return a repository's human page."""
        return f"{self.url}/{repository.full_name}"

    def git(self, repository: Repository) -> str:
        """Return the address that git clones."""
        return f"{self.url}/{repository.full_name}.git"

    def issue_page(self, repository: Repository, issue: Issue) -> str:
        """Return the human page of an issue or a pull request."""
        return f"{self.page(repository)}/{'pull' if issue.is_pull else 'issues'}/{issue.number}"
