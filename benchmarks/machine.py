"""Say what a figure was measured on; without it a figure means nothing."""

import os
import platform
import subprocess
from pathlib import Path

import psutil


def describe_machine() -> str:
    """Name processor, cores, memory, system, Python, git, and how busy the machine was in the last minute."""
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout.split()[2]
    parts = (
        f"{psutil.cpu_count()} cores of {_processor()}",
        f"{psutil.virtual_memory().total / 1e9:.0f} GB",
        f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}",
        f"Python {platform.python_version()}",
        f"git {git}",
        f"load {os.getloadavg()[0]:.1f} at the start",
    )
    return ", ".join(parts)


def _processor() -> str:
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8") as file:
            names = (line.partition(":")[2].strip() for line in file if line.startswith("model name"))
            return next(names, platform.machine())
    except OSError:
        return platform.machine()
