"""Remember for a minute what GitHub says of a repository: every phase needs it, and it hardly ever changes."""

import threading
import time
from dataclasses import dataclass, field

from processor.github_client import GitHubClient, RepositoryInfo

_FRESH_SECONDS = 60.0


@dataclass
class RecentRepositories:
    """What was asked lately, shared by the runs of one process."""

    github: GitHubClient
    _known: dict[str, tuple[float, RepositoryInfo]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def clear(self) -> int:
        """Forget what was asked, and tell of how many repositories."""
        with self._lock:
            count = len(self._known)
            self._known.clear()
            return count

    def get(self, repository: str) -> RepositoryInfo:
        """Give the default branch, clone address and rights; raises what GitHub's client raises."""
        with self._lock:
            found = self._known.get(repository)
        if found is not None and time.monotonic() - found[0] < _FRESH_SECONDS:
            return found[1]
        info = self.github.get_repository(repository)
        with self._lock:
            self._known[repository] = (time.monotonic(), info)
        return info
