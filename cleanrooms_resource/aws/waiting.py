"""Waiting for AWS: how long, how often, by which clock, and until which moment: a cancelled run waits for nothing."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.errors import RunCancelledError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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
