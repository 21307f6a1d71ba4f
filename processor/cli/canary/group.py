"""The commands under `aip canary`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("run", "processor.cli.canary.run:run", "Make one round now, and say each step."),
    Listed("status", "processor.cli.canary.status:status", "Show the last rounds."),
    Listed("adopt", "processor.cli.canary.adopt:adopt", "Take over what an installation that is gone left."),
)

APP = lazy_app(
    COMMANDS,
    help="Try the whole way with an issue in a sandbox.\n\nExample: aip canary run",
)
