"""`configs/security_settings.yaml`: whose issues are taken, and what agents and checks may touch."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from processor.settings.sections.section import Flag, Integer, Section, Text, VariableName, without_our_secrets

Association = Literal["OWNER", "MEMBER", "COLLABORATOR", "CONTRIBUTOR", "FIRST_TIME_CONTRIBUTOR", "FIRST_TIMER", "NONE"]


class SecurityFile(Section):
    """`configs/security_settings.yaml`."""

    allowed_associations: tuple[Association, ...] = Field(
        ("OWNER", "MEMBER", "COLLABORATOR"),
        description="authors with one of these ties to the repository may have issues processed",
    )
    allowed_authors: tuple[Text, ...] = Field((), description="logins allowed whatever their association")
    denied_authors: tuple[Text, ...] = Field((), description="logins never allowed; wins over the rest")
    protected_paths: tuple[Text, ...] = Field(
        (".github/", ".gitlab-ci.yml", ".gitmodules", "CODEOWNERS", "docs/CODEOWNERS"),
        description="a change here is rejected; a trailing slash means everything below, * and ? as in a shell",
    )
    environment: tuple[VariableName, ...] = Field(
        (
            "PATH",
            "HOME",
            "LANG",
            "LC_ALL",
            "LC_CTYPE",
            "TZ",
            "TMPDIR",
            "TERM",
            "USER",
            "SSL_CERT_FILE",
            "NO_PROXY",
            "HTTP_PROXY",
            "HTTPS_PROXY",
        ),
        description="variables that agents and checks may see",
    )
    sandbox: Literal["auto", "bubblewrap", "off"] = Field(
        "auto",
        description="bubblewrap keeps agents and checks inside their worktree; auto uses it where it works",
    )
    sandbox_hidden: tuple[Path, ...] = Field(
        (), description="further folders and files that agents and checks must not see", examples=[["/srv/other-data"]]
    )
    sandbox_readable: tuple[Path, ...] = Field(
        (), description="folders below /tmp, /var/tmp or /run that programs need; a sandbox hides those otherwise"
    )
    gate_network: Flag = Field(False, description="let checks reach the network when a sandbox is in use")
    max_output_bytes: Integer = Field(50_000_000, ge=1000, description="most an agent or check may print")
    max_patch_bytes: Integer = Field(2_000_000, ge=1000, description="largest change that is kept")

    @field_validator("environment")
    @classmethod
    def _no_secret_of_ours(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return without_our_secrets(names)
