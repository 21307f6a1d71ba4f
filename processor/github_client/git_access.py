"""Let git reach the same GitHub in the same way: credentials, proxy and authority, in its environment only."""

import base64
from pathlib import Path

from processor.model import GitAccess


def git_access(git_base: str, secret: str, proxy: str | None, ca_file: Path | None) -> GitAccess:
    """Build the environment; every entry counts for addresses below `git_base` only.

    Source: https://git-scm.com/docs/git-config#ENVIRONMENT
    """
    header = base64.b64encode(f"x-access-token:{secret}".encode()).decode()
    scope = f"http.{git_base}/"
    entries = [
        # The empty one drops headers of the operator's own git settings: two Authorization lines are refused.
        (f"{scope}.extraHeader", ""),
        (f"{scope}.extraHeader", f"Authorization: Basic {header}"),
        # An empty value means a direct connection, whatever the environment says.
        (f"{scope}.proxy", proxy or ""),
        # Nobody is there to answer, and an operator's own stored credentials are not ours to use.
        ("credential.helper", ""),
    ]
    if ca_file is not None:
        entries.append((f"{scope}.sslCAInfo", str(ca_file)))
    environment = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "GIT_CONFIG_COUNT": str(len(entries))}
    for number, (key, value) in enumerate(entries):
        environment[f"GIT_CONFIG_KEY_{number}"] = key
        environment[f"GIT_CONFIG_VALUE_{number}"] = value
    return GitAccess(environment)
