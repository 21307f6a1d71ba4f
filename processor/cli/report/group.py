"""The commands under `aip report`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("daily", "processor.cli.report.make:daily", "Report on a day that is over."),
    Listed("weekly", "processor.cli.report.make:weekly", "Report on a week that is over."),
)

APP = lazy_app(COMMANDS, help="Report on a day or a week.\n\nExample: aip report daily")
