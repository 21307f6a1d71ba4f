"""The benchmarks run, give their figures and refuse to compare what is not the same; no time is asserted here."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.document import Document
from benchmarks.figure import once, spread
from benchmarks.registry import BENCHMARKS
from benchmarks.same_work import calls, record_git, require_same
from benchmarks.simulated_runs import Scenario
from tests.monitoring.conftest import tools  # noqa: F401  # the fixture

ROOT = Path(__file__).parents[2]
ARGV = [sys.executable, "-m", "benchmarks"]


@contextmanager
def _started(name: str) -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen([*ARGV, "--quick", "--json", name], cwd=ROOT, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGINT)  # one that is not done yet stops what it started


def _figures(process: subprocess.Popen[str]) -> dict[str, dict[str, Any]]:
    out, err = process.communicate(timeout=150)
    assert out, err
    result = json.loads(out)
    assert "cores of" in result["machine"]
    (found,) = result["figures"].values()
    assert process.returncode == int(any(figure["is_met"] is False for figure in found))
    assert all(figure["lowest"] <= figure["value"] <= figure["highest"] for figure in found)
    return {figure["what"]: figure for figure in found}


def test_every_benchmark_gives_its_figures_at_the_smallest_scale() -> None:
    with ExitStack() as stack:
        processes = {name: stack.enter_context(_started(name)) for name in BENCHMARKS if name != "alerts"}
        figures = {name: _figures(process) for name, process in processes.items()}

    pipeline, idle, poll, exporter = (figures[name] for name in ("pipeline", "idle", "poll", "exporter"))
    assert 10 < figures["analyze"]["most memory of aip analyze"]["value"] < 200
    # It would have given no figure, had the sides not asked the same requests and run the same git commands.
    assert pipeline["pipeline / plain script"]["most"] == 1.5
    assert {"agent: pipeline", "agent: plain script", "engine poll, from release to start"} < set(pipeline)
    assert idle["idle, 1 issue processed before: CPU share of one core"]["most"] == 2
    assert idle["idle, 1 issue processed before: resident memory"]["is_met"]
    assert poll["start and first poll, 1 page of issues: rate limit spent"]["value"] > 0
    assert poll["2 polls without news, 1 page of issues: rate limit spent"]["value"] == 0
    assert figures["report"]["daily report / bare SQL, 1,000 runs"]["most"] == 1.5
    assert exporter["scrape, 1,000 runs / 100 runs"]["most"] == 1.2
    assert exporter["scrape / bare generate_latest of the same series"]["most"] == 3
    assert exporter["10 scrapers at once: readings of the ledger a second"]["is_met"]
    assert exporter["resident memory of aip-exporter"]["is_met"]


@pytest.mark.usefixtures("tools")
def test_the_alerts_are_evaluated_on_made_up_runs() -> None:
    with _started("alerts") as process:
        alerts = _figures(process)
    assert alerts["5 a day, 8 % fail as usual: false alerts"]["most"] == 0.5
    assert alerts["300 a day, all fail: found after"]["value"] < 3
    assert alerts["300 a day, 8 % fail as usual: false alerts (handbook)"]["value"] > 9


def test_a_name_that_is_no_benchmark_is_refused_with_those_that_are() -> None:
    done = subprocess.run([*ARGV, "speed"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"no benchmark is named speed; there are {', '.join(BENCHMARKS)}" in done.stderr


def test_sides_that_did_different_things_are_not_compared() -> None:
    require_same("request", ["GET get_issue"], ["GET get_issue"])
    with pytest.raises(RuntimeError, match="git command 2 of the pipeline is none, of the plain script push"):
        require_same("git command", ["fetch"], ["fetch", "push"])


def test_requests_are_compared_from_an_issue_on_and_without_polls() -> None:
    asked = [
        {"method": "GET", "endpoint": "get_user", "path": "/user"},
        {"method": "GET", "endpoint": "get_issue", "path": "/repos/octo/x/issues/2"},
        {"method": "GET", "endpoint": "list_issues", "path": "/repos/octo/x/issues"},
        {"method": "POST", "endpoint": "create_pull", "path": "/repos/octo/x/pulls"},
    ]
    assert calls(asked, first_issue=2) == ["GET get_issue", "POST create_pull"]


@pytest.mark.parametrize("endpoint", ["get_repository", "list_dependabot_alerts"])
def test_looks_by_the_clock_are_left_out_of_the_comparison(endpoint: str) -> None:
    look = {"method": "GET", "endpoint": endpoint, "path": "/repos/octo/x"}
    issue = {"method": "GET", "endpoint": "get_issue", "path": "/repos/octo/x/issues/2"}
    assert calls([issue, look, issue, look], 2) == ["GET get_issue", "GET get_issue"]


def test_git_commands_are_noted_without_their_options(tmp_path: Path) -> None:
    git = shutil.which("git")
    assert git is not None
    record_git(tmp_path, git)
    environ = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run(["git", "-c", "user.name=x", "init", "--quiet", "made"], cwd=tmp_path, env=environ, check=True)
    assert (tmp_path / "made" / ".git").is_dir()
    assert (tmp_path / "commands").read_text() == "init\n"


def test_made_up_runs_add_up_and_fail_as_often_as_they_should() -> None:
    scenario = Scenario("x", issues_a_day=200, days=10, fault_day=5, fault_ratio=1.0)
    series = scenario.series(random.Random(7))  # noqa: S311 - the same each time
    success, error = (
        _values(series[f'aip_runs_total{{service="x",outcome="{outcome}"}}']) for outcome in ("success", "error")
    )
    half = len(success) // 2
    assert len(success) == len(error) == len(_values(series['fault{service="x"}']))
    assert success[half] + error[half] == pytest.approx(1000, rel=0.1)
    assert error[half] / (success[half] + error[half]) == pytest.approx(0.08, abs=0.03)
    assert success[-1] == success[half]
    assert _values(series['aip_recent_failure_ratio{service="x",window_events="20"}'])[-1] == 1


def _values(notation: str) -> list[float | None]:
    """Read promtool's notation."""
    values: list[float | None] = []
    for part in notation.split():
        value, _, more = part.partition("x")
        values += [None] * int(more) if value == "_" else [float(value)] * (int(more) + 1)
    return values


def test_a_figure_is_the_median_and_is_held_against_its_target() -> None:
    assert spread("x", [3.0, 1.0, 2.0], "×", most=2).cells() == ("x", "2.00 ×", "1.00 – 3.00", "3", "≤ 2 ×", "met")
    assert once("x", 2.0, "%", most=2, is_strict=True).cells()[-2:] == ("< 2 %", "missed")
    assert once("x", 2.0, "s").is_met is None


def test_figures_take_the_place_of_the_former_ones_in_the_page_about_performance(tmp_path: Path) -> None:
    page = tmp_path / "performance.md"
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    page.write_text(text, encoding="utf-8")
    figures = (spread("one / other", [1.0, 1.25, 2.0], "×", most=1.2), once("memory", 150.0, "MB", most=150))
    for _ in range(2):
        Document.open(page).write("3 cores of a machine", figures)
    before, _, rest = text.partition("<!-- figures -->")
    after = rest.partition("<!-- end of figures -->")[2]
    assert page.read_text(encoding="utf-8") == (
        f"{before}<!-- figures -->\nOn 3 cores of a machine.\n\n"
        "| What | Median | Range | Times | Target |\n|---|---|---|---|---|\n"
        "| one / other | 1.25 × | 1.00 – 2.00 | 3 | ≤ 1.2 ×, missed |\n"
        f"| memory | 150 MB |  | 1 | ≤ 150 MB |\n<!-- end of figures -->{after}"
    )


def test_a_page_without_a_place_for_figures_is_told_before_anything_is_measured(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Nothing\n")
    argv = [*ARGV, "--document", str(page)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        f"{page} has no place for figures; give it the lines <!-- figures --> and <!-- end of figures -->\n"
    )
