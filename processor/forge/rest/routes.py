"""The table of calls: method, path, endpoint group and the function that answers."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from processor.forge.rest import account_calls as account
from processor.forge.rest import comment_calls as comment
from processor.forge.rest import commit_calls as commit
from processor.forge.rest import issue_calls as issue
from processor.forge.rest import pull_calls as pull
from processor.forge.rest import ref_calls as ref
from processor.forge.rest import repository_calls as repository
from processor.forge.rest import security_calls as security
from processor.forge.rest.call import Answer, Call

REPO = "/repos/{owner}/{repo}"
ISSUE = f"{REPO}/issues/{{number}}"
PULL = f"{REPO}/pulls/{{number}}"


@dataclass(frozen=True, slots=True)
class Route:
    """One call; its group's name is the function's. `{name...}` in the path takes slashes too."""

    method: str
    path: str
    answer: Callable[[Call], Answer]

    @property
    def endpoint(self) -> str:
        """Return the endpoint group."""
        return self.answer.__name__


ROUTES = (
    Route("GET", "/user", account.get_user),
    Route("GET", "/user/repos", repository.list_user_repositories),
    Route("GET", "/users/{login}", account.get_named_user),
    Route("GET", "/rate_limit", account.get_rate_limit),
    Route("GET", "/meta", account.get_meta),
    Route("GET", "/app", account.get_app),
    Route("GET", "/app/installations", account.list_installations),
    Route("GET", "/app/installations/{id}", account.get_installation),
    Route("POST", "/app/installations/{id}/access_tokens", account.create_installation_token),
    Route("GET", "/installation/repositories", account.list_installation_repositories),
    Route("GET", "/search/issues", issue.search_issues),
    Route("GET", REPO, repository.get_repository),
    Route("GET", f"{REPO}/installation", account.get_repository_installation),
    Route("GET", f"{REPO}/collaborators", repository.list_collaborators),
    Route("GET", f"{REPO}/collaborators/{{login}}", repository.check_collaborator),
    Route("GET", f"{REPO}/collaborators/{{login}}/permission", repository.get_permission),
    Route("GET", f"{REPO}/labels", repository.list_labels),
    Route("POST", f"{REPO}/labels", repository.create_label),
    Route("GET", f"{REPO}/labels/{{name...}}", repository.get_label),
    Route("PATCH", f"{REPO}/labels/{{name...}}", repository.update_label),
    Route("DELETE", f"{REPO}/labels/{{name...}}", repository.delete_label),
    Route("GET", f"{REPO}/issues", issue.list_issues),
    Route("POST", f"{REPO}/issues", issue.create_issue),
    Route("GET", f"{REPO}/issues/comments", comment.list_repository_comments),
    Route("GET", f"{REPO}/issues/comments/{{id}}", comment.get_comment),
    Route("PATCH", f"{REPO}/issues/comments/{{id}}", comment.update_comment),
    Route("DELETE", f"{REPO}/issues/comments/{{id}}", comment.delete_comment),
    Route("GET", ISSUE, issue.get_issue),
    Route("PATCH", ISSUE, issue.update_issue),
    Route("GET", f"{ISSUE}/comments", comment.list_comments),
    Route("POST", f"{ISSUE}/comments", comment.create_comment),
    Route("GET", f"{ISSUE}/labels", comment.list_issue_labels),
    Route("POST", f"{ISSUE}/labels", comment.add_labels),
    Route("PUT", f"{ISSUE}/labels", comment.set_labels),
    Route("DELETE", f"{ISSUE}/labels", comment.remove_all_labels),
    Route("DELETE", f"{ISSUE}/labels/{{name...}}", comment.remove_label),
    Route("PUT", f"{ISSUE}/lock", issue.lock_issue),
    Route("DELETE", f"{ISSUE}/lock", issue.unlock_issue),
    Route("POST", f"{ISSUE}/assignees", issue.add_assignees),
    Route("DELETE", f"{ISSUE}/assignees", issue.remove_assignees),
    Route("GET", f"{ISSUE}/events", issue.list_events),
    Route("GET", f"{ISSUE}/timeline", issue.list_timeline),
    Route("GET", f"{REPO}/pulls", pull.list_pulls),
    Route("POST", f"{REPO}/pulls", pull.create_pull),
    Route("GET", PULL, pull.get_pull),
    Route("PATCH", PULL, pull.update_pull),
    Route("GET", f"{PULL}/files", pull.list_pull_files),
    Route("GET", f"{PULL}/commits", pull.list_pull_commits),
    Route("GET", f"{PULL}/comments", pull.list_review_comments),
    Route("GET", f"{PULL}/reviews", pull.list_reviews),
    Route("POST", f"{PULL}/reviews", pull.create_review),
    Route("POST", f"{PULL}/requested_reviewers", pull.request_reviewers),
    Route("GET", f"{PULL}/merge", pull.check_merged),
    Route("PUT", f"{PULL}/merge", pull.merge_pull),
    Route("POST", f"{REPO}/merges", commit.merge_branches),
    Route("GET", f"{REPO}/commits", commit.list_commits),
    Route("GET", f"{REPO}/commits/{{ref...}}/status", commit.get_combined_status),
    Route("GET", f"{REPO}/commits/{{ref...}}/statuses", commit.list_statuses),
    Route("GET", f"{REPO}/commits/{{ref...}}/check-runs", commit.list_check_runs),
    Route("GET", f"{REPO}/commits/{{ref...}}", commit.get_commit),
    Route("GET", f"{REPO}/git/commits/{{ref}}", commit.get_git_commit),
    Route("GET", f"{REPO}/statuses/{{ref...}}", commit.list_statuses),
    Route("POST", f"{REPO}/statuses/{{ref}}", commit.create_status),
    Route("POST", f"{REPO}/check-runs", commit.create_check_run),
    Route("GET", f"{REPO}/contents/{{path...}}", commit.get_contents),
    Route("GET", f"{REPO}/compare/{{range...}}", commit.compare),
    Route("GET", f"{REPO}/dependabot/alerts", security.list_dependabot_alerts),
    Route("GET", f"{REPO}/code-scanning/alerts", security.list_code_scanning_alerts),
    Route("GET", f"{REPO}/secret-scanning/alerts", security.list_secret_scanning_alerts),
    Route("GET", f"{REPO}/branches", ref.list_branches),
    Route("GET", f"{REPO}/branches/{{name...}}", ref.get_branch),
    Route("GET", f"{REPO}/git/ref/{{name...}}", ref.get_ref),
    Route("GET", f"{REPO}/git/refs", ref.list_refs),
    Route("GET", f"{REPO}/git/matching-refs/{{name...}}", ref.list_refs),
    Route("GET", f"{REPO}/git/refs/{{name...}}", ref.list_refs),
    Route("POST", f"{REPO}/git/refs", ref.create_ref),
    Route("PATCH", f"{REPO}/git/refs/{{name...}}", ref.update_ref),
    Route("DELETE", f"{REPO}/git/refs/{{name...}}", ref.delete_ref),
)
UNKNOWN = "unknown"


def route_of(method: str, path: str) -> tuple[Route, Mapping[str, str]] | None:
    """Return the route of a request and the values in its path, or None; HEAD is answered as GET."""
    for route in ROUTES:
        if route.method == ("GET" if method == "HEAD" else method) and (found := _pattern(route.path).fullmatch(path)):
            return route, found.groupdict()
    return None


@lru_cache(maxsize=256)
def _pattern(path: str) -> re.Pattern[str]:
    whole = re.sub(r"\{(\w+)\.\.\.\}", r"(?P<\1>.+)", path)
    return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", whole))
