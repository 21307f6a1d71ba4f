"""The forge in a process of its own, so that what it costs is not ours; steered over its control API."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

_ADDRESS = "forge:"


@dataclass(frozen=True)
class ForgeProcess:
    """A small GitHub that answers at `url`."""

    url: str

    @property
    def api_url(self) -> str:
        """Give the base of the REST API."""
        return f"{self.url}/api/v3"

    def do(self, call: str, **fields: object) -> Any:
        """Arrange something, such as `open_issue`."""
        answer = requests.post(f"{self.url}/_forge/do/{call}", json=fields, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def requests(self) -> list[dict[str, Any]]:
        """List every REST and git request so far, oldest first."""
        return list(self._get("requests"))

    def rate_limit_spent(self) -> int:
        """Tell how much of the rate limit all requests together cost."""
        return int(self._get("stats")["rate_limit_spent"])

    def forget_requests(self) -> None:
        """Empty the log and its counts."""
        requests.post(f"{self.url}/_forge/reset", timeout=60).raise_for_status()

    def _get(self, path: str) -> Any:
        answer = requests.get(f"{self.url}/_forge/{path}", timeout=60)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def forge_process(root: Path) -> Iterator[ForgeProcess]:
    """Serve a forge with one account, `octo`, until the block is left."""
    argv = [sys.executable, "-m", "processor", "forge", "serve", "--root", str(root)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("the forge has no output to read its address from")
            forge = ForgeProcess(_read_address(process.stdout))
            forge.do("create_user", login="octo")
            yield forge
        finally:
            process.terminate()


def _read_address(lines: Iterator[str]) -> str:
    for line in lines:
        if line.startswith(_ADDRESS):
            return line.removeprefix(_ADDRESS).strip()
    raise RuntimeError("the forge did not say where it answers; run `aip forge serve --root DIR` to see why")
