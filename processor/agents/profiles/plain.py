"""Any other program: what it prints is its summary, what it spends is unknown."""

from processor.agents.profiles.profile import Printed, Profile, Report


def parse_plain(printed: Printed) -> Report:
    """Take the file named {output_file} as its words when it wrote one, else what it printed."""
    return Report(summary=printed.output_file.strip() or printed.stdout.strip())


PLAIN = Profile(program=(), parse=parse_plain)
