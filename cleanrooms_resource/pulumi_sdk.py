"""The private parts of Pulumi's SDK that this package relies on. ``tests/test_pulumi_sdk.py`` has a canary for each of them."""

from __future__ import annotations

import sys
import traceback
from contextlib import contextmanager
from contextvars import ContextVar
from inspect import signature
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pulumi.dynamic import ReadResult
from pulumi.output import UNKNOWN as UNKNOWN_VALUE
from pulumi.output import Unknown
from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.rpc import UNKNOWN, _special_secret_sig, _special_sig_key
from pulumi.runtime.stack import Stack, run_pulumi_func

from cleanrooms_resource.errors import DependencyError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    import pulumi.dynamic
    from pulumi.dynamic import Config

__all__ = [
    "OLDEST_SDK",
    "SECRET_SIGNATURE",
    "SIGNATURE_KEY",
    "UNKNOWN",
    "UNKNOWN_VALUE",
    "MockMonitor",
    "Stack",
    "Transformations",
    "Unknown",
    "answer_without_traceback",
    "end_quietly_when_interrupted",
    "find_output",
    "get_type_name",
    "is_secret",
    "list_config",
    "mark_secret",
    "print_on_stack",
    "redirect_messages",
    "reset_runtime",
    "reveal_secret",
    "reveal_secrets",
    "run_pulumi_func",
]

OLDEST_SDK = "3.260"
"""pyproject.toml names it too. An SDK before 3.216, without ``ReadResult.inputs``, fails here."""
if "inputs" not in signature(ReadResult).parameters:
    raise DependencyError(
        f"cleanrooms_resource needs version {OLDEST_SDK} or newer of Pulumi's Python SDK, and this environment has an older one. "
        "Run `pip install --upgrade pulumi`."
    )

SIGNATURE_KEY = _special_sig_key
"""The key that marks a map as one of the engine's special values, a secret for example."""
SECRET_SIGNATURE = _special_secret_sig
"""The value of ``SIGNATURE_KEY`` in a secret."""


def list_config(config: Config) -> dict[str, Any]:
    """Return a stack's configuration. ``Config`` has no public way to list its keys, and the provider must see unknown settings to refuse them."""
    return dict(config._props)  # noqa: SLF001


def get_type_name(resource: pulumi.dynamic.Resource) -> str:
    """Return the resource's type without ``pulumi-python:``. Two resources of a program that share type, name and parent share a URN."""
    return resource._resource_type_name  # noqa: SLF001


def find_output(resource: pulumi.Resource, name: str) -> Any:
    """Return an output by its name in boto3's spelling. The SDK keeps the output among the resource's attributes.

    Raises:
        KeyError: the resource has no such output.

    """
    return resource.__dict__[name]


class Transformations:
    """The transformations of a resource, and a last one where there are any.

    The SDK appends the stack's own to the list that it stores, so the last one is added at each
    reading of that list.
    """

    def __init__(self, last: pulumi.ResourceTransformation) -> None:
        self._last = last

    def __set__(
        self, resource: pulumi.Resource, others: list[pulumi.ResourceTransformation]
    ) -> None:
        vars(resource)["_transformations"] = others

    def __get__(
        self, resource: pulumi.Resource, _class: type
    ) -> list[pulumi.ResourceTransformation]:
        others = vars(resource)["_transformations"]
        return [*others, self._last] if others else []


def mark_secret(value: Any) -> dict[str, Any]:
    """Return the value in the engine's secret form, which the engine encrypts wherever it stores it."""
    return {SIGNATURE_KEY: SECRET_SIGNATURE, "value": value}


def is_secret(value: Any) -> bool:
    return isinstance(value, dict) and value.get(SIGNATURE_KEY) == SECRET_SIGNATURE


def reveal_secret(value: Any) -> Any:
    """Return the value without the engine's secret form. The engine itself hands Diff and Read the plain value; a rehearsal has no engine."""
    return value["value"] if is_secret(value) else value


def reveal_secrets(value: Any) -> Any:
    """Return the value without the engine's secret form at any depth."""
    value = reveal_secret(value)
    if isinstance(value, dict):
        return {key: reveal_secrets(part) for key, part in value.items()}
    return [reveal_secrets(part) for part in value] if isinstance(value, list) else value


def _print(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


_WRITE_MESSAGE: ContextVar[Callable[[str], None]] = ContextVar("write_message", default=_print)


def print_on_stack(message: str) -> None:
    """Print a message from the provider. In Pulumi's host process, standard error becomes a line on the stack."""
    _WRITE_MESSAGE.get()(message)


@contextmanager
def redirect_messages(write_message: Callable[[str], None]) -> Iterator[None]:
    """Hand the messages of ``print_on_stack`` to ``write_message`` within the context, in this thread alone."""
    token = _WRITE_MESSAGE.set(write_message)
    try:
        yield
    finally:
        _WRITE_MESSAGE.reset(token)


def answer_without_traceback(error_class: type[Exception]) -> None:
    """Have Pulumi's host answer a call that fails with an error of this class by the error's message alone.

    The host answers with ``traceback.format_exc()``, whatever the exception is, and the engine draws every line of the answer. Other exceptions keep
    their tracebacks. In any other process, the function does nothing.
    """

    def format_exc() -> str:
        error = sys.exception()
        return str(error) if isinstance(error, error_class) else traceback.format_exc()

    host = sys.modules["__main__"]
    if (
        hasattr(host, "DynamicResourceProviderServicer")
        and vars(host).get("traceback") is traceback
    ):
        vars(host)["traceback"] = SimpleNamespace(**{**vars(traceback), "format_exc": format_exc})


def end_quietly_when_interrupted() -> None:
    """Have a program that the engine interrupts end without a traceback, in the process of Pulumi's language host.

    The engine interrupts a program as soon as a resource fails, and draws that failure itself. An interrupt with a message, or one that came while
    the program handled an error of its own, keeps its traceback. A program of the Automation API runs in a process of the user's own, which stays as
    it is.
    """
    if sys.excepthook is sys.__excepthook__ and any(
        each.endswith("pulumi-language-python-exec") for each in sys.orig_argv
    ):
        sys.excepthook = _print_unless_interrupted


def _print_unless_interrupted(
    error_class: type[BaseException], error: BaseException, place: TracebackType | None
) -> None:
    if not _is_interrupt_alone(error):
        sys.__excepthook__(error_class, error, place)


def _is_interrupt_alone(error: BaseException) -> bool:
    """Whether the error is an interrupt without a message that no error of the program preceded. The engine's interrupt has no message."""
    preceding = error.__context__
    return (
        isinstance(error, KeyboardInterrupt)
        and not error.args
        and (preceding is None or _is_interrupt_alone(preceding))
    )


def reset_runtime() -> None:
    """Remove the traces of an earlier program of this process, for example of a program that failed."""
    from pulumi.runtime import settings

    settings.SETTINGS.outputs.clear()
    settings.set_root_resource(None)  # type: ignore[arg-type] # the SDK's own way to start afresh
