"""Read which installation this is, and which earlier ones it adopted."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from processor.ledger.installations import ADOPTED, OWN
from processor.ledger.schema import facts


@dataclass(frozen=True, kw_only=True)
class Installations:
    """Ids of installations; `own` is None until it was first needed."""

    own: str | None
    adopted: frozenset[str]

    def __contains__(self, installation: str | None) -> bool:
        """Tell whether what an installation made is ours."""
        return installation is not None and (installation == self.own or installation in self.adopted)


def installations(db: Connection) -> Installations:
    """Read the id of this installation, and those that it adopted."""
    own = db.execute(select(facts.c.value).where(facts.c.key == OWN)).scalar()
    adopted = db.execute(select(facts.c.key).where(facts.c.key.startswith(ADOPTED, autoescape=True))).scalars()
    return Installations(own=own, adopted=frozenset(key.removeprefix(ADOPTED) for key in adopted))
