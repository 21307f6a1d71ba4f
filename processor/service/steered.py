"""Put together what keeps one service in step with its settings and its load."""

import time
from collections.abc import Mapping

from processor.metrics import Metrics
from processor.operations.load_reading import MEANINGFUL_SECONDS, LoadReader
from processor.operations.settings_in_force import SettingsInForce
from processor.service.assembly import Parts, instance_name
from processor.service.journal import Journal
from processor.service.settings_news import ServiceSettingsNews
from processor.service.steering import Steering
from processor.settings.files import SettingsFiles
from processor.settings.load import Loaded


def steer(
    files: SettingsFiles,
    loaded: Loaded,
    pinned: Mapping[str, object],
    parts: Parts,
    *,
    journal: Journal,
    metrics: Metrics,
) -> Steering:
    """Make the steering of a service.

    Args:
        loaded: what the files said at the start.
        pinned: settings that neither files nor overrides change, by key.
    """
    in_force = SettingsInForce(
        files, parts.ledger, loaded, actor=instance_name(loaded.settings), clock=time.time, pinned=pinned
    )
    metrics.reload_success_at.set(time.time())
    news = ServiceSettingsNews(
        journal, lambda: in_force.settings, on_reload=lambda: metrics.reload_success_at.set(time.time())
    )
    main = loaded.settings.main
    folders = (main.state.directory, main.logs.directory)
    return Steering(in_force, news, journal, LoadReader(folders, shortest_seconds=MEANINGFUL_SECONDS).read)
