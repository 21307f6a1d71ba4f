"""`/api/queue` and `/api/runs`: what waits, what works, what ended, and everything about one run."""

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query

from processor.api.answers.answer import Limit, Offset
from processor.api.answers.runs import Ended, Queue, RunDetail
from processor.api.bearer import Refusal
from processor.api.run_view import details_json, read_details, run_json
from processor.errors import UsageError
from processor.ledger import queries, runs
from processor.ledger.connection import Ledger
from processor.model import Outcome

RunId = Annotated[str, Path(max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["5f0c2a"])]
UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"model": Refusal, "description": "there is no such run"}}


def run_routes(ledger: Ledger) -> APIRouter:
    """Make the routes."""
    routes = APIRouter(prefix="/api", tags=["runs"])

    @routes.get("/queue", summary="Active runs and the backlog, in order of work", response_model=Queue)
    def get_queue(limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
        with ledger.read() as db:
            backlog = queries.backlog(db)
            return {
                "total": len(backlog), "limit": limit, "offset": offset,
                "active": [run_json(run) for run in queries.active_runs(db)],
                "backlog": [run_json(run) for run in backlog[offset : offset + limit]],
                "waiting_for_operator": queries.waiting_issues(db),
                "dead_letters": sorted(run.run_id for run in queries.dead_letters(db)),
            }  # fmt: skip

    @routes.get("/runs", summary="Runs that ended, newest first", response_model=Ended)
    def get_runs(
        outcome: Annotated[list[Outcome] | None, Query(description="only these; all when absent")] = None,
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> dict[str, Any]:
        wanted = tuple(outcome or Outcome)
        with ledger.read() as db:
            found = queries.recent_runs(db, limit, offset=offset, outcomes=wanted)
            total = queries.count_ended(db, wanted)
            dead = {run.run_id for run in queries.dead_letters(db)}
        return {"total": total, "limit": limit, "offset": offset, "runs": [run_json(run, dead) for run in found]}

    @routes.get("/runs/{run_id}", summary="Everything about one run", response_model=RunDetail, responses=UNKNOWN)
    def get_run(run_id: RunId) -> dict[str, Any]:
        with ledger.read() as db:
            try:
                return details_json(read_details(db, runs.get(db, run_id)))
            except UsageError as exc:
                raise HTTPException(404, f"there is no run {run_id}; GET /api/queue and /api/runs list them") from exc

    return routes
