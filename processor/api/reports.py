"""`/api/reports`: the reports that were made by the clock, and that of any day or week that is over."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

from fastapi import APIRouter, HTTPException, Response

from processor.api.answers.answer import Limit, Offset
from processor.api.answers.reports import MadeReports
from processor.api.bearer import Refusal
from processor.errors import UsageError
from processor.ledger import queries
from processor.ledger.connection import Ledger
from processor.model import ReportKind
from processor.reports.document import AnyReport
from processor.settings.sections import MainFile

_ABSENT: dict[int | str, dict[str, Any]] = {
    404: {"model": Refusal, "description": "the day or week is not over, or before there was anything to report"}
}
_SHAPE: dict[int | str, dict[str, Any]] = {
    200: {"model": AnyReport, "description": "the report, as docs/schemas describes it"}
}


def report_routes(ledger: Ledger, *, main: Callable[[], MainFile], clock: Callable[[], float]) -> APIRouter:
    """Make the routes; they only read."""
    routes = APIRouter(prefix="/api/reports", tags=["reports"])

    @routes.get(
        "",
        summary="The reports that were made by the clock, newest first, and how they were sent",
        response_model=MadeReports,
    )
    def get_reports(kind: ReportKind | None = None, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
        with ledger.read() as db:
            found = queries.reports_made(db, limit, kind, offset=offset)
            total = queries.count_reports(db, kind)
        return {"total": total, "limit": limit, "offset": offset, "reports": [asdict(made) for made in found]}

    @routes.get(
        "/{kind}/{date}", summary="The report of a day, or of the week it is in", responses={**_SHAPE, **_ABSENT}
    )
    def get_report(kind: ReportKind, date: date) -> Response:
        """Give it as it was made by the clock; where it was not, make it now."""
        try:
            content = _content(ledger, main(), kind, date, clock())
        except UsageError as exc:
            raise HTTPException(404, str(exc)) from exc
        return Response(content, media_type="application/json")

    return routes


def _content(ledger: Ledger, main: MainFile, kind: ReportKind, day: date, now: float) -> str:
    from processor.reports.making import make_report  # noqa: PLC0415  # 2 MB that a service without this request saves
    from processor.reports.readings import first_day_of  # noqa: PLC0415  # as above

    with ledger.read() as db:
        made = queries.report_content(db, kind, first_day_of(kind, day).isoformat())
    if made is not None:
        return made
    return make_report(ledger, main, kind, day=day, now=now).model_dump_json()
