"""The way of every request: control, page, REST or git; through faults and credentials, into the log."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from processor.forge import injection
from processor.forge.credentials import Identity, identify
from processor.forge.faults import Fault, Faults
from processor.forge.git_access import GitAccess, GitRequest, git_request
from processor.forge.http.exchange import Reply, Request
from processor.forge.rate_limits import RateLimits
from processor.forge.refusals import Refusal
from processor.forge.request_log import LoggedRequest, RequestLog
from processor.forge.rest.api import Outcome, RestApi
from processor.forge.rest.moves import path_by_name
from processor.forge.rest.routes import UNKNOWN, route_of
from processor.forge.times import written
from processor.forge.world.permissions import Viewer
from processor.forge.world.world import World

API = "/api/v3"
READING = frozenset({"GET", "HEAD"})
UNCOUNTED_WRITES = frozenset({"create_installation_token"})
Site = Callable[[Request], Reply]


@dataclass(frozen=True, slots=True)
class Visit:
    """One logged request: `endpoints` begins with its own name, then come the groups it belongs to."""

    request: Request
    path: str
    endpoints: Sequence[str]
    is_write: bool
    act: Callable[[Identity], Outcome]


class Gateway:
    """Answer every request to the forge."""

    def __init__(
        self,
        world: World,
        *,
        rest: RestApi,
        git: GitAccess,
        control: Site,
        pages: Site,
        faults: Faults,
        limits: RateLimits,
        requests: RequestLog,
    ) -> None:
        """Join the parts of one forge."""
        self._world = world
        self._rest = rest
        self._git = git
        self._control = control
        self._pages = pages
        self._faults = faults
        self._limits = limits
        self._requests = requests

    def answer(self, request: Request) -> Reply:
        """Return the reply; raise ConnectionDropped to send none."""
        if request.path.startswith("/_forge/"):
            return self._control(request)
        if request.path == API or request.path.startswith(f"{API}/"):
            return self._visit(self._rest_visit(request))
        asked = git_request(request)
        if asked is None:
            return self._pages(request)
        act = partial(self._answer_git, request, asked)
        return self._visit(Visit(request, request.path, asked.endpoints, asked.is_write, act))

    def _rest_visit(self, request: Request) -> Visit:
        path = path_by_name(self._world, request.path.removeprefix(API) or "/")
        found = route_of(request.method, path)
        endpoint = found[0].endpoint if found else UNKNOWN
        is_write = request.method not in READING and endpoint not in UNCOUNTED_WRITES
        act = partial(self._rest.answer, request, path, found)
        return Visit(request, path, (endpoint,), is_write, act)

    def _answer_git(self, request: Request, asked: GitRequest, identity: Identity) -> Outcome:
        return Outcome(self._git.answer(request, asked, identity), is_rate_limit_spent=False)

    def _visit(self, visit: Visit) -> Reply:
        started = time.monotonic()
        identity, refusal = self._identify(visit.request)
        faults = self._faults.hitting(visit.endpoints, visit.request.method, visit.path, identity.login)
        status, is_spent = 0, False
        try:
            outcome = self._suffered(visit, faults, identity, refusal)
            is_spent = outcome.is_rate_limit_spent
            reply = injection.after(faults, self._limits, identity.login, outcome.reply)
            status = reply.status
        finally:
            self._log(visit, identity, status=status, is_spent=is_spent, seconds=time.monotonic() - started)
        return reply

    def _suffered(self, visit: Visit, faults: list[Fault], identity: Identity, refusal: Refusal | None) -> Outcome:
        try:
            injection.before(faults, self._limits, identity.login)
            if refusal is not None:
                raise refusal
        except Refusal as raised:
            headers = (("WWW-Authenticate", 'Basic realm="GitHub"'),) if raised.status == 401 else ()
            reply = injection.refusal_reply(faults, raised)
            return Outcome(Reply(reply.status, reply.body, (*reply.headers, *headers)), False)
        return visit.act(identity)

    def _identify(self, request: Request) -> tuple[Identity, Refusal | None]:
        try:
            return identify(self._world.accounts, request.headers), None
        except Refusal as refusal:
            return Identity(Viewer()), refusal

    def _log(self, visit: Visit, identity: Identity, *, status: int, is_spent: bool, seconds: float) -> None:
        request = visit.request
        self._requests.add(
            lambda number: LoggedRequest(
                id=number,
                at=written(self._world.clock()),
                method=request.method,
                path=visit.path,
                query=request.query_string,
                endpoint=visit.endpoints[0],
                status=status,
                login=identity.login,
                is_write=visit.is_write,
                is_rate_limit_spent=is_spent,
                seconds=seconds,
            )
        )
