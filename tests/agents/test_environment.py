"""An agent sees what is allowed, never a token of ours, and git has no way to ask for one."""

import subprocess
from pathlib import Path

import pytest

from processor.agents.environment import agent_environment

TOKEN = "ghp_" + "a1B2" * 9


def seen(allowed: list[str], environ: dict[str, str], defaults: dict[str, str] | None = None) -> dict[str, str]:
    return agent_environment("run-7", allowed, environ, defaults or {})


def test_only_allowed_variables_are_seen() -> None:
    environment = seen(["PATH", "ABSENT"], {"PATH": "/bin", "OTHER": "x"})
    assert environment["PATH"] == "/bin"
    assert "OTHER" not in environment
    assert "ABSENT" not in environment


def test_run_is_marked() -> None:
    assert seen([], {})["AIP_RUN_ID"] == "run-7"


def test_own_variable_wins_over_the_profiles_default() -> None:
    assert seen([], {"RETRIES": "9"}, {"RETRIES": "2"})["RETRIES"] == "2"
    assert seen(["RETRIES"], {"RETRIES": "9"}, {"RETRIES": "2"})["RETRIES"] == "9"


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "GH_TOKEN", "GH_ENTERPRISE_TOKEN", "PGPASSWORD"])
def test_our_secrets_stay_ours_even_when_allowed(name: str) -> None:
    assert name not in seen([name], {name: "anything"})


@pytest.mark.parametrize("value", [TOKEN, f"https://x:{TOKEN}@github.com", "github_pat_" + "x" * 30])
def test_github_token_under_another_name_is_left_out(value: str) -> None:
    assert "HARMLESS" not in seen(["HARMLESS"], {"HARMLESS": value})


def test_copy_of_our_token_is_left_out_whatever_its_shape() -> None:
    assert "COPY" not in seen(["COPY"], {"COPY": "x enterprise-secret y", "GITHUB_TOKEN": "enterprise-secret"})


def test_git_finds_no_credentials(tmp_path: Path, environ: dict[str, str]) -> None:
    helper = "!echo username=mona; echo password=leaked; :"
    (tmp_path / "home/.gitconfig").write_text(f'[credential "https://github.com"]\nhelper = "{helper}"\n')
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    subprocess.run(["git", "config", "credential.helper", helper], cwd=tmp_path, check=True)
    done = subprocess.run(
        ["git", "credential", "fill"],
        input="protocol=https\nhost=github.com\n\n",
        env=seen(["PATH", "HOME"], environ),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode != 0
    assert "leaked" not in done.stdout
