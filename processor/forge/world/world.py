"""Everything the forge knows, put together over one folder."""

from pathlib import Path

from processor.forge.storage.store import Store
from processor.forge.times import Clock
from processor.forge.world.accounts import Accounts
from processor.forge.world.checks import Checks
from processor.forge.world.comments import Comments
from processor.forge.world.history import History
from processor.forge.world.issues import Issues
from processor.forge.world.labels import Labels
from processor.forge.world.merging import Merging
from processor.forge.world.pulls import Pulls
from processor.forge.world.repositories import Repositories
from processor.forge.world.security import Security


class World:
    """Hold the parts, each of which does one kind of thing."""

    def __init__(self, root: Path, clock: Clock) -> None:
        """Open the store in `root` and bring pull requests in step with what git already has."""
        self.clock = clock
        self.store = Store(root)
        self.accounts = Accounts(self.store, clock)
        self.repositories = Repositories(self.store, clock, self.accounts, root / "repositories")
        self.history = History(self.store, clock)
        self.labels = Labels(self.store, clock, self.history)
        self.issues = Issues(self.store, clock, self.accounts, self.history, self.labels)
        self.comments = Comments(self.store, clock, self.accounts)
        self.checks = Checks(self.store, clock, self.accounts)
        self.security = Security(self.store, clock)
        self.pulls = Pulls(self.store, clock, self.repositories, self.issues, self.history)
        self.merging = Merging(clock, self.repositories, self.pulls)
        for repository in self.repositories.list():
            self.pulls.follow(repository)
