"""Who waits for one issue is told every phase, however rarely the command looks."""

import time

from processor.cli.phase_teller import PhaseTeller
from processor.ledger import progress, runs
from processor.model import Phase


def test_phases_shorter_than_a_look_are_told_too_and_each_once(scene, capfd):
    run_id = scene.start()  # prepare is over, the agent works
    tell = PhaseTeller(scene.ledger)

    def look() -> list[str]:
        with scene.ledger.read() as db:
            run = runs.get(db, run_id)
        tell(run)
        return capfd.readouterr().err.splitlines()

    assert look() == ["  prepare", "  agent"]
    assert look() == []
    now = time.time()
    with scene.ledger.write() as db:
        progress.end_phase(db, run_id, Phase.AGENT, "agent_exit", now, attempt=1, is_counted=True)
        progress.end_attempt(db, run_id, 1, now)
        progress.start_attempt(db, run_id, 2, now)
        for second, phase in enumerate(Phase):
            progress.start_phase(db, run_id, 2, phase, now + second)
            progress.end_phase(db, run_id, phase, "ok", now + second, attempt=2, is_counted=True)
    assert look() == [f"  {phase} (attempt 2)" for phase in ("prepare", "agent", "gate", "publish")]
