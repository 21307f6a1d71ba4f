"""Which settings cannot be changed while the service runs, and why. Everything else can."""

from dataclasses import dataclass

_FILES = "change it in the settings files; running services take it up within seconds"
_RESTART = "change it in the settings files and start the service again"


@dataclass(frozen=True)
class Rule:
    """Keys that begin with `prefix` are no matter of overrides; with `takes_restart` not of a changed file either."""

    prefix: str
    reason: str
    takes_restart: bool = False

    @property
    def remedy(self) -> str:
        """What to do instead."""
        return _RESTART if self.takes_restart else _FILES

    def covers(self, key: str) -> bool:
        """Tell whether a key is the prefix, below it, or a section that holds it."""
        return f"{key}.".startswith(f"{self.prefix}.") or self.prefix.startswith(f"{key}.")


RULES = (
    Rule("main.state", "it decides where the ledger is, which holds the overrides", takes_restart=True),
    Rule("main.logs", "the log files are opened at the start", takes_restart=True),
    Rule("main.api", "the HTTP server is bound at the start", takes_restart=True),
    Rule("main.github", "it decides who gets the token, which is connected at the start", takes_restart=True),
    Rule("main.engine.instance", "it is the name under which the service holds its lock", takes_restart=True),
    Rule("main.engine.poll_seconds", "the queue of the engine is registered at the start", takes_restart=True),
    Rule("main.enable_monitoring", "the routes are made at the start", takes_restart=True),
    Rule("main.alerting", "the token is read at the start, and Alertmanager has files of its own", takes_restart=True),
    Rule("main.exporter", "it belongs to aip-exporter, which reads it at its start", takes_restart=True),
    Rule("main.slo", "it belongs to aip-exporter, which reads it at its start", takes_restart=True),
    Rule("main.canary", "aip-exporter reads it at its start", takes_restart=True),
    Rule("main.timezone", "aip-exporter reads it at its start", takes_restart=True),
    Rule("main.overrides.longest_seconds", "it bounds how long a change may last"),
    Rule("main.reports.directory", "it decides where files are written"),
    Rule("main.reports.email", "it decides who gets the reports"),
    Rule("main.reports.webhook", "it decides who gets the reports"),
    Rule("main.backup.directory", "it decides where files are written and deleted"),
    Rule("main.agents", "it decides which programs run"),
    Rule("gate.checks", "it decides which programs run"),
    Rule("gate.repositories", "it decides which programs run"),
    Rule("security", "it decides whose issues are taken and what programs may touch"),
    Rule("environment_name", "AUTO_ISSUE_ENV names the environment", takes_restart=True),
)


def of_key(key: str) -> Rule | None:
    """Give the rule that keeps a key from being overridden; None when it may be."""
    return next((rule for rule in RULES if rule.covers(key)), None)


def takes_restart(key: str) -> bool:
    """Tell whether a changed file has no effect on the key until the service starts again."""
    return any(rule.takes_restart and f"{key}.".startswith(f"{rule.prefix}.") for rule in RULES)
