"""Tell one installation from another: the id that a ledger has for ever, and those of earlier ones that it adopted."""

import secrets

from sqlalchemy import Connection, insert, select

from processor.ledger.schema import facts

#: Keys of `facts`. A ledger that is restored from a backup has the id of the backup's.
OWN = "installation"
ADOPTED = "adopted_installation:"


def ensure_id(db: Connection) -> str:
    """Give the id of this installation, made when it is first asked for, under the write lock."""
    known: str | None = db.execute(select(facts.c.value).where(facts.c.key == OWN)).scalar()
    if known is None:
        known = secrets.token_hex(4)
        db.execute(insert(facts).values(key=OWN, value=known))
    return known


def adopt(db: Connection, installation: str, now: float) -> bool:
    """Take what another installation made for ours, because it is gone; False when that was done before."""
    key = f"{ADOPTED}{installation}"
    if db.execute(select(facts.c.key).where(facts.c.key == key)).first() is not None:
        return False
    db.execute(insert(facts).values(key=key, value=repr(now)))
    return True
