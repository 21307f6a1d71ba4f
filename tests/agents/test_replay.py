"""Each profile's program is called unattended, reads the prompt, and its recorded ending becomes a result."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from processor.errors import AgentBudgetExceeded, AgentError
from processor.model import AgentResult, Usage
from tests.agents.conftest import TESTDATA, command

# It prints a recorded case from beside itself, and notes in the worktree how it was called.
STAND_IN = """
import json, sys
from pathlib import Path
here, case = Path(__file__).parent, {case!r}
def read(ending):
    path = here / f"{{case}}.{{ending}}"
    return path.read_text() if path.exists() else ""
words = sys.stdin.read()
for name, value in zip(sys.argv, sys.argv[1:]):
    if name == "--message-file":
        words = Path(value).read_text()
    if name == "--analytics-log":
        Path(value).write_text(read("analytics.jsonl"))
Path("called.json").write_text(json.dumps({{"argv": sys.argv[1:], "prompt": words}}))
sys.stdout.write(read("stdout"))
sys.stderr.write(read("stderr"))
sys.exit(int(read("exit")) % 256)
"""

Replay = Callable[[str, str], AgentResult]


@pytest.fixture
def replay(
    tmp_path: Path, install: Callable[[str, str], Path], run_agent: Callable[..., AgentResult]
) -> Callable[[str, str], AgentResult]:
    """Give a function that runs a profile whose program replays a recorded case."""

    def run(name: str, case: str) -> AgentResult:
        profile = name.partition("-")[0]
        install(profile, STAND_IN.format(case=f"{name}.{case}"))
        for path in TESTDATA.glob(f"{name}.{case}.*"):
            (tmp_path / "bin" / path.name).write_bytes(path.read_bytes())
        return run_agent(command(profile, model="some/model"))

    return run


NAMES = [
    "claude-json",
    "claude-stream-json",
    "codex-json",
    "gemini-json",
    "gemini-stream-json",
    "opencode-json",
    "aider",
]


@pytest.mark.parametrize("name", NAMES)
def test_success_has_usage_and_no_failure(replay: Replay, name: str) -> None:
    result = replay(name, "ok")
    assert result.failure is None
    assert result.exit_code == 0
    assert result.summary == "done"
    assert result.usage.input_tokens in {50, 100}
    assert result.usage.output_tokens in {20, 25}


@pytest.mark.parametrize("name", NAMES)
def test_refused_key_is_a_failure_with_its_reason_whatever_the_exit_code(replay: Replay, name: str) -> None:
    failure = replay(name, "unauthorized").failure
    assert type(failure) is AgentError
    assert "bad key" in str(failure)
    assert str(failure).endswith("; see `aip logs run-7 --agent` and `aip check`")


def test_budget_stop_keeps_what_was_spent(replay: Replay) -> None:
    result = replay("claude-json", "over-budget")
    assert type(result.failure) is AgentBudgetExceeded
    assert str(result.failure) == (
        "agent coder stopped at its spending limit: Reached maximum budget ($0.0001); raise it or split the issue"
    )
    assert result.usage == Usage(
        input_tokens=100,
        cache_read_tokens=50,
        cache_write_tokens=7,
        output_tokens=20,
        cost_dollars=0.0006412500000000001,
    )


@pytest.mark.parametrize("name", NAMES)
def test_prompt_arrives_and_is_not_in_argv(replay: Replay, worktree: Path, name: str) -> None:
    replay(name, "ok")
    called = json.loads((worktree / "called.json").read_text())
    assert "Sum is wrong" in called["prompt"]
    assert not any("Sum is wrong" in argument for argument in called["argv"])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("claude-json", ["--model", "some/model", "-p", "--permission-mode", "acceptEdits"]),
        ("codex-json", ["exec", "-m", "some/model", "--json", "-s", "workspace-write"]),
        ("gemini-json", ["-m", "some/model", "--approval-mode", "auto_edit"]),
        ("opencode-json", ["run", "-m", "some/model", "--format", "json"]),
        ("aider", ["--model", "some/model", "--yes-always", "--no-auto-commits", "--no-gitignore"]),
    ],
)
def test_program_is_called_to_edit_unattended(replay: Replay, worktree: Path, name: str, arguments: list[str]) -> None:
    replay(name, "ok")
    argv = json.loads((worktree / "called.json").read_text())["argv"]
    assert [argument for argument in argv if argument in arguments] == arguments
