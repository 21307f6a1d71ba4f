"""Through a proxy and past a private authority: REST and real git take the same way."""

import base64
import os
import subprocess

import pytest

from processor.errors import NetworkError

NAME = "octo/hello"


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


def test_connections_are_kept_and_used_again(connect, relay, ref):
    way = relay()
    client = connect(base_url=f"http://127.0.0.1:{way.port}/api/v3")
    for _ in range(5):
        client.get_viewer()
        client.get_issue(ref)
        client.remove_label(ref, "absent")
    assert len(way.first_lines) == 1
