"""The duty that looks at our pull requests on GitHub, repository by repository."""

from processor import logs
from processor.errors import GitHubRateLimited, ProcessorError
from processor.operations.follow_up import follow_up
from processor.pipeline.context import Context

_LOG = logs.get_logger("service")


def follow_up_everywhere(context: Context) -> None:
    """Follow up in every repository; one that fails keeps no other from its turn, a limit of GitHub does."""
    for repository in context.settings.main.repositories:
        try:
            follow_up(context, repository.name)
        except GitHubRateLimited:
            return  # said where it was met; the next follow-up looks again
        except ProcessorError as exc:
            _LOG.warning(
                logs.FOLLOW_UP_FAILED,
                repository=repository.name,
                error_type=str(exc.error_type),
                message=str(exc),
            )
