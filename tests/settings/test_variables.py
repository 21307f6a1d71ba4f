"""The AUTO_ISSUE_* variables set settings, and a wrong or unknown one is a fault."""

import pytest

from processor.errors import SettingsError
from processor.settings.load import load_settings
from processor.settings.sections import Settings
from processor.settings.variables import PATHS
from tests.settings.conftest import FolderOf

VALUES = {
    "AUTO_ISSUE_DEBUG": "True",
    "AUTO_ISSUE_LOG_LEVEL": "ERROR",
    "AUTO_ISSUE_MAX_PARALLEL": " 9 ",
    "AUTO_ISSUE_TIMEOUT": "950.5",
    "AUTO_ISSUE_USE_CACHE": "off",
    "AUTO_ISSUE_ENABLE_MONITORING": "0",
    "AUTO_ISSUE_DRY_RUN": "yes",
    "AUTO_ISSUE_GITHUB_BASE_URL": "https://github.example.com/api/v3",
    "AUTO_ISSUE_GITHUB_GIT_URL": "https://github.example.com",
    "AUTO_ISSUE_GITHUB_CA_FILE": "/etc/ca.pem",
    "AUTO_ISSUE_POLL_INTERVAL_SECONDS": "30",
    "AUTO_ISSUE_INSTANCE": "07",
    "AUTO_ISSUE_STATE_DIRECTORY": "/var/lib/aip",
    "AUTO_ISSUE_DATABASE_URL": "postgresql://aip@db/aip",
    "AUTO_ISSUE_DATABASE_PASSWORD_FILE": "/run/secrets/password",
    "AUTO_ISSUE_LOGS_DIRECTORY": "/var/log/aip",
    "AUTO_ISSUE_REPORTS_DIRECTORY": "/srv/reports",
    "AUTO_ISSUE_BACKUP_DIRECTORY": "/var/backups/aip",
    "AUTO_ISSUE_API_HOST": "::1",
    "AUTO_ISSUE_API_PORT": "0",
    "AUTO_ISSUE_EXPORTER_HOST": "::1",
    "AUTO_ISSUE_EXPORTER_PORT": "9500",
}


def _get(settings: Settings, name: str) -> str:
    value: object = settings
    for part in PATHS[name]:
        value = getattr(value, str(part))
    return str(value)


def test_every_variable_sets_its_setting(folder_of: FolderOf) -> None:
    settings = load_settings(folder_of(), VALUES)
    expected = {name: value.strip() for name, value in VALUES.items()}
    expected |= {"AUTO_ISSUE_DEBUG": "True", "AUTO_ISSUE_USE_CACHE": "False"}
    expected |= {"AUTO_ISSUE_ENABLE_MONITORING": "False", "AUTO_ISSUE_DRY_RUN": "True"}
    expected |= {"AUTO_ISSUE_POLL_INTERVAL_SECONDS": "30.0"}
    assert {name: _get(settings, name) for name in PATHS} == expected


def test_an_empty_variable_counts_as_not_set(folder_of: FolderOf) -> None:
    assert load_settings(folder_of(), dict.fromkeys(PATHS, " ")) == Settings()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("AUTO_ISSUE_MAX_PARALLEL", "many", ' = "many": is text; use a whole number from 1 to 64'),
        ("AUTO_ISSUE_MAX_PARALLEL", "65", " = 65: is too large; use a whole number from 1 to 64"),
        ("AUTO_ISSUE_MAX_PARALLEL", "2.5", ' = "2.5": is text; use a whole number from 1 to 64'),
        ("AUTO_ISSUE_TIMEOUT", "inf", ' = "inf": is text; use a number above 0'),
        ("AUTO_ISSUE_DEBUG", "maybe", ' = "maybe": is text; use true or false'),
        (
            "AUTO_ISSUE_LOG_LEVEL",
            "verbose",
            (' = "verbose": is not one of the choices; use one of DEBUG, INFO, WARNING, ERROR'),
        ),
        ("AUTO_ISSUE_API_PORT", "80800", " = 80800: is too large; use a whole number from 0 to 65535"),
        ("AUTO_ISSUE_ENV", "prod", ' = "prod": is no environment; did you mean production?'),
        ("AUTO_ISSUE_MAX_PARALEL", "3", ": is no known variable; did you mean AUTO_ISSUE_MAX_PARALLEL?"),
        ("AUTO_ISSUE_A2A_MAX_PARALLEL", "5", ": is no known variable; set AUTO_ISSUE_MAX_PARALLEL instead"),
        ("AUTO_ISSUE_XYZ", "hunter2", ": is no known variable; unset it; docs/settings.md lists the variables"),
        (
            "AUTO_ISSUE_GITHUB_TOKEN",
            "hunter2",
            (
                " = ***: is no known variable; set GITHUB_TOKEN, or GITHUB_TOKEN_FILE "
                "to a file that holds the token alone"
            ),
        ),
        (
            "AUTO_ISSUE_DATABASE_URL",
            "postgresql://aip:hunter2@db/aip",
            (
                " = ***: looks like a secret; "
                "put a password into state.database_password_file or PGPASSWORD, a token into GITHUB_TOKEN"
            ),
        ),
    ],
)
def test_a_wrong_variable_is_a_fault(folder_of: FolderOf, name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder_of(), {name: value})
    assert str(caught.value) == f"environment: {name}{told}"


def test_faults_of_variables_and_files_are_told_together(folder_of: FolderOf) -> None:
    folder = folder_of(main="timeout: never\n")
    with pytest.raises(SettingsError) as caught:
        load_settings(folder, {"AUTO_ISSUE_DEBUG": "2", "AUTO_ISSUE_TIMEOUT": "900"})
    keys = [fault.key for fault in caught.value.faults]
    assert keys == ["timeout", "AUTO_ISSUE_DEBUG"]


def test_a_pair_spoilt_by_a_variable_names_the_variable(folder_of: FolderOf) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(folder_of(), {"AUTO_ISSUE_TIMEOUT": "8000"})
    assert str(caught.value) == (
        "environment: AUTO_ISSUE_TIMEOUT = 8000: is longer than the whole run may take (7200 s); "
        "lower it, or raise engine.run_deadline_seconds"
    )
