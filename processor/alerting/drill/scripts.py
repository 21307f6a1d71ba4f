"""The script of each alert that can be drilled, by its name."""

from collections.abc import Mapping

from processor.alerting.drill.condition import Condition
from processor.alerting.drill.conditions import pace, presence, success, surroundings

SCRIPTS: Mapping[str, Condition] = {
    condition.alert: condition
    for condition in (
        *success.CONDITIONS,
        *pace.CONDITIONS,
        *presence.CONDITIONS,
        *surroundings.CONDITIONS,
    )
}
