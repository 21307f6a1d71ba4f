"""Who gets in: tokens, scopes, roles, fine-grained permissions and app installations."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import jwt
import pytest
import requests
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from github import Auth, BadCredentialsException, Github, GithubException, GithubIntegration, UnknownObjectException

from processor.forge import Forge

NAME = "octo/demo"
SECRET = "octo/secret"
Client = Callable[[str], Github]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def private_pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def public_pem(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@pytest.fixture
def integration(forge: Forge, public_pem: str, private_pem: str) -> Iterator[GithubIntegration]:
    app = forge.create_app("fixer", public_key=public_pem, permissions={"issues": "write", "contents": "read"})
    forge.install_app(app.id, "octo", repositories=[NAME, SECRET])
    found = GithubIntegration(
        auth=Auth.AppAuth(app.id, private_pem),
        base_url=forge.api_url,
        retry=None,
        seconds_between_requests=None,
        seconds_between_writes=None,
    )
    yield found
    found.close()


def test_a_wrong_or_revoked_token_is_a_401(forge: Forge, client: Client, token: str) -> None:
    for text in ("ghp_wrong", token):
        forge.revoke_token(token)
        with pytest.raises(BadCredentialsException, match="Bad credentials") as caught:
            client(text).get_repo(NAME)
        assert caught.value.status == 401


def test_a_token_ends_when_it_expires(forge: Forge, client: Client) -> None:
    past, future = datetime.now(UTC) - timedelta(seconds=1), datetime.now(UTC) + timedelta(days=1)
    with pytest.raises(BadCredentialsException):
        client(forge.create_token("bot", expires_at=past)).get_user().login  # noqa: B018  reading it asks the forge
    assert client(forge.create_token("bot", expires_at=future)).get_user().login == "bot"


def test_nobody_sees_public_repositories_and_nothing_else(forge: Forge) -> None:
    forge.create_repository(SECRET, is_private=True)
    assert requests.get(f"{forge.api_url}/repos/{NAME}", timeout=60).json()["full_name"] == NAME
    assert requests.get(f"{forge.api_url}/repos/{SECRET}", timeout=60).status_code == 404
    assert requests.get(f"{forge.api_url}/user", timeout=60).status_code == 401
    answer = requests.post(f"{forge.api_url}/repos/{NAME}/issues", json={"title": "x"}, timeout=60)
    assert (answer.status_code, answer.json()["message"]) == (401, "Requires authentication")


def test_a_private_repository_is_there_for_collaborators_with_the_repo_scope_only(forge: Forge, client: Client) -> None:
    forge.create_repository(SECRET, is_private=True, collaborators={"bot": "write"})
    assert client(forge.create_token("bot")).get_repo(SECRET).private
    for text in (forge.create_token("mallory"), forge.create_token("bot", scopes=["public_repo"])):
        with pytest.raises(UnknownObjectException):
            client(text).get_repo(SECRET)


def test_scopes_are_shown_for_classic_tokens_only(forge: Forge) -> None:
    def scopes(text: str) -> str | None:
        answer = requests.get(f"{forge.api_url}/user", headers={"Authorization": f"token {text}"}, timeout=60)
        return answer.headers.get("X-OAuth-Scopes")

    assert scopes(forge.create_token("bot", scopes=["repo", "workflow"])) == "repo, workflow"
    assert scopes(forge.create_token("bot", scopes=[])) == ""
    assert scopes(forge.create_token("bot", permissions={"issues": "read"})) is None


@pytest.mark.parametrize(
    "values",
    [
        {"scopes": []},
        {"permissions": {"issues": "read"}},
        {"permissions": {"contents": "write"}},
        {"permissions": {"issues": "write"}, "repositories": ["octo/other"]},
    ],
)
def test_a_token_that_may_not_write_issues_is_a_403(forge: Forge, client: Client, values: dict[str, object]) -> None:
    forge.open_issue(NAME, "An issue")
    issue = client(forge.create_token("bot", **values)).get_repo(NAME).get_issue(1)  # type: ignore[arg-type]
    with pytest.raises(GithubException, match="Resource not accessible by personal access token") as caught:
        issue.create_comment("hi")
    assert caught.value.status == 403


def test_a_fine_grained_token_may_do_what_it_says_and_no_more(forge: Forge, client: Client) -> None:
    forge.create_repository(SECRET, is_private=True, collaborators={"bot": "write"})
    forge.open_issue(SECRET, "An issue")
    text = forge.create_token("bot", permissions={"issues": "write"}, repositories=[SECRET])
    secret = client(text).get_repo(SECRET)
    assert secret.get_issue(1).create_comment("hi").body == "hi"
    with pytest.raises(GithubException) as caught:
        secret.get_pulls().get_page(0)
    assert caught.value.status == 403


def test_a_role_that_is_too_low_is_a_403(forge: Forge, client: Client) -> None:
    reader = client(forge.create_token("mallory")).get_repo(NAME)
    with pytest.raises(GithubException, match="Must have write rights") as caught:
        reader.create_git_ref("refs/heads/x", reader.get_branch("main").commit.sha)
    assert caught.value.status == 403
    assert (reader.permissions.push, reader.permissions.pull) == (False, True)


def test_an_archived_repository_is_read_only(forge: Forge, client: Client, token: str) -> None:
    forge.edit_repository(NAME, is_archived=True)
    with pytest.raises(GithubException, match="archived") as caught:
        client(token).get_repo(NAME).create_issue("x")
    assert caught.value.status == 403


def test_the_permission_of_a_login_is_told(forge: Forge, client: Client, token: str) -> None:
    forge.set_collaborator(NAME, "helper", "triage")
    forge.create_user("mallory")
    repository = client(token).get_repo(NAME)
    found = {name: repository.get_collaborator_permission(name) for name in ("octo", "bot", "helper", "mallory")}
    assert found == {"octo": "admin", "bot": "write", "helper": "read", "mallory": "read"}
    assert repository.has_in_collaborators("helper")
    assert not repository.has_in_collaborators("mallory")
    assert [user.login for user in repository.get_collaborators()] == ["octo", "bot", "helper"]
    with pytest.raises(UnknownObjectException):
        repository.get_collaborator_permission("nobody")


def test_an_app_is_known_by_its_key_and_gets_tokens_that_end(
    forge: Forge, integration: GithubIntegration, client: Client
) -> None:
    forge.create_repository(SECRET, is_private=True)
    installation = integration.get_repo_installation("octo", "demo")
    token = integration.get_access_token(installation.id)
    assert timedelta(minutes=59) < token.expires_at - datetime.now(UTC) <= timedelta(hours=1)
    assert token.permissions == {"issues": "write", "contents": "read"}
    github = client(token.token)
    assert github.get_repo(NAME).create_issue("By the app").user.login == "fixer[bot]"
    assert github.get_repo(SECRET).private
    with pytest.raises(GithubException, match="not accessible by integration") as caught:
        github.get_repo(NAME).create_git_ref("refs/heads/x", github.get_repo(NAME).get_branch("main").commit.sha)
    assert caught.value.status == 403


def test_pygithub_renews_installation_tokens_by_itself(forge: Forge, integration: GithubIntegration) -> None:
    installation = integration.get_installations()[0]
    with installation.get_github_for_installation() as github:
        assert github.get_repo(NAME).full_name == NAME
    assert forge.stats.writes == 0


def test_an_installation_token_can_be_narrowed_but_not_widened(
    forge: Forge, integration: GithubIntegration, client: Client
) -> None:
    installation = integration.get_repo_installation("octo", "demo")
    narrow = integration.get_access_token(installation.id, permissions={"issues": "read"})
    forge.open_issue(NAME, "An issue")
    with pytest.raises(GithubException) as caught:
        client(narrow.token).get_repo(NAME).get_issue(1).create_comment("x")
    assert caught.value.status == 403
    with pytest.raises(GithubException) as wide:
        integration.get_access_token(installation.id, permissions={"contents": "write"})
    assert wide.value.status == 422


def test_the_app_itself_and_its_absence_are_told(forge: Forge, integration: GithubIntegration) -> None:
    forge.create_repository("alice/else")
    assert (integration.get_app().slug, len(list(integration.get_installations()))) == ("fixer", 1)
    with pytest.raises(UnknownObjectException):
        integration.get_repo_installation("alice", "else")


def test_a_jwt_that_is_forged_expired_or_too_long_lets_nobody_in(
    forge: Forge, integration: GithubIntegration, private_pem: str
) -> None:
    now, app_id = int(time.time()), str(integration.get_app().id)
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def status(signing_key: object, **claims: object) -> int:
        text = jwt.encode({"iat": now, "exp": now + 300, "iss": app_id, **claims}, signing_key, algorithm="RS256")  # type: ignore[arg-type]
        return requests.get(f"{forge.api_url}/app", headers={"Authorization": f"Bearer {text}"}, timeout=60).status_code

    assert status(private_pem) == 200
    assert status(stranger) == 401
    assert status(private_pem, exp=now - 60) == 401
    assert status(private_pem, exp=now + 3600) == 401
    assert status(private_pem, iss="999") == 404
    assert status(private_pem, iss="name") == 401
