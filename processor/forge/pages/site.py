"""Show repositories, issues and pull requests to people."""

import re

from processor.forge.git import reading
from processor.forge.http.exchange import Reply, Request, html_reply, text_reply
from processor.forge.pages import parts
from processor.forge.refusals import Refusal
from processor.forge.rest.links import Links
from processor.forge.rest.shapes.pulls import start
from processor.forge.storage.records import Issue, Pull, Repository
from processor.forge.world.world import World

NUMBERED = re.compile(r"/([^/]+/[^/]+)/(issues|pull)/(\d+)(\.diff|\.patch)?")
LISTED = re.compile(r"/([^/]+/[^/]+?)(?:/(issues|pulls))?/?")
HOME = ("Forge", "/")


class Pages:
    """Answer GET requests for pages; whoever reaches the loopback port may read them all."""

    def __init__(self, world: World, links: Links) -> None:
        """Show this world."""
        self._world = world
        self._links = links

    def answer(self, request: Request) -> Reply:
        """Return the page, or a 404 that says so."""
        if request.method not in {"GET", "HEAD"}:
            return text_reply(405, "pages are read only; the REST API is below /api/v3\n")
        try:
            with self._world.store.transaction():
                return self._page(request.path)
        except Refusal as refusal:
            content = f"<h1>{parts.escaped(refusal.message)}</h1>"
            return html_reply(refusal.status, parts.page(refusal.message, [HOME], content))

    def _page(self, path: str) -> Reply:
        if path == "/":
            return html_reply(200, self._home())
        if numbered := NUMBERED.fullmatch(path):
            repository = self._world.repositories.get(numbered[1])
            issue = self._world.issues.get(repository, int(numbered[3]))
            if numbered[4] and issue.is_pull:
                return text_reply(200, self._plain_diff(repository, self._pull_side(issue)))
            return html_reply(200, self._issue(repository, issue))
        listed = LISTED.fullmatch(path)
        if listed is None:
            raise Refusal(404, "There is no such page")
        return html_reply(200, self._repository(self._world.repositories.get(listed[1])))

    def _home(self) -> str:
        items = "".join(
            f'<li><a href="{parts.escaped(self._links.page(one))}">{parts.escaped(one.full_name)}</a>'
            f' <span class="soft">{parts.escaped(one.description)}</span></li>'
            for one in self._world.repositories.list()
        )
        rows = f'<ul class="rows">{items}</ul>' if items else '<p class="soft">There are no repositories yet.</p>'
        return parts.page("Forge", [HOME], f"<h1>Repositories</h1>{rows}")

    def _repository(self, repository: Repository) -> str:
        pairs = [(one, self._world.store.get(Pull, one.id)) for one in self._world.issues.list(repository)[::-1]]
        clone = f'<p class="soft">git clone {parts.escaped(self._links.git(repository))}</p>'
        content = (
            f"<h1>{parts.escaped(repository.full_name)}</h1><p>{parts.escaped(repository.description)}</p>{clone}"
            f"<h2>Pull requests</h2>{parts.rows(self._links, repository, [pair for pair in pairs if pair[1]])}"
            f"<h2>Issues</h2>{parts.rows(self._links, repository, [pair for pair in pairs if not pair[1]])}"
        )
        return parts.page(repository.full_name, [HOME], content)

    def _issue(self, repository: Repository, issue: Issue) -> str:
        pull = self._world.store.get(Pull, issue.id)
        heading = f'<h1><bdi>{parts.escaped(issue.title)}</bdi> <span class="number">#{issue.number}</span></h1>'
        about = f"<p>{parts.state_pill(issue, pull)}{parts.labels(issue.labels)}</p>"
        said = parts.words(issue.author, issue.created_at, issue.body, verb="opened")
        said += "".join(
            parts.words(one.author, one.created_at, one.body, anchor=f"issuecomment-{one.id}")
            for one in self._world.comments.of(issue)
        )
        changes = self._changes(repository, pull) if pull else ""
        crumbs = [HOME, (repository.full_name, self._links.page(repository))]
        return parts.page(f"{issue.title} #{issue.number}", crumbs, heading + about + said + changes)

    def _changes(self, repository: Repository, pull: Pull) -> str:
        bare = self._world.repositories.bare(repository)
        changed = reading.changed_files(bare, start(self._world, repository, pull), pull.head_sha)
        reviews = "".join(
            parts.words(one.author, one.submitted_at, one.body, verb=f"reviewed: {one.state.lower()}")
            for one in self._world.checks.reviews(pull)
        )
        ends = f'<p class="soft">{parts.escaped(pull.head_ref)} into {parts.escaped(pull.base_ref)}</p>'
        files = "".join(parts.difference(one.path, one.patch, one.additions, one.deletions) for one in changed)
        return f"{reviews}<h2>Files changed</h2>{ends}{files}"

    def _plain_diff(self, repository: Repository, pull: Pull) -> str:
        bare = self._world.repositories.bare(repository)
        return bare.run("diff", "--no-ext-diff", start(self._world, repository, pull), pull.head_sha)

    def _pull_side(self, issue: Issue) -> Pull:
        found = self._world.store.get(Pull, issue.id)
        if found is None:
            raise Refusal(404, "There is no such pull request")
        return found
