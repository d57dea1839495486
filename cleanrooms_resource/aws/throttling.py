"""Requests that must not be sent twice: they are sent again only while AWS throttles them, and so did nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cleanrooms_resource.aws.waiting import WAITING, sleep
from cleanrooms_resource.errors import ThrottlingError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tenacity import RetryCallState

T = TypeVar("T")


def send_while_throttled(send: Callable[[], T]) -> T:
    """Return the result of ``send``, which is called again while AWS throttles it, for up to ``WAITING.throttled_creation`` seconds.

    Raises:
        RunCancelledError: the run was cancelled between two attempts. Neither did anything.

    """
    from tenacity import Retrying, retry_if_exception_type, wait_random_exponential

    first_sent = WAITING.now()
    answer = ""

    def note_answer(state: RetryCallState) -> None:
        nonlocal answer
        answer = getattr(state.outcome and state.outcome.exception(), "what_happened", "")

    retrying = Retrying(
        retry=retry_if_exception_type(ThrottlingError),
        # tenacity's own stop_after_delay looks at the system's clock.
        stop=lambda _: WAITING.now() - first_sent >= WAITING.throttled_creation,
        wait=wait_random_exponential(multiplier=0.5, max=8),
        before_sleep=note_answer,
        sleep=lambda seconds: sleep(seconds, f"{answer} The run was cancelled, so the request was not sent again. This request changed nothing."),
        reraise=True,
    )
    return retrying(send)
