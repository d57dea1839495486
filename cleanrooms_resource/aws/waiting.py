"""Waiting for AWS: how long, how often, and by which clock."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable


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
    sleep: Callable[[float], None] = time.sleep


WAITING: Final = Waiting()
"""The waits of this process."""
