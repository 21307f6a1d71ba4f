"""Who lives: each service holds a lock that the kernel or PostgreSQL frees when it dies.

A file lock serves services that share one SQLite file; a session lock serves those that share one PostgreSQL, over a
direct connection (a transaction pooler would hand the session to somebody else). The lock is taken before the engine
starts, because two processes of one name would both execute the same step.
"""

from processor.engine.liveness.file_lock import FileLiveness
from processor.engine.liveness.lock import Liveness, NameTaken, keep_all_out, take_place

__all__ = ["FileLiveness", "Liveness", "NameTaken", "keep_all_out", "take_place"]
