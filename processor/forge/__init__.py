"""The embedded forge: a loopback server that speaks the GitHub calls we use and serves git over HTTP."""

from processor.forge.faults import Fault, FaultKind
from processor.forge.forge import Forge

__all__ = ["Fault", "FaultKind", "Forge"]
