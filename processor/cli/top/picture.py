"""What one look found, and the rows that show it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text

from processor.cli import words
from processor.cli.screen import neutral, state_cell

WORK_HEADINGS = ("RUN", "STATE", "PRIORITY", "AGE", "TRY", "ISSUE", "TITLE")
FAILED_HEADINGS = ("RUN", "OUTCOME", "AGO", "ISSUE", "WHY")
#: A backlog of thousands is counted; who reads further than this reads `aip queue list`.
BACKLOG_SHOWN = 100
FAILED_SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Picture:
    """One look, in the words of the API; `seen_at` is when it was taken."""

    seen_at: float
    source: str
    status: Mapping[str, Any]
    active: Sequence[Mapping[str, Any]]
    backlog: Sequence[Mapping[str, Any]]
    failed: Sequence[Mapping[str, Any]]
    backlog_total: int
    dead_letters: int


@dataclass(frozen=True)
class Row:
    """One line of a table; `issue` is what a retry is for."""

    run_id: str
    issue: str
    cells: tuple[Text, ...]

    @property
    def whole(self) -> str:
        """The line in full, of which a small terminal shows the beginning."""
        return "  ".join(cell.plain for cell in self.cells)


def work_rows(picture: Picture) -> list[Row]:
    """Give the active runs, then the backlog in order of work."""
    active = [_work_row(run, picture.seen_at, _stage(run), "started_at", "released_at") for run in picture.active]
    backlog = [_work_row(run, picture.seen_at, "waits", "discovered_at") for run in picture.backlog]
    return active + backlog


def failed_rows(picture: Picture) -> list[Row]:
    """Give the runs that ended badly, newest first."""
    return [
        _row(
            run,
            state_cell(str(run["outcome"])) + Text(" (canary)" if run.get("is_canary") else "", style="dim"),
            _plain(words.duration(_since(run, picture.seen_at, "finished_at"))),
            _plain(run["issue"]),
            _plain(": ".join(filter(None, (run["error_type"], run["error_message"]))) or "the gate said no"),
        )
        for run in picture.failed
    ]


def summary(picture: Picture) -> Text:
    """Say in a few lines how things stand; each state in words, so that nothing hangs on a colour."""
    status = picture.status
    real = sum(status["queued"].values())
    queued = ", ".join(f"{name} {count}" for name, count in status["queued"].items() if count) or "nothing waits"
    lines = [
        Text.assemble(("state ", "bold"), state_cell(neutral(str(status["state"]))), _paused(status)),
        Text.assemble(
            ("active ", "bold"), f"{len(picture.active)} of {status['max_parallel']}",
            ("  load ", "bold"), _plain(status["capacity_level"]), _plain(_because(status["capacity_reason"])),
        ),
        Text.assemble(
            ("backlog ", "bold"), f"{real} ({queued}){_of_the_canary(picture.backlog_total - real)}",
            ("  dead letters ", "bold"), str(picture.dead_letters),
        ),
        Text.assemble(
            ("polls ", "bold"), _plain(_polls(status, picture.seen_at)),
            ("  GitHub ", "bold"), _limits(status),
        ),
        Text(neutral(picture.source), style="dim"),
    ]  # fmt: skip
    return Text("\n", no_wrap=True, overflow="ellipsis").join(lines)


def _work_row(run: Mapping[str, Any], now: float, stage: str, *since: str) -> Row:
    return _row(
        run,
        state_cell(stage) + Text(" (canary)" if run.get("is_canary") else "", style="dim"),
        _plain(run["priority"]),
        _plain(words.duration(_since(run, now, *since))),
        _plain(run["attempts"] or "-"),
        _plain(run["issue"]),
        _plain(run["title"]),
    )


def _row(run: Mapping[str, Any], *cells: Text) -> Row:
    return Row(str(run["run_id"]), str(run["issue"]), (_plain(run["run_id"]), *cells))


def _stage(run: Mapping[str, Any]) -> str:
    if run["cancel_requested_at"] is not None:
        return "cancelling"
    return str(run["phase"] or "starts")


def _since(run: Mapping[str, Any], now: float, *moments: str) -> float | None:
    found = next((run[moment] for moment in moments if run[moment] is not None), None)
    return None if found is None else max(0.0, now - found)


def _plain(value: object) -> Text:
    return Text(neutral(str(value)))


def _paused(status: Mapping[str, Any]) -> Text:
    paused = status["paused"]
    if paused is None:
        return Text()
    also = "" if status["state"] == "paused" else "  and paused"
    reason = f": {paused['reason']}" if paused["reason"] else ""
    return _plain(f"{also} by {paused['by']} since {words.moment(paused['at'])}{reason}")


def _of_the_canary(waiting: int) -> str:
    return f", {waiting} of the canary" if waiting > 0 else ""


def _because(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _polls(status: Mapping[str, Any], now: float) -> str:
    if status["last_poll_error"]:
        return f"fail: {status['last_poll_error']}"
    last, following = status["last_poll_success_at"], status["next_poll_at"]
    seen = "none yet" if last is None else f"{words.duration(max(0.0, now - last))} ago"
    return seen if following is None else f"{seen}, next in {words.duration(max(0.0, following - now))}"


def _limits(status: Mapping[str, Any]) -> str:
    until = status["github"]["limited_until"]
    if until is not None:
        return f"asked us to wait until {words.moment(until)}"
    left = [f"{one['resource']} {one['remaining']}/{one['limit']}" for one in status["github"]["rate_limits"]]
    return ", ".join(left) or "not asked yet"
