"""botocore's data files, read without an import of botocore.

The import would delay every program and every check, which do not use botocore's code.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from cleanrooms_resource.errors import DependencyError


def read_botocore_data(*path: str) -> bytes:
    """Return a file of botocore's ``data`` folder.

    Raises:
        DependencyError: botocore is not installed, or is too old to have the file.

    """
    try:
        return _find_folder().joinpath(*path).read_bytes()
    except FileNotFoundError:
        raise explain_old_botocore(f"it has no {'/'.join(path)}") from None


def list_services() -> set[str]:
    """Return the names of AWS's services that botocore knows.

    Raises:
        DependencyError: botocore is not installed.

    """
    return {folder.name for folder in _find_folder().iterdir() if folder.is_dir()}


def read_botocore_version() -> str:
    from importlib.metadata import version

    return version("botocore")


def explain_old_botocore(reason: str) -> DependencyError:
    return DependencyError(
        f"botocore {read_botocore_version()} is too old for this package, because {reason}. Run `pip install --upgrade boto3`."
    )


def _find_folder() -> Path:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise DependencyError(
            "cleanrooms_resource needs botocore, which is not installed. Run `pip install boto3`, which brings botocore."
        )
    return Path(spec.origin).parent / "data"
