"""Labels of a repository and on its issues; a name is found in any letter case, as on GitHub."""

from collections.abc import Iterable
from dataclasses import replace

from processor.forge.refusals import Refusal, invalid, not_found
from processor.forge.storage.records import Issue, Label, Repository
from processor.forge.storage.store import Store
from processor.forge.times import Clock, written
from processor.forge.world.history import History


class Labels:
    """Create labels and put them on issues."""

    def __init__(self, store: Store, clock: Clock, history: History) -> None:
        """Write what happens to issues into `history`."""
        self._store = store
        self._clock = clock
        self._history = history

    def create(self, repository: Repository, name: str, *, color: str = "ededed", description: str = "") -> Label:
        """Create a label; raise the 422 when the name is taken."""
        with self._store.transaction():
            if self.find(repository, name):
                raise invalid("Label", "name", "already_exists")
            label = Label(
                id=self._store.next_id(),
                repository_id=repository.id,
                name=name,
                color=color.lower(),
                description=description or None,
            )
            return self._store.put(label)

    def find(self, repository: Repository, name: str) -> Label | None:
        """Return the label, or None."""
        labels = self._store.children(Label, repository.id)
        return next((found for found in labels if found.name.lower() == name.lower()), None)

    def get(self, repository: Repository, name: str) -> Label:
        """Return the label; raise the 404 when there is none."""
        found = self.find(repository, name)
        if found is None:
            raise not_found()
        return found

    def list(self, repository: Repository) -> list[Label]:
        """Return the labels by name."""
        return sorted(self._store.children(Label, repository.id), key=lambda label: label.name.lower())

    def edit(
        self, repository: Repository, name: str, *, new_name: str = "", color: str = "", description: str | None = None
    ) -> Label:
        """Change a label, on the issues that have it too."""
        with self._store.transaction():
            label = self.get(repository, name)
            changed = replace(
                label,
                name=new_name or label.name,
                color=color or label.color,
                description=label.description if description is None else description,
            )
            for issue in self._wearers(repository, label):
                names = tuple(changed.name if name == label.name else name for name in issue.labels)
                self._store.put(replace(issue, labels=names))
            return self._store.put(changed)

    def delete(self, repository: Repository, name: str) -> None:
        """Delete a label and take it off every issue."""
        with self._store.transaction():
            label = self.get(repository, name)
            for issue in self._wearers(repository, label):
                self._store.put(replace(issue, labels=tuple(name for name in issue.labels if name != label.name)))
            self._store.remove(label)

    def set(self, repository: Repository, issue: Issue, names: Iterable[str], *, actor: str) -> Issue:
        """Give the issue exactly these labels; unknown ones are created, as GitHub does."""
        with self._store.transaction():
            wanted = list(dict.fromkeys(self._known(repository, name).name for name in names))
            for name in wanted:
                if name not in issue.labels:
                    self._history.add(issue, "labeled", actor=actor, label=name)
            for name in issue.labels:
                if name not in wanted:
                    self._history.add(issue, "unlabeled", actor=actor, label=name)
            if tuple(wanted) == issue.labels:
                return issue
            return self._store.put(replace(issue, labels=tuple(wanted), updated_at=written(self._clock())))

    def take_off(self, repository: Repository, issue: Issue, name: str, *, actor: str) -> Issue:
        """Take one label off the issue; raise the 404 when it does not have it."""
        kept = [held for held in issue.labels if held.lower() != name.lower()]
        if len(kept) == len(issue.labels):
            raise Refusal(404, "Label does not exist")
        return self.set(repository, issue, kept, actor=actor)

    def _known(self, repository: Repository, name: str) -> Label:
        return self.find(repository, name) or self.create(repository, name)

    def _wearers(self, repository: Repository, label: Label) -> Iterable[Issue]:
        return [issue for issue in self._store.children(Issue, repository.id) if label.name in issue.labels]
