"""scripts/init in a copy of what it needs of the source tree."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def copied_checkout(folder: Path) -> Path:
    """Copy what scripts/init and the engine need of the source tree into a folder."""
    for name in ("docker-compose.yml", "scripts/init"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    shutil.copytree(ROOT / "configs", folder / "configs")
    return folder


def initialise(checkout: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run scripts/init without a terminal."""
    argv = ["scripts/init", "--yes", *options]
    return subprocess.run(
        argv, cwd=checkout, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60
    )
