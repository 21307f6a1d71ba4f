"""How long the work took: what every mean, sum and maximum of time is about.

Two hosts may have a part in a run, and their clocks differ: nothing took less than no time. The totals say the same.
"""

from typing import Final

from sqlalchemy import Case, case

from processor.ledger.schema import phases, runs

#: Seconds of work on a run, from its first phase to its outcome; a run that never began took none.
RUN_SECONDS: Final[Case[float]] = case(
    (runs.c.finished_at > runs.c.started_at, runs.c.finished_at - runs.c.started_at), else_=0.0
)
#: Seconds of a phase that ended.
PHASE_SECONDS: Final[Case[float]] = case(
    (phases.c.ended_at > phases.c.started_at, phases.c.ended_at - phases.c.started_at), else_=0.0
)
