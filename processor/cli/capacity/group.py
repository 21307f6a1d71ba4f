"""The commands under `aip capacity`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("show", "processor.cli.capacity.show:show", "Show the level of every host, and what each level starts."),
    Listed("set", "processor.cli.capacity.change:set_level", "Put every host at one level for a while."),
    Listed("auto", "processor.cli.capacity.change:auto", "Let every host follow its load again."),
    Listed("history", "processor.cli.capacity.history:history", "List at which level of load each host was, and why."),
)

APP = lazy_app(
    COMMANDS,
    help="See and set how much is started under which load.\n\n"
    'Example: aip capacity set high --for 2h --reason "backup runs"',
)
