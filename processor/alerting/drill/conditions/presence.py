"""Who does not answer, hangs or is not there at all; and the alert whose silence is the alarm."""

from processor.alerting.drill.baseline import COLLECTOR, EXPORTER, OVERRIDE_END, PROCESSOR, PROMETHEUS, report
from processor.alerting.drill.changes import Ago, Gone
from processor.alerting.drill.condition import Condition, Means

WATCHDOG = "Watchdog"
_TOO_MANY = [f'aip_exporter_collector_success{{collector="extra_{number}"}}' for number in range(4200)]

CONDITIONS = (
    Condition(
        alert="AipProcessorDown",
        told="scrapes of the processor fail, and the closed day was bad",
        silences=PROCESSOR,
        injects={report("success"): 2, report("error"): 8},
        hides=frozenset({"AipSuccessRateBelowReportTarget"}),
    ),
    Condition(
        alert="AipExporterDown",
        told="scrapes of the exporter fail",
        silences=EXPORTER,
    ),
    Condition(
        alert="AipProcessorAbsent",
        told="Prometheus is told of no processor",
        removes=PROCESSOR,
        means=Means.SCRAPE_JOBS,
    ),
    Condition(
        alert="AipExporterAbsent",
        told="Prometheus is told of no exporter",
        removes=EXPORTER,
        means=Means.SCRAPE_JOBS,
    ),
    Condition(
        alert="AipHeartbeatStale",
        told="the last heartbeat was half an hour ago",
        says=("30m ",),
        injects={"aip_heartbeat_timestamp_seconds": Ago(1805)},
    ),
    Condition(
        alert="AipPollStale",
        told="the last good poll was two hours ago, at an interval of 60 s",
        says=("2h 0m",),
        injects={"aip_last_poll_success_timestamp_seconds": Ago(7205)},
    ),
    Condition(
        alert="AipConfigReloadFailed",
        told="a processor refuses its changed settings",
        injects={"aip_config_last_reload_successful": 0},
    ),
    Condition(
        alert="AipConfigOverrideActive",
        told="the gate is relaxed for two hours more",
        says=("gate.minimum_score", "2h 0m"),
        injects={OVERRIDE_END: Ago(-7205)},
    ),
    Condition(
        alert="AipConfigOverrideEnding",
        told="a relaxed gate goes back in ten minutes",
        says=("gate.minimum_score", "10m "),
        injects={OVERRIDE_END: Ago(-605)},
    ),
    Condition(
        alert="AipExporterCollectorFailing",
        told="a collector fails",
        says=("runs",),
        injects={COLLECTOR: 0},
    ),
    Condition(
        alert="AipSeriesLimitNear",
        told="a scrape has 4200 samples more",
        injects=dict.fromkeys(_TOO_MANY, 1),
        heals=dict.fromkeys(_TOO_MANY, Gone()),
    ),
    Condition(
        alert="TargetDown",
        told="scrapes of a Prometheus fail",
        says=(PROMETHEUS,),
        silences=PROMETHEUS,
    ),
    Condition(
        alert=WATCHDOG,
        told="nothing; then Prometheus is ended",
        means=Means.PROMETHEUS,
    ),
)
