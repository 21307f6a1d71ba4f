"""Tell what becomes of the settings: in both logs, and to the parts of the service that must follow."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from processor import logs
from processor.errors import SettingsError
from processor.ledger.overrides import Override
from processor.service.journal import Journal
from processor.settings.keys import value_text
from processor.settings.overriding import Difference
from processor.settings.sections import Settings

_LOG = logs.get_logger("settings")
_LOG_KEYS = {"main.debug", "main.log_level"}


@dataclass
class ServiceSettingsNews:
    """What one service says of its settings."""

    journal: Journal
    settings_now: Callable[[], Settings]
    on_reload: Callable[[], None]

    def changed(self, found: Sequence[Difference]) -> None:
        """Log each key with both values; the level of the log itself follows at once."""
        if _LOG_KEYS & {one.key for one in found}:
            main = self.settings_now().main
            logs.configure_logging(main, is_terminal=sys.stdout.isatty(), stream=sys.stdout)
        for one in found:
            before, after = value_text(one.before), value_text(one.after)
            # A warning, so that it is seen whatever log_level says: it changes what the service does.
            _LOG.warning(logs.SETTINGS_CHANGED, setting=one.key, before=before, after=after)
            self.journal.setting_changed(one.key, before, after)

    def reloaded(self) -> None:
        """Log it, and let the metrics know."""
        _LOG.info(logs.SETTINGS_RELOADED)
        self.on_reload()

    def rejected(self, error: SettingsError) -> None:
        """Log every fault; nothing changes."""
        for fault in error.faults:
            _LOG.error(logs.SETTINGS_REJECTED, fault=str(fault), kept="the last good settings stay in force")
        self.journal.settings_rejected(str(error.faults[0]), len(error.faults))

    def takes_restart(self, keys: Sequence[str]) -> None:
        """Log what the changed files say in vain for now."""
        _LOG.warning(logs.SETTINGS_RESTART_NEEDED, settings=list(keys), remedy="takes a restart of `aip run`")

    def end_announced(self, override: Override) -> None:
        """Log that an override ends soon."""
        _LOG.warning(logs.OVERRIDE_ENDING, setting=override.key, ends_at=override.expires_at, by=override.set_by)
        self.journal.override_ending(override.key, override.expires_at)

    def ended(self, override: Override, after: object) -> None:
        """Log that an override ended."""
        _LOG.warning(logs.OVERRIDE_ENDED, setting=override.key, by=override.set_by, after=value_text(after))
        self.journal.override_ended(override.key, value_text(after))
