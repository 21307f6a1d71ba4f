"""scripts/init makes secrets, settings and .env from options or answers, and says what is wrong or kept."""

import os
import pty
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.init_script import copied_checkout, initialise

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
REAL = ("--repository", "octo/hello")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What scripts/init needs of the source tree, and a token."""
    (tmp_path / "token").write_text("a-token")
    return copied_checkout(tmp_path)


def test_init_makes_every_secret_in_a_folder_for_its_owner_and_repeats_nothing(checkout: Path) -> None:
    assert initialise(checkout, "--demo").returncode == 0
    made = {path.name: path.read_text() for path in (checkout / "secrets").iterdir()}
    assert {f"secrets/{name}" for name in made} == {secret["file"] for secret in COMPOSE["secrets"].values()}
    assert (checkout / "secrets").stat().st_mode & 0o777 == 0o700
    assert len(made["database_password"]) == 64
    assert "COMPOSE_PROFILES=demo" in (checkout / ".env").read_text()
    assert initialise(checkout, "--demo").returncode == 0
    assert made == {path.name: path.read_text() for path in (checkout / "secrets").iterdir()}


def test_init_writes_settings_that_fit_the_containers(checkout: Path) -> None:
    done = initialise(
        checkout, "--repository", "octo/hello", "--token-file", "token", "--email-to", "ops@example.org",
        "--smtp-server", "mail.example.org:587", "--smtp-user", "aip", "--timezone", "Europe/Berlin",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    main = yaml.safe_load((checkout / "settings" / "auto_issue_processor.yaml").read_text(encoding="utf-8"))
    assert main["repositories"] == [{"name": "octo/hello"}]
    assert main["timezone"] == "Europe/Berlin"
    assert main["alerting"]["processor_url"] == "http://processor:8080"
    assert main["alerting"]["email"]["to"] == ["ops@example.org"]
    assert main["alerting"]["slack"] == {"enabled": False}
    security = yaml.safe_load((checkout / "settings" / "security_settings.yaml").read_text(encoding="utf-8"))
    assert security["sandbox_hidden"] == ["/var/lib/aip", "/var/log/aip"]
    assert (checkout / "secrets" / "github_token").read_text() == "a-token"
    assert "a-token" not in (checkout / ".env").read_text()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "no OWNER/REPO to process; give --repository, or --demo to look first"),
        (("--repository", "hello"), "hello is no OWNER/REPO, such as octo/hello"),
        (("--repository", "a/b/c"), "a/b/c is no OWNER/REPO, such as octo/hello"),
        (("--repository", "octo/hello"), "no GitHub token; give --token-file, or --demo to look first"),
        (("--timezone", "x; y"), "x; y holds a character that none of the options takes"),
        ((*REAL, "--token-file", "nothing"), "nothing cannot be read as a file; name one that holds the secret alone"),
        ((*REAL, "--token-file", "."), ". cannot be read as a file; name one that holds the secret alone"),
        ((*REAL, "--token-file", "empty"), "empty does not hold one word; name a file that holds the secret alone"),
        ((*REAL, "--slack-url-file", "two"), "two does not hold one word; name a file that holds the secret alone"),
        (
            (*REAL, "--timezone", "Nowhere/Land"),
            "Nowhere/Land is no time zone; /usr/share/zoneinfo has them, such as Europe/Berlin",
        ),
        ((*REAL, "--email-to", "ops"), "ops is no address for e-mail, such as ops@example.com"),
        ((*REAL, "--email-to", "ops@example.org"), "--email-to needs --smtp-server HOST:PORT"),
        (
            (*REAL, "--email-to", "ops@example.org", "--smtp-server", "mail"),
            "mail is no HOST:PORT, such as mail.example.com:587",
        ),
        (("--demo", *REAL), "--demo goes with none of --repository"),
        (("--token-file",), "--token-file needs a value; see --help"),
        (("--port", "1"), "unknown option --port; see --help"),
    ],
)
def test_init_says_what_is_wrong(checkout: Path, options: tuple[str, ...], message: str) -> None:
    (checkout / "empty").touch()
    (checkout / "two").write_text("two words")
    done = initialise(checkout, *options)
    assert (done.returncode, done.stderr) == (2, f"scripts/init: {message}\n")
    assert not [name for name in ("secrets", "settings", ".env") if (checkout / name).exists()]


def test_init_asks_for_what_is_not_given(checkout: Path) -> None:
    answers = [
        "octo/hello",
        "Europe/Berlin",
        "ops@example.org",
        "mail.example.org:587",
        "aip",
        "mail-secret",
        "a-token",
    ]
    shown = answered(checkout, answers)
    main = settings(checkout)
    assert (main["repositories"], main["timezone"]) == ([{"name": "octo/hello"}], "Europe/Berlin")
    assert main["alerting"]["email"]["smtp_server"] == "mail.example.org:587"
    assert (checkout / "secrets" / "github_token").read_text() == "a-token"
    assert (checkout / "secrets" / "smtp_password").read_text() == "mail-secret"
    assert "Next: docker compose up -d" in shown


@pytest.mark.parametrize(
    ("own", "zone"), [("Europe/Berlin", "Europe/Berlin"), ("Etc/UTC", "Asia/Tokyo"), ("JST-9", "Asia/Tokyo")]
)
def test_an_empty_answer_takes_the_machines_zone_where_it_tells_of_its_people(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, own: str, zone: str
) -> None:
    monkeypatch.setenv("TZ", own)
    shown = answered(checkout, ["octo/hello", "", "", "a-token"])
    main = settings(checkout)
    assert main["timezone"] == zone
    assert main["alerting"]["email"] == {"enabled": False}
    assert f"The time zone of the operators is {zone}; `timezone` in settings/auto_issue_processor.yaml" in shown


def test_without_questions_the_time_zone_is_the_default_and_is_said(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    done = initialise(checkout, *REAL, "--token-file", "token")
    assert settings(checkout)["timezone"] == "Asia/Tokyo"
    assert "The time zone of the operators is Asia/Tokyo;" in done.stdout


def test_init_names_what_it_keeps(checkout: Path) -> None:
    (checkout / "other").write_text("another-token")
    assert initialise(checkout, *REAL, "--token-file", "token").stderr == ""
    done = initialise(checkout, "--repository", "octo/other", "--token-file", "other")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "scripts/init: secrets/github_token is kept; to replace it: cat other > secrets/github_token",
        "scripts/init: settings/ is kept, and --repository changes nothing; edit settings/auto_issue_processor.yaml",
    ]
    assert settings(checkout)["repositories"] == [{"name": "octo/hello"}]
    assert initialise(checkout).stderr == ""


def test_demo_and_a_real_repository_do_not_mix(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert initialise(checkout, "--demo").returncode == 0
    token = (checkout / "secrets" / "github_token").read_text()
    done = initialise(checkout, *REAL, "--token-file", "token")
    advice = "end it: docker compose down --volumes && rm -r .env secrets"
    assert (done.returncode, done.stderr) == (2, f"scripts/init: the demo is set up here; {advice}\n")
    assert initialise(checkout).returncode == 0
    assert (checkout / "secrets" / "github_token").read_text() == token
    real = copied_checkout(tmp_path_factory.mktemp("real"))
    initialise(real, *REAL, "--token-file", str(checkout / "token"))
    done = initialise(real, "--demo")
    assert (done.returncode, "try the demo in another checkout" in done.stderr) == (2, True)


def settings(checkout: Path) -> dict[str, Any]:
    """Read the main settings that were made."""
    read: dict[str, Any] = yaml.safe_load((checkout / "settings" / "auto_issue_processor.yaml").read_text("utf-8"))
    return read


def answered(checkout: Path, answers: list[str]) -> str:
    """Run scripts/init on a terminal and type the answers; what it prints on stdout."""
    ours, terminal = pty.openpty()
    try:
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        done = subprocess.run(
            ["scripts/init"], cwd=checkout, stdin=terminal, capture_output=True, text=True, check=False, timeout=60
        )
    finally:
        os.close(ours)
        os.close(terminal)
    assert done.returncode == 0, done.stderr
    return done.stdout
