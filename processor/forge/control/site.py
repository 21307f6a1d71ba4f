"""Answer the control API below /_forge/: faults, request log, counts, reset and set-up calls."""

import inspect
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from processor.forge.faults import Fault
from processor.forge.http.exchange import Reply, Request, json_reply
from processor.forge.refusals import Refusal
from processor.forge.times import parsed

if TYPE_CHECKING:
    from processor.forge.forge import Forge

CALLS = (
    "create_user", "create_token", "revoke_token", "create_app", "install_app", "create_repository",
    "edit_repository", "rename_repository", "set_collaborator", "commit_files", "create_label", "open_issue",
    "edit_issue", "set_labels", "close_issue", "reopen_issue", "lock_issue", "transfer_issue", "delete_issue",
    "comment", "open_pull", "edit_pull", "merge_pull", "close_pull", "reopen_pull", "review_pull", "set_status",
    "add_check_run", "add_security_alert", "enable_security_alerts", "delete_branch", "issue", "issues", "pull",
    "pulls", "comments", "events", "labels", "reviews", "branches", "repositories", "users",
)  # fmt: skip
MOMENTS = ("created_at", "expires_at")
UNSHOWN = ("reached", "released", "public_key", "digest")
LONGEST_WAIT_SECONDS = 60.0


class ControlSite:
    """Answer the control API of one forge."""

    def __init__(self, forge: "Forge") -> None:
        """Act on this forge."""
        self._forge = forge

    def answer(self, request: Request) -> Reply:
        """Return the reply to a control request; mistakes are a 400 that says what is wrong."""
        verb, _, rest = request.path.removeprefix("/_forge/").partition("/")
        actions: dict[tuple[str, str], Callable[[Request, str], object]] = {
            ("GET", "health"): lambda _request, _rest: {"is_healthy": True},
            ("GET", "stats"): lambda _request, _rest: asdict(self._forge.stats),
            ("GET", "requests"): self._requests,
            ("POST", "reset"): self._reset,
            ("POST", "rate_limit"): self._rate_limit,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_or_release,
            ("DELETE", "faults"): self._remove,
            ("POST", "do"): self._do,
            ("GET", "avatar"): self._avatar,
        }
        action = actions.get((request.method, verb))
        if action is None:
            return json_reply(404, {"message": f"the control API has no {request.method} /_forge/{verb}"})
        try:
            done = action(request, rest)
        except Refusal as refusal:
            return json_reply(refusal.status, refusal.body())
        except (TypeError, ValueError, KeyError) as exc:
            return json_reply(400, {"message": f"{type(exc).__name__}: {exc}"})
        return done if isinstance(done, Reply) else json_reply(200, plain(done))

    def _requests(self, request: Request, rest: str) -> object:
        del rest
        since = int(request.query.get("since_id", "0"))
        return self._forge.requests.entries(endpoint=request.query.get("endpoint"), since_id=since)

    def _reset(self, request: Request, rest: str) -> object:
        del request, rest
        self._forge.reset()
        return {"is_reset": True}

    def _rate_limit(self, request: Request, rest: str) -> object:
        del rest
        self._forge.rate_limits.set(**_fields(request))  # type: ignore[arg-type]
        return {"is_set": True}

    def _faults(self, request: Request, rest: str) -> object:
        if not rest:
            return self._forge.faults.list()
        fault = self._fault(rest)
        wait = min(float(request.query.get("wait_seconds", "0")), LONGEST_WAIT_SECONDS)
        fault.wait_until_reached(wait)
        return fault

    def _add_or_release(self, request: Request, rest: str) -> object:
        if not rest:
            return self._forge.faults.add(**_fields(request))  # type: ignore[arg-type]
        fault = self._fault(rest.removesuffix("/release"))
        fault.release(abandon=bool(_fields(request).get("abandon", False)))
        return fault

    def _remove(self, request: Request, rest: str) -> object:
        del request
        if rest:
            self._forge.faults.remove(self._fault(rest).id)
        else:
            self._forge.faults.clear()
        return {"is_removed": True}

    def _fault(self, text: str) -> Fault:
        fault = self._forge.faults.get(int(text))
        if fault is None:
            raise Refusal(404, f"there is no fault {text}")
        return fault

    def _do(self, request: Request, name: str) -> object:
        if name not in CALLS:
            raise Refusal(404, f"there is no set-up call {name!r}; there are {', '.join(CALLS)}")
        call = getattr(self._forge, name)
        fields = {key: _moment(key, value) for key, value in _fields(request).items()}
        inspect.signature(call).bind(**fields)
        return call(**fields)

    def _avatar(self, request: Request, login: str) -> Reply:
        del request
        hue = sum(login.encode()) % 360
        square = f'<rect width="8" height="8" fill="hsl({hue} 50% 50%)"/>'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">{square}</svg>'
        return Reply(200, svg.encode(), (("Content-Type", "image/svg+xml"),))


def plain(value: object) -> object:
    """Return records, and faults without their events, as JSON can hold them."""
    if is_dataclass(value) and not isinstance(value, type):
        names = [name for name in value.__dataclass_fields__ if name not in UNSHOWN]
        shown = {name: plain(getattr(value, name)) for name in names}
        return {**shown, "is_reached": value.reached.is_set()} if isinstance(value, Fault) else shown
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _fields(request: Request) -> Mapping[str, object]:
    body = request.body.read()
    data = json.loads(body) if body.strip() else {}
    if not isinstance(data, dict):
        raise TypeError("the body must be a JSON object")
    return data


def _moment(key: str, value: object) -> object | datetime:
    return parsed(value) if key in MOMENTS and isinstance(value, str) else value
