"""Settings and capacity as an operator sees and changes them, without a service."""

import pytest

from processor.ledger.capacity_changes import KEPT_SECONDS, CapacityChange, record
from processor.ledger.services import ServiceRecord, Work, announce, note_work
from processor.model import Priority

pytestmark = pytest.mark.usefixtures("office")
RELAX = (
    "config",
    "set",
    "minimum_score",
    "60",
    "gate.security_threshold",
    "8",
    "--for",
    "2h",
    "--reason",
    "release day",
)


def test_the_gate_is_relaxed_shown_and_taken_back(aip):
    said = aip(*RELAX)
    assert said.code == 0
    first, second = said.out.splitlines()
    assert first.startswith("gate.minimum_score: 70 -> 60 until 20")
    assert second.startswith("gate.security_threshold: 5 -> 8 until 20")
    assert said.err == "no service lives; the next `aip run` starts with it\n"
    (row,) = aip("config", "show", "minimum_score", "--json").json["settings"]
    assert (row["value"], row["layer"], row["at_run_time"]) == (60, "override", "yes")
    told = aip("config", "diff").out.splitlines()
    assert told[0].startswith("gate.minimum_score: 70 -> 60 until 20")
    assert told[0].endswith(": release day")
    assert aip("config", "revert", "minimum_score").out == "gate.minimum_score: 60 -> 70\n"
    history = aip("config", "history", "minimum_score", "--json").json["changes"]
    assert [(one["action"], one["before"], one["after"]) for one in history] == [("reverted", 60, 70), ("set", 70, 60)]
    assert aip("config", "revert", "--all").out == "gate.security_threshold: 8 -> 5\n"
    assert aip("config", "diff").out == "nothing was changed at run time; the settings files are in force\n"


def test_the_history_is_of_one_setting_or_of_those_below_a_key(aip):
    aip(*RELAX)
    keys = [one["key"] for one in aip("config", "history", "gate", "--json").json["changes"]]
    assert keys == ["gate.security_threshold", "gate.minimum_score"]
    assert aip("config", "history", "intake").out == "intake was never changed at run time\n"
    said = aip("config", "history", "minimum_scor")
    assert (said.code, said.err.split(";")[0]) == (2, "aip: minimum_scor is no setting")


def test_where_a_setting_comes_from_is_shown(aip, office):
    shown = " ".join(aip("config", "show", "github").out.split())
    assert f"main.github.read_attempts restart {office.root}/configs/auto_issue_processor.yaml:" in shown or (
        "main.github.read_attempts restart configs/auto_issue_processor.yaml:" in shown
    )
    assert "main.github.timeout_seconds restart default 15" in shown


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("minimum_score",), "minimum_score: its value is missing; write KEY VALUE, such as gate.minimum_score 60"),
        (("minimum_score", "6", "gate.minimum_score", "7"), "gate.minimum_score: is named twice; say one value"),
        (
            ("no_such", "6"),
            "override: no_such: is no known key; take it out, or use one of environment_name, main, gate, security",
        ),
        (("label", "x"), "override: label: is no known key; take it out, or use one of"),
        (
            ("state.directory", "elsewhere"),
            "override: main.state.directory: cannot be changed at run time, because it decides where the ledger is",
        ),
        (("minimum_score", "high"), 'override: gate.minimum_score = "high": is text; use a number from 0 to 100'),
    ],
)
def test_what_cannot_be_set_says_why_and_changes_nothing(aip, arguments, complaint):
    said = aip("config", "set", *arguments, "--for", "2h", "--reason", "x")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"aip: {complaint}")
    assert aip("config", "diff", "--json").json == {"differences": []}


def test_a_time_and_a_reason_are_asked_for(aip):
    assert "Missing option '--for'" in aip("config", "set", "minimum_score", "60").err
    said = aip("config", "set", "minimum_score", "60", "--for", "soon", "--reason", "x")
    assert said.err.startswith("aip: 'soon' is no length of time; write it like 2h, 90m or 1d12h")
    said = aip("config", "set", "minimum_score", "60", "--for", "30d", "--reason", "x")
    assert "at most 7d (overrides.longest_seconds), not for 30d" in said.err


def test_reverting_what_was_not_changed_is_wrong_usage(aip):
    aip(*RELAX)
    said = aip("config", "revert", "timeout")
    assert (said.code, said.err) == (
        2, "aip: main.timeout: not changed at run time; `aip config diff` shows what is\n",
    )  # fmt: skip
    assert aip("config", "revert").err == "aip: name the settings to take back, or take back all with --all\n"


def test_a_revert_of_several_is_done_whole_or_not_at_all(aip):
    aip(*RELAX)
    said = aip("config", "revert", "minimum_score", "timeout")
    assert (said.code, said.out) == (2, "")
    assert "main.timeout: not changed at run time" in said.err
    assert len(aip("config", "diff", "--json").json["differences"]) == 2


def test_a_level_by_hand_is_shown_with_who_and_why(aip):
    assert aip("capacity", "set", "high", "--for", "2h", "--reason", "backup runs").code == 0
    told = [" ".join(line.split()) for line in aip("capacity", "show").out.splitlines()]
    assert told[0].startswith("high on every host until 20")
    assert told[0].endswith(": backup runs")
    assert "high 1 30 min 00 s critical" in told
    assert "low 3 10 min 00 s critical, high, medium; then low" in told
    assert aip("capacity", "auto").out == "main.capacity.level: high -> auto\n"
    assert aip("capacity", "show").out.startswith("auto: each host follows its load\n")


def test_a_change_that_does_not_go_with_these_files_is_shown_to_have_no_effect(aip, office):
    aip("config", "set", "timeout", "7000", "--for", "1h", "--reason", "long issue")
    office.write_settings(engine={"run_deadline_seconds": 3600})
    shown = aip("config", "show", "timeout").out
    assert " ".join(shown.splitlines()[1].split()) == "main.timeout yes default 1800"
    assert "main.timeout is changed in vain" in shown
    assert aip("config", "diff").out.endswith(": long issue (without effect here)\n")


def test_a_host_that_has_to_leave_a_change_out_is_named(aip, ledger, scene):
    scene.announce_service()
    work = Work(capacity_level="low", capacity_reason="x", max_parallel=3, poll_interval_seconds=600,
                settings_change=9, settings_left_out="main.reports.at,main.timeout")  # fmt: skip
    with ledger.write() as db:
        note_work(db, "processor-1", work)
    relax = ("config", "set", "timeout", "5000", "gate.minimum_score", "60", "--for", "1h", "--reason", "x")
    where = "not on processor-1: main.timeout does not go with the settings files there; its log says why\n"
    assert aip(*relax).err == where
    assert aip(*relax, "--json").json["left_out_on"] == {"processor-1": ["main.timeout"]}
    assert aip("config", "revert", "minimum_score").out.endswith("in force on processor-1\n")
    assert "processor-1 (low load) (without main.reports.at, main.timeout)" in aip("status").out


def test_a_host_that_is_smaller_or_asks_more_often_is_shown_as_it_is(aip, ledger, scene):
    scene.announce_service()
    work = Work(capacity_level="low", capacity_reason="x", max_parallel=1, poll_interval_seconds=45, settings_change=0)
    with ledger.write() as db:
        note_work(db, "processor-1", work)
    host = aip("capacity", "show", "--json").json["hosts"]["processor-1"]
    assert (host["parallel"], host["poll_interval_seconds"]) == (1, 45)


def test_the_levels_of_every_host_are_listed_newest_first(aip, ledger):
    assert aip("capacity", "history").out == "no service has said at which level it is yet\n"
    with ledger.write() as db:
        for at, before, after in ((0, None, "low"), (1e6, "low", "high"), (KEPT_SECONDS + 1, "high", "low")):
            record(db, CapacityChange(at=at, instance="one", before=before, after=after, reason="CPU 0.95 (limit 0.9)"))
    heading, newest, older = (line.split() for line in aip("capacity", "history").out.splitlines())
    assert heading == ["WHEN", "HOST", "BEFORE", "AFTER", "WHY"]
    assert newest[2:5] == ["one", "high", "low"]
    assert older[2:] == ["one", "low", "high", "CPU", "0.95", "(limit", "0.9)"]  # the first is older than 90 days
    assert len(aip("capacity", "history", "--limit", "1", "--json").json["changes"]) == 1


def test_auto_where_the_files_keep_a_level_needs_a_time(aip, office):
    office.write_settings(capacity={"level": "medium"})
    said = aip("capacity", "auto")
    assert said.code == 2
    assert said.err == (
        "aip: capacity.level is medium in the settings files; `aip config revert capacity.level` goes back to that, "
        "or say for how long auto holds, such as 2h, and why\n"
    )
    assert aip("capacity", "auto", "--for", "2h", "--reason", "quiet night").code == 0
    assert aip("capacity", "show", "--json").json["level"] == "auto"


def test_an_issue_held_back_by_every_host_has_the_reason_capacity(aip, ledger, scene):
    scene.queue(1, priority=Priority.HIGH)
    scene.queue(2, priority=Priority.MEDIUM)
    scene.announce_service()
    with ledger.write() as db:
        work = Work(capacity_level="medium", capacity_reason="CPU 0.75 (limit 0.7)", max_parallel=3,
                    poll_interval_seconds=900, settings_change=0)  # fmt: skip
        note_work(db, "processor-1", work)
    backlog = aip("queue", "list", "--json").json["backlog"]
    assert [(run["issue"], run["held_by"]) for run in backlog] == [
        ("octo/hello#1", None),
        ("octo/hello#2", "capacity"),
    ]
    assert "1 run held by capacity (medium load): aip capacity show" in aip("queue", "list").out
    with ledger.write() as db:
        announce(db, ServiceRecord(instance="second", host="x", pid=2, url="http://x", state="running",
                                   started_at=9e9, heartbeat_at=9e9, capacity_level="low"))  # fmt: skip
    assert {run["held_by"] for run in aip("queue", "list", "--json").json["backlog"]} == {None}
