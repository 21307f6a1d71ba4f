"""The CLI `gemini`: called to edit without asking, read from `json` or `stream-json`."""

from processor.agents.profiles.events import (
    Event,
    count,
    dig,
    last_event,
    less,
    of_type,
    read_events,
    reason,
    total,
    words,
)
from processor.agents.profiles.profile import Printed, Profile, Report
from processor.model import Usage


def parse_gemini(printed: Printed) -> Report:
    """Read either format. A failure in format `json` leaves stdout empty and JSON at the end of stderr."""
    events = list(read_events(printed.stdout))
    results = of_type(events, "result")
    if results:
        return _stream_report(events, results[-1])
    whole = next((event for event in events if "stats" in event or "error" in event), None)
    if whole is None:
        whole = last_event(printed.stderr) or {}
    return Report(usage=_json_usage(whole), summary=words(whole.get("response")), error=_error(whole))


def _stream_report(events: list[Event], result: Event) -> Report:
    said = [words(event.get("content")) for event in of_type(events, "message") if event.get("role") == "assistant"]
    error, status = _error(result), words(result.get("status"))
    if error is None and status not in {"", "success"}:
        error = f"it ended with status {status}"
    return Report(usage=_stream_usage(result.get("stats")), summary="".join(said), error=error)


def _json_usage(whole: Event) -> Usage:
    models = dig(whole, "stats", "models")
    if not isinstance(models, dict):
        return Usage()

    def added(key: str) -> int | None:
        return total(count(dig(model, "tokens", key)) for model in models.values())

    cached, thoughts = added("cached"), added("thoughts")
    return Usage(
        input_tokens=less(added("prompt"), cached),
        cache_read_tokens=cached,
        output_tokens=total((added("candidates"), thoughts)),
        reasoning_tokens=thoughts,
    )


def _stream_usage(stats: object) -> Usage:
    given, spoken = count(dig(stats, "input_tokens")), count(dig(stats, "output_tokens"))
    cached, everything = count(dig(stats, "cached")), count(dig(stats, "total_tokens"))
    # `output_tokens` leaves the thoughts out; the total has them.
    made = spoken if everything is None or given is None else max(spoken or 0, everything - given)
    return Usage(
        input_tokens=less(given, cached),
        cache_read_tokens=cached,
        output_tokens=made,
        reasoning_tokens=None if made is None or spoken is None else made - spoken,
    )


def _error(event: Event) -> str | None:
    error = event.get("error")
    if error is None:
        return None
    return reason(words(dig(error, "message")) or words(error)) or "it reported an error"


GEMINI = Profile(
    program=("gemini",),
    # `auto_edit` lets it edit without asking; without a person it has no other tool that needs leave, such as a shell.
    options=("-o", "stream-json", "--skip-trust", "--approval-mode", "auto_edit"),
    model_options=("-m", "{model}"),
    parse=parse_gemini,
    sign_in_variables=("GEMINI_API_KEY", "GOOGLE_API_KEY", "GOOGLE_APPLICATION_CREDENTIALS"),
    sign_in_files=(".gemini/oauth_creds.json",),
    home_folders=(".gemini",),
)
