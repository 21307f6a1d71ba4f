"""Pause, resume, cancel and retry over HTTP: the same operations that the commands use, with the same audit."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from fastapi import APIRouter, HTTPException

from processor.api.answers.actions import Cancelling, Held, Queued, RetryWish, Word
from processor.api.bearer import Refusal
from processor.api.runs import UNKNOWN, RunId
from processor.api.steering import guarded
from processor.errors import GitHubError, LedgerError, NetworkError, ProcessorError, UsageError
from processor.model import IssueRef

_NOTHING_SAID = Word()
_CONFLICT: dict[int | str, dict[str, Any]] = {
    409: {"model": Refusal, "description": "not done, because of what the run or the issue is now"}
}
_NO_GITHUB: dict[int | str, dict[str, Any]] = {502: {"model": Refusal, "description": "GitHub could not be asked"}}


class Operator(Protocol):
    """What the service does for these routes."""

    def hold(self, *, is_paused: bool, reason: str, by: str) -> int:
        """Pause or go on, and tell how many runs are active."""

    def cancel(self, run_id: str, *, reason: str, by: str) -> bool:
        """Cancel a run, and tell whether it has ended already."""

    def retry(self, ref: IssueRef, *, again: bool, reason: str, by: str) -> tuple[IssueRef, str]:
        """Queue a new run of an issue, and name both as they are recorded."""


def action_routes(operator: Operator, *, token: Callable[[], str] | None) -> APIRouter:
    """Make the routes; each needs the token."""
    routes = APIRouter(prefix="/api", tags=["actions"])

    @routes.post("/pause", summary="Start no further run; active ones go on", **guarded(token))
    def post_pause(word: Word = _NOTHING_SAID) -> Held:
        return Held(paused=True, active=operator.hold(is_paused=True, reason=word.reason, by=word.by))

    @routes.post("/resume", summary="Start runs again after a pause", **guarded(token))
    def post_resume(word: Word = _NOTHING_SAID) -> Held:
        return Held(paused=False, active=operator.hold(is_paused=False, reason=word.reason, by=word.by))

    @routes.post(
        "/runs/{run_id}/cancel",
        summary="End a run that waits, stop one that works",
        **_also(guarded(token), UNKNOWN, _CONFLICT),
    )
    def post_cancel(run_id: RunId, word: Word = _NOTHING_SAID) -> Cancelling:
        with _told():
            return Cancelling(run_id=run_id, has_ended=operator.cancel(run_id, reason=word.reason, by=word.by))

    @routes.post(
        "/retry", summary="Let an issue be processed once more", **_also(guarded(token), _CONFLICT, _NO_GITHUB)
    )
    def post_retry(wish: RetryWish) -> Queued:
        with _told():
            ref, run_id = operator.retry(IssueRef.parse(wish.issue), again=wish.again, reason=wish.reason, by=wish.by)
        return Queued(issue=str(ref), run_id=run_id)

    return routes


def _also(guard: dict[str, Any], *responses: dict[int | str, dict[str, Any]]) -> dict[str, Any]:
    return {
        **guard,
        "responses": {status: text for part in (guard["responses"], *responses) for status, text in part.items()},
    }


@contextmanager
def _told() -> Iterator[None]:
    """Answer what stands in the way with its reason."""
    try:
        yield
    except LedgerError:
        raise
    except UsageError as exc:
        raise HTTPException(404, str(exc)) from exc
    except (GitHubError, NetworkError) as exc:
        raise HTTPException(502, str(exc)) from exc
    except ProcessorError as exc:
        raise HTTPException(409, str(exc)) from exc
