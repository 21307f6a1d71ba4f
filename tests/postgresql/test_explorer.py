"""The issue explorer on a real ledger, asked by the role that may only read, with Grafana's variables and macros."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from grafana.src.ledger import statement
from processor.ledger import readers
from processor.ledger.connection import Ledger, open_ledger
from processor.settings.sections import State
from tests.grafana.boards import boards, panels
from tests.grafana.statements import ALL, first_values, interpolated
from tests.postgresql.cluster import PASSWORD, Cluster
from tests.postgresql.issue_story import BEGAN, FORGE, HELLO, TITLES, WORLD, pause, write

(BOARD,) = [board for board in boards() if board["uid"] == "aip-explorer"]
PANELS = {panel.statements[0]: panel for panel in panels() if panel.board == "aip-explorer"}
DAY = (BEGAN - 3600, BEGAN + 3600)


@dataclass(frozen=True)
class Page:
    """The dashboard, opened by somebody; `ids` are the runs by issue."""

    link: psycopg.Connection[dict[str, Any]]
    ledger: Ledger
    ids: dict[int, str]

    def ask(self, name: str, between: tuple[int, int] = DAY, **chosen: str | tuple[str, ...]) -> list[dict[str, Any]]:
        """Give the rows of a statement, with some variables set."""
        sql = interpolated(statement(name), BOARD, {**first_values(BOARD), **chosen}, between)
        return self.link.execute(sql).fetchall()  # type: ignore[arg-type]

    def issues(self, **chosen: str | tuple[str, ...]) -> list[int]:
        """Give the issues of the list of runs, from the top."""
        return [row["issue"] for row in self.ask("runs", **chosen)]


@pytest.fixture(scope="module")
def page(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    name = f"aip_{secrets.token_hex(4)}"
    cluster.admin(f"CREATE DATABASE {name}")
    state = State(directory=tmp_path_factory.mktemp("state"), database_url=cluster.url(name))
    ledger = open_ledger(state, PASSWORD)
    try:
        readers.grant_reader(ledger, "explorer", PASSWORD)
        ids = write(ledger)
        place: Mapping[str, Any] = {"host": "127.0.0.1", "port": cluster.port, "dbname": name}
        with psycopg.connect(
            **place, user="explorer", password=PASSWORD, autocommit=True, row_factory=dict_row
        ) as link:
            yield Page(link, ledger, ids)
    finally:
        ledger.close()
        cluster.admin(f"DROP DATABASE {name} WITH (FORCE)")
        cluster.admin("DROP ROLE explorer")


@pytest.mark.parametrize("panel", PANELS.values(), ids=lambda panel: panel.name)
def test_each_panel_shows_exactly_what_it_asks_for(panel: Any, page: Page) -> None:
    """A column that no override names would have no heading, and one that is only named would not be there."""
    values = {**first_values(BOARD), "run": page.ids[1]}
    cursor = page.link.execute(interpolated(panel.statements[0], BOARD, values, DAY))  # type: ignore[arg-type]
    found = [column.name for column in cursor.description or ()]
    named = [one["matcher"]["options"] for one in panel.json["fieldConfig"]["overrides"]]
    assert sorted(found) == sorted(named)
    assert cursor.fetchall()


def test_the_list_holds_what_ended_in_the_time_and_what_is_at_work_newest_first(page: Page) -> None:
    assert page.issues() == [9, 4, 3, 2, 1]
    assert [row["issue"] for row in page.ask("runs", (BEGAN + 155, BEGAN + 175))] == [9, 3, 2]
    assert [row["issue"] for row in page.ask("runs", (BEGAN - 100_000, BEGAN))] == [9, 11]


def test_a_row_says_how_a_run_went(page: Page) -> None:
    rows = {row["issue"]: row for row in page.ask("runs")}
    fixed = rows[1]
    assert fixed | {"ended": None} == {
        "ended": None, "repository": HELLO, "issue": 1, "title": "Fix the greeting", "priority": "high",
        "outcome": "success", "error_type": None, "duration": 100.0, "attempts": 2, "gate_score": 0.92, "cost": 0.75,
        "pull_request": 21, "run": page.ids[1],
    }  # fmt: skip
    assert fixed["ended"].timestamp() == BEGAN + 150
    assert (rows[2]["outcome"], rows[2]["error_type"], rows[2]["cost"]) == ("error", "agent_exit", None)
    assert (rows[9]["outcome"], rows[9]["ended"]) == ("running", None)


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"repository": (WORLD,)}, [3]),
        ({"repository": (HELLO, WORLD), "priority": ("high", "low")}, [9, 4, 3, 1]),
        ({"outcome": ("error", "timeout")}, [4, 2]),
        ({"outcome": ("running",)}, [9]),
        ({"error_type": ("agent_exit",)}, [2]),
        ({"search": "3"}, [3]),
        ({"search": "#3"}, [3]),
        ({"search": "GREETING"}, [1]),
        ({"search": "It's 100%"}, [4]),
        ({"search": "100_"}, []),
        ({"search": "agent", "outcome": ("success",)}, []),
    ],
)
def test_filters_narrow_the_list(page: Page, chosen: dict, expected: list[int]) -> None:
    assert page.issues(**chosen) == expected


@pytest.mark.parametrize(
    "text",
    [
        "' OR ''='",
        "'; DROP TABLE aip.runs; --",
        "') OR true --",
        "\\' OR true --",
        "x'), (SELECT set_config('default_transaction_read_only', 'off', false)) --",
        "%", "_", "$1", "${run}", ":x", "\x01", "日本語",
    ],
)  # fmt: skip
def test_a_text_is_only_ever_a_text(page: Page, text: str) -> None:
    assert page.issues(search=text) == [one for one in [9, 4, 3, 2, 1] if text in TITLES[one]]
    assert page.ask("run", run=text) == []
    assert page.issues(repository=(text,), priority=(text,), outcome=(text,), error_type=(text,)) == []
    assert len(page.issues()) == 5


def test_what_gets_past_quoting_still_writes_nothing(page: Page) -> None:
    """Whoever sees a dashboard may send any SQL to its data source: the role is the wall, quotes are only manners."""
    for sql in ("DELETE FROM aip.runs", "BEGIN READ WRITE; DELETE FROM aip.runs; COMMIT"):
        with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.ReadOnlySqlTransaction)):
            page.link.execute(sql)
        page.link.execute("ROLLBACK")


def test_the_chosen_run_is_told_whole(page: Page) -> None:
    (run,) = page.ask("run", run=f" {page.ids[1]} ")
    assert (run["agent"], run["waited"], run["duration"], run["pull_request"]) == ("claude", 50.0, 100.0, 21)
    (trouble,) = page.ask("trouble", run=page.ids[2])
    assert trouble == {
        "error_type": "agent_exit",
        "error_message": "agent_exit: see its log",
        "service": "processor-1",
        "log": f"aip logs {page.ids[2]} --agent",
        "findings": f"aip queue show {page.ids[2]}",
    }


def test_its_phases_come_in_order_with_the_error_where_it_happened(page: Page) -> None:
    rows = page.ask("phases", run=page.ids[1])
    assert [(row["attempt"], row["phase"], row["phase_result"], row["duration"]) for row in rows] == [
        (1, "prepare", "ok", 5.0),
        (1, "agent", "agent_exit", 50.0),
        (2, "agent", "ok", 10.0),
        (2, "gate", "ok", 10.0),
    ]
    assert [row["error_message"] for row in rows] == [None, "the agent left with code 1", None, None]
    assert [row["retry_after"] for row in rows] == [None, 30.0, None, None]
    at_work = page.ask("phases", run=page.ids[9])[-1]
    assert (at_work["phase_result"], at_work["error_message"]) == ("running", None)


def test_its_gate_counts_findings_and_gives_no_score_where_there_is_none(page: Page) -> None:
    syntax, ours = page.ask("checks", run=page.ids[1])
    counted = ("new_findings", "fixed_findings", "flaky_findings", "unchanged_findings")
    assert [syntax[name] for name in counted] == [1, 2, 0, 0]
    assert (syntax["check_result"], syntax["score"], syntax["is_required"]) == ("passed", 0.92, "required")
    assert (ours["check_result"], ours["score"], ours["is_required"]) == ("not_applicable", None, "optional")


def test_usage_keeps_unknown_apart_from_nothing(page: Page) -> None:
    first, second = page.ask("usage", run=page.ids[1])
    assert (first["input_tokens"], first["output_tokens"], first["cost_dollars"]) == (1000, None, 0.5)
    assert (second["input_tokens"], second["output_tokens"], second["cost_dollars"]) == (None, 70, 0.25)


def test_its_pull_requests_show_the_review(page: Page) -> None:
    (pull,) = page.ask("pull_requests", run=page.ids[1])
    assert (pull["pull_request"], pull["state"], pull["review_state"], pull["ci_state"], pull["closed"]) == (
        21, "open", "approved", "success", None,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["run", "trouble", "phases", "checks", "usage", "pull_requests"])
def test_no_run_is_chosen_at_first(page: Page, name: str) -> None:
    assert page.ask(name) == []


def test_the_backlog_comes_in_the_order_of_work_and_says_why(page: Page) -> None:
    rows = [(row["position"], row["issue"], row["why"]) for row in page.ask("backlog")]
    assert rows == [(1, 5, "turn"), (2, 6, "turn"), (3, 4, "turn"), (None, 7, "operator")]
    assert [row["position"] for row in page.ask("backlog", repository=(WORLD,))] == [2]
    pause(page.ledger)
    first = page.ask("backlog")[0]
    assert (first["why"], first["by_whom"]) == ("paused", "ann@desk: a migration")


def test_services_that_did_not_stop_tell_their_load(page: Page) -> None:
    (service,) = page.ask("services")
    assert service["heartbeat_age"] > 0
    del service["heartbeat_age"]
    assert service == {"service": "processor-1", "host": "desk", "service_state": "running", "capacity_level": "high",
                       "capacity_reason": "cpu 95 %", "max_parallel": 1}  # fmt: skip


def test_a_dead_letter_that_is_tried_again_is_none(page: Page) -> None:
    (given_up,) = page.ask("dead_letters")
    assert (given_up["issue"], given_up["error_type"], given_up["run"]) == (2, "agent_exit", page.ids[2])
    assert page.ask("dead_letters", repository=(WORLD,)) == []


def test_refused_issues_name_their_rule(page: Page) -> None:
    (refused,) = page.ask("refused")
    assert (refused["issue"], refused["reason"]) == (8, "locked")
    assert page.ask("refused", search="nothing like it") == []


def test_the_variables_offer_what_there_is(page: Page) -> None:
    assert [row["repository"] for row in page.ask("repositories")] == [HELLO, WORLD]
    assert [row["error_type"] for row in page.ask("error_types")] == ["agent_exit", "agent_timeout"]
    ((address,),) = [row.values() for row in page.ask("github")]
    assert address == FORGE
    assert page.issues(repository=ALL) == page.issues()
