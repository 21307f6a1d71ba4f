"""Turn an answer that is no success into the error that says what happened and what to do. Pure.

Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
"""

from processor.errors import GitHubAuthError, GitHubError, GitHubForbidden, GitHubNotFound, GitHubUnavailable
from processor.github_client.rate_limits import read_retry_after
from processor.github_client.values import Answer, EndpointGroup, Failure, StatusClass

_PASSING = frozenset({500, 502, 503, 504})
_TEXT_LIMIT = 500
_PERMISSIONS = {
    EndpointGroup.ACCOUNT: "metadata: read",
    EndpointGroup.REPOSITORY: "metadata: read",
    EndpointGroup.ISSUES: "issues: write",
    EndpointGroup.LABELS: "issues: write",
    EndpointGroup.COMMENTS: "issues: write",
    EndpointGroup.PULL_REQUESTS: "pull requests: write",
    EndpointGroup.CHECKS: "checks: read and commit statuses: read",
    EndpointGroup.BRANCHES: "contents: write",
    EndpointGroup.SECURITY: "Dependabot alerts: read, code scanning alerts: read and secret scanning alerts: read",
}


class CredentialsRefused(GitHubAuthError):
    """GitHub does not know the credentials (401), as against knowing and forbidding."""


def refusal(answer: Answer, call: str, group: EndpointGroup) -> Failure:
    """Map an answer of 400 or more that is no rate limit. `call` names the request, such as `GET /user`."""
    said = github_words(answer)
    status = answer.status
    if status == 401:
        error: GitHubError = CredentialsRefused(
            f"GitHub did not accept the credentials for {call} (401 {said}); "
            "put a valid token into github.token_file or GITHUB_TOKEN, then run `aip check`"
        )
    elif status == 403:
        error = _forbidden(answer, call, group, said)
    elif status == 410:
        error = GitHubNotFound(f"{call} is gone ({status} {said}); {_remedy_for_gone(said)}")
    elif status == 404:
        error = GitHubNotFound(
            f"{call} was not found ({status} {said}); "
            "check the name, and that the token may see it (GitHub hides what a token may not see)"
        )
    elif status >= 500:
        error = GitHubUnavailable(
            f"GitHub failed at {call} ({status} {said}); "
            "try again later, and after a write look first whether it took effect"
        )
    else:
        error = GitHubError(f"GitHub refused {call} ({status} {said})")
    return Failure(
        error,
        StatusClass.FAILED if status >= 500 else StatusClass.REFUSED,
        is_passing=status in _PASSING,
        wait_seconds=read_retry_after(answer.headers),
    )


def github_words(answer: Answer) -> str:
    """Give GitHub's own message and the errors it lists, on one line and cut to a readable length."""
    if not isinstance(answer.data, dict):
        return "without a message"
    words = [str(answer.data.get("message") or "without a message")]
    errors = answer.data.get("errors")
    if isinstance(errors, list):
        words += [_error_words(error) for error in errors]
    return " ".join("; ".join(words).split())[:_TEXT_LIMIT]


def _error_words(error: object) -> str:
    if not isinstance(error, dict):
        return str(error)
    if error.get("message"):
        return str(error["message"])
    return f"{error.get('resource', '?')}.{error.get('field', '?')}: {error.get('code', '?')}"


def _remedy_for_gone(said: str) -> str:
    if "disabled" in said.lower():
        return "switch issues on in the repository's settings on GitHub, or take the repository out of ours"
    return "it was deleted on GitHub and does not come back"


def _forbidden(answer: Answer, call: str, group: EndpointGroup, said: str) -> GitHubError:
    if "archived" in said.lower():
        return GitHubError(
            f"GitHub refused {call} (403 {said}); unarchive the repository or take it out of the settings"
        )
    if "required" in answer.headers.get("x-github-sso", ""):
        remedy = "authorize the token for the organization's single sign-on on GitHub's page of tokens"
    else:
        remedy = f"give the token {_needed(answer, group)}, then run `aip check`"
    # Without GitHub's words it may be a proxy's refusal, which can pass.
    kind = GitHubForbidden if isinstance(answer.data, dict) else GitHubAuthError
    return kind(f"the credentials may not do {call} (403 {said}); {remedy}")


def _needed(answer: Answer, group: EndpointGroup) -> str:
    """Name what is missing: as GitHub's headers say it, else from what the call is about."""
    permissions = answer.headers.get("x-accepted-github-permissions", "").replace("=", ": ")
    if answer.headers.get("x-oauth-scopes") is not None:
        scopes = answer.headers.get("x-accepted-oauth-scopes") or "repo"
        return f"the scope {scopes} (it has: {answer.headers['x-oauth-scopes'] or 'none'}) and its owner the right"
    return f"the permission {permissions or _PERMISSIONS[group]}"
