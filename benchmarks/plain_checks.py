"""Look at one changed file with the libraries that the gate uses, called directly."""

import ast
from pathlib import Path

from bandit.core.config import BanditConfig
from bandit.core.manager import BanditManager
from detect_secrets.core.scan import scan_file
from detect_secrets.settings import default_settings


def check(patch: str, before: bytes, place: Path, scratch: Path) -> None:
    """Check syntax, secrets in the changed lines, and security on both sides; complain by an exception.

    Raises:
        SyntaxError, ValueError: the change is not good.
    """
    ast.parse(place.read_bytes())
    ast.parse(before)
    changed = scratch / "changed.py"
    lines = [line for line in patch.splitlines() if line[:1] in "+-" and line[:3] not in {"+++", "---"}]
    changed.write_text("\n".join(line[1:] for line in lines))
    with default_settings():
        secrets = list(scan_file(str(changed)))
    base = scratch / "base.py"
    base.write_bytes(before)
    if secrets or _scan(place) > _scan(base):
        raise ValueError(f"{place.name} was changed for the worse")


def _scan(path: Path) -> int:
    manager = BanditManager(BanditConfig(), "file", quiet=True, ignore_nosec=True)
    manager.files_list = [str(path)]
    manager.run_tests()
    return len(manager.results)
