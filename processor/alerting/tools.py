"""Find prometheus, promtool and alertmanager on this machine, new enough for our rules and configuration."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from processor.errors import UsageError

#: Debian calls the server prometheus-alertmanager.
_NAMES = {
    "prometheus": ("prometheus",),
    "promtool": ("promtool",),
    "alertmanager": ("alertmanager", "prometheus-alertmanager"),
}
_NEEDED = {"prometheus": (3, 5), "promtool": (3, 5), "alertmanager": (0, 30)}
_REMEDY = (
    "install Prometheus 3.5 and Alertmanager 0.30 or newer, or run scripts/monitoring-tools of the source tree and "
    "name the folder that it prints with --tools"
)


@dataclass(frozen=True, kw_only=True)
class MonitoringTools:
    """Where each program is."""

    prometheus: Path
    promtool: Path
    alertmanager: Path


def find_tools(folder: Path | None) -> MonitoringTools:
    """Look into the folder when one is named, else on PATH.

    Raises:
        UsageError: one is not there, or too old.
    """
    found = {tool: _find(names, folder) for tool, names in _NAMES.items()}
    missing = [tool for tool, place in found.items() if place is None]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise UsageError(f"{', '.join(missing)} {verb} not {f'in {folder}' if folder else 'on PATH'}; {_REMEDY}")
    for tool, place in found.items():
        _refuse_old(tool, str(place))
    return MonitoringTools(**{tool: Path(str(place)) for tool, place in found.items()})


def _find(names: Sequence[str], folder: Path | None) -> str | None:
    path = str(folder) if folder else None
    return next((place for name in names if (place := shutil.which(name, path=path))), None)


def _refuse_old(tool: str, place: str) -> None:
    try:
        said = subprocess.run([place, "--version"], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as exc:
        raise UsageError(f"{place} does not run ({exc}); {_REMEDY}") from exc
    version = re.search(r"version[ =]+(\d+)\.(\d+)", said.stdout + said.stderr)
    if version is None:
        raise UsageError(f"{place} does not tell its version; {_REMEDY}")
    found = (int(version[1]), int(version[2]))
    if found < _NEEDED[tool]:
        raise UsageError(f"{place} is {tool} {found[0]}.{found[1]}, which is too old; {_REMEDY}")
