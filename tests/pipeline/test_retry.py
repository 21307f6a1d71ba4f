"""The pure decision about the next try."""

from hypothesis import given
from hypothesis import strategies as st

from processor.errors import ErrorType
from processor.pipeline.retry import RetryDecision, decide_retry
from processor.settings.sections import Retry

RETRIES = {ErrorType.NETWORK: Retry(attempts=4, first_delay_seconds=5, factor=2, longest_delay_seconds=12)}


def test_the_wait_grows_up_to_its_longest() -> None:
    waits = [decide_retry(ErrorType.NETWORK, tries, RETRIES, seconds_left=1000) for tries in (1, 2, 3, 4)]
    assert waits == [RetryDecision(5), RetryDecision(10), RetryDecision(12), None]


def test_an_error_without_a_policy_is_tried_once() -> None:
    assert decide_retry(ErrorType.AGENT_TIMEOUT, 1, RETRIES, seconds_left=1000) is None


def test_what_another_try_cannot_mend_is_tried_once() -> None:
    assert decide_retry(ErrorType.NETWORK, 1, RETRIES, seconds_left=1000, is_final=True) is None


def test_what_github_asked_for_is_waited_for() -> None:
    decision = decide_retry(ErrorType.NETWORK, 1, RETRIES, seconds_left=1000, wait_at_least_seconds=90)
    assert decision == RetryDecision(90)


def test_a_wait_past_the_deadline_is_no_retry() -> None:
    assert decide_retry(ErrorType.NETWORK, 1, RETRIES, seconds_left=5) is None


@given(
    tries=st.integers(1, 30),
    attempts=st.integers(1, 20),
    left=st.floats(0, 1e6),
    wait=st.floats(0, 1e6),
)
def test_no_decision_ever_exceeds_its_limits(tries: int, attempts: int, left: float, wait: float) -> None:
    policy = {ErrorType.GIT: Retry(attempts=attempts)}
    decision = decide_retry(ErrorType.GIT, tries, policy, seconds_left=left, wait_at_least_seconds=wait)
    if decision is not None:
        assert tries < attempts
        assert wait <= decision.delay_seconds < left
