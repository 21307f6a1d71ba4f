"""Talk to GitHub, GitHub Enterprise or the embedded forge: the only room that imports PyGithub."""

from processor.github_client.access import AccessItem, AccessReport, AccessState, check_access
from processor.github_client.client import GitHubClient
from processor.github_client.credentials import AppCredentials, Credentials, Token
from processor.github_client.values import (
    ENDPOINTS,
    AlertKind,
    Comment,
    Commit,
    EndpointGroup,
    IssueListing,
    RateLimit,
    RepositoryInfo,
    RequestObservation,
    SecurityAlerts,
    StatusClass,
    Viewer,
)

__all__ = [
    "ENDPOINTS",
    "AccessItem",
    "AccessReport",
    "AccessState",
    "AlertKind",
    "AppCredentials",
    "Comment",
    "Commit",
    "Credentials",
    "EndpointGroup",
    "GitHubClient",
    "IssueListing",
    "RateLimit",
    "RepositoryInfo",
    "RequestObservation",
    "SecurityAlerts",
    "StatusClass",
    "Token",
    "Viewer",
    "check_access",
]
