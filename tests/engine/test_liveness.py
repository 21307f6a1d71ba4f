"""The lock that says who lives."""

import subprocess
import sys
from pathlib import Path

import pytest

from processor.engine.liveness import FileLiveness, keep_all_out, take_place
from processor.errors import BackupError, UsageError

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


def test_no_service_starts_while_a_backup_is_restored(tmp_path: Path) -> None:
    restore, service = FileLiveness(tmp_path), FileLiveness(tmp_path)
    keep_all_out(restore)
    with pytest.raises(BackupError, match=r"^a backup is being restored; start the service when"):
        take_place(service, "host-a")
    assert not service.is_held()
    restore.release()
    take_place(service, "host-a")
    assert service.is_held()
    service.release()


def test_no_backup_is_restored_while_a_service_lives(tmp_path: Path) -> None:
    restore, service = FileLiveness(tmp_path), FileLiveness(tmp_path)
    take_place(service, "host-a")
    with pytest.raises(UsageError, match=r"^host-a works on this ledger; stop every service, then restore$"):
        keep_all_out(restore)
    assert not restore.is_held()
    service.release()
    keep_all_out(restore)
    restore.release()
