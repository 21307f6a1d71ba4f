"""The CLI `claude`: called to edit without asking, read from `json` or `stream-json`."""

from processor.agents.profiles.events import (
    Event,
    count,
    dig,
    dollars,
    of_type,
    read_events,
    reason,
    total,
    words,
)
from processor.agents.profiles.profile import Printed, Profile, Report
from processor.model import Usage


def parse_claude(printed: Printed) -> Report:
    """Read the last `result` object. A failed sign-in is `is_error` with subtype `success`."""
    results = of_type(read_events(printed.stdout), "result")
    if not results:
        return Report()
    result = results[-1]
    return Report(
        usage=_usage(result), summary=words(result.get("result")), error=_error(result), is_over_budget=_is_over(result)
    )


def _usage(result: Event) -> Usage:
    models = result.get("modelUsage")
    if isinstance(models, dict) and models:
        # All models of the run, sub-agents included; `usage` is 0 when the budget ends a run.
        def added(key: str) -> int | None:
            return total(count(dig(model, key)) for model in models.values())

        tokens = [added(f"{kind}Tokens") for kind in ("input", "cacheReadInput", "cacheCreationInput", "output")]
    else:
        keys = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens", "output_tokens")
        tokens = [count(dig(result, "usage", key)) for key in keys]
    return Usage(
        input_tokens=tokens[0],
        cache_read_tokens=tokens[1],
        cache_write_tokens=tokens[2],
        output_tokens=tokens[3],
        cost_dollars=dollars(result.get("total_cost_usd")),
    )


def _is_over(result: Event) -> bool:
    return words(result.get("subtype")).startswith("error_max_budget")


def _error(result: Event) -> str | None:
    subtype = words(result.get("subtype"))
    if result.get("is_error") is not True and subtype in {"", "success"}:
        return None
    errors = result.get("errors")
    listed = "; ".join(words(error) for error in errors) if isinstance(errors, list) else ""
    return reason(listed or words(result.get("result"))) or subtype or "it reported an error"


CLAUDE = Profile(
    program=("claude",),
    # Edits without asking, and nothing else: no shell and no web for a stranger's text to reach.
    options=(
        *("-p", "--output-format", "stream-json", "--verbose"),
        *("--permission-mode", "acceptEdits", "--disallowedTools", "WebFetch,WebSearch"),
    ),
    model_options=("--model", "{model}"),
    parse=parse_claude,
    environment={
        # Measured: with its default of 8 a refused key takes over 90 s; the run has its own retries.
        "CLAUDE_CODE_MAX_RETRIES": "2",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    },
    sign_in_variables=("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "CLAUDE_CODE_OAUTH_TOKEN"),
    sign_in_files=(".claude/.credentials.json",),
    home_folders=(".claude",),
    home_files=(".claude.json",),
)
