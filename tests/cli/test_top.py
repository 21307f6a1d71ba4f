"""`aip top` on a real ledger, with keys pressed as an operator does."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Static

from processor.cli.top.app import TopApp
from processor.cli.top.ledger_desk import LedgerDesk
from processor.cli.top.service_desk import ServiceDesk
from processor.errors import ProcessorError
from processor.intake.poller import Poller
from processor.ledger import operators, overrides, queries, runs
from processor.ledger.connection import Ledger
from processor.model import Outcome, Priority, RunState
from processor.service.assembly import Parts
from processor.settings.load import load
from tests.api.serving import serving
from tests.cli.conftest import Office, Scene

Story = Callable[[TopApp, Pilot[None]], Awaitable[None]]
_PATIENCE_SECONDS = 60
ACTOR = "ada (aip@ops1)"


def watch(
    desk: LedgerDesk | ServiceDesk, story: Story, *, size: tuple[int, int] = (80, 24), every: float = 600
) -> None:
    """Play a story on the monitor, which looks by itself as often as is said."""

    async def play() -> None:
        app = TopApp(desk, every)
        async with app.run_test(size=size) as pilot:
            await shows(app, pilot, "state")
            await story(app, pilot)

    asyncio.run(play())


def screen_of(app: TopApp) -> str:
    """Give everything that the tables, the summary and the last word say."""
    cells = [
        str(cell)
        for table in app.query(DataTable)
        for place in range(table.row_count)
        for cell in table.get_row_at(place)
    ]
    return "\n".join([*(str(one.content) for one in app.query(Static)), *cells])


async def until(app: TopApp, pilot: Pilot[None], is_so: Callable[[], bool], what: str) -> None:
    """Wait until something holds; how long a key takes is up to the machine."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain for {what} in:\n{screen_of(app)}"
        await pilot.pause(0.05)


async def shows(app: TopApp, pilot: Pilot[None], text: str) -> None:
    """Wait until a text is on the screen."""
    await until(app, pilot, lambda: text in screen_of(app), repr(text))


async def is_asked(app: TopApp, pilot: Pilot[None], key: str, field: str) -> None:
    """Press a key, and wait until what is typed goes into a field of a question."""
    await pilot.press(key)
    await until(app, pilot, lambda: app.focused is not None and app.focused.id == field, f"the field {field}")


async def is_left(app: TopApp, pilot: Pilot[None], key: str) -> None:
    """Press a key, and wait until no question is asked any more."""
    await pilot.press(key)
    await until(app, pilot, lambda: len(app.screen_stack) == 1, "the question to go")


@pytest.fixture
def desk(office: Office, ledger: Ledger) -> LedgerDesk:
    def no_github() -> AbstractContextManager[Poller]:
        raise ProcessorError("there is no token")

    return LedgerDesk(load(office.configs, {}), ledger, no_github, ACTOR)


def told_by(app: TopApp) -> str:
    return str(app.query_one("#told", Static).content)


def paused_by(ledger: Ledger) -> operators.Control | None:
    with ledger.read() as db:
        return operators.get_control(db, operators.PAUSED)


def test_work_failures_and_capacity_fit_on_a_small_terminal(desk: LedgerDesk, scene: Scene) -> None:
    run_id = scene.start(1, priority=Priority.CRITICAL)
    scene.queue(2)
    scene.finish(3, Outcome.ERROR)

    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await shows(app, pilot, run_id)
        told = screen_of(app)
        for text in ("agent", "critical", "waits", "octo/hello#2", "agent tidy exited with code 3", "dead letters 1"):
            assert text in told
        assert "from the ledger: no service was ever started here" in told
        failed = app.query_one("#failed")
        await until(app, pilot, lambda: 0 < failed.region.height <= failed.region.bottom <= 23, "all within 23 lines")

    watch(desk, story)


def test_a_strangers_title_neither_steers_nor_breaks_the_terminal(desk: LedgerDesk, scene: Scene) -> None:
    scene.start(1, title="挨拶 🌍 [bold]\x1b[31mred\x07\u202e[/]")

    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await shows(app, pilot, r"挨拶 🌍 [bold]\x1b[31mred\x07\u202e[/]")
        await until(app, pilot, lambda: "挨拶" in app.export_screenshot(), "the title to be drawn")
        drawn = app.export_screenshot()
        assert "\x1b" not in drawn
        assert "\u202e" not in drawn

    watch(desk, story, size=(160, 24))


def test_a_pause_is_asked_for_first_and_taken_back(desk: LedgerDesk, ledger: Ledger) -> None:
    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await is_asked(app, pilot, "p", "reason")
        await is_left(app, pilot, "escape")
        assert paused_by(ledger) is None
        await is_asked(app, pilot, "p", "reason")
        await pilot.press(*"upgrade", "enter")
        await shows(app, pilot, "paused; active runs go on")
        await shows(app, pilot, "state stopped  and paused by ")
        assert ": upgrade" in screen_of(app)
        paused = paused_by(ledger)
        assert paused is not None
        assert (paused.reason, paused.set_by) == ("upgrade", ACTOR)
        await is_asked(app, pilot, "p", "reason")
        await pilot.press("enter")
        await shows(app, pilot, "resumed")
        assert paused_by(ledger) is None

    watch(desk, story)


def test_the_chosen_run_is_cancelled(desk: LedgerDesk, scene: Scene, ledger: Ledger) -> None:
    kept, dropped = scene.queue(1), scene.queue(2)

    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await shows(app, pilot, dropped)
        work = app.query_one("#work", DataTable)
        await pilot.press("down")
        await until(app, pilot, lambda: work.cursor_row == 1, "the cursor on the second run")
        await is_asked(app, pilot, "c", "reason")
        await pilot.press("enter")
        await shows(app, pilot, f"run {dropped} of octo/hello#2 ended")
        with ledger.read() as db:
            assert runs.get(db, dropped).outcome is Outcome.CANCELLED
            assert runs.get(db, kept).state is RunState.QUEUED

    watch(desk, story)


def test_without_a_run_nothing_is_cancelled(desk: LedgerDesk) -> None:
    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await pilot.press("c")
        await shows(app, pilot, "choose a run first")

    watch(desk, story)


def test_capacity_is_set_for_a_while(desk: LedgerDesk, ledger: Ledger) -> None:
    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await is_asked(app, pilot, "l", "level")
        await pilot.press("down", "down", "down")
        await is_asked(app, pilot, "enter", "duration")
        await is_asked(app, pilot, "tab", "reason")
        await pilot.press(*"backup", "enter")
        await shows(app, pilot, "every host at high for 2h")
        with ledger.read() as db:
            (override,) = overrides.list_overrides(db)
        assert (override.value, override.reason) == ("high", "backup")
        await is_asked(app, pilot, "l", "level")
        await pilot.press("down")
        await is_asked(app, pilot, "enter", "duration")
        await pilot.press("enter")
        await shows(app, pilot, "every host at low for 2h")

    watch(desk, story, size=(80, 24))


@pytest.mark.usefixtures("forge")
def test_a_failure_is_retried(online: Office, parts: Parts, scene: Scene, ledger: Ledger) -> None:
    poller = Poller(parts.settings, ledger, parts.github, time.time)
    desk = LedgerDesk(load(online.configs, {}), ledger, lambda: nullcontext(poller), ACTOR)
    failed = scene.finish(1, Outcome.ERROR)

    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await shows(app, pilot, failed)
        await is_asked(app, pilot, "r", "reason")
        await pilot.press("enter")
        await shows(app, pilot, "octo/hello#1 is queued as run")
        with ledger.read() as db:
            assert [str(run.ref) for run in queries.backlog(db)] == ["octo/hello#1"]

    watch(desk, story)


def test_enter_tells_all_of_a_line_and_who_moved_aside_stays_there(desk: LedgerDesk, scene: Scene) -> None:
    failed = scene.finish(3, Outcome.ERROR)
    scene.queue(4, title="a title " * 20)

    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await shows(app, pilot, failed)
        work = app.query_one("#work", DataTable)
        await until(
            app, pilot, lambda: work.allow_horizontal_scroll and work.max_scroll_x > 5, "a line that is too long"
        )
        await pilot.press(*["right"] * 5)
        await until(app, pilot, lambda: work.scroll_x == 5, "the lines to be moved aside")
        newer = scene.queue(5)
        await pilot.press("u")
        await shows(app, pilot, newer)
        await until(app, pilot, lambda: work.scroll_x == 5, "the lines to be where they were")
        await is_asked(app, pilot, "tab", "failed")
        await pilot.press("enter")
        await until(app, pilot, lambda: told_by(app).startswith(failed), "all of the line")
        told = told_by(app)
        assert "agent tidy exited with code 3" in told

    watch(desk, story)


def test_the_cursor_stays_on_its_run_when_others_come(desk: LedgerDesk, scene: Scene) -> None:
    chosen = scene.queue(5)

    async def story(app: TopApp, pilot: Pilot[None]) -> None:
        await shows(app, pilot, chosen)
        await pilot.press("u")
        newer = scene.queue(1, priority=Priority.CRITICAL)
        await pilot.press("u")
        await shows(app, pilot, newer)
        table = app.query_one("#work", DataTable)
        await until(app, pilot, lambda: str(table.get_row_at(table.cursor_row)[0]) == chosen, "the cursor on its run")
        assert str(table.get_row_at(0)[0]) == newer

    watch(desk, story)


def test_over_the_api_it_survives_that_the_service_goes_and_comes_back(tmp_path: Path) -> None:
    with serving(tmp_path) as api:
        run_id = api.scene.queue(7)
        desk = ServiceDesk(api.url, api.token, ACTOR)

        async def story(app: TopApp, pilot: Pilot[None]) -> None:
            await shows(app, pilot, run_id)
            api.stop()
            await shows(app, pilot, "does not answer")
            assert run_id in screen_of(app)
            api.start_again()
            await is_asked(app, pilot, "p", "reason")
            await pilot.press("enter")
            await shows(app, pilot, "paused; active runs go on")
            await is_asked(app, pilot, "c", "reason")
            await pilot.press("enter")
            await shows(app, pilot, f"run {run_id} ended")
            await is_asked(app, pilot, "l", "level")
            await pilot.press("down")
            await is_asked(app, pilot, "enter", "duration")
            await pilot.press("enter")
            await shows(app, pilot, "every host at low for 2h")
            await shows(app, pilot, "paused by")

        watch(desk, story, every=0.2)


def test_over_the_api_without_the_token_the_reason_is_shown(tmp_path: Path) -> None:
    with serving(tmp_path) as api:

        async def story(app: TopApp, pilot: Pilot[None]) -> None:
            await is_asked(app, pilot, "p", "reason")
            await pilot.press("enter")
            await shows(app, pilot, "the bearer token is missing or wrong")
            told = app.query_one("#told")
            # Of 80 columns: nothing of a reason is cut off.
            await until(app, pilot, lambda: told.region.height == 2, "the reason on two lines")

        watch(ServiceDesk(api.url, None, ACTOR), story)


class _Stranger(BaseHTTPRequestHandler):
    """Answers every question with an object that says nothing."""

    def do_GET(self) -> None:
        body = b"{}"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


def test_what_is_no_service_is_said() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Stranger) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(ProcessorError, match=f"what answers at {url} is no service that this program understands"):
            ServiceDesk(url, None, ACTOR).look()
        server.shutdown()
        thread.join()


def test_a_pipe_is_refused(aip) -> None:
    said = aip("top")
    assert (said.code, said.out) == (2, "")
    assert "aip top needs a terminal; `aip status --json` is for pipes and scripts" in said.err


@pytest.mark.parametrize("url", ["localhost:8080", "ftp://localhost", "http://", "http://localhost:no", "http://[::1"])
def test_what_is_no_address_of_a_service_is_said(aip, url: str) -> None:
    said = aip("top", "--url", url)
    assert (said.code, said.out) == (2, "")
    assert f"--url {url} is no address of a service; write it as http://127.0.0.1:8080" in said.err
