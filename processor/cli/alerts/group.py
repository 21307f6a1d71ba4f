"""The commands under `aip alerts`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed(
        "import",
        "processor.cli.alerts.import_rules:import_rules",
        "Turn the old alert_rules.yaml into Prometheus rules.",
    ),
)

APP = lazy_app(COMMANDS, help="Alert rules and alerts.")
