"""How GitHub is reached."""

from typing import Final

from pydantic import Field

from processor.settings.sections.section import FilePath, Integer, Number, Seconds, Section

_ENTERPRISE_PREFIX: Final = "/api/v3"


def web_base(base_url: str) -> str:
    """Give the base of the pages that people look at, without a trailing slash.

    `https://api.github.com` gives `https://github.com`; `https://HOST/api/v3` gives `https://HOST`.
    """
    address = base_url.rstrip("/")
    if address.endswith(_ENTERPRISE_PREFIX):
        return address.removesuffix(_ENTERPRISE_PREFIX)
    scheme, rest = address.split("://", 1)
    return f"{scheme}://{rest.removeprefix('api.')}"


class GitHubApp(Section):
    """GitHub App authentication, instead of a token."""

    app_id: Integer = Field(gt=0, description="number on the App's settings page")
    installation_id: Integer = Field(gt=0, description="number at the end of the installation's address")
    private_key_file: FilePath = Field(description="PEM file downloaded when the key was made")


class GitHub(Section):
    """How GitHub is reached. The token comes from `token_file` or the variable GITHUB_TOKEN, never from YAML."""

    base_url: str = Field(
        "https://api.github.com",
        pattern=r"^https?://",
        examples=["https://github.example.com/api/v3"],
        description="REST base; for GitHub Enterprise https://HOST/api/v3",
    )
    git_url: str | None = Field(
        None,
        pattern=r"^https?://",
        examples=["https://github.example.com"],
        description="base of clone addresses; derived from base_url when absent",
    )
    token_file: FilePath | None = Field(None, description="file that holds the token alone")
    app: GitHubApp | None = Field(None, description="GitHub App instead of a token")
    timeout_seconds: Seconds = Field(15, description="limit of one request")
    read_attempts: Integer = Field(
        3, ge=1, le=10, description="tries of a GET or HEAD; a write is never repeated blindly"
    )
    seconds_between_requests: Number = Field(
        0.25, ge=0, description="GitHub asks clients to go slowly; 0 for the forge"
    )
    seconds_between_writes: Number = Field(1.0, ge=0, description="GitHub's own advice for writes; 0 for the forge")
    max_wait_seconds: Number = Field(
        60, ge=0, description="longest wait inside one request; longer limits go back to the caller"
    )
    proxy: str | None = Field(
        None,
        pattern=r"^(https?|socks5h?)://",
        examples=["http://proxy.example.com:3128"],
        description="http://HOST:PORT for REST and git; HTTPS_PROXY is honoured when absent",
    )
    ca_file: FilePath | None = Field(
        None, description="PEM file of the authority that signed the server's certificate, for REST and git"
    )
