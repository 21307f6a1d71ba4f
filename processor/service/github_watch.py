"""Count every request to GitHub, and tell both logs where it asks us to wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from processor import logs
from processor.github_client import RequestObservation, StatusClass
from processor.metrics import Metrics
from processor.service.journal import Journal

_LOG = logs.get_logger("service")


@dataclass(frozen=True)
class GitHubWatch:
    """Is told of each request; `limited_until` gives when GitHub takes requests again, None while it does."""

    metrics: Metrics
    journal: Journal
    limited_until: Callable[[], datetime | None]

    def observe(self, observation: RequestObservation) -> None:
        """Take one request into account."""
        self.metrics.github_requests.labels(observation.endpoint, observation.code).observe(
            observation.duration_seconds
        )
        retry_at = self.limited_until()
        if observation.code is StatusClass.LIMITED and retry_at is not None:
            self.journal.rate_limited(retry_at)
            _LOG.warning(logs.GITHUB_RATE_LIMITED, endpoint=observation.endpoint, retry_at=retry_at.isoformat())
