"""The commands under `aip config`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("show", "processor.cli.config.show:show", "Show the settings in force and where each comes from."),
    Listed("set", "processor.cli.config.change:set_values", "Change settings for a while, on every host."),
    Listed("revert", "processor.cli.config.change:revert", "Take back what was changed at run time."),
    Listed("history", "processor.cli.config.history:history", "List who changed what, when and why."),
    Listed("diff", "processor.cli.config.show:diff", "Compare what is in force with what the files say."),
)

APP = lazy_app(
    COMMANDS,
    help="See settings, and change them for a while.\n\n"
    'Example: aip config set gate.minimum_score 60 --for 2h --reason "release day"',
)
