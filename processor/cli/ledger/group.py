"""The commands under `aip ledger`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("grant-reader", "processor.cli.ledger.grant_reader:grant_reader", "Let a role read the ledger, no more."),
)

APP = lazy_app(
    COMMANDS,
    help="Who may read the ledger.\n\nExample: aip ledger grant-reader aip_reader --password-file reader_password",
)
