"""The duty that asks GitHub for issues: every repository in turn, and when to ask again after a failure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from processor import logs
from processor.engine.executor import Engine
from processor.errors import GitHubRateLimited, GitHubUnavailable, NetworkError, ProcessorError
from processor.intake.poller import Poller
from processor.intake.polling import PollResult, poll
from processor.metrics import Metrics
from processor.pipeline.context import Context
from processor.service.journal import Journal

#: An outage of a second must not cost the half hour to the next poll.
_POLL_AGAIN_SECONDS = 60.0
_LOG = logs.get_logger("service")


@dataclass(frozen=True)
class NextPoll:
    """What a poll says of the next one; None where the clock may keep its interval."""

    at_the_earliest: datetime | None = None  #: GitHub takes no requests before
    at_the_latest: datetime | None = None

    def move(self, planned: datetime) -> datetime:
        """Give when the poll comes that was planned for then."""
        moved = planned if self.at_the_latest is None else min(planned, self.at_the_latest)
        return moved if self.at_the_earliest is None else max(moved, self.at_the_earliest)


@dataclass
class Polls:
    """Asks for issues, and remembers what the last polls brought, for status and readiness.

    Args:
        plan: is told when to ask again, before anybody reads of a failure.
    """

    context: Context
    metrics: Metrics
    journal: Journal
    engine: Engine
    plan: Callable[[NextPoll], None]
    last_success_at: float | None = None
    last_error: str | None = None
    results: dict[str, PollResult] = field(default_factory=dict)

    def __post_init__(self) -> None:
        context = self.context
        self._poller = Poller(context.settings, context.ledger, context.github, context.clock)

    def turn(self) -> None:
        """Poll every repository once; one that fails keeps no other from its turn, a limit of GitHub does."""
        self._poller = replace(self._poller, settings=self.context.settings)
        errors: list[str] = []
        following = NextPoll()
        for repository in self.context.settings.main.repositories:
            try:
                self._note(poll(self._poller, repository.name), repository.name)
            except GitHubRateLimited as exc:
                errors.append(str(exc))
                following = replace(following, at_the_earliest=exc.retry_at)
                break
            except ProcessorError as exc:
                errors.append(self._note_failure(repository.name, exc))
                if isinstance(exc, NetworkError | GitHubUnavailable):
                    soon = datetime.now(UTC) + timedelta(seconds=_POLL_AGAIN_SECONDS)
                    following = replace(following, at_the_latest=soon)
            self.engine.wake()
        self.plan(following)
        self.last_error = "; ".join(errors) or None
        if not errors:
            self.last_success_at = self.context.clock()
            self.metrics.last_poll_success.set(self.last_success_at)

    def _note(self, result: PollResult, repository: str) -> None:
        self.results[repository] = result
        for ref, reason in result.newly_skipped.items():
            self.journal.issue_skipped(ref, reason)
        if result.queued or result.newly_skipped or result.held:
            self.journal.poll_finished(
                result.repository,
                found=result.found,
                queued=len(result.queued),
                skipped=len(result.newly_skipped),
                waiting=result.waiting,
            )

    def _note_failure(self, repository: str, exc: ProcessorError) -> str:
        _LOG.error(logs.POLL_FAILED, repository=repository, error_type=str(exc.error_type), message=str(exc))
        self.journal.poll_failed(repository, exc)
        return f"{repository}: {exc}"
