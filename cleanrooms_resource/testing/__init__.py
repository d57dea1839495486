"""Tests of programs without AWS and without an engine. They need the extra ``testing``."""

from cleanrooms_resource.errors import DependencyError

try:
    from cleanrooms_resource.testing.endpoint import Endpoint, endpoint
    from cleanrooms_resource.testing.rehearsal import (
        Planned,
        Rehearsal,
        RehearsalError,
        Rehearsed,
        rehearse,
    )
except ModuleNotFoundError as error:
    module_name = str(error.name).partition(".")[0]
    raise DependencyError(
        f'cleanrooms_resource.testing needs the extra "testing": {module_name} is not installed. '
        'Install the package with the extra: `pip install "/path/to/the/checkout[testing]"`.'
    ) from None

__all__ = [
    "Endpoint",
    "Planned",
    "Rehearsal",
    "RehearsalError",
    "Rehearsed",
    "endpoint",
    "rehearse",
]
