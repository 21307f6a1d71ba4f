"""Which runs count: what every number of real work is about."""

from typing import Final

from sqlalchemy import ColumnElement, and_

from processor.ledger.schema import runs

#: Of people: no run of the canary.
IS_REAL: Final[ColumnElement[bool]] = runs.c.is_canary.is_(False)
#: Real, and no dry run; `RunRecord.is_counted` says the same of one run.
IS_COUNTED: Final[ColumnElement[bool]] = and_(runs.c.is_dry_run.is_(False), IS_REAL)
