"""Name what collectors ask. Those of one source are called one after another, those of different ones side by side."""

from typing import Final

LEDGER: Final = "ledger"
HOST: Final = "host"
FILES: Final = "files"
OURSELVES: Final = "ourselves"  #: what this process knows without asking
