"""Keep one subject up, inside a running service."""

from processor.operations.upkeep.database import keep_database
from processor.operations.upkeep.disk import keep_disk
from processor.operations.upkeep.process import keep_memory, keep_network
from processor.operations.upkeep.report import Subject, Upkeep
from processor.pipeline.context import Context


def keep(context: Context, subject: Subject, *, dry_run: bool) -> Upkeep:
    """Do it in this process, on this host and its ledger, or say what would be done.

    Raises:
        ProcessorError: it could not be done.
    """
    match subject:
        case Subject.MEMORY:
            return keep_memory(lambda: context.github.forget_answers() + context.repositories.clear(), dry_run=dry_run)
        case Subject.NETWORK:
            return keep_network(context.github, dry_run=dry_run)
        case Subject.DISK:
            return keep_disk(context.ledger, context.settings.main, dry_run=dry_run)
        case Subject.DATABASE:
            return keep_database(context.ledger, context.settings.main, dry_run=dry_run)
