"""Let git clients in: names the endpoint, checks the credentials, and tells REST what a push changed."""

import re
from dataclasses import dataclass, replace

from processor.forge.credentials import Identity
from processor.forge.git.smart_http import run_backend
from processor.forge.http.exchange import Reply, Request, text_reply
from processor.forge.injection import whole
from processor.forge.refusals import Refusal
from processor.forge.storage.records import Repository
from processor.forge.times import written
from processor.forge.world import permissions
from processor.forge.world.world import World

PATH = re.compile(r"/(?P<name>[^/]+/[^/]+?)(?:\.git)?/(?P<service>info/refs|git-upload-pack|git-receive-pack)")
ASK = (("WWW-Authenticate", 'Basic realm="GitHub"'),)


@dataclass(frozen=True, slots=True)
class GitRequest:
    """A request of a git client: for which repository, which service, and whether it pushes."""

    full_name: str
    service: str
    is_push: bool

    @property
    def endpoint(self) -> str:
        """Return git_fetch_refs, git_fetch_pack, git_push_refs or git_push_pack."""
        return f"{'git_push' if self.is_push else 'git_fetch'}_{'refs' if self.service == 'info/refs' else 'pack'}"

    @property
    def endpoints(self) -> tuple[str, str]:
        """Return the endpoint and the group of both halves: git_fetch or git_push."""
        return self.endpoint, "git_push" if self.is_push else "git_fetch"

    @property
    def is_write(self) -> bool:
        """Tell whether this half of the exchange changes refs."""
        return self.endpoint == "git_push_pack"


def git_request(request: Request) -> GitRequest | None:
    """Return what a git client asks for, or None when this is no git client."""
    found = PATH.fullmatch(request.path)
    if found is None:
        return None
    service = found["service"]
    name = request.query.get("service", "") if service == "info/refs" else service
    return GitRequest(found["name"], service, name == "git-receive-pack")


class GitAccess:
    """Serve git clients out of one world."""

    def __init__(self, world: World) -> None:
        """Use the world's repositories and permissions."""
        self._world = world

    def answer(self, request: Request, asked: GitRequest, identity: Identity) -> Reply:
        """Return git's reply, the way to a renamed repository, or the 401, 403 or 404 that keeps the client out."""
        renamed = self._world.repositories.find_renamed(asked.full_name)
        if renamed is not None:
            query = f"?{request.query_string}" if request.query_string else ""
            place = f"/{renamed.full_name}.git/{asked.service}{query}"
            return text_reply(301, "Moved Permanently\n", (("Location", place),))
        try:
            repository = self._let_in(asked, identity)
        except Refusal as refusal:
            headers = ASK if refusal.status == 401 else ()
            return text_reply(refusal.status, f"{refusal.message}\n", headers)
        bare = self._world.repositories.bare(repository)
        before = bare.branch(repository.default_branch)
        reply = run_backend(bare, request, asked.service, login=identity.login, protected=repository.protected_branches)
        if not asked.is_write:
            return reply
        body = whole(reply)
        self._pushed(repository, before, identity.login)
        return Reply(reply.status, body, reply.headers)

    def _let_in(self, asked: GitRequest, identity: Identity) -> Repository:
        world, viewer = self._world, identity.viewer
        is_anonymous = viewer.token is None
        try:
            repository = world.repositories.get(asked.full_name)
            is_visible = permissions.can_see(world.store, repository, viewer)
        except Refusal:
            repository, is_visible = None, False
        if is_anonymous and (asked.is_push or not is_visible):
            raise Refusal(401, "No anonymous write access." if is_visible else "Authentication required.")
        if repository is None or not is_visible:
            raise Refusal(404, "Repository not found.")
        try:
            if asked.is_push:
                permissions.require(world.store, repository, viewer, "contents", "write")
            else:
                permissions.require_read(viewer.token, repository, "contents")
        except Refusal as refusal:
            if repository.is_archived:
                raise Refusal(403, "This repository was archived so it is read-only.") from refusal
            raise Refusal(403, f"Permission to {repository.full_name}.git denied to {viewer.login}.") from refusal
        return repository

    def _pushed(self, repository: Repository, before: str | None, login: str) -> None:
        world = self._world
        with world.store.transaction():
            now = written(world.clock())
            repository = world.store.put(replace(world.repositories.by_id(repository.id), pushed_at=now))
            world.pulls.follow(repository, actor=login)
            bare = world.repositories.bare(repository)
            after = bare.branch(repository.default_branch)
            if after is not None and after != before:
                text = bare.run("log", "--format=%B", f"{before}..{after}" if before else after)
                world.pulls.close_fixed(repository, text, actor=login, commit_id=after)
