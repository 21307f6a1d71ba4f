"""The commands under `aip backup`."""

from processor.cli.lazy import Listed, lazy_app

COMMANDS = (
    Listed("create", "processor.cli.backup.create:create", "Make a backup now, and prove it by a restore on trial."),
    Listed("list", "processor.cli.backup.list_backups:list_backups", "List the backups there are, newest first."),
    Listed("verify", "processor.cli.backup.verify:verify", "Prove a backup by a restore on trial."),
    Listed("restore", "processor.cli.backup.restore:restore", "Put a backup in place of what is lost."),
    Listed("prune", "processor.cli.backup.prune:prune", "Delete the backups that no rule keeps."),
)

APP = lazy_app(
    COMMANDS,
    help="Make, prove, restore and delete backups.\n\nExample: aip backup create",
)
