"""The commands under `aip checklist`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("daily", "processor.cli.checklist.show:daily", "Go through the daily checklist now."),
    Listed("weekly", "processor.cli.checklist.show:weekly", "Go through the weekly checklist now."),
    Listed("sign", "processor.cli.checklist.sign:sign", "Say that somebody saw to an item."),
)

APP = lazy_app(COMMANDS, help="Go through the daily and weekly checklists.\n\nExample: aip checklist daily")
