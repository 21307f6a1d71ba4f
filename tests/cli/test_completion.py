"""What a shell is offered after Tab: commands, runs and issues, and nothing that a stranger wrote."""

from collections.abc import Callable

import pytest

from processor.model import Outcome

Offered = Callable[..., list[str]]


@pytest.fixture
def offered(aip, monkeypatch) -> Offered:
    """Ask as bash does; the last word may be empty."""

    def ask(*words: str, shell: str = "bash") -> list[str]:
        monkeypatch.setenv("_AIP_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("COMP_WORDS", " ".join(["aip", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", " ".join(["aip", *words]))
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        said = aip()
        assert said.err == ""
        return [line for line in said.out.splitlines() if line]

    return ask


def test_commands_and_options_are_offered_at_every_level(offered):
    assert offered("qu") == ["queue"]
    assert offered("queue", "ca") == ["cancel"]
    assert "--timeout" in offered("queue", "cancel", "--t")


def test_runs_and_issues_of_the_ledger_are_offered(offered, scene):
    active, waiting, ended = scene.start(1), scene.queue(2), scene.finish(3, Outcome.ERROR)
    found = offered("queue", "show", "")
    assert found == [active, waiting, ended, "octo/hello#1", "octo/hello#2", "octo/hello#3"]
    assert offered("logs", "octo/hello#3") == ["octo/hello#3"]
    assert offered("queue", "cancel", waiting[:6]) == [waiting]
    assert offered("undo", "octo/") == offered("queue", "retry", "octo/") == found[3:]


def test_no_strangers_text_reaches_the_shell(offered, scene):
    run_id = scene.queue(1, title="$(touch /tmp/taken)")
    for shell in ("zsh", "fish"):
        told = "\n".join(offered("queue", "show", "", shell=shell))
        assert run_id in told
        assert "touch" not in told


def test_without_a_ledger_nothing_is_offered_and_none_is_made(offered, office):
    assert offered("queue", "show", "") == []
    assert not (office.root / "state").exists()
    (office.configs / "auto_issue_processor.yaml").write_text("surprise: 1\n")
    assert offered("queue", "show", "") == []


def test_settings_are_offered_where_a_key_is_due_and_may_be_changed(offered):
    assert offered("config", "set", "gate.min") == ["gate.minimum_score"]
    assert offered("config", "set", "capacity.le") == ["capacity.level"]
    assert offered("config", "set", "gate.minimum_score", "6") == []
    assert offered("config", "set", "gate.minimum_score", "60", "gate.sec") == ["gate.security_threshold"]
    assert offered("config", "revert", "main.state.") == []
    assert "main.state.directory" in offered("config", "show", "main.state.")


def test_items_and_sections_of_the_checklists_are_offered(offered):
    assert offered("checklist", "sign", "security_a") == ["security_alerts"]
    assert offered("checklist", "daily", "--section", "pro") == ["processing"]
    assert offered("checklist", "weekly", "--section", "processing") == []


def test_alerts_are_offered(offered):
    assert offered("drill", "AipDisk") == ["AipDiskFillsIn24h", "AipDiskHigh"]
    assert offered("alerts", "silence", "Watch") == offered("alerts", "list", "--alert", "Watch") == ["Watchdog"]


@pytest.mark.usefixtures("ledger")
def test_backups_are_offered(offered, aip):
    name = aip("backup", "create", "--json").json["name"]
    assert offered("backup", "restore", "") == ["latest", name]
    assert offered("backup", "verify", "x") == []
