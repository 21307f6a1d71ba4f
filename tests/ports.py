"""Ports that nobody else gets: no other test, no client, and no server that asks for any."""

from contextlib import ExitStack

from processor.alerting.ports import kept_port

_KEPT = ExitStack()


def own_port() -> int:
    """Keep a port of loopback for as long as this test process lives; a server may begin and end on it at any time."""
    return _KEPT.enter_context(kept_port())
