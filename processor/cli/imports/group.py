"""The commands under `aip import`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed(
        "legacy",
        "processor.cli.imports.legacy:legacy",
        "Take over what the original system left in a folder: runs, reports, alerts, settings.",
    ),
    Listed("list", "processor.cli.imports.list_imports:list_imports", "List what was taken over."),
)

APP = lazy_app(COMMANDS, help="Take over the records of the original system.\n\nExample: aip import legacy /opt/old")
