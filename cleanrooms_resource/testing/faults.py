"""Faults: what a network, a quota or a policy does to requests. For this project's own tests; not a public interface."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cleanrooms_resource.testing.collaborations import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

When = Literal["before", "after"]
Environ = dict[str, Any]


@dataclass
class Fault:
    """Something done to every ``every``-th request of an operation (``*``: of any), ``times`` times at most, before or after its effect."""

    operation: str
    do: Callable[[Environ], None]
    when: When = "before"
    every: int = 1
    times: int | None = None
    seen: int = 0

    def due(self, operation: str, when: When) -> bool:
        """Count a request, and say whether this one meets the fault."""
        if when != self.when or self.operation not in ("*", operation):
            return False
        self.seen += 1
        return self.seen % self.every == 0 and (self.times is None or self.seen <= self.times * self.every)


@dataclass
class Faults:
    """The faults of an endpoint, in the order they were added."""

    faults: list[Fault] = field(default_factory=list)
    hidden_for: float = 0.0
    """Seconds in which reads and listings do not show a new collaboration."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def meet(self, operation: str, when: When, environ: Environ) -> None:
        """Do to this request what is due."""
        with self._lock:
            due = [fault for fault in self.faults if fault.due(operation, when)]
        for fault in due:
            fault.do(environ)

    def add(self, operation: str, do: Callable[[Environ], None], **options: Any) -> None:
        """Any fault: ``do`` gets the WSGI environment; it may raise ``Refused``, cut the connection, or kill a process."""
        self.faults.append(Fault(operation, do, **options))

    def clear(self) -> None:
        """From now on the endpoint has no fault."""
        self.faults.clear()
        self.hidden_for = 0.0

    def lose_answer(self, operation: str, **options: Any) -> None:
        """The request is done and its connection cut."""
        self.add(operation, cut, when="after", **options)

    def refuse(self, operation: str, status: int, code: str, **options: Any) -> None:
        """An error instead of an answer."""

        def do(_environ: Environ) -> None:
            raise Refused(status, code, "A fault of the tests")

        self.add(operation, do, **options)

    def deny(self, operation: str, **options: Any) -> None:
        """AccessDeniedException, as for a policy without the action."""
        self.refuse(operation, 403, "AccessDeniedException", **options)

    def fail(self, operation: str, **options: Any) -> None:
        """InternalServerException."""
        self.refuse(operation, 500, "InternalServerException", **options)

    def delay(self, operation: str, seconds: float, **options: Any) -> None:
        """Wait before the effect (or after it)."""
        self.add(operation, lambda _environ: time.sleep(seconds), **options)

    def throttle(self, operation: str, a_second: float) -> None:
        """ThrottlingException for what comes faster than ``a_second``; as much may come at once."""
        allowance = {"left": a_second, "since": time.monotonic()}

        def do(_environ: Environ) -> None:
            with self._lock:
                now = time.monotonic()
                allowance["left"] = min(a_second, allowance["left"] + (now - allowance["since"]) * a_second) - 1
                allowance["since"] = now
                if allowance["left"] < 0:
                    allowance["left"] += 1
                    raise Refused(429, "ThrottlingException", "Rate exceeded")

        self.add(operation, do)

    def break_json(self, operation: str, **options: Any) -> None:
        """An answer that is half a document."""

        def do(_environ: Environ) -> None:
            raise BrokenAnswer

        self.add(operation, do, when="after", **options)


class BrokenAnswer(Exception):  # noqa: N818 an answer, not an error of ours
    """The endpoint answers with half a document."""


def cut(environ: Environ) -> None:
    """Cut the connection of a request: whoever sent it never hears of it again."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
