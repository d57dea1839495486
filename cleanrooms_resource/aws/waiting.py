"""Waiting for AWS: how long, how often, by which clock, and until which moment: a cancelled run waits for nothing.

Also what a run has done before it ends early: the attempts of a request that AWS throttles, and the steps of an update.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar

from cleanrooms_resource.errors import (
    ChangeRequestRefusedError,
    CollaborationError,
    CollaborationGone,
    RunCancelledError,
    ThrottlingError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tenacity import RetryCallState

T = TypeVar("T")

_CANCELLED: Final = threading.Event()
"""Whether Pulumi has cancelled this process. Only a plug-in is told so."""


def cancel_waits() -> None:
    """Cancel the run: end every wait of this process, and send no further write and no retry."""
    _CANCELLED.set()


def resume_waits() -> None:
    """Forget a cancelled run, before a process serves another one."""
    _CANCELLED.clear()


def is_cancelled() -> bool:
    return _CANCELLED.is_set()


def sleep_until_cancelled(seconds: float) -> None:
    _CANCELLED.wait(seconds)


@dataclass(slots=True)
class Waiting:
    """The waits, in seconds, and the clock that measures them.

    No option of a program and no setting of a stack reaches this object. Tests shorten the waits, or advance the clock by hand.
    """

    throttled_creation: float = 300.0
    """How long the provider keeps sending a creation that AWS throttles."""
    until_listed: float = 60.0
    """The time within which ListCollaborations lists a new collaboration; AWS's own CloudFormation handler waits as long."""
    until_readable: float = 10.0
    """The time within which the other reads answer for a new collaboration that ListCollaborations lists."""
    between_looks: float = 2.0
    """The time between two looks for a collaboration that does not show yet."""
    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = sleep_until_cancelled


WAITING: Final = Waiting()
"""The waits of this process."""


def sleep(seconds: float, what_may_exist: str, *, advice: str | None = None) -> None:
    """Sleep. ``what_may_exist`` is the error's sentence where the run is cancelled: the wait that ended, and what AWS may have made.

    Raises:
        RunCancelledError: the run was cancelled before the sleep or during it.

    """
    if not is_cancelled():
        WAITING.sleep(seconds)
    if is_cancelled():
        raise RunCancelledError(what_may_exist, advice=advice)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A reading of AWS's clock: an answer with this ``date`` had arrived when ``WAITING.now()`` returned ``arrived``."""

    date: datetime
    arrived: float

    def earliest_at(self, local: float) -> datetime:
        """Return a time that AWS's clock had reached when ``WAITING.now()`` returned ``local``.

        The answer was on its way for an unknown time, so AWS's clock was this far or further.
        """
        return self.date - timedelta(seconds=self.arrived - local)


def read_clock(response: Mapping[str, Any]) -> ClockReading | None:
    """Read AWS's clock from a response of boto3 that has just arrived; None where the response has no date.

    Every response has its own date, so neither earlier attempts nor earlier pages count.
    """
    date = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    return ClockReading(parsedate_to_datetime(date), WAITING.now()) if date else None


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
        sleep=lambda seconds: sleep(
            seconds,
            f"{answer} The run was cancelled, so the request was not sent again. This request changed nothing.",
        ),
        reraise=True,
    )
    return retrying(send)


@dataclass
class Progress:
    """The steps of an update that took effect, each as the end of a sentence about the update."""

    steps: list[str] = field(default_factory=list)

    @contextmanager
    def make_step(self, effect: str = "") -> Iterator[None]:
        """Note the effect of a call that succeeds.

        Raises:
            CollaborationError: the error of the call, with the steps that took effect before it.

        """
        try:
            yield
        except CollaborationError as error:
            if isinstance(error, CollaborationGone) and not self.steps:
                raise
            if self.steps:
                before, advice = (
                    f"Before this error, the update {'; '.join(self.steps)}.",
                    "Run `pulumi refresh`, then `pulumi up` again.",
                )
                # A refresh alone settles no refusal.
                advice = error.advice if isinstance(error, ChangeRequestRefusedError) else advice
            else:
                before, advice = "The update changed nothing before this error.", error.advice
            raise error.rephrase(f"{error.what_happened} {before}", advice=advice) from None
        if effect:
            self.steps.append(effect)
