"""What the five CLIs print is read right: figures, last words and failures, in every recorded shape."""

import json
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from processor.agents.profiles import PROFILES, Printed, Report
from processor.model import Usage
from tests.agents.conftest import TESTDATA


def recorded(name: str, case: str) -> Printed:
    def text(ending: str) -> str:
        path = TESTDATA / f"{name}.{case}.{ending}"
        return path.read_text() if path.exists() else ""

    return Printed(stdout=text("stdout"), stderr=text("stderr"), output_file=text("analytics.jsonl"))


def report_of(name: str, case: str) -> Report:
    return PROFILES[name.partition("-")[0]].parse(recorded(name, case))


CLAUDE_USAGE = Usage(
    input_tokens=100, cache_read_tokens=50, cache_write_tokens=7, output_tokens=20, cost_dollars=0.0006412500000000001
)
GEMINI_USAGE = Usage(input_tokens=50, cache_read_tokens=50, output_tokens=25, reasoning_tokens=5)


@pytest.mark.parametrize(
    ("name", "usage"),
    [
        ("claude-json", CLAUDE_USAGE),
        ("claude-stream-json", CLAUDE_USAGE),
        (
            "codex-json",
            Usage(input_tokens=50, cache_read_tokens=50, cache_write_tokens=0, output_tokens=20, reasoning_tokens=5),
        ),
        ("gemini-json", GEMINI_USAGE),
        ("gemini-stream-json", GEMINI_USAGE),
        (
            "opencode-json",
            Usage(
                input_tokens=50,
                cache_read_tokens=50,
                cache_write_tokens=0,
                output_tokens=20,
                reasoning_tokens=0,
                cost_dollars=0.00045,
            ),
        ),
        ("aider", Usage(input_tokens=100, output_tokens=20, cost_dollars=0.00038750000000000004)),
    ],
)
def test_success_is_read(name: str, usage: Usage) -> None:
    report = report_of(name, "ok")
    assert report.usage == usage
    assert report.error is None
    assert not report.is_over_budget
    assert report.summary == "done"


NOTHING = Usage(
    input_tokens=0, cache_read_tokens=0, cache_write_tokens=0, output_tokens=0, reasoning_tokens=None, cost_dollars=0.0
)


@pytest.mark.parametrize(
    ("name", "usage", "error"),
    [
        ("claude-json", NOTHING, "Failed to authenticate. API Error: 401 bad key"),
        ("claude-stream-json", NOTHING, "Failed to authenticate. API Error: 401 bad key"),
        (
            "codex-json",
            Usage(),
            "unexpected status 401 Unauthorized: bad key, url: http://127.0.0.1:8098/v1/responses",
        ),
        ("gemini-json", Usage(), "bad key"),
        (
            "gemini-stream-json",
            Usage(input_tokens=0, cache_read_tokens=0, output_tokens=0, reasoning_tokens=0),
            "bad key",
        ),
        ("opencode-json", Usage(), "bad key"),
        ("aider", Usage(), "litellm.AuthenticationError: AuthenticationError: OpenAIException - bad key"),
    ],
)
def test_refused_key_is_read(name: str, usage: Usage, error: str) -> None:
    report = report_of(name, "unauthorized")
    assert report.usage == usage
    assert report.error == error
    assert not report.is_over_budget


def test_budget_stop_is_read_with_what_was_spent() -> None:
    report = report_of("claude-json", "over-budget")
    assert report.is_over_budget
    assert report.error == "Reached maximum budget ($0.0001)"
    assert report.usage == CLAUDE_USAGE


def lines(*events: object) -> Printed:
    return Printed(stdout="\n".join(json.dumps(event) for event in events))


def test_claude_adds_up_the_models_of_a_run() -> None:
    models = {"opus": {"inputTokens": 3, "outputTokens": 4}, "haiku": {"inputTokens": 10, "outputTokens": 20}}
    report = PROFILES["claude"].parse(lines({"type": "result", "modelUsage": models, "total_cost_usd": 0.5}))
    assert report.usage == Usage(input_tokens=13, output_tokens=24, cost_dollars=0.5)


def test_claude_reports_an_error_subtype_without_the_flag() -> None:
    report = PROFILES["claude"].parse(lines({"type": "result", "subtype": "error_max_turns"}))
    assert report.error == "error_max_turns"
    assert not report.is_over_budget


def test_codex_figures_are_cumulative_so_the_last_turn_counts() -> None:
    def turn(tokens: int) -> dict[str, object]:
        return {"type": "turn.completed", "usage": {"input_tokens": tokens, "cached_input_tokens": 10}}

    report = PROFILES["codex"].parse(lines(turn(100), turn(200), turn(300)))
    assert report.usage == Usage(input_tokens=290, cache_read_tokens=10)


def test_codex_error_that_a_completed_turn_follows_was_overcome() -> None:
    events = ({"type": "error", "message": "Reconnecting... 1/5"}, {"type": "turn.completed", "usage": {}})
    assert PROFILES["codex"].parse(lines(*events)).error is None
    assert PROFILES["codex"].parse(lines(*reversed(events))).error == "Reconnecting... 1/5"


def test_codex_last_message_file_is_its_summary() -> None:
    assert PROFILES["codex"].parse(Printed(output_file="I changed sum.py.\n")).summary == "I changed sum.py."


def test_opencode_adds_up_its_steps() -> None:
    def step(tokens: int) -> dict[str, object]:
        figures = {"input": tokens, "output": 1, "reasoning": 2, "cache": {"read": 3, "write": 4}}
        return {"type": "step_finish", "part": {"tokens": figures, "cost": 0.25}}

    assert PROFILES["opencode"].parse(lines(step(10), step(20))).usage == Usage(
        input_tokens=30,
        cache_read_tokens=6,
        cache_write_tokens=8,
        output_tokens=6,
        reasoning_tokens=4,
        cost_dollars=0.5,
    )


def test_gemini_adds_up_its_models() -> None:
    tokens = {"prompt": 10, "cached": 4, "candidates": 3, "thoughts": 2}
    models = {"pro": {"tokens": tokens}, "flash": {"tokens": tokens}}
    usage = PROFILES["gemini"].parse(lines({"response": "", "stats": {"models": models}})).usage
    assert usage == Usage(input_tokens=12, cache_read_tokens=8, output_tokens=10, reasoning_tokens=4)


def test_aider_adds_up_its_messages() -> None:
    sent = {"event": "message_send", "properties": {"prompt_tokens": 5, "completion_tokens": 2, "cost": 0.5}}
    start = {"event": "message_send_starting", "properties": {}}
    log = "\n".join(json.dumps(event) for event in (start, sent, start, sent))
    report = PROFILES["aider"].parse(Printed(output_file=log))
    assert report.usage == Usage(input_tokens=10, output_tokens=4, cost_dollars=1.0)
    assert report.error is None


def test_aider_without_its_log_is_judged_by_its_words() -> None:
    printed = recorded("aider", "unauthorized")
    error = PROFILES["aider"].parse(Printed(stdout=printed.stdout)).error
    assert error == "litellm.AuthenticationError: AuthenticationError: OpenAIException - bad key"
    assert PROFILES["aider"].parse(Printed(stdout=recorded("aider", "ok").stdout)).error is None


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_silence_is_unknown_and_not_nothing(profile: str) -> None:
    assert PROFILES[profile].parse(Printed()) == Report()


@pytest.mark.parametrize("bad", [-1, True, 1.5, "100", None, 10**30, [], {}])
def test_figure_of_a_wrong_shape_is_unknown(bad: object) -> None:
    usage = {"input_tokens": bad, "output_tokens": 3}
    report = PROFILES["claude"].parse(lines({"type": "result", "usage": usage, "total_cost_usd": "1"}))
    assert report.usage == Usage(output_tokens=3)


@pytest.mark.parametrize("cost", ["NaN", "Infinity", "-0.5", "1e400"])
def test_cost_that_is_no_amount_is_unknown(cost: str) -> None:
    text = f'{{"type": "result", "total_cost_usd": {cost}}}'
    assert PROFILES["claude"].parse(Printed(stdout=text)).usage == Usage()


def test_lines_that_are_no_json_are_passed_over() -> None:
    ok = recorded("claude-json", "ok").stdout
    noisy = f"npm warn\n{{broken\n[1]\n{ok}\n\x00\xff\n"
    assert PROFILES["claude"].parse(Printed(stdout=noisy)) == PROFILES["claude"].parse(Printed(stdout=ok))


def test_json_nested_too_deep_is_passed_over() -> None:
    assert PROFILES["claude"].parse(Printed(stdout='{"a":' * 100_000)) == Report()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    *("usage", "modelUsage", "total_cost_usd", "result", "errors", "is_error", "subtype", "stats", "error", "response"),
    *("part", "item", "message", "properties", "content", "role", "status", "event"),
)
TYPES = ("result", "turn.completed", "turn.failed", "error", "item.completed", "step_finish", "text", "message")
strange_events = st.dictionaries(st.sampled_from(KEYS), json_values, max_size=6).flatmap(
    lambda fields: st.sampled_from(TYPES).map(lambda name: {"type": name} | fields)
)


@pytest.mark.parametrize("profile", sorted(PROFILES))
@settings(max_examples=25, deadline=None)  # the machine that runs the tests may be busy
@given(events=st.lists(strange_events, max_size=4), noise=st.text(max_size=20))
def test_nothing_that_is_printed_breaks_a_parser(profile: str, events: list[object], noise: str) -> None:
    text = "\n".join([noise, *(json.dumps(event) for event in events)])
    parse: Callable[[Printed], Report] = PROFILES[profile].parse
    report = parse(Printed(stdout=text, stderr=text, output_file=text))
    for figure in (report.usage.input_tokens, report.usage.output_tokens, report.usage.cost_dollars):
        assert figure is None or figure >= 0
