"""A command agent edits its worktree, is bounded and stopped whole, and shows no secret."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from processor.errors import AgentError, AgentTimeout, ResourceError, RunCancelled
from processor.model import AgentResult, Usage
from tests.agents.conftest import command, make_issue
from tests.processes.conftest import GROWING_LIMITS

RunAgent = Callable[..., AgentResult]
Install = Callable[[str, str], Path]
TOKEN = "ghp_" + "a1B2" * 9
CODER = command(argv=["coder"])


def test_agent_edits_files_of_the_worktree(run_agent: RunAgent, install: Install, worktree: Path) -> None:
    install(
        "coder",
        """
        from pathlib import Path
        source = Path("sum.py").read_text()
        Path("sum.py").write_text(source.replace("a - b", "a + b"))
        print("I fixed the sum.")
        """,
    )
    result = run_agent(CODER)
    assert (worktree / "sum.py").read_text() == "def add(a, b):\n    return a + b\n"
    assert (result.failure, result.exit_code, result.agent) == (None, 0, "coder")
    assert result.summary == "I fixed the sum."
    assert result.usage == Usage()
    assert Path(result.output_path).read_text() == "I fixed the sum.\n"


def test_program_reads_the_prompt_from_stdin_or_from_its_file(run_agent: RunAgent, install: Install) -> None:
    install("coder", "import sys; print(open(sys.argv[1]).read() if sys.argv[1:] else sys.stdin.read())")
    for argv in (["coder"], ["coder", "{prompt_file}"]):
        result = run_agent(command(argv=argv), task={"issue": make_issue("Marker", "body")})
        printed = Path(result.output_path).read_text()
        assert "Title: Marker\n\nbody" in printed


def test_stdin_is_empty_when_the_prompt_is_a_file(run_agent: RunAgent, install: Install) -> None:
    install("coder", "import sys; print(repr(sys.stdin.read()))")
    assert run_agent(command(argv=["coder", "{prompt_file}"])).summary == "''"


def test_tricky_issue_text_runs_nothing(run_agent: RunAgent, install: Install, worktree: Path) -> None:
    install("coder", "import sys; sys.stdin.read()")
    nasty = "$(touch owned) `touch owned`; touch owned | x\n'\"{worktree}{model}\x00../../etc/passwd"
    assert run_agent(CODER, task={"issue": make_issue(nasty, nasty)}).failure is None
    assert not (worktree / "owned").exists()


def test_no_token_of_ours_reaches_the_agent(run_agent: RunAgent, install: Install, environ: dict[str, str]) -> None:
    environ |= {"GITHUB_TOKEN": TOKEN, "GH_TOKEN": TOKEN, "COPY": f"x{TOKEN}", "API_KEY": "key-of-the-agent", "X": "y"}
    install("coder", "import json, os; print(json.dumps(dict(os.environ)))")
    result = run_agent(command(argv=["coder"], environment=["API_KEY", "COPY"]))
    printed = Path(result.output_path).read_text()
    seen = json.loads(printed)
    assert TOKEN not in printed
    assert seen["API_KEY"] == "key-of-the-agent"
    assert seen["AIP_RUN_ID"] == "run-7"
    assert seen["GIT_TERMINAL_PROMPT"] == "0"
    assert {"GITHUB_TOKEN", "GH_TOKEN", "COPY", "X"}.isdisjoint(seen)


def test_secrets_are_masked_in_what_we_repeat(run_agent: RunAgent, install: Install, environ: dict[str, str]) -> None:
    environ |= {"API_KEY": "key-of-the-agent"}
    install("coder", f"print('saw key-of-the-agent and {TOKEN}'); raise SystemExit(1)")
    result = run_agent(command(argv=["coder"], environment=["API_KEY"]))
    assert result.summary == "saw *** and ***"
    assert str(result.failure) == (
        "agent coder exited with code 1: saw *** and ***; see `aip logs run-7 --agent` and `aip check`"
    )


def test_words_that_only_sound_secret_are_not_masked(run_agent: RunAgent, install: Install) -> None:
    install("coder", "print('user.name and credential.helper')")
    assert run_agent(CODER).summary == "user.name and credential.helper"


def test_failure_tells_the_last_line_of_stderr(run_agent: RunAgent, install: Install) -> None:
    install("coder", "import sys; print('trying'); print('warned\\nno model', file=sys.stderr); sys.exit(4)")
    result = run_agent(CODER)
    assert type(result.failure) is AgentError
    assert str(result.failure).startswith("agent coder exited with code 4: no model; ")


def test_agent_that_removes_its_worktree_has_failed_as_it_says(run_agent: RunAgent, install: Install) -> None:
    install("coder", "import os, shutil; shutil.rmtree(os.getcwd(), ignore_errors=True); raise SystemExit(3)")
    result = run_agent(CODER, sandbox="off")
    assert str(result.failure).startswith("agent coder exited with code 3: it gave no reason; ")


def test_endless_reason_and_summary_are_cut(run_agent: RunAgent, install: Install) -> None:
    install("coder", "print('x' * 100_000); raise SystemExit(1)")
    result = run_agent(CODER)
    assert len(str(result.failure)) < 700
    assert len(result.summary) == 2_000


def test_hanging_agent_ends_at_its_limit_with_everything_it_started(
    run_agent: RunAgent, install: Install, worktree: Path
) -> None:
    install(
        "coder",
        """
        import os, signal, time
        for leaves in (False, True):
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                if leaves:
                    os.setsid()
                break
        while True:
            time.sleep(0.05)
            with open("beats", "a") as file:
                file.write("x")
        """,
    )
    hanging = f"hanging-{secrets.token_hex(4)}"
    for limit in GROWING_LIMITS:
        result = run_agent(CODER, task={"timeout_seconds": limit, "run_id": hanging})
        if (worktree / "beats").exists():
            break
    assert type(result.failure) is AgentTimeout
    assert str(result.failure) == (
        f"agent coder ran past its limit of {limit:g} s and was killed; raise timeout or"
        " agents.coder.timeout_seconds, or split the issue"
    )
    assert marked_processes(hanging) == []
    assert (worktree / "beats").stat().st_size > 0


def marked_processes(run_id: str) -> list[int]:
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except psutil.Error:
            continue
        if environment.get("AIP_RUN_ID") == run_id and process.status() != psutil.STATUS_ZOMBIE:
            found.append(process.pid)
    return found


def test_agents_own_limit_is_kept_when_it_is_shorter(run_agent: RunAgent, install: Install) -> None:
    install("coder", "import time; time.sleep(60)")
    result = run_agent(command(argv=["coder"], timeout_seconds=0.5))
    assert "limit of 0.5 s" in str(result.failure)


def test_cancelled_agent_is_stopped_at_once(run_agent: RunAgent, install: Install, worktree: Path) -> None:
    install("coder", "open('started', 'w').close(); import time; time.sleep(60)")
    began = time.monotonic()
    result = run_agent(CODER, task={"should_stop": (worktree / "started").exists})
    assert type(result.failure) is RunCancelled
    assert time.monotonic() - began < 25


def test_flood_of_output_is_stopped(run_agent: RunAgent, install: Install) -> None:
    install("coder", "while True: print('x' * 10_000)")
    result = run_agent(CODER, max_output_bytes=200_000)
    assert type(result.failure) is AgentError
    assert str(result.failure) == (
        "agent coder printed more than 200000 bytes and was killed; make it say less or raise max_output_bytes in"
        " configs/security_settings.yaml"
    )
    assert Path(result.output_path).stat().st_size == 200_000


def test_missing_program_is_a_matter_of_this_machine(run_agent: RunAgent) -> None:
    result = run_agent(command("claude"))
    assert type(result.failure) is ResourceError
    assert str(result.failure) == (
        "agent coder cannot start: no program claude on the PATH that agents see; install it, or give its full path in"
        " agents.coder.argv"
    )


def test_what_was_spent_is_told_even_when_the_agent_is_killed(run_agent: RunAgent, install: Install) -> None:
    step = '{"type": "step_finish", "part": {"tokens": {"input": 7, "output": 3}, "cost": 0.5}}'
    install("opencode", f"import time; print({step!r}, flush=True); time.sleep(600)")
    for limit in GROWING_LIMITS:
        result = run_agent(command("opencode"), task={"timeout_seconds": limit})
        if Path(result.output_path).read_text():
            break
    assert type(result.failure) is AgentTimeout
    assert result.usage == Usage(input_tokens=7, output_tokens=3, cost_dollars=0.5)


def test_second_attempt_reads_nothing_of_the_first(run_agent: RunAgent, install: Install) -> None:
    install("coder", "import sys; open(sys.argv[1], 'w').write('first'); print('one')")
    assert run_agent(command(argv=["coder", "{output_file}"])).summary == "first"
    install("coder", "print('two')")
    result = run_agent(command(argv=["coder", "{output_file}"]))
    assert result.summary == "two"
    assert Path(result.output_path).read_text() == "two\n"


def test_link_in_place_of_the_output_file_shows_nothing(run_agent: RunAgent, install: Install, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret")
    install("coder", f"import os, sys; os.symlink({str(tmp_path / 'secret')!r}, sys.argv[1])")
    assert run_agent(command(argv=["coder", "{output_file}"])).summary == ""


def test_files_of_the_cli_itself_do_not_become_part_of_the_change(
    run_agent: RunAgent, install: Install, worktree: Path
) -> None:
    install(
        "aider",
        """
        from pathlib import Path
        Path(".aider.tags.cache.v4").mkdir()
        Path(".aider.tags.cache.v4/db").write_text("x")
        Path(".aider.chat.history.md").write_text("x")
        Path(".aider.conf.yml").write_text("changed")
        Path("new.py").write_text("x")
        """,
    )
    run_agent(command("aider"), task={"tracked_files": ("sum.py", ".aider.conf.yml")})
    assert sorted(path.name for path in worktree.iterdir()) == [".aider.conf.yml", ".git", "new.py", "sum.py"]


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "tiny"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("a full disk needs the right to mount")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_full_disk_is_a_matter_of_this_machine(run_agent: RunAgent, install: Install, tiny_disk: Path) -> None:
    install("coder", "print('x' * 1_000_000, flush=True)")
    result = run_agent(CODER, task={"output_directory": tiny_disk})
    assert type(result.failure) is ResourceError
    assert "on a full disk" in str(result.failure)
    assert str(result.failure).endswith(f"make room for {tiny_disk}")


def test_disk_too_full_for_the_prompt_is_a_matter_of_this_machine(
    run_agent: RunAgent, install: Install, tiny_disk: Path
) -> None:
    install("coder", "")
    (tiny_disk / "filler").write_bytes(b"x" * 56 * 1024)
    result = run_agent(CODER, task={"output_directory": tiny_disk, "issue": make_issue(body="b" * 50_000)})
    assert type(result.failure) is ResourceError
    assert "No space left on device" in str(result.failure)


def test_group_of_the_agent_is_told(run_agent: RunAgent, install: Install) -> None:
    install("coder", "import os; print(os.getpgrp())")
    groups: list[int] = []
    run_agent(CODER, task={"on_start": groups.append}, sandbox="off")
    assert len(groups) == 1
    assert groups[0] != os.getpgrp()
