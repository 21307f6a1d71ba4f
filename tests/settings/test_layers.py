"""Later layers win, key by key, and it is known which layer gave what."""

from pathlib import Path

import pytest

from processor.errors import ErrorType, SettingsError
from processor.model import Priority
from processor.settings.layers import Layer, Origin
from processor.settings.load import load, load_settings
from processor.settings.overriding import override
from processor.settings.sections import Settings
from tests.settings.conftest import FolderOf

ENVIRONMENTS = "staging:\n  max_parallel: 2\n  timeout: 900\nproduction:\n  max_parallel: 5\n  timeout: 1700\n"


def test_an_empty_folder_gives_the_defaults(folder_of: FolderOf) -> None:
    assert load_settings(folder_of(), {}) == Settings()


def test_files_that_say_nothing_give_the_defaults(folder_of: FolderOf) -> None:
    folder = folder_of(main="# intake:\n", gate="", security="---\n", environments="production:\n")
    assert load_settings(folder, {}) == Settings()


def test_a_section_with_every_line_commented_out_keeps_its_defaults(folder_of: FolderOf) -> None:
    assert load_settings(folder_of(main="intake:\n#  label: go\nmax_parallel:\n"), {}) == Settings()


def test_production_is_the_environment_when_none_is_named(folder_of: FolderOf) -> None:
    settings = load_settings(folder_of(environments=ENVIRONMENTS), {"AUTO_ISSUE_ENV": ""})
    assert (settings.environment_name, settings.main.max_parallel) == ("production", 5)


def test_the_environment_is_named_by_a_variable(folder_of: FolderOf) -> None:
    settings = load_settings(folder_of(environments=ENVIRONMENTS), {"AUTO_ISSUE_ENV": "staging"})
    assert (settings.environment_name, settings.main.max_parallel) == ("staging", 2)


def test_an_environment_of_the_operators_own_may_be_chosen(folder_of: FolderOf) -> None:
    folder = folder_of(environments="canary:\n  max_parallel: 4\n")
    assert load_settings(folder, {"AUTO_ISSUE_ENV": "canary"}).main.max_parallel == 4


def test_each_layer_wins_over_the_one_below(folder_of: FolderOf) -> None:
    folder = folder_of(environments=ENVIRONMENTS, main="max_parallel: 6\n")
    environ = {"AUTO_ISSUE_MAX_PARALLEL": "7"}
    assert load_settings(folder, {}).main.max_parallel == 6
    assert load_settings(folder, environ).main.max_parallel == 7
    assert override(load(folder, environ), {"main.max_parallel": 8}).settings.main.max_parallel == 8
    assert load_settings(folder, environ).main.timeout == 1700


def test_the_origin_of_every_key_is_known(folder_of: FolderOf) -> None:
    folder = folder_of(environments=ENVIRONMENTS, main="intake:\n  label: go\n", gate="minimum_score: 80\n")
    loaded = override(load(folder, {"AUTO_ISSUE_MAX_PARALLEL": "7"}), {"gate.minimum_score": 60})
    environments = str(folder / "environments.yaml")
    assert loaded.origin("main.max_parallel") == Origin(Layer.VARIABLE, "environment")
    assert loaded.origins["main.max_parallel"][0] == Origin(Layer.ENVIRONMENT_PROFILE, environments, 5)
    assert loaded.origin("main.timeout") == Origin(Layer.ENVIRONMENT_PROFILE, environments, 6)
    assert loaded.origin("main.intake.label") == Origin(Layer.FILE, str(folder / "auto_issue_processor.yaml"), 2)
    assert loaded.origin("gate.minimum_score") == Origin(Layer.OVERRIDE, "override")
    assert loaded.origin("main.intake.skip_labels") == Origin(Layer.DEFAULT)


def test_what_is_in_a_list_came_with_the_list(folder_of: FolderOf) -> None:
    folder = folder_of(security="# logins\nallowed_authors: [octocat]\n")
    origin = load(folder, {}).origin("security.allowed_authors[0]")
    assert origin == Origin(Layer.FILE, str(folder / "security_settings.yaml"), 2)


def test_one_retry_leaves_the_others_as_they_are(folder_of: FolderOf) -> None:
    retries = load_settings(
        folder_of(main="engine:\n  retries:\n    network:\n      attempts: 9\n"), {}
    ).main.engine.retries
    assert retries[ErrorType.NETWORK].attempts == 9
    assert retries[ErrorType.NETWORK].first_delay_seconds == 5
    assert retries[ErrorType.GITHUB_RATE_LIMIT].attempts == 5


def test_labels_of_one_priority_leave_the_others_as_they_are(folder_of: FolderOf) -> None:
    labels = load_settings(
        folder_of(main="intake:\n  labels_by_priority:\n    high: [soon]\n"), {}
    ).main.intake.labels_by_priority
    assert labels[Priority.HIGH] == ("soon",)
    assert labels[Priority.CRITICAL] == ("critical", "urgent", "p0", "priority:critical")


def test_a_built_in_check_keeps_its_weight_when_only_required_is_set(folder_of: FolderOf) -> None:
    settings = load_settings(folder_of(gate="built_in:\n  syntax:\n    required: false\n"), {})
    assert (settings.gate.built_in.syntax.weight, settings.gate.built_in.syntax.required) == (30, False)


def test_a_repositorys_gate_says_only_what_differs(folder_of: FolderOf) -> None:
    repository = "  octo/hello:\n    built_in:\n      diff_size:\n        max_lines: 900\n"
    folder = folder_of(
        main="repositories:\n  - name: octo/hello\n    agent: tidy\n"
        "agents:\n  tidy:\n    kind: recipe\n    steps:\n      - tool: codespell\n",
        gate=f"built_in:\n  diff_size:\n    max_files: 3\nrepositories:\n{repository}",
    )
    built_in = load_settings(folder, {}).gate.repositories["octo/hello"].built_in
    assert built_in is not None
    assert built_in.model_dump(exclude_unset=True) == {"diff_size": {"max_lines": 900}}


def test_off_is_a_word_and_no_truth_value(folder_of: FolderOf) -> None:
    assert load_settings(folder_of(security="sandbox: off\n"), {}).security.sandbox == "off"


def test_an_unknown_override_is_a_fault(folder_of: FolderOf) -> None:
    with pytest.raises(SettingsError) as caught:
        override(load(folder_of(), {}), {"gate.minimum_scor": 60, "main.max_parallel": "x"})
    assert str(caught.value) == (
        'override: main.max_parallel = "x": is text; use a whole number from 1 to 64\n'
        "override: gate.minimum_scor: is no known key; did you mean minimum_score?"
    )


def test_an_override_that_spoils_a_pair_is_a_fault(folder_of: FolderOf) -> None:
    with pytest.raises(SettingsError) as caught:
        override(load(folder_of(main="timeout: 1200\n"), {}), {"main.engine.run_deadline_seconds": 600})
    assert "timeout = 1200: is longer than the whole run may take (600 s)" in str(caught.value)


def test_a_home_folder_is_found(folder_of: FolderOf) -> None:
    settings = load_settings(folder_of(main="state:\n  directory: ~/aip\n"), {})
    assert settings.main.state.directory == Path.home() / "aip"
