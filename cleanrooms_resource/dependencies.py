"""The versions of boto3 and of Pulumi's SDK that this package's own requirements ask for.

pip asks for them too, but a later installation of another package can go back to an older one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from cleanrooms_resource.errors import DependencyError

_FLOOR: Final = re.compile(r"(boto3|pulumi)\b(?!-)[^;]*>=([\d.]+)")
_PARTS: Final = {"pulumi": ("pulumi",), "boto3": ("boto3", "botocore")}
"""The distributions of a requirement. boto3 and botocore have the same versions."""


def refuse_old_dependencies() -> None:
    """Raise the sentence about a dependency that is too old.

    Raises:
        DependencyError: there is one.

    """
    sentence = find_old_dependency()
    if sentence:
        raise DependencyError(sentence)


@cache
def find_old_dependency() -> str | None:
    """Return the sentence about the first dependency that is too old; None if there is none."""
    for name, floor in _read_floors():
        installed = _read_version(name)
        if installed and _parse(installed) < _parse(floor):
            return (
                f"cleanrooms_resource needs {name} {floor} or newer, and this environment has "
                f"{name} {installed}. Run `pip install --upgrade '{name}>={floor}'`."
            )
    return None


def _read_floors() -> list[tuple[str, str]]:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        requirements = requires("cleanrooms-resource") or []
    except PackageNotFoundError:  # A checkout on the import path, which nobody installed.
        return []
    floors = [match.groups() for each in requirements if (match := _FLOOR.match(each))]
    return [(part, floor) for name, floor in floors for part in _PARTS[name]]


def _read_version(name: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(name)
    except PackageNotFoundError:  # The first import or the first read of its data says so.
        return None


def _parse(version: str) -> tuple[int, ...]:
    """Return the numbers of a release, without the suffix of a pre-release."""
    release = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, release[0].split("."))) if release else ()
