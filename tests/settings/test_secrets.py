"""Secrets are read from files and variables, never show themselves, and what is wrong with them is said."""

import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from processor.errors import SettingsError
from processor.processes import detect_sandbox
from processor.settings.rotation import RotatingSecret
from processor.settings.secrets import (
    Secret,
    read_alerts_token,
    read_app_private_key,
    read_database_password,
    read_github_token,
    secret_warnings,
)
from processor.settings.sections import Alerting, GitHub, GitHubApp, MainFile, Settings, State


def _file(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def _token(github: GitHub, environ: Mapping[str, str]) -> str | None:
    secret = read_github_token(github, environ)
    return secret and secret.reveal()


def test_the_token_comes_from_the_file_then_the_named_file_then_the_variable(tmp_path: Path) -> None:
    first, second = _file(tmp_path / "a", " token-a \n"), _file(tmp_path / "b", "token-b")
    environ = {"GITHUB_TOKEN_FILE": str(second), "GITHUB_TOKEN": "token-c\n"}
    assert _token(GitHub(token_file=first), environ) == "token-a"
    assert _token(GitHub(), environ) == "token-b"
    assert _token(GitHub(), {"GITHUB_TOKEN": "token-c\n", "GITHUB_TOKEN_FILE": ""}) == "token-c"
    assert _token(GitHub(), {"GITHUB_TOKEN": " "}) is None


REMEDY = "put the token alone into it, or unset it and set GITHUB_TOKEN"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, f": github.token_file: the file cannot be read (No such file or directory); {REMEDY}"),
        (b" \n", f": github.token_file: the file is empty; {REMEDY}"),
        (b"\xff\xfe", f": github.token_file: the file is not UTF-8 text; {REMEDY}"),
        (b"one two", f": github.token_file = ***: holds more than one word of plain characters; {REMEDY}"),
        (b"a\nb", f": github.token_file = ***: holds more than one word of plain characters; {REMEDY}"),
    ],
)
def test_a_file_without_a_token_is_a_fault(tmp_path: Path, content: bytes | None, told: str) -> None:
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        read_github_token(GitHub(token_file=path), {"GITHUB_TOKEN": "token-c"})
    assert str(caught.value) == f"{path}{told}"


def test_a_variable_that_would_break_a_header_is_a_fault() -> None:
    with pytest.raises(SettingsError) as caught:
        read_github_token(GitHub(), {"GITHUB_TOKEN": "abc\r\nX-Evil: 1"})
    assert str(caught.value) == (
        "environment: GITHUB_TOKEN = ***: holds more than one word of plain characters; set it to the token alone"
    )


def test_the_database_password_keeps_its_spaces(tmp_path: Path) -> None:
    state = State(database_password_file=_file(tmp_path / "password", " pass word \n"))
    password = read_database_password(state, {"PGPASSWORD": "other"})
    assert password is not None
    assert password.reveal() == " pass word "


def test_the_database_password_may_come_from_the_variable_of_libpq() -> None:
    assert read_database_password(State(), {}) is None
    assert read_database_password(State(), {"PGPASSWORD": "s3cret"}) == Secret("s3cret")


def test_the_token_of_the_alerts_comes_from_the_file_then_the_variable(tmp_path: Path) -> None:
    file = _file(tmp_path / "token", "alerts-a\n")
    assert read_alerts_token(Alerting(token_file=file), {"AIP_ALERTS_TOKEN": "alerts-b"}) == Secret("alerts-a")
    assert read_alerts_token(Alerting(), {"AIP_ALERTS_TOKEN": "alerts-b"}) == Secret("alerts-b")
    assert read_alerts_token(Alerting(), {"AIP_ALERTS_TOKEN": " "}) is None


def test_a_file_without_a_token_of_the_alerts_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_alerts_token(Alerting(token_file=tmp_path / "gone"), {})
    assert str(caught.value) == (
        f"{tmp_path}/gone: alerting.token_file: the file cannot be read (No such file or directory); "
        "put the token alone into it, such as one made by `openssl rand -hex 32`"
    )


def test_the_key_of_an_app_must_be_a_pem_file(tmp_path: Path) -> None:
    path = _file(tmp_path / "key.pem", "not a key")
    app = GitHubApp(app_id=1, installation_id=2, private_key_file=path)
    with pytest.raises(SettingsError) as caught:
        read_app_private_key(app)
    assert str(caught.value) == (
        f"{path}: github.app.private_key_file: the file holds no PEM private key; "
        "download a key on the App's settings page and name its file here"
    )
    _file(path, "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----\n")
    assert read_app_private_key(app).reveal().startswith("-----BEGIN")


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret("s3cret-text")
    assert {repr(secret), str(secret), f"{secret}", f"{secret!r:>5}"} == {"Secret(***)", "***"}
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(secret)
    assert secret != "s3cret-text"
    assert hash(secret) == hash(Secret("s3cret-text"))


def test_a_file_that_an_engine_mounts_by_itself_is_not_pointed_at(tmp_path: Path) -> None:
    if not (status := detect_sandbox("auto")).is_active:
        pytest.skip(status.reason)
    token = _file(tmp_path / "token", "t", 0o644)
    source = (
        "from pathlib import Path; from processor.settings.secrets import secret_warnings;"
        "from processor.settings.sections import GitHub, MainFile, Settings;"
        "of = lambda name: Settings(main=MainFile(github=GitHub(token_file=Path(name))));"
        "Path('/run/own').write_text('t');"
        "print([len(secret_warnings(of(name), {})) for name in ('/run/token', '/run/own')])"
    )
    argv = ["bwrap", "--ro-bind", "/", "/", "--tmpfs", "/run", "--ro-bind", token, "/run/token", sys.executable]
    done = subprocess.run([*argv, "-c", source], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("[0, 1]\n", "")


def test_a_file_that_all_users_can_read_is_pointed_at(tmp_path: Path) -> None:
    token, password = _file(tmp_path / "token", "t", 0o644), _file(tmp_path / "password", "p", 0o640)
    main = MainFile(github=GitHub(token_file=token), state=State(database_password_file=password))
    assert [str(fault) for fault in secret_warnings(Settings(main=main), {})] == [
        f"{token}: github.token_file: every user of this machine can read the file; chmod 600 {token}"
    ]


def test_a_file_that_this_user_may_not_look_at_is_not_pointed_at_and_stops_nothing() -> None:
    unseen = Path("n" * 300) / "token"  # the system refuses to look, for root too
    assert secret_warnings(Settings(main=MainFile(github=GitHub(token_file=unseen))), {}) == ()


def test_a_token_that_is_ignored_is_pointed_at(tmp_path: Path) -> None:
    settings = Settings(main=MainFile(github=GitHub(token_file=_file(tmp_path / "token", "t"))))
    assert [str(fault) for fault in secret_warnings(settings, {"GITHUB_TOKEN": "token-c"})] == [
        "environment: GITHUB_TOKEN = ***: is ignored, github.token_file is set; unset one of them"
    ]


def test_a_rotated_file_is_read_again_and_the_last_good_text_bridges_a_gap(tmp_path: Path) -> None:
    path = tmp_path / "token"
    with pytest.raises(SettingsError):
        RotatingSecret(lambda: _token_of(path))
    _file(path, "token-one\n")
    secret = RotatingSecret(lambda: _token_of(path))
    assert secret.reveal() == "token-one"
    for gap in ("", "\n", "two words"):
        _file(path, gap)
        assert secret.reveal() == "token-one"
    path.unlink()
    assert secret.reveal() == "token-one"
    _file(path, "token-two\n")
    assert secret.reveal() == "token-two"
    assert "token-" not in repr(vars(secret))


def _token_of(path: Path) -> Secret:
    token = read_github_token(GitHub(token_file=path), {})
    assert token is not None
    return token
