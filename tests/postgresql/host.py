"""One of several machines that share a ledger: a state folder and settings of its own."""

from pathlib import Path

from processor.forge import Forge
from processor.ledger import queries
from processor.ledger.connection import Ledger, open_ledger
from processor.ledger.records import RunRecord
from processor.model import IssueRef
from processor.settings.sections import State
from tests.acceptance.system import System
from tests.postgresql.cluster import PASSWORD


class Host(System):
    """An installation whose database is elsewhere; close it when done."""

    @classmethod
    def make(cls, root: Path, forge: Forge, token: str, database_url: str) -> "Host":
        """Make one named after its folder."""
        host = cls(root, forge, token)
        (root / "database-password").write_text(PASSWORD)
        host.settings["engine"]["instance"] = root.name
        host.settings["state"] |= {
            "database_url": database_url,
            "database_password_file": str(root / "database-password"),
        }
        return host

    @property
    def state(self) -> State:
        return State(directory=self.root / "state", database_url=self.settings["state"]["database_url"])

    @property
    def ledger(self) -> Ledger:
        if self._ledger is None:
            self._ledger = open_ledger(self.state, PASSWORD)
        return self._ledger

    def runs(self, ref: IssueRef) -> tuple[RunRecord, ...]:
        with self.ledger.read() as db:
            return queries.runs_of_issue(db, ref)
