"""Settings that work and are likely to surprise are pointed at."""

from pathlib import Path

import pytest

from processor.settings.cautions import warnings
from processor.settings.load import load
from tests.settings.conftest import FolderOf

TIDY = """\
default_agent: tidy
agents:
  tidy:
    kind: recipe
    steps:
      - tool: codespell
repositories:
  - name: octo/hello
"""


def _told(folder: Path, environ: dict[str, str] | None = None) -> list[str]:
    return [str(fault).replace(f"{folder}/", "") for fault in warnings(load(folder, environ or {}))]


def test_good_settings_are_passed_over(folder_of: FolderOf) -> None:
    folder = folder_of(main=TIDY + "github:\n  base_url: http://127.0.0.1:8000\n  git_url: http://localhost:8000\n")
    assert _told(folder) == []


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        (
            "main",
            "timeout: 300\n",
            (
                "auto_issue_processor.yaml:9: timeout = 300: agents are stopped before the alert on a mean above 300 s "
                "can ever fire; use 600 to 1800, as in configs/environments.yaml"
            ),
        ),
        (
            "main",
            "debug: true\n",
            "auto_issue_processor.yaml:9: debug = true: production logs everything; set it to false",
        ),
        (
            "main",
            "github:\n  base_url: http://github.example.com/api/v3\n",
            (
                'auto_issue_processor.yaml:10: github.base_url = "http://github.example.com/api/v3": '
                "the token crosses the network unencrypted; use https://"
            ),
        ),
        (
            "main",
            "api:\n  host: 0.0.0.0\n",
            (
                'auto_issue_processor.yaml:10: api.host = "0.0.0.0": everyone who reaches this address sees the '
                "metrics, and tokens cross the network unencrypted; use 127.0.0.1, or put a proxy with TLS and a login "
                "before it; in a container, publish the port on 127.0.0.1"
            ),
        ),
        (
            "gate",
            "minimum_score: 0\n",
            "quality_gate.yaml:1: minimum_score = 0: no score is too low to pass; use 70",
        ),
        (
            "security",
            "sandbox: off\n",
            (
                'security_settings.yaml:1: sandbox = "off": agents and checks can read and write whatever the service '
                "can; use auto, or run the service in a container of its own"
            ),
        ),
        (
            "security",
            "allowed_associations: [OWNER, NONE]\n",
            (
                "security_settings.yaml:1: allowed_associations: people outside the project (NONE) can have an agent "
                "work on their text; keep OWNER, MEMBER and COLLABORATOR; name others under allowed_authors"
            ),
        ),
    ],
)
def test_a_surprise_is_told_with_its_place_and_remedy(folder_of: FolderOf, kind: str, text: str, told: str) -> None:
    texts = {"main": TIDY} | {kind: TIDY + text if kind == "main" else text}
    assert _told(folder_of(**texts)) == [told]


def test_a_surprise_made_by_a_variable_names_the_variable(folder_of: FolderOf) -> None:
    assert _told(folder_of(main=TIDY), {"AUTO_ISSUE_TIMEOUT": "180"}) == [
        (
            "environment: timeout = 180: agents are stopped before the alert on a mean above 300 s can ever fire; "
            "use 600 to 1800, as in configs/environments.yaml"
        )
    ]


def test_a_key_that_hides_environments_is_pointed_at(folder_of: FolderOf) -> None:
    folder = folder_of(main=TIDY + "max_parallel: 3\n", environments="production:\n  max_parallel: 5\n")
    assert _told(folder) == [
        "auto_issue_processor.yaml:9: max_parallel: hides environments.yaml:2; take it out of one of the two files"
    ]


def test_settings_without_a_repository_are_pointed_at(folder_of: FolderOf) -> None:
    assert _told(folder_of()) == [
        (
            "auto_issue_processor.yaml: repositories: no repository is listed, so nothing is processed; "
            "list one as name: OWNER/REPO"
        )
    ]
