"""The commands under `aip alerts`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("list", "processor.cli.alerts.list_alerts:list_alerts", "List the alerts that fire now, or the history."),
    Listed("silence", "processor.cli.alerts.silence:silence", "Tell nobody of an alert for a time."),
    Listed("silences", "processor.cli.alerts.list_silences:list_silences", "List the silences."),
    Listed("expire", "processor.cli.alerts.expire:expire", "End a silence now."),
    Listed("test", "processor.cli.alerts.try_channels:try_channels", "Send a test notification through Alertmanager."),
    Listed(
        "configure", "processor.cli.alerts.configure:configure", "Write Alertmanager's configuration from the settings."
    ),
    Listed(
        "import",
        "processor.cli.alerts.import_rules:import_rules",
        "Turn the old alert_rules.yaml into Prometheus rules.",
    ),
)

APP = lazy_app(COMMANDS, help="List, silence and test alerts; set up Alertmanager.\n\nExample: aip alerts list")
