"""What is changed at run time lies on the files, is checked with all of them, and leaves the rest as it is."""

import pytest

from processor.errors import SettingsError, UsageError
from processor.settings.keys import full_key, value_of
from processor.settings.load import load
from processor.settings.overriding import Difference, differences, override
from processor.settings.run_time import RULES, of_key, takes_restart
from processor.settings.sections import Settings
from tests.settings.conftest import FolderOf


def test_only_what_is_named_changes(folder_of: FolderOf) -> None:
    main = (
        "repositories:\n  - {name: octo/hello, agent: tidy}\n"
        "agents:\n  tidy: {kind: recipe, steps: [{tool: codespell}]}\n"
    )
    gate = "repositories:\n  octo/hello: {built_in: {diff_size: {max_lines: 900}}}\n"
    base = load(folder_of(main=main, gate=gate), {})
    changed = override(base, {"gate.minimum_score": 60, "gate.security_threshold": 8})
    assert differences(base.settings, changed.settings) == (
        Difference("gate.minimum_score", 70.0, 60.0),
        Difference("gate.security_threshold", 5.0, 8.0),
    )
    # What a repository's gate leaves open must stay open, or it would hide the general gate.
    built_in = changed.settings.gate.repositories["octo/hello"].built_in
    assert built_in is not None
    assert built_in.model_dump(exclude_unset=True) == {"diff_size": {"max_lines": 900}}


@pytest.mark.parametrize(
    ("key", "value", "complaint"),
    [
        (
            "main.state.database_url",
            "sqlite:///x",
            (
                "override: main.state.database_url: cannot be changed at run time, because it decides where the ledger "
                "is, which holds the overrides; change it in the settings files and start the service again"
            ),
        ),
        (
            "security.sandbox",
            "off",
            (
                "override: security.sandbox: cannot be changed at run time, because it decides whose issues are taken "
                "and what programs may touch; change it in the settings files; running services take it up within "
                "seconds"
            ),
        ),
        (
            "main.github.token",
            "abc",
            (
                "override: main.github.token = ***: looks like a secret; take it out, revoke it, and keep the new one "
                "in a file or a variable (docs/settings.md, Secrets)"
            ),
        ),
        (
            "main.intake.label",
            "ghp_" + "a" * 36,
            "override: main.intake.label = ***: looks like a secret; revoke it, and keep the new one in a file",
        ),
        (
            "main.agents.new.argv",
            ["sh"],
            (
                "override: main.agents.new.argv: cannot be changed at run time, because it decides which programs run; "
                "change it in the settings files; running services take it up within seconds"
            ),
        ),
        (
            "main.overrides.longest_seconds",
            9e9,
            (
                "override: main.overrides.longest_seconds: cannot be changed at run time, because it bounds how long a "
                "change may last; change it in the settings files; running services take it up within seconds"
            ),
        ),
        ("main.intake", {"label": "x"}, "override: main.intake = {…}: is a whole section; name one key below it"),
        ("main.timeout", None, "override: main.timeout: is nothing; name a value"),
        ("main.timeout", -1, "override: main.timeout = -1: is too small; use a number above 0"),
    ],
)
def test_what_may_not_be_changed_at_run_time_says_why(
    folder_of: FolderOf, key: str, value: object, complaint: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        override(load(folder_of(), {}), {key: value})
    assert str(caught.value) == complaint


def test_a_section_is_no_way_round_the_rules(folder_of: FolderOf) -> None:
    with pytest.raises(SettingsError, match="main: cannot be changed at run time"):
        override(load(folder_of(), {}), {"main": {"state": {"directory": "elsewhere"}}})


def test_every_rule_names_a_setting_that_there_is() -> None:
    data = Settings().model_dump()
    for rule in RULES:
        here = data
        for part in rule.prefix.split("."):
            assert part in here, rule
            here = here[part]
        assert of_key(rule.prefix) == rule
        assert takes_restart(rule.prefix) == rule.takes_restart


@pytest.mark.parametrize(
    ("written", "full"),
    [
        ("minimum_score", "gate.minimum_score"),
        ("gate.minimum_score", "gate.minimum_score"),
        ("intake.label", "main.intake.label"),
        ("repositories", "main.repositories"),
        ("sandbox", "security.sandbox"),
        ("no_such_key", "no_such_key"),
    ],
)
def test_a_key_may_be_written_as_its_file_has_it(written: str, full: str) -> None:
    assert full_key(written) == full


@pytest.mark.parametrize(
    ("text", "value"), [("60", 60), ("0.5", 0.5), ("true", True), ("off", "off"), ("[a, b]", ["a", "b"])]
)
def test_a_value_is_read_as_in_a_settings_file(text: str, value: object) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize("text", ["[a", "&x [*x]", "!!python/object:os.system x", "{a: b: c}"])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="is no value; write it as in a settings file, such as 60"):
        value_of(text)
