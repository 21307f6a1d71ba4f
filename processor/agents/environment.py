"""Give an agent's programs the variables they may see, and no way to act on GitHub as us."""

import re
from collections.abc import Mapping, Sequence

from processor.processes import RUN_VARIABLE
from processor.settings.sections import OUR_SECRETS

_SHORTEST_SECRET = 8
# Source: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
_GITHUB_TOKEN = re.compile(r"\b(?:gh[pousr]_|github_pat_)[A-Za-z0-9_]{16,}")
# Git neither asks for credentials nor finds any: the empty helper clears those of the system and of the repository. Its
# identity is set, because aider would write one into the repository's configuration.
_GIT = {
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "false",
    "SSH_ASKPASS": "false",
    "GIT_SSH_COMMAND": "false",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_COUNT": "3",
    "GIT_CONFIG_KEY_0": "credential.helper",
    "GIT_CONFIG_VALUE_0": "",
    "GIT_CONFIG_KEY_1": "user.name",
    "GIT_CONFIG_VALUE_1": "Coding agent",
    "GIT_CONFIG_KEY_2": "user.email",
    "GIT_CONFIG_VALUE_2": "coding-agent@localhost",
    "GIT_PAGER": "cat",
    "GIT_EDITOR": "true",
    "GH_CONFIG_DIR": "/dev/null",
}


def agent_environment(
    run_id: str, allowed: Sequence[str], environ: Mapping[str, str], defaults: Mapping[str, str]
) -> dict[str, str]:
    """Return all that an agent's program sees: allowed variables, the profile's defaults, git without credentials.

    A variable that names or holds a secret of ours is left out even when it is allowed.

    Args:
        allowed: names; one that is not in `environ` is left out.
        defaults: variables that `environ` may override when they are allowed.
    """
    ours = [value for name in OUR_SECRETS if len(value := environ.get(name, "")) >= _SHORTEST_SECRET]
    seen = {
        name: environ[name]
        for name in allowed
        if name in environ and name not in OUR_SECRETS and not _holds_secret(environ[name], ours)
    }
    return {**defaults, **seen, **_GIT, RUN_VARIABLE: run_id}


def _holds_secret(value: str, ours: Sequence[str]) -> bool:
    return bool(_GITHUB_TOKEN.search(value)) or any(secret in value for secret in ours)
