"""TLS and basic authentication by a `web.yml` as Prometheus's own exporters read it."""

import base64
import ssl
import time
from pathlib import Path

import bcrypt
import pytest
import requests
import yaml

from exporter.basic_auth import BasicAuth
from exporter.web_config import read_web_config
from processor.errors import SettingsError
from tests.exporter.certificates import Authority

FAULTS = Path(__file__).parents[1] / "testdata" / "web_config"
HASH = bcrypt.hashpw(b"correct horse", bcrypt.gensalt(4)).decode()


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def write(tmp_path):
    """Write web.yml and give its path."""

    def put(data) -> Path:
        path = tmp_path / "web.yml"
        text = data if isinstance(data, str) else yaml.safe_dump(data)
        new = tmp_path / "web.yml.new"
        new.write_text(text, encoding="utf-8")
        new.replace(path)
        return path

    return put


def _get(url: str, **how) -> requests.Response:
    with requests.Session() as session:
        session.trust_env = False
        return session.get(url, timeout=60, **how)


def _tls(pair, **more) -> dict:
    return {"tls_server_config": {"cert_file": pair.certificate.name, "key_file": pair.key.name, **more}}


def test_tls_is_spoken_with_the_files_beside_it(serve, write, authority):
    client = serve("slo", web_config=write(_tls(authority.pair("server"), min_version="TLS13")))
    assert client.url.startswith("https://127.0.0.1:")
    assert "aip_slo_objective_ratio" in _get(f"{client.url}/metrics", verify=str(authority.file)).text
    with pytest.raises(requests.exceptions.SSLError):
        _get(f"{client.url}/metrics")
    with pytest.raises(requests.exceptions.ConnectionError):
        _get(client.url.replace("https", "http"))


def test_a_client_without_a_certificate_stays_outside(serve, write, authority, tmp_path):
    pair, own = authority.pair("server"), authority.pair("prometheus")
    stranger = Authority(tmp_path, "stranger").pair("intruder")
    asked = {"client_ca_file": authority.file.name, "client_auth_type": "RequireAndVerifyClientCert"}
    client = serve("slo", web_config=write(_tls(pair, **asked)))
    verify = str(authority.file)
    answer = _get(f"{client.url}/metrics", verify=verify, cert=(str(own.certificate), str(own.key)))
    assert answer.status_code == 200
    for cert in (None, (str(stranger.certificate), str(stranger.key))):
        with pytest.raises((requests.exceptions.ConnectionError, ssl.SSLError)):
            _get(f"{client.url}/metrics", verify=verify, cert=cert)


def test_only_users_with_their_password_come_in(serve, write):
    client = serve("slo", web_config=write({"basic_auth_users": {"prometheus": HASH}}))
    refused = _get(f"{client.url}/metrics")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"] == 'Basic realm="aip-exporter"'
    assert _get(f"{client.url}/metrics", auth=("prometheus", "correct horse")).status_code == 200
    for auth in (("prometheus", "wrong"), ("nobody", "correct horse"), ("prometheus", ""), ("prometheus", "x" * 100)):
        assert _get(f"{client.url}/metrics", auth=auth).status_code == 401
    for path in ("/", "/-/healthy", "/-/ready"):
        assert _get(f"{client.url}{path}").status_code == 401


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic ???", "Bearer abc", "Basic bm9jb2xvbg==", "Basic /w==", "Basic OgA="]
)
def test_a_header_that_is_no_login_is_refused(header):
    assert not BasicAuth().is_known(header, {"prometheus": HASH.encode()})


def test_the_cost_of_bcrypt_is_paid_once():
    users = {"prometheus": bcrypt.hashpw(b"secret", bcrypt.gensalt(11))}
    header = "Basic " + base64.b64encode(b"prometheus:secret").decode()
    auth = BasicAuth()
    began = time.thread_time()
    assert auth.is_known(header, users)
    first = time.thread_time() - began
    began = time.thread_time()
    assert all(auth.is_known(header, users) for _ in range(20))
    assert time.thread_time() - began < first


def test_a_changed_password_does_not_live_on_in_what_is_remembered():
    header = "Basic " + base64.b64encode(b"prometheus:correct horse").decode()
    auth = BasicAuth()
    assert auth.is_known(header, {"prometheus": HASH.encode()})
    assert not auth.is_known(header, {"prometheus": bcrypt.hashpw(b"new", bcrypt.gensalt(4))})
    assert not auth.is_known(header, {"other": HASH.encode()})


def test_a_changed_file_is_taken_up_and_a_bad_one_changes_nothing(run_program, write, authority):
    path = write({"basic_auth_users": {"prometheus": HASH}})
    running = run_program("--collectors", "slo", "--web-config", str(path))
    url = running.client.url

    def wait_for(status: int, password: str) -> None:
        deadline = time.monotonic() + 60
        while _get(f"{url}/metrics", auth=("prometheus", password)).status_code != status:
            assert time.monotonic() < deadline, running.log.read_text()

    wait_for(200, "correct horse")
    write("basic_auth_users: {prometheus: not-a-hash")
    deadline = time.monotonic() + 60
    while "web_config.refused" not in running.log.read_text():
        assert _get(f"{url}/metrics", auth=("prometheus", "correct horse")).status_code == 200
        assert time.monotonic() < deadline
    assert "not-a-hash" not in running.log.read_text()
    users = {"basic_auth_users": {"prometheus": bcrypt.hashpw(b"new", bcrypt.gensalt(4)).decode()}}
    write(users)
    wait_for(200, "new")
    wait_for(401, "correct horse")
    write("")  # as a file is for a moment while it is written
    deadline = time.monotonic() + 60
    while "takes TLS or every user away" not in running.log.read_text():
        assert _get(f"{url}/metrics").status_code == 401
        assert time.monotonic() < deadline
    write({**_tls(authority.pair("server")), **users})
    deadline = time.monotonic() + 60
    while True:
        try:
            secure = url.replace("http", "https")
            shown = _get(f"{secure}/metrics", auth=("prometheus", "new"), verify=str(authority.file))
        except requests.exceptions.ConnectionError:
            assert time.monotonic() < deadline
        else:
            assert shown.status_code == 200
            break


@pytest.mark.parametrize("name", sorted(folder.name for folder in FAULTS.iterdir()))
def test_each_fault_is_named_with_its_line_and_remedy(write, authority, tmp_path, name):
    for pair in ("server", "other"):
        authority.pair(pair)
    authority.pair("locked", b"secret")
    path = write((FAULTS / name / "web.yml").read_text(encoding="utf-8"))
    with pytest.raises(SettingsError) as refused:
        read_web_config(path)
    expected = (FAULTS / name / "expected.txt").read_text(encoding="utf-8").replace("{folder}", str(tmp_path))
    assert f"{refused.value}\n" == expected


def test_a_wrong_file_ends_the_program_with_every_fault(program, write):
    path = write("basic_auth_users:\n  prometheus: secret\n  other: secret")
    done = program("--web-config", str(path), "--listen", "127.0.0.1:0")
    assert done.code == 2
    assert [line.split(": ")[0:2] for line in done.err.splitlines()] == [
        ["aip-exporter", f"{path}:2"],
        ["aip-exporter", f"{path}:3"],
    ]
    assert "secret" not in done.err


def test_a_file_that_is_not_there_is_named(program):
    done = program("--web-config", "nowhere.yml", "--listen", "127.0.0.1:0")
    assert (done.code, done.err) == (
        2, "aip-exporter: nowhere.yml: file: does not exist; create it, or leave --web-config out\n"
    )  # fmt: skip
