"""Hold a service back until a restored ledger knows what GitHub knows; otherwise work would be done twice."""

from collections.abc import Callable

from processor import logs
from processor.errors import GitHubError, NetworkError
from processor.operations.catching_up import catch_up, is_behind
from processor.pipeline.context import Context

_AGAIN_SECONDS = 10.0
_LOG = logs.get_logger("service")


def catch_up_in_time(context: Context, tell: Callable[[str], None], stops_within: Callable[[float], bool]) -> bool:
    """Ask GitHub until it answers; False when the service was told to stop meanwhile.

    Args:
        tell: says a sentence to whoever watches.
        stops_within: waits so many seconds, and tells whether the service must stop.
    """
    if not is_behind(context):
        return True
    tell("the ledger was restored: asking GitHub what was published since the backup, before anything is done")
    while True:
        try:
            learned = catch_up(context)
        except (GitHubError, NetworkError) as exc:
            _LOG.warning(logs.GITHUB_AWAITED, message=str(exc), again_seconds=_AGAIN_SECONDS)
            if stops_within(_AGAIN_SECONDS):
                return False
            continue
        adopted = [pull.url for pull in learned.adopted]
        _LOG.warning(logs.GITHUB_CAUGHT_UP, adopted=adopted, strange=[pull.url for pull in learned.strange])
        return True
