"""The answer of a call that fails: one sentence without a traceback, with the settings in the plug-in's spelling."""

from __future__ import annotations

import functools
import traceback
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import grpc

from cleanrooms_resource.errors import CollaborationError
from cleanrooms_resource.plugin.sentences import explain_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_FRAMES: Final = 6
"""The places of a fault that its sentence names, the innermost last."""


def answer_errors(call: Callable[..., T]) -> Callable[..., T]:
    """Return a call of the protocol that answers an exception as an error of gRPC."""

    @functools.wraps(call)
    def call_and_answer(servicer: Any, request: Any, context: grpc.ServicerContext) -> T:
        with _answer(context):
            return call(servicer, request, context)

    return call_and_answer


def answer_errors_of_stream(call: Callable[..., Iterator[T]]) -> Callable[..., Iterator[T]]:
    """Return a call that yields its answers, and that answers an exception between them as an error of gRPC."""

    @functools.wraps(call)
    def call_and_answer(servicer: Any, request: Any, context: grpc.ServicerContext) -> Iterator[T]:
        with _answer(context):
            yield from call(servicer, request, context)

    return call_and_answer


@contextmanager
def _answer(context: grpc.ServicerContext) -> Iterator[None]:
    try:
        yield
    except CollaborationError as error:
        sentence, code = explain_error(error), grpc.StatusCode.UNKNOWN
    except Exception as error:  # noqa: BLE001 - a fault of this package must reach the user as a sentence too
        sentence, code = _describe_fault(error), grpc.StatusCode.INTERNAL
    else:
        return
    context.abort(code, sentence)


def _describe_fault(error: Exception) -> str:
    """Return a sentence with the place of a fault, and without the exception's text, which may quote a secret."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    places = ", ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames)
    return (
        f"The cleanrooms provider has a fault: {type(error).__name__} at {places}. "
        "Run `pulumi refresh` to see what AWS has, and report the fault with this sentence."
    )
