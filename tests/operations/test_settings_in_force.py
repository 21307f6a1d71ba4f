"""A service's settings follow files and overrides: whole or not at all, and an override ends by itself."""

import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from processor.errors import SettingsError, UsageError
from processor.ledger import overrides as ledger_overrides
from processor.ledger.connection import Ledger
from processor.ledger.overrides import Override
from processor.operations.setting_changes import Wish, set_overrides, take_back
from processor.operations.settings_in_force import SettingsInForce
from processor.settings.files import SettingsFiles
from processor.settings.overriding import Difference
from processor.settings.sections import Settings, State
from tests.new_ledger import new_ledger

HOUR = 3600.0


@dataclass
class Told:
    """What the service would log."""

    lines: list[str] = field(default_factory=list)

    def changed(self, found: Sequence[Difference]) -> None:
        self.lines += [f"{one.key} {one.before} {one.after}" for one in found]

    def reloaded(self) -> None:
        self.lines.append("reloaded")

    def rejected(self, error: SettingsError) -> None:
        self.lines.append(f"rejected {error}")

    def takes_restart(self, keys: Sequence[str]) -> None:
        self.lines.append(f"restart {' '.join(keys)}")

    def end_announced(self, override: Override) -> None:
        self.lines.append(f"ends soon {override.key}")

    def ended(self, override: Override, after: object) -> None:
        self.lines.append(f"ended {override.key} {after}")


@dataclass
class Office:
    """A folder of settings, a ledger, a clock, and services that look when they are told to."""

    folder: Path
    ledger: Ledger
    now: float = 1_000_000.0
    told: Told = field(default_factory=Told)

    def write(self, text: str, file: str = "quality_gate.yaml") -> None:
        (self.folder / file).write_text(text, encoding="utf-8")

    def service(self, **pinned: object) -> SettingsInForce:
        files = SettingsFiles(self.folder, {})
        pinned = {f"main.{name}": value for name, value in pinned.items()}
        return SettingsInForce(files, self.ledger, files.load(), actor="host-a", clock=lambda: self.now, pinned=pinned)

    def look(self, service: SettingsInForce) -> list[str]:
        """Let a service look twice, as it does in two seconds, and give what it would log."""
        self.told.lines.clear()
        service.look(self.told)
        service.look(self.told)
        return list(self.told.lines)

    def set(self, seconds: float = HOUR, reason: str = "release day", **values: object) -> None:
        full = {key.replace("__", "."): value for key, value in values.items()}
        wish = Wish(values=full, seconds=seconds, actor="ada@desk", reason=reason)
        set_overrides(self.ledger, SettingsFiles(self.folder, {}).load(), wish, self.now)

    def revert(self, *keys: str) -> int:
        base = SettingsFiles(self.folder, {}).load()
        return len(take_back(self.ledger, base, keys or None, actor="ada@desk", reason="", now=self.now))

    def history(self) -> list[tuple[str, str, str, object, object]]:
        with self.ledger.read() as db:
            changes = ledger_overrides.list_changes(db, 50)
        return [(one.actor, one.action, one.key, one.before, one.after) for one in changes]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    (tmp_path / "configs").mkdir()
    ledger = new_ledger(State(directory=tmp_path / "state"))
    yield Office(tmp_path / "configs", ledger)
    ledger.close()


def score(settings: Settings) -> tuple[float, float]:
    return (settings.gate.minimum_score, settings.gate.security_threshold)


def test_the_end_of_an_override_is_in_the_history_although_the_next_one_came_before_a_service_saw_it(
    office: Office,
) -> None:
    office.set(gate__minimum_score=60)
    office.now += HOUR
    office.set(gate__minimum_score=50)
    assert office.history() == [
        ("ada@desk", "set", "gate.minimum_score", 70, 50),
        ("ada@desk", "expired", "gate.minimum_score", 60, 70),
        ("ada@desk", "set", "gate.minimum_score", 70, 60),
    ]


def test_the_gate_is_relaxed_for_a_while_and_tightens_by_itself(office: Office) -> None:
    service = office.service()
    office.set(gate__minimum_score=60, gate__security_threshold=8)
    assert office.look(service) == ["gate.minimum_score 70.0 60.0", "gate.security_threshold 5.0 8.0"]
    assert score(service.settings) == (60, 8)
    office.now += HOUR - 900
    assert office.look(service) == ["ends soon gate.minimum_score", "ends soon gate.security_threshold"]
    assert office.look(service) == []
    office.now += 900
    assert office.look(service) == [
        "gate.minimum_score 60.0 70.0",
        "gate.security_threshold 8.0 5.0",
        "ended gate.minimum_score 70.0",
        "ended gate.security_threshold 5.0",
    ]
    assert score(service.settings) == (70, 5)
    assert office.look(service) == []
    assert office.history() == [
        ("ada@desk", "expired", "gate.security_threshold", 8, 5.0),
        ("ada@desk", "expired", "gate.minimum_score", 60, 70.0),
        ("ada@desk", "set", "gate.security_threshold", 5.0, 8),
        ("ada@desk", "set", "gate.minimum_score", 70.0, 60),
    ]


def test_every_service_follows_and_one_of_them_tells_of_the_end(office: Office) -> None:
    services = [office.service(), office.service()]
    office.set(gate__minimum_score=60)
    assert [office.look(one) for one in services] == [["gate.minimum_score 70.0 60.0"]] * 2
    office.now += HOUR
    first, second = (office.look(one) for one in services)
    assert first == ["gate.minimum_score 60.0 70.0", "ended gate.minimum_score 70.0"]
    assert second == ["gate.minimum_score 60.0 70.0"]


def test_one_that_is_prolonged_at_its_last_moment_is_neither_ended_nor_announced(office: Office) -> None:
    office.set(gate__minimum_score=60)
    with office.ledger.read() as db:
        (seen,) = ledger_overrides.list_overrides(db)  # by a service, just before
    office.now += HOUR
    office.set(gate__minimum_score=60)
    with office.ledger.write() as db:
        assert not ledger_overrides.expire(db, seen, 70, office.now)
        assert not ledger_overrides.announce_end(db, seen, office.now)
    service = office.service()
    office.look(service)
    assert service.settings.gate.minimum_score == 60


def test_a_clock_that_is_set_back_revives_nothing(office: Office) -> None:
    service = office.service()
    office.set(gate__minimum_score=60)
    office.now += HOUR
    office.look(service)
    office.now -= HOUR / 2
    assert office.look(service) == []
    assert service.settings.gate.minimum_score == 70


def test_a_short_override_is_announced_when_a_quarter_is_left(office: Office) -> None:
    service = office.service()
    office.set(seconds=400, gate__minimum_score=60)
    office.look(service)
    office.now += 299
    assert office.look(service) == []
    office.now += 1
    assert office.look(service) == ["ends soon gate.minimum_score"]


def test_it_holds_at_the_next_start_too(office: Office) -> None:
    office.set(gate__minimum_score=60)
    service = office.service()
    office.look(service)
    assert service.settings.gate.minimum_score == 60


def test_it_holds_until_its_end_and_no_longer_while_the_ledger_is_away(office: Office, tmp_path: Path) -> None:
    service = office.service()
    office.set(gate__minimum_score=60)
    office.look(service)
    office.ledger.close()
    (tmp_path / "state" / "ledger.sqlite").rename(tmp_path / "away")
    (tmp_path / "state" / "ledger.sqlite").mkdir()
    office.now += HOUR - 1
    assert office.look(service) == []
    assert service.settings.gate.minimum_score == 60
    office.now += 1
    assert office.look(service) == ["gate.minimum_score 60.0 70.0"]
    (tmp_path / "state" / "ledger.sqlite").rmdir()
    (tmp_path / "away").rename(tmp_path / "state" / "ledger.sqlite")
    assert office.look(service) == ["ended gate.minimum_score 70.0"]


def test_taking_back_puts_the_files_in_force(office: Office) -> None:
    service = office.service()
    office.set(gate__minimum_score=60, main__max_parallel=7)
    office.look(service)
    assert office.revert("gate.minimum_score") == 1
    assert office.look(service) == ["gate.minimum_score 60.0 70.0"]
    assert office.revert() == 1
    assert office.look(service) == ["main.max_parallel 7 3"]
    assert office.revert() == 0


def test_one_wrong_value_changes_nothing(office: Office) -> None:
    with pytest.raises(SettingsError, match="is longer than the whole run may take"):
        office.set(gate__minimum_score=60, main__timeout=9999)
    assert office.history() == []


def test_operators_who_set_the_same_at_once_follow_each_other(office: Office) -> None:
    start = threading.Barrier(4)

    def relax(value: int) -> None:
        start.wait(10)
        office.set(gate__minimum_score=value)

    with ThreadPoolExecutor(4) as operators:
        list(operators.map(relax, (60, 61, 62, 63)))
    service = office.service()
    office.look(service)
    steps = [(before, after) for *_, before, after in reversed(office.history())]
    # Each saw what the one before had set, and the last holds.
    assert [before for before, _ in steps] == [70, *(after for _, after in steps[:-1])]
    assert sorted(after for _, after in steps) == [60, 61, 62, 63]
    assert service.settings.gate.minimum_score == steps[-1][1]


def test_a_pair_may_not_fall_apart_when_one_half_ends(office: Office) -> None:
    office.set(seconds=HOUR, main__engine__run_deadline_seconds=20_000)
    with pytest.raises(SettingsError, match="is longer than the whole run may take"):
        office.set(seconds=2 * HOUR, main__timeout=9999)
    office.set(seconds=HOUR / 2, main__timeout=9999)
    with pytest.raises(SettingsError, match="is longer than the whole run may take"):
        office.revert("main.engine.run_deadline_seconds")


@pytest.mark.parametrize(
    ("seconds", "reason", "complaint"),
    [
        (HOUR, " ", "the reason is empty; say in a word or more why, for colleagues and the history"),
        (0, "x", "a setting is changed for more than 0 s and at most 7d"),
        (8 * 24 * HOUR, "x", "not for 8d; what holds for longer belongs into the settings files"),
    ],
)
def test_every_change_has_a_reason_and_an_end(office: Office, seconds: float, reason: str, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        office.set(seconds=seconds, reason=reason, gate__minimum_score=60)


def test_a_changed_file_is_in_force_and_recorded(office: Office) -> None:
    service = office.service()
    office.write("minimum_score: 80\n")
    assert office.look(service) == ["reloaded", "gate.minimum_score 70.0 80.0"]
    assert office.look(service) == []
    assert service.is_as_written
    assert office.history() == [("host-a", "reloaded", "gate.minimum_score", 70.0, 80.0)]


def test_a_file_that_changed_while_the_service_started_is_read(office: Office) -> None:
    files = SettingsFiles(office.folder, {})
    started = files.load()
    office.write("minimum_score: 80\n")
    service = SettingsInForce(files, office.ledger, started, actor="host-a", clock=lambda: office.now)
    assert office.look(service) == ["reloaded", "gate.minimum_score 70.0 80.0"]


def test_a_file_that_is_being_written_is_not_read(office: Office) -> None:
    office.write("minimum_score: 80\n")
    service = office.service()
    for text in ("", "minimum_score: 8"):  # cut off on the way to 85
        office.write(text)
        service.look(office.told)
    office.write("minimum_score: 85\n")
    assert office.look(service) == ["reloaded", "gate.minimum_score 80.0 85.0"]


def test_a_wrong_file_leaves_the_last_good_settings(office: Office) -> None:
    service = office.service()
    office.write("minimum_score: 80\nsecurity_threshold: eleven\n")
    (rejected,) = office.look(service)
    assert rejected.startswith("rejected ")
    assert "quality_gate.yaml:2: security_threshold" in rejected
    assert score(service.settings) == (70, 5)
    assert not service.is_as_written
    assert office.look(service) == []
    office.write("minimum_score: 80\n")
    assert office.look(service) == ["reloaded", "gate.minimum_score 70.0 80.0"]
    assert service.is_as_written


def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(office: Office) -> None:
    service = office.service()
    os.mkfifo(office.folder / "quality_gate.yaml")
    (said,) = office.look(service)
    assert said.endswith("quality_gate.yaml: file: is not a regular file; put a YAML file in its place")


def test_an_override_ends_although_the_files_are_wrong_by_then(office: Office) -> None:
    service = office.service()
    office.set(gate__minimum_score=60)
    office.look(service)
    office.write("minimum_score: [\n")
    office.look(service)
    office.now += HOUR
    assert office.look(service) == ["gate.minimum_score 60.0 70.0", "ended gate.minimum_score 70.0"]


def test_what_takes_a_restart_is_named_and_keeps_its_value(office: Office) -> None:
    service = office.service()
    office.write("api: {port: 9999}\nmax_parallel: 2\n", "auto_issue_processor.yaml")
    assert office.look(service) == ["reloaded", "restart main.api.port", "main.max_parallel 3 2"]
    assert (service.settings.main.api.port, service.settings.main.max_parallel) == (8080, 2)


def test_an_override_that_no_longer_goes_with_the_files_is_left_out_alone(office: Office) -> None:
    service = office.service()
    office.set(main__timeout=7000, gate__minimum_score=60)
    office.look(service)
    office.write("engine: {run_deadline_seconds: 3600}\n", "auto_issue_processor.yaml")
    first, *rest = office.look(service)
    assert first == "reloaded"
    assert rest[0].startswith("rejected override: timeout = 7000: is longer than the whole run may take (3600 s)")
    assert (service.settings.main.timeout, service.settings.gate.minimum_score) == (1800, 60)
    assert [one.key for one in service.standing.left_out] == ["main.timeout"]
    assert not service.is_as_written


def test_an_override_that_is_left_out_keeps_nobody_from_changing_something_else(office: Office) -> None:
    office.set(main__timeout=7000)
    office.write("engine: {run_deadline_seconds: 3600}\n", "auto_issue_processor.yaml")
    office.set(gate__minimum_score=60)
    assert office.revert("gate.minimum_score") == 1
    assert office.revert("main.timeout") == 1


def test_the_word_of_the_command_line_stays_whatever_the_files_say(office: Office) -> None:
    service = office.service(dry_run=True)
    office.write("dry_run: false\nmax_parallel: 2\n", "auto_issue_processor.yaml")
    office.look(service)
    assert (service.settings.main.dry_run, service.settings.main.max_parallel) == (True, 2)
