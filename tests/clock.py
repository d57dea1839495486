"""A clock that a test advances by hand, in the place of the one that the provider waits by."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Clock:
    """Time that passes only while somebody sleeps, or where a test says so; ``sleeps`` has every sleep, in seconds."""

    time: float = 0.0
    sleeps: list[float] = field(default_factory=list)

    def now(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        assert seconds > 0, "a loop that sleeps for no time asks AWS without a pause"
        self.sleeps.append(seconds)
        self.time += seconds
