"""In the sandbox an agent reaches its worktree and its own folders, and none of our secrets."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from processor.agents import make_agent
from processor.model import AgentResult
from processor.processes import detect_sandbox
from processor.settings.sections import Settings
from tests.agents.conftest import MakeTask, command

CODER = command(argv=["coder"])
Attempt = Callable[..., str]


@pytest.fixture(autouse=True)
def _needs_bubblewrap() -> None:
    status = detect_sandbox("auto")
    if not status.is_active:
        pytest.skip(status.reason)


@pytest.fixture
def attempt(install: Callable[[str, str], Path], run_agent: Callable[..., AgentResult]) -> Attempt:
    """Give a function that tries an expression as the agent and returns its value or the kind of its failure."""

    def run(expression: str, agent: dict[str, object] = CODER) -> str:
        program = str(agent["argv"][0]) if "argv" in agent else str(agent["profile"])  # type: ignore[index]
        install(program, f"try:\n    print({expression})\nexcept Exception as error:\n    print(type(error).__name__)")
        return run_agent(agent, sandbox="bubblewrap").summary

    return run


def test_ledger_and_other_runs_are_hidden(attempt: Attempt, tmp_path: Path) -> None:
    (tmp_path / "state/ledger.sqlite").write_text("secret")
    assert attempt(f"open({str(tmp_path / 'state/ledger.sqlite')!r}).read()") == "FileNotFoundError"


@pytest.mark.parametrize("named_by", ["GITHUB_TOKEN_FILE", "alerting.token_file", "sandbox_hidden"])
def test_what_is_to_be_hidden_is_hidden_wherever_it_is(
    named_by: str,
    install: Callable[[str, str], Path],
    make_settings: Callable[..., Settings],
    make_task: MakeTask,
    environ: dict[str, str],
    worktree: Path,
) -> None:
    file = worktree / "secret"  # a folder that is shown; the others of a test are hidden anyway
    file.write_text("hunter2")
    environ |= {"GITHUB_TOKEN_FILE": str(file)} if named_by == "GITHUB_TOKEN_FILE" else {}
    main = {"alerting": {"token_file": str(file)}} if named_by == "alerting.token_file" else {}
    security = {"sandbox_hidden": [str(file)]} if named_by == "sandbox_hidden" else {}
    install("coder", f"try:\n    print('read', open({str(file)!r}).read())\nexcept OSError:\n    print('read')")
    agent = make_agent("coder", make_settings(CODER, main, sandbox="bubblewrap", **security), environ)
    assert agent.run(make_task()).summary == "read"


@pytest.mark.parametrize("name", [".ssh/id_ed25519", ".config/gh/hosts.yml", ".git-credentials", ".netrc"])
def test_sign_ins_of_the_user_are_hidden(attempt: Attempt, home: Path, name: str) -> None:
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text("secret")
    assert attempt(f"open({str(home / name)!r}).read()") in {"FileNotFoundError", "PermissionError"}


def test_home_folder_cannot_be_written(attempt: Attempt, home: Path) -> None:
    # The tests' home lies in /tmp, which is private in the sandbox: what is written there is gone afterwards.
    attempt(f"__import__('os').makedirs({str(home)!r}, exist_ok=True) or open({str(home / 'x')!r}, 'w').write('x')")
    assert not (home / "x").exists()


def test_own_folder_of_the_cli_can_be_written(attempt: Attempt, home: Path) -> None:
    path = home / ".claude/session.json"
    attempt(f"open({str(path)!r}, 'w').write('x')", command("claude"))
    assert path.read_text() == "x"


def test_pointer_to_the_repository_cannot_be_turned(attempt: Attempt, worktree: Path) -> None:
    before = (worktree / ".git").read_text()
    assert attempt("open('.git', 'w').write('gitdir: /evil')") == "OSError"
    assert attempt("__import__('os').unlink('.git')") == "OSError"
    assert (worktree / ".git").read_text() == before


def test_hooks_of_the_mirror_cannot_be_planted(attempt: Attempt, tmp_path: Path) -> None:
    hook = tmp_path / "state/mirror/.git/hooks/post-checkout"
    assert attempt(f"open({str(hook)!r}, 'w').write('x')") == "OSError"
    assert not hook.exists()


def test_git_can_be_asked_in_the_worktree(
    install: Callable[[str, str], Path], run_agent: Callable[..., AgentResult]
) -> None:
    install(
        "coder",
        """
        import subprocess
        open("sum.py", "a").write("x\\n")
        print(subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True).stdout)
        print(subprocess.run(["git", "log", "--format=%s"], capture_output=True, text=True).stdout)
        """,
    )
    assert run_agent(CODER, sandbox="bubblewrap").summary == "M sum.py\n\nfirst"


def test_commit_is_not_possible(
    install: Callable[[str, str], Path], run_agent: Callable[..., AgentResult], worktree: Path
) -> None:
    install("coder", "import subprocess; subprocess.run(['git', 'commit', '-q', '--allow-empty', '-m', 'mine'])")
    run_agent(CODER, sandbox="bubblewrap")
    log = subprocess.run(["git", "log", "--format=%s"], cwd=worktree, capture_output=True, text=True, check=True)
    assert log.stdout == "first\n"


def test_environment_of_the_service_cannot_be_read(attempt: Attempt) -> None:
    assert attempt("open(f'/proc/{__import__(\"os\").getppid()}/environ').read().count('PYTEST')") == "0"
