"""Give checks the variables they may see, keep their traces out of the worktree, and fence them in."""

import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from processor.processes import RUN_VARIABLE, Sandbox
from processor.settings.secrets import secret_files
from processor.settings.sections import OUR_SECRETS, CommandCheck, Settings

_SHORTEST_SECRET = 8
_CREDENTIALS = (
    ".ssh",
    ".aws",
    ".azure",
    ".gnupg",
    ".kube",
    ".docker",
    ".netrc",
    ".git-credentials",
    ".pypirc",
    ".npmrc",
)
_CONFIGURED_CREDENTIALS = (".config/gh", ".config/gcloud", ".config/git/credentials")
_FIXED = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "NO_COLOR": "1",
    "COLUMNS": "200",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ASKPASS": "false",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_OPTIONAL_LOCKS": "0",
}
JUNIT_NAME = "junit.xml"


def check_environment(
    check: CommandCheck, settings: Settings, environ: Mapping[str, str], *, scratch: Path, run_id: str
) -> dict[str, str]:
    """Return all that a check's program sees.

    PATH ends with the folder of our own interpreter, so that tools that came with the product are found.

    Args:
        scratch: an empty folder that is removed afterwards; caches go there.
    """
    secrets = [value for name in OUR_SECRETS if len(value := environ.get(name, "")) >= _SHORTEST_SECRET]
    allowed = {
        name: environ[name]
        for name in settings.security.environment
        if name in environ and name not in OUR_SECRETS and not any(secret in environ[name] for secret in secrets)
    }
    path = os.pathsep.join([allowed.get("PATH", os.defpath), str(Path(sys.executable).parent)])
    return {**allowed, **_FIXED, **_places(scratch), **_pytest(check, scratch), "PATH": path, RUN_VARIABLE: run_id}


def fence(settings: Settings, environ: Mapping[str, str], *, worktree: Path, scratch: Path) -> Sandbox:
    """Let a check write its worktree and scratch folder, read programs, and see neither our data nor credentials."""
    main = settings.main
    ours = [main.state.directory, main.logs.directory, *settings.security.sandbox_hidden]
    ours += [path for _, path in secret_files(settings, environ)]
    home = environ.get("HOME")
    credentials = [Path(home) / name for name in (*_CREDENTIALS, *_CONFIGURED_CREDENTIALS)] if home else []
    return Sandbox(
        mode=settings.security.sandbox,
        writable=(worktree, scratch),
        readable=(Path(sys.prefix), Path(sys.base_prefix), *settings.security.sandbox_readable),
        hidden=(*(path.absolute() for path in ours), *credentials),
        network=settings.security.gate_network,
    )


def _places(scratch: Path) -> dict[str, str]:
    return {
        "XDG_CACHE_HOME": str(scratch / "cache"),
        "RUFF_CACHE_DIR": str(scratch / "ruff"),
        "MYPY_CACHE_DIR": str(scratch / "mypy"),
        "COVERAGE_FILE": str(scratch / "coverage"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(scratch / "hypothesis"),
    }


def _pytest(check: CommandCheck, scratch: Path) -> dict[str, str]:
    options = ["-o", f"cache_dir={scratch / 'pytest'}"]
    if check.findings == "pytest":
        # Every failure by name, and the rest of the tests although a module cannot be imported.
        options += ["-rfE", "--color=no", "--continue-on-collection-errors", f"--junitxml={scratch / JUNIT_NAME}"]
    return {"PYTEST_ADDOPTS": shlex.join(options)}
