"""Cost: what agents say that they spent, in dollars and tokens, and what came of it."""

from typing import Any

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models.dashboard import Dashboard

from grafana.src import limits
from grafana.src.frame import Section, Site, build
from grafana.src.panels.graphs import bars, lines
from grafana.src.panels.numbers import numbers
from grafana.src.queries import Query, grown, total
from grafana.src.words import Words

DOLLARS = "aip_agent_cost_dollars_total"
TOKENS = "aip_agent_tokens_total"
SUCCESSES = 'outcome="success"'
MERGED = 'result="merged"'


def board(words: Words, site: Site) -> Dashboard:
    """Make the dashboard of money and tokens; an agent that says nothing of its cost is not in it."""
    return build(
        words, site, [Section("money", _money(words)), Section("time", _time(words))], span="now-7d", refresh="5m"
    )


def _money(words: Words) -> list[Builder[Any]]:
    # 0 is what nobody told of: a cost that is reported is more.
    spent = f"(sum({grown(DOLLARS, '$__range')}) > 0)"
    runs = f"sum({grown('aip_runs_total', '$__range', SUCCESSES)})"
    canary = f"sum({grown('aip_canary_cost_dollars_total', '$__range')}) > 0"
    merged = f"sum({grown('aip_pull_requests_closed_total', '$__range', MERGED)})"
    return [
        numbers(words, "day", Query(f"sum({grown(DOLLARS, '1d')}) > 0"), unit="currencyUSD", span=5, decimals=2,
                limit=limits.DOLLARS_A_DAY),
        numbers(words, "spent", Query(spent), unit="currencyUSD", span=5, decimals=2),
        numbers(words, "success", Query(f"{spent} / ({runs} > 0)"), unit="currencyUSD", span=5, decimals=2),
        numbers(words, "merged", Query(f"{spent} / ({merged} > 0)"), unit="currencyUSD", span=5, decimals=2),
        numbers(words, "canary", Query(canary), unit="currencyUSD", span=4, decimals=2),
    ]  # fmt: skip


def _time(words: Words) -> list[Builder[Any]]:
    agents = Query(total("agent", grown(DOLLARS, "$__interval")), "{{agent}}")
    return [
        lines(words, "agents", agents, unit="currencyUSD").interval("6h"),
        bars(words, "tokens", lambda direction: f"sum({grown(TOKENS, '$__interval', direction)})", label="direction",
             unit="short", least="6h").decimals(1),
    ]  # fmt: skip
