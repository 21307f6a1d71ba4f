"""Which services this command can ask: one that listens on the loopback of another host answers nobody here."""

import socket
from urllib.parse import urlsplit

from processor.ledger.services import ServiceRecord

#: On another host these are the machine that asks, whose own service would answer instead.
_OWN_HOST = frozenset({"127.0.0.1", "localhost", "::1", "0.0.0.0", "::"})  # noqa: S104  # nothing listens here


def is_here(service: ServiceRecord) -> bool:
    """Tell whether it runs on this host, so that its state folder holds its token."""
    return service.host == socket.gethostname()


def is_reachable(service: ServiceRecord) -> bool:
    """Tell whether its address leads to it from here."""
    return is_here(service) or (urlsplit(service.url).hostname or "") not in _OWN_HOST
