"""The commands under `aip queue`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("list", "processor.cli.queue.list_runs:list_runs", "List active runs and the backlog in order of work."),
    Listed("show", "processor.cli.queue.show:show", "Show one run: phases, attempts, gate, usage, pull request."),
    Listed("retry", "processor.cli.queue.retry:retry", "Let issues be processed once more."),
    Listed("cancel", "processor.cli.queue.cancel:cancel", "Cancel a run that waits or works."),
)

APP = lazy_app(COMMANDS, help="List, show, retry and cancel runs.\n\nExample: aip queue list --all")
