"""`aip check` learns of each agent whether it can work here, and what to do when it cannot."""

from collections.abc import Callable
from pathlib import Path

import pytest

from processor.agents import Availability, check_agent
from processor.errors import UsageError
from processor.settings.sections import Settings
from tests.agents.conftest import command, recipe

Check = Callable[[dict[str, object]], Availability]


@pytest.fixture
def check(make_settings: Callable[..., Settings], environ: dict[str, str]) -> Check:
    return lambda agent: check_agent("coder", make_settings(agent), environ)


def test_recipe_needs_nothing_from_outside(check: Check) -> None:
    assert check(recipe({"tool": "codespell"})) == Availability(
        name="coder", program="", version="", problems=(), warnings=()
    )


def test_program_and_version_are_told(check: Check, install: Callable[[str, str], Path], home: Path) -> None:
    program = install("claude", "import sys; assert sys.argv[1:] == ['--version']; print('2.1.197 (Claude Code)')")
    (home / ".claude").mkdir()
    (home / ".claude/.credentials.json").write_text("{}")
    found = check(command("claude"))
    assert found.is_available
    assert (found.program, found.version) == (str(program), "2.1.197 (Claude Code)")
    assert (found.problems, found.warnings) == ((), ())


def test_missing_program_is_told(check: Check) -> None:
    found = check(command("claude"))
    assert not found.is_available
    assert found.problems == (
        "no program claude on the PATH that agents see; install it, or give its full path in agents.coder.argv",
    )


def test_unknown_program_is_not_run_to_learn_its_version(
    check: Check, install: Callable[[str, str], Path], tmp_path: Path
) -> None:
    install("tool", f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    found = check(command(argv=["tool"]))
    assert found.is_available
    assert not (tmp_path / "ran").exists()


def test_listed_variable_that_is_not_set_is_told(check: Check, install: Callable[[str, str], Path]) -> None:
    install("claude", "print('1')")
    assert check(command("claude", environment=["ANTHROPIC_API_KEY"])).problems == (
        (
            "variable ANTHROPIC_API_KEY of agents.coder.environment is not set, or holds a GitHub token; set it where"
            " the service starts, or take it off the list"
        ),
    )


def test_key_that_is_set_and_not_listed_is_told(
    check: Check, install: Callable[[str, str], Path], environ: dict[str, str]
) -> None:
    install("claude", "print('1')")
    environ["ANTHROPIC_API_KEY"] = "k"
    assert check(command("claude")).warnings == (
        "ANTHROPIC_API_KEY is set but the agent may not see it; add it to agents.coder.environment",
    )
    assert check(command("claude", environment=["ANTHROPIC_API_KEY"])).warnings == ()


def test_missing_sign_in_is_told(check: Check, install: Callable[[str, str], Path]) -> None:
    install("codex", "print('1')")
    assert check(command("codex")).warnings == (
        (
            "codex may not be signed in; sign it in, or set OPENAI_API_KEY or CODEX_API_KEY and list it in"
            " agents.coder.environment"
        ),
    )


def test_program_that_fails_has_no_version(check: Check, install: Callable[[str, str], Path]) -> None:
    install("codex", "print('broken'); raise SystemExit(1)")
    assert check(command("codex")).version == ""


def test_contradicting_settings_are_a_problem(check: Check) -> None:
    assert check(command()).problems == (
        (
            "configs/auto_issue_processor.yaml: agents.coder.argv: profile plain needs it; name the program and its"
            " arguments"
        ),
    )


def test_unknown_agent_is_refused(make_settings: Callable[..., Settings]) -> None:
    with pytest.raises(UsageError, match="there is no agent other in the settings"):
        check_agent("other", make_settings(command("claude")), {})
