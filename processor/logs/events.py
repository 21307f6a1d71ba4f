"""Name the events of the log on stdout: constants, `noun.past_participle`, so that a search finds every place."""

SERVICE_STARTED = "service.started"
SERVICE_DRAINING = "service.draining"
SERVICE_STOPPED = "service.stopped"
SERVICE_ADOPTED = "service.adopted"  #: the runs of a dead service were taken over
SERVICE_LOCK_LOST = "service.lock_lost"

SETTINGS_LOADED = "settings.loaded"
SETTINGS_DOUBTED = "settings.doubted"  #: they work, but are likely to surprise
SETTINGS_RELOADED = "settings.reloaded"  #: the files were changed, and are in force
SETTINGS_CHANGED = "settings.changed"  #: by files, or by overrides that came or ended; one line a key
SETTINGS_REJECTED = "settings.rejected"  #: the last good ones stay in force
SETTINGS_RESTART_NEEDED = "settings.restart_needed"  #: for keys that cannot change at run time
OVERRIDE_ENDING = "override.end_announced"
OVERRIDE_ENDED = "override.ended"  #: by itself, when its time was over
CAPACITY_CHANGED = "capacity.changed"
SECRET_UNREADABLE = "secret.unreadable"  # noqa: S105  the name of an event; the last good text is used on

POLL_FINISHED = "poll.finished"
POLL_FAILED = "poll.failed"
ISSUE_QUEUED = "issue.queued"
ISSUE_SKIPPED = "issue.skipped"
ISSUES_HELD = "issues.held"  #: by a first start, until an operator lets them go

RUN_STARTED = "run.started"
RUN_TAKEN_OVER = "run.taken_over"  #: by another service, while this one was silent
RUN_FINISHED = "run.finished"  #: the one canonical line of a run
PHASE_CRASHED = "phase.crashed"  #: by something that is no error of ours
ATTEMPT_RETRY_SCHEDULED = "attempt.retry_scheduled"
GATE_REJECTED = "gate.rejected"
CHECK_FINISHED = "check.finished"
PULL_REQUEST_OPENED = "pull_request.opened"
ANNOUNCEMENT_FAILED = "announcement.failed"

CANARY_BEGUN = "canary.begun"
CANARY_FINISHED = "canary.finished"  #: with its result
CANARY_DELAYED = "canary.delayed"  #: a step is tried again
CANARY_LEFT = "canary.left"  #: a branch that somebody moved stays
CANARY_STRAYS_CLOSED = "canary.strays_closed"  #: of rounds that the ledger does not know

INCIDENT_OPENED = "incident.opened"  #: Alertmanager told that an alert fires
INCIDENT_CLOSED = "incident.closed"

CHECKLIST_FINISHED = "checklist.finished"
SECURITY_ALERTS_UNREAD = "security_alerts.unread"

REPORT_MADE = "report.made"
REPORT_DELIVERED = "report.delivered"
REPORT_DELAYED = "report.delayed"  #: it did not arrive and is sent again
REPORT_GIVEN_UP = "report.given_up"  #: it did not arrive in three days
REPORT_FILE_FAILED = "report.file_failed"

GITHUB_RATE_LIMITED = "github.rate_limited"
LEDGER_UNREACHABLE = "ledger.unreachable"
LEDGER_AWAITED = "ledger.awaited"  #: there is none yet
LEDGER_REACHED = "ledger.reached"  #: after it was awaited or unreachable

NIGHTLY_FINISHED = "nightly.finished"  #: a backup, or upkeep
NIGHTLY_FAILED = "nightly.failed"
GITHUB_CAUGHT_UP = "github.caught_up"  #: what a restored ledger had missed was learned
GITHUB_AWAITED = "github.awaited"  #: a restored ledger must be brought up to date first

EXPORTER_STARTED = "exporter.started"
EXPORTER_STOPPED = "exporter.stopped"
COLLECTOR_FAILED = "collector.failed"
COLLECTOR_DELAYED = "collector.delayed"  #: it was not done within the limit; its last value was shown
COLLECTOR_RECOVERED = "collector.recovered"
WEB_CONFIG_LOADED = "web_config.loaded"
WEB_CONFIG_REFUSED = "web_config.refused"  #: the last good one stays in force

LEFTOVER_ENDED = "leftover.ended"  #: a process that an earlier service left
LEFTOVER_REMOVED = "leftover.removed"  #: a worktree that an earlier service left
FOLLOW_UP_FAILED = "follow_up.failed"
DUTY_FAILED = "duty.failed"
DUTY_SKIPPED = "duty.skipped"
EVENT_LINE_LOST = "event_line.lost"  #: logs/auto_issue_processor.log could not be written
