"""Through a proxy and past a private authority: REST and real git take the same way."""

import base64
import contextlib
import ipaddress
import os
import socket
import ssl
import subprocess
import threading
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from processor.errors import GitHubError, NetworkError

NAME = "octo/hello"


class Relay:
    """Listen on a loopback port and pass every connection on; as a proxy it takes CONNECT and absolute addresses."""

    def __init__(self, target, *, tls=None, is_proxy=False):
        self.target, self.tls, self.is_proxy = target, tls, is_proxy
        self.first_lines = []
        self.heads = []
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in list(self._open):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection):
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            stack.callback(connection.close)
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
                stack.callback(connection.close)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            self.first_lines.append(head.split(b"\r\n")[0].decode())
            self.heads.append(head)
            onward = stack.enter_context(socket.create_connection(("127.0.0.1", self.target)))
            self._open |= {connection, onward}
            stack.callback(self._open.difference_update, {connection, onward})
            if self.is_proxy and head.startswith(b"CONNECT"):
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                onward.sendall(head)
            back = threading.Thread(target=_pump, args=(onward, connection), daemon=True)
            back.start()
            _pump(connection, onward)
            back.join(5)


def _pump(source, sink):
    with contextlib.suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A certificate authority of our own, and a server certificate by it for the names that the tests use."""
    folder = tmp_path_factory.mktemp("authority")
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test authority")])
    ca = _certificate(name, name, authority_key.public_key(), authority_key, is_authority=True)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "forge.test")])
    server = _certificate(subject, name, server_key.public_key(), authority_key, is_authority=False)
    (folder / "ca.pem").write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + server.public_bytes(serialization.Encoding.PEM)
    )
    return folder


def _certificate(subject, issuer, public_key, signing_key, *, is_authority):
    names = [x509.DNSName("forge.test"), x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    authority_id = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(authority_id, critical=False)
        .sign(signing_key, hashes.SHA256())
    )


@pytest.fixture
def relay(forge):
    """Make relays that are closed at the end; they lead to the forge unless told otherwise."""
    made = []

    def make(target=None, **kinds):
        made.append(Relay(target or int(forge.url.rpartition(":")[2]), **kinds))
        return made[-1]

    yield make
    for one in reversed(made):
        one.close()


@pytest.fixture
def secure(relay, authority):
    """The forge over TLS, with a certificate of the test authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority / "server.pem")
    return relay(tls=context)


def list_remote(client, url, home, **environment):
    """Run real `git ls-remote` with what the client gives for git, and nothing else."""
    return subprocess.run(
        ["git", "ls-remote", url],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            **environment,
            **client.get_git_access().environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def test_git_reads_a_private_repository_with_our_token(connect, forge, tmp_path):
    forge.create_repository("octo/private", is_private=True)
    client = connect()
    url = client.get_repository("octo/private").clone_url
    done = list_remote(client, url, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "refs/heads/main" in done.stdout


def test_git_with_a_wrong_token_fails_at_once_instead_of_asking(connect, forge, tmp_path):
    forge.create_repository("octo/private", is_private=True)
    done = list_remote(connect(lambda: "ghp_wrong"), forge.git_url("octo/private"), tmp_path)
    assert done.returncode != 0


def test_an_operators_own_header_and_password_do_not_get_in_the_way(connect, forge, tmp_path):
    forge.create_repository("octo/private", is_private=True)
    header = "Authorization: Basic bm9ib2R5Om5vdGhpbmc="
    (tmp_path / ".gitconfig").write_text(
        f'[http "{forge.url}/"]\n extraHeader = {header}\n[credential]\n helper = store\n'
    )
    done = list_remote(connect(), forge.git_url("octo/private"), tmp_path)
    assert done.returncode == 0, done.stderr


def test_the_token_goes_to_the_configured_host_only(connect, relay, tmp_path):
    elsewhere = relay()
    client = connect()
    assert list_remote(client, f"http://127.0.0.1:{elsewhere.port}/{NAME}.git", tmp_path).returncode == 0
    assert elsewhere.heads
    assert all(b"authorization" not in head.lower() for head in elsewhere.heads)


def test_git_access_shows_no_secret(client, token):
    access = client.get_git_access()
    encoded = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    assert encoded in str(access.environment)
    assert encoded not in repr(access)
    assert token not in repr(access)


def test_a_private_authority_is_trusted_by_rest_and_git(connect, secure, authority, tmp_path):
    client = connect(base_url=f"https://localhost:{secure.port}/api/v3", ca_file=authority / "ca.pem")
    url = client.get_repository(NAME).clone_url
    assert url == f"https://localhost:{secure.port}/{NAME}.git"
    done = list_remote(client, url, tmp_path)
    assert done.returncode == 0, done.stderr


def test_an_unknown_authority_is_refused_by_rest_and_git(connect, secure, tmp_path):
    client = connect(base_url=f"https://localhost:{secure.port}/api/v3", read_attempts=1)
    with pytest.raises(NetworkError, match=r"set github.ca_file to its authority"):
        client.get_repository(NAME)
    done = list_remote(client, f"https://localhost:{secure.port}/{NAME}.git", tmp_path)
    assert done.returncode != 0
    assert "certificate" in done.stderr.lower()


def test_rest_and_git_go_through_the_proxy(connect, relay, tmp_path):
    proxy = relay(is_proxy=True)
    client = connect(base_url="http://forge.test:8123/api/v3", proxy=f"http://127.0.0.1:{proxy.port}")
    url = client.get_repository(NAME).clone_url
    done = list_remote(client, url, tmp_path)
    assert done.returncode == 0, done.stderr
    assert proxy.first_lines[0].startswith("GET http://forge.test:8123/api/v3/repos/octo/hello")
    assert proxy.first_lines[1].startswith("GET http://forge.test:8123/octo/hello.git/info/refs")


def test_rest_and_git_go_through_the_proxy_of_the_environment_to_a_private_authority(
    connect, relay, secure, authority, tmp_path
):
    proxy = relay(secure.port, is_proxy=True)
    environ = {"HTTPS_PROXY": f"http://127.0.0.1:{proxy.port}"}
    client = connect(base_url="https://forge.test/api/v3", ca_file=authority / "ca.pem", options={"environ": environ})
    done = list_remote(client, client.get_repository(NAME).clone_url, tmp_path)
    assert done.returncode == 0, done.stderr
    assert {line.split()[:2] == ["CONNECT", "forge.test:443"] for line in proxy.first_lines} == {True}
    assert len(proxy.first_lines) >= 2


def test_the_loopback_is_never_proxied(connect, relay, tmp_path):
    proxy = relay(is_proxy=True)
    address = f"http://127.0.0.1:{proxy.port}"
    client = connect(proxy=address, options={"environ": {"HTTP_PROXY": address}})
    url = client.get_repository(NAME).clone_url
    assert list_remote(client, url, tmp_path, HTTP_PROXY=address, http_proxy=address).returncode == 0
    assert proxy.first_lines == []


def test_a_proxy_that_is_not_there_is_named_by_its_setting(connect):
    client = connect(base_url="http://forge.test/api/v3", proxy="http://user:secret@127.0.0.1:9", read_attempts=1)
    with pytest.raises(NetworkError, match=r"check github.proxy, HTTPS_PROXY and NO_PROXY") as caught:
        client.get_viewer()
    assert "secret" not in str(caught.value)


class Script:
    """Answer each connection with the next of some prepared bytes; with `drip`, one byte at a time for ever."""

    def __init__(self, *answers, drip=False):
        self._answers, self._drip = list(answers), drip
        self.heads = []
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self):
        self._stop.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _run(self):
        with contextlib.suppress(OSError):
            while self._answers:
                connection, _ = self._listener.accept()
                with connection:
                    self.heads.append(connection.recv(65536))
                    connection.sendall(self._answers.pop(0))
                    while self._drip and not self._stop.wait(0.02):
                        connection.sendall(b" ")


@pytest.fixture
def script():
    made = []

    def make(*answers, **kinds):
        made.append(Script(*answers, **kinds))
        return made[-1]

    yield make
    for one in made:
        one.close()


def reply(status, body=b"{}", *headers):
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_a_renamed_repository_is_followed_with_its_query(connect, script):
    server = script(
        reply("301 Moved Permanently", b"{}", "Location: /api/v3/repositories/7/issues"),
        reply("200 OK", b"[]"),
    )
    listing = connect(base_url=f"{server.url}/api/v3").list_open_issues(NAME, "auto-processable")
    assert listing.issues == ()
    asked = server.heads[1].split(b"\r\n")[0].decode()
    assert asked.startswith("GET /api/v3/repositories/7/issues?")
    assert "labels=auto-processable" in asked
    assert "state=open" in asked


def test_a_redirect_to_another_origin_never_gets_the_token(connect, script):
    thief = script(reply("200 OK", b'{"login": "thief"}'))
    server = script(reply("302 Found", b"{}", f"Location: {thief.url}/user"))
    with pytest.raises(GitHubError, match=r"where the token is not sent; set github.base_url"):
        connect(base_url=f"{server.url}/api/v3").get_viewer()
    assert thief.heads == []


def test_a_redirect_loop_ends(connect, script):
    server = script(*[reply("307 Temporary Redirect", b"{}", "Location: /api/v3/user")] * 9)
    with pytest.raises(GitHubError, match="more than 3 times"):
        connect(base_url=f"{server.url}/api/v3").get_viewer()
    assert len(server.heads) == 4


def test_a_page_that_is_no_json_names_what_to_check(connect, script):
    server = script(reply("200 OK", b"<html>please log in</html>"))
    with pytest.raises(GitHubError, match=r"is not JSON \(200, 26 characters\); check github.base_url and the proxy"):
        connect(base_url=f"{server.url}/api/v3").get_viewer()


def test_an_error_page_that_is_no_json_is_still_its_status(connect, script):
    server = script(reply("502 Bad Gateway", b"<html>bad gateway</html>"))
    with pytest.raises(GitHubError, match=r"GitHub failed at GET /user \(502 without a message\)"):
        connect(base_url=f"{server.url}/api/v3", read_attempts=1).get_viewer()


def test_an_answer_that_drips_for_ever_ends_at_the_limit(connect, script):
    server = script(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n{", drip=True)
    with pytest.raises(NetworkError, match=r"within 0.3 s"):
        connect(base_url=f"{server.url}/api/v3", timeout_seconds=0.3, read_attempts=1).get_viewer()


def test_the_token_is_in_no_address_and_the_api_version_is_named(connect, script, token):
    server = script(reply("200 OK", b'{"login": "octo"}'))
    connect(base_url=f"{server.url}/api/v3").get_viewer()
    first, _, rest = server.heads[0].decode().partition("\r\n")
    assert first == "GET /api/v3/user HTTP/1.1"
    assert f"Authorization: token {token}" in rest
    assert "X-GitHub-Api-Version: 2022-11-28" in rest
    assert "User-Agent: auto-issue-processor-a2a" in rest


def test_connections_are_kept_and_used_again(connect, relay, ref):
    way = relay()
    client = connect(base_url=f"http://127.0.0.1:{way.port}/api/v3")
    for _ in range(5):
        client.get_viewer()
        client.get_issue(ref)
        client.remove_label(ref, "absent")
    assert len(way.first_lines) == 1


def test_a_body_shorter_than_promised_is_a_network_error(connect, script):
    server = script(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", reply("200 OK", b'{"login": "octo"}'))
    with pytest.raises(NetworkError, match=r"the connection to GitHub failed at GET /user \(IncompleteRead"):
        connect(base_url=f"{server.url}/api/v3", read_attempts=1).get_viewer()


def test_a_body_in_chunks_is_read_whole(connect, script):
    server = script(
        b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{"login":\r\n7\r\n"\xc3\xb6ct"}\r\n0\r\n\r\n'
    )
    assert connect(base_url=f"{server.url}/api/v3").get_viewer().login == "öct"
