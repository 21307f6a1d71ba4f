"""GitHub App authentication: tokens are minted when needed, kept, renewed, and shared by all threads."""

import base64
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from processor.errors import GitHubAuthError, GitHubNotFound
from processor.github_client import AccessState, AppCredentials, Viewer, check_access

NAME = "octo/hello"
#: Signs in a process of its own, with the key from stdin: here the tests have loaded cryptography long since.
SIGNS = """
import sys, time
from processor.github_client import AppCredentials
from processor.github_client.app_tokens import AppTokens

key = sys.stdin.read()
print("cryptography" in sys.modules)
app = AppCredentials(app_id=7, installation_id=1, private_key=lambda: key)
print(AppTokens(app, None, clock=time.time).sign())
print("cryptography" in sys.modules)
"""


@pytest.fixture(scope="session")
def key_pair():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()


@pytest.fixture
def credentials(forge, key_pair):
    app = forge.create_app("fixer", public_key=key_pair[1])
    installation = forge.install_app(app.id, "octo")
    return AppCredentials(app_id=app.id, installation_id=installation.id, private_key=lambda: key_pair[0])


def mints(forge):
    return len(forge.requests.entries(endpoint="create_installation_token"))


def test_an_app_works_under_its_own_name(connect, forge, credentials, ref):
    client = connect(credentials)
    assert client.get_viewer() == Viewer(login="fixer[bot]", scopes=None, is_app=True)
    client.upsert_comment(ref, "<!-- x -->", "hello")
    client.upsert_comment(ref, "<!-- x -->", "hello again")
    assert [(one.author, one.body) for one in forge.comments(NAME, 1)] == [("fixer[bot]", "<!-- x -->\nhello again")]
    assert mints(forge) == 1


def test_an_installation_token_that_was_given_to_us_knows_its_comment_by_the_mark(connect, forge, credentials, ref):
    minting = connect(credentials)
    minting.get_issue(ref)
    given = minting.session.secret()
    forge.comment(NAME, 1, "<!-- x -->\nsaid by a stranger", author="mallory")
    for text in ("hello", "hello again"):
        client = connect(lambda: given)
        client.upsert_comment(ref, "<!-- x -->", text)
    assert client.get_viewer() == Viewer(login=None, scopes=None, is_app=True)
    assert [(one.author, one.body) for one in forge.comments(NAME, 1)] == [
        ("mallory", "<!-- x -->\nsaid by a stranger"),
        ("fixer[bot]", "<!-- x -->\nhello again"),
    ]


def test_the_check_says_what_such_a_token_cannot_show(connect, credentials, ref):
    minting = connect(credentials)
    minting.get_issue(ref)
    given = minting.session.secret()
    report = check_access(connect(lambda: given), NAME)
    assert report.is_ok
    assert [(one.name, one.detail, one.remedy) for one in report.items if one.state is AccessState.WARNING] == [
        (
            "credentials",
            "an App's installation token, which ends within hours",
            "for a service set github.app: its tokens are renewed",
        ),
        (
            "permissions",
            "an installation token does not show what it may write",
            "make sure that it has contents, issues and pull requests: read and write",
        ),
    ]


def test_many_threads_share_one_token(connect, forge, credentials, ref):
    client = connect(credentials)
    with ThreadPoolExecutor(8) as pool:
        titles = list(pool.map(lambda _: client.get_issue(ref).title, range(24)))
    assert titles == ["greet the world"] * 24
    assert mints(forge) == 1


def test_a_token_is_renewed_before_it_ends(connect, forge, credentials, ref):
    now = [datetime.now(UTC).timestamp()]
    client = connect(credentials, options={"clock": lambda: now[0]})
    client.get_issue(ref)
    now[0] += 3600 - 301 - 2
    client.get_issue(ref)
    assert mints(forge) == 1
    now[0] += 5
    client.get_issue(ref)
    assert mints(forge) == 2


def test_a_token_that_was_revoked_early_is_minted_anew(connect, forge, credentials, ref):
    client = connect(credentials)
    header = client.get_git_access().environment["GIT_CONFIG_VALUE_1"]
    forge.revoke_token(_token_of(header))
    client.create_comment(ref, "still here")
    assert len(forge.comments(NAME, 1)) == 1
    assert mints(forge) == 2


def test_a_lost_mint_is_tried_again(connect, forge, credentials, ref):
    forge.faults.add("drop", "create_installation_token", when="after")
    assert connect(credentials, read_attempts=2).get_issue(ref).title == "greet the world"


def test_a_wrong_key_is_named_without_being_shown(connect, credentials, ref):
    broken = AppCredentials(app_id=7, installation_id=1, private_key=lambda: "-----BEGIN SECRET-----")
    with pytest.raises(GitHubAuthError) as caught:
        connect(broken).get_issue(ref)
    assert "the private key of GitHub App 7 cannot be used" in str(caught.value)
    assert "github.app.private_key_file must be the PEM file" in str(caught.value)
    assert "SECRET" not in repr(caught.value)
    assert caught.value.__context__ is None
    assert "BEGIN" not in repr(credentials)


def test_an_installation_that_does_not_exist_is_not_found(connect, credentials, key_pair, ref):
    absent = AppCredentials(app_id=credentials.app_id, installation_id=999_999, private_key=lambda: key_pair[0])
    with pytest.raises(GitHubNotFound, match="POST /app/installations/999999/access_tokens"):
        connect(absent).get_issue(ref)


def test_the_access_report_of_an_app_knows_what_it_may_write(connect, forge, key_pair, credentials):
    assert check_access(connect(credentials), NAME).is_ok
    poor = forge.create_app("reader", public_key=key_pair[1], permissions={"contents": "write", "issues": "read"})
    installation = forge.install_app(poor.id, "octo")
    weak = AppCredentials(app_id=poor.id, installation_id=installation.id, private_key=lambda: key_pair[0])
    report = check_access(connect(weak), NAME)
    (item,) = [item for item in report.items if item.name == "permissions"]
    assert not report.is_ok
    assert item.detail == "the App may not write issues, pull_requests"


def _token_of(header):
    return base64.b64decode(header.rpartition(" ")[2]).decode().partition(":")[2]


def test_cryptography_comes_with_the_first_signature(key_pair: tuple[str, str]) -> None:
    ran = subprocess.run([sys.executable, "-c", SIGNS], input=key_pair[0], capture_output=True, text=True, check=True)
    before, signed, after = ran.stdout.split()
    assert (before, after) == ("False", "True")
    assert jwt.decode(signed, key_pair[1], algorithms=["RS256"])["iss"] == "7"
