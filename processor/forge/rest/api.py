"""Answer REST requests: find the call, check the rate limit, run it in a transaction, tag the answer."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from processor.forge.credentials import Identity
from processor.forge.http.exchange import Headers, Reply, Request, json_reply
from processor.forge.rate_limits import RateLimits
from processor.forge.refusals import Refusal, not_found
from processor.forge.rest.call import Answer, Call
from processor.forge.rest.links import Links
from processor.forge.rest.moves import moved_repository
from processor.forge.rest.routes import Route
from processor.forge.world.world import World

FREE_ENDPOINTS = frozenset({"get_rate_limit", "get_meta"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """A reply, and whether it cost a request of the rate limit."""

    reply: Reply
    is_rate_limit_spent: bool


class RestApi:
    """Answer calls out of one world."""

    def __init__(self, world: World, links: Links, limits: RateLimits) -> None:
        """Count every answer but 304 against `limits`."""
        self._world = world
        self._links = links
        self._limits = limits

    def answer(
        self, request: Request, path: str, found: tuple[Route, Mapping[str, str]] | None, identity: Identity
    ) -> Outcome:
        """Return GitHub's reply to the request; `path` is below /api/v3."""
        is_free = found is not None and found[0].endpoint in FREE_ENDPOINTS
        try:
            if not is_free:
                self._limits.check(identity.login)
            reply = self._reply(self._answer(request, path, found, identity), request, identity)
        except Refusal as refusal:
            reply = json_reply(refusal.status, refusal.body(), refusal.headers)
        is_spent = not is_free and reply.status != 304
        window = self._limits.spend(identity.login) if is_spent else self._limits.window(identity.login)
        known = {name for name, _ in reply.headers}
        added = tuple(pair for pair in window.headers() if pair[0] not in known)
        return Outcome(Reply(reply.status, reply.body, (*reply.headers, *added, *_about(identity))), is_spent)

    def _answer(
        self, request: Request, path: str, found: tuple[Route, Mapping[str, str]] | None, identity: Identity
    ) -> Answer:
        if redirect := moved_repository(self._world, self._links, request.method, path, request.query_string):
            raise redirect
        if found is None:
            raise not_found()
        route, params = found
        fields = _fields(request.body.read())
        call = Call(
            self._world, self._links, self._limits, identity, request.method, path, params, request.query, fields
        )
        with self._world.store.transaction():
            return route.answer(call)

    def _reply(self, answer: Answer, request: Request, identity: Identity) -> Reply:
        if answer.data is None:
            return Reply(answer.status, b"", answer.headers)
        reply = json_reply(answer.status, answer.data, answer.headers)
        if request.method not in {"GET", "HEAD"} or not isinstance(reply.body, bytes):
            return reply
        digest = hashlib.sha256(f"{identity.login}\n{answer.headers}\n".encode() + reply.body).hexdigest()
        tag = (("ETag", f'W/"{digest}"'), ("Cache-Control", "private, max-age=60, s-maxage=60"))
        known = request.headers.get("if-none-match", "")
        if digest in known or known.strip() == "*":
            return Reply(304, b"", (*tag, *answer.headers))
        return Reply(reply.status, reply.body, (*reply.headers, *tag))


def _fields(body: bytes) -> Mapping[str, object]:
    """Return the JSON body's fields; a bare list counts as `labels`, the only call that takes one."""
    if not body.strip():
        return {}
    try:
        data = json.loads(body)
    except ValueError as exc:
        raise Refusal(400, "Problems parsing JSON") from exc
    if isinstance(data, list):
        return {"labels": data}
    if not isinstance(data, dict):
        raise Refusal(400, "Body should be a JSON object")
    return data


def _about(identity: Identity) -> Headers:
    token = identity.viewer.token
    headers = [
        ("X-GitHub-Media-Type", "github.v3; format=json"),
        ("X-GitHub-Request-Id", secrets.token_hex(8).upper()),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if token is not None and token.scopes is not None:
        headers += [("X-OAuth-Scopes", ", ".join(token.scopes)), ("X-Accepted-OAuth-Scopes", "repo")]
    if token is not None and token.expires_at:
        expiration = token.expires_at.replace("T", " ").replace("Z", " UTC")
        headers.append(("GitHub-Authentication-Token-Expiration", expiration))
    return tuple(headers)
