"""Faults that a network, a quota or a policy causes in requests. Only this project's own tests use them; they are not a public interface."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from cleanrooms_resource.testing.error_response import ErrorResponse

if TYPE_CHECKING:
    from collections.abc import Callable

When = Literal["before", "after"]
"""Before or after the request takes effect."""

Environ = dict[str, Any]
"""The WSGI environment of a request."""


@dataclass
class RequestFault:
    """An action on every ``every``-th request of an operation (``*`` stands for any operation), at most ``times`` times."""

    operation: str
    act: Callable[[Environ], None]
    when: When = "before"
    every: int = 1
    times: int | None = None
    request_count: int = 0

    def count_request(self, operation: str, when: When) -> bool:
        """Count a request if it is of this fault's operation; return whether the fault applies to it."""
        if when != self.when or self.operation not in ("*", operation):
            return False
        self.request_count += 1
        return self.request_count % self.every == 0 and (
            self.times is None or self.request_count <= self.times * self.every
        )


@dataclass
class Faults:
    """The faults of an endpoint, in the order in which they were added."""

    entries: list[RequestFault] = field(default_factory=list)
    visibility_delay: float = 0.0
    """The seconds for which reads and listings do not show a new collaboration."""
    member_delay: float = 0.0
    """The seconds for which ListMembers shows the members as they were before a committed change or a removal."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def apply(self, operation: str, when: When, environ: Environ) -> None:
        """Apply the faults of this request."""
        with self._lock:
            faults = [fault for fault in self.entries if fault.count_request(operation, when)]
        for fault in faults:
            fault.act(environ)

    def add(self, operation: str, act: Callable[[Environ], None], **options: Any) -> None:
        """Add any fault. ``act`` gets the WSGI environment; it may raise ``ErrorResponse``, cut the connection, or kill a process."""
        self.entries.append(RequestFault(operation, act, **options))

    def clear(self) -> None:
        self.entries.clear()
        self.visibility_delay = self.member_delay = 0.0

    def lose_answer(self, operation: str, **options: Any) -> None:
        """Let the request take effect, then cut its connection."""
        self.add(operation, cut_connection, when="after", **options)

    def refuse(self, operation: str, status: int, code: str, **options: Any) -> None:
        """Answer with an error."""

        def act(_environ: Environ) -> None:
            raise ErrorResponse(status, code, "A fault of the tests")

        self.add(operation, act, **options)

    def deny(self, operation: str, **options: Any) -> None:
        """Answer with AccessDeniedException, as for a policy without the action."""
        self.refuse(operation, 403, "AccessDeniedException", **options)

    def fail(self, operation: str, **options: Any) -> None:
        """Answer with InternalServerException."""
        self.refuse(operation, 500, "InternalServerException", **options)

    def delay(self, operation: str, seconds: float, **options: Any) -> None:
        """Wait before the request takes effect, or after it."""
        self.add(operation, lambda _environ: time.sleep(seconds), **options)

    def throttle(self, operation: str, requests_per_second: float) -> None:
        """Answer with ThrottlingException above this rate. The requests of 1 second may all come at once."""
        allowance = {"requests": requests_per_second, "time": time.monotonic()}

        def act(_environ: Environ) -> None:
            with self._lock:
                now = time.monotonic()
                refill = (now - allowance["time"]) * requests_per_second
                allowance["requests"] = min(requests_per_second, allowance["requests"] + refill) - 1
                allowance["time"] = now
                if allowance["requests"] < 0:
                    allowance["requests"] += 1
                    raise ErrorResponse(429, "ThrottlingException", "Rate exceeded")

        self.add(operation, act)

    def break_json(self, operation: str, **options: Any) -> None:
        """Answer with the first half of a JSON document."""

        def act(_environ: Environ) -> None:
            raise TruncatedResponse

        self.add(operation, act, when="after", **options)


class TruncatedResponse(Exception):  # noqa: N818 - a response that the endpoint sends, not an error of the endpoint
    """The endpoint sends the first half of a JSON document."""


def cut_connection(environ: Environ) -> None:
    """Cut the connection of a request, so that its sender gets no answer."""
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
