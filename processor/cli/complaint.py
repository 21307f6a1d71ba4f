"""Say on stderr, in one clear message without a traceback, what went wrong."""

import sys

from processor.cli.screen import neutral
from processor.errors import ProcessorError, SettingsError
from processor.logs import PROCESS_REDACTOR


def complain(error: ProcessorError) -> None:
    """Print the error; the faults of settings one a line. Secrets are masked, control characters shown."""
    lines = [str(fault) for fault in error.faults] if isinstance(error, SettingsError) else [str(error)]
    for line in lines:
        sys.stderr.write(f"aip: {neutral(PROCESS_REDACTOR.redact(line))}\n")
