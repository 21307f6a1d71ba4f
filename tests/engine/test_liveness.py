"""The lock that says who lives."""

import subprocess
import sys
from pathlib import Path

import pytest

from processor.engine.liveness import FileLiveness
from processor.errors import UsageError

HOLD = """
import sys
from pathlib import Path
from processor.engine.liveness import FileLiveness
liveness = FileLiveness(Path(sys.argv[1]))
liveness.take("host-a")
print("held", flush=True)
sys.stdin.read()
"""


def test_a_name_is_taken_once_until_its_holder_is_killed(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        second = FileLiveness(tmp_path)
        with pytest.raises(UsageError) as refused:
            second.take("host-a")
        assert str(refused.value) == (
            f"a service named host-a runs already (process {holder.pid}); stop it, "
            "or give this one a name of its own with AUTO_ISSUE_INSTANCE"
        )
        holder.kill()
        holder.wait()
    second.take("host-a")
    assert second.is_held()
    second.release()


def test_only_a_dead_service_is_taken_over(tmp_path: Path) -> None:
    living, other = FileLiveness(tmp_path), FileLiveness(tmp_path)
    living.take("host-a")
    acts: list[str] = []
    assert not other.if_dead("host-a", lambda: acts.append("too early"))
    living.release()
    assert other.if_dead("host-a", lambda: acts.append("taken over"))
    assert acts == ["taken over"]
