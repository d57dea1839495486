"""botocore's data files, read without an import of botocore.

The import would delay every program and every check, which do not use botocore's code.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def read_botocore_data(*path: str) -> bytes:
    """Return a file of botocore's ``data`` folder.

    Raises:
        ModuleNotFoundError: botocore is not installed.

    """
    return _find_folder().joinpath(*path).read_bytes()


def list_services() -> set[str]:
    """Return the names of AWS's services that botocore knows.

    Raises:
        ModuleNotFoundError: botocore is not installed.

    """
    return {folder.name for folder in _find_folder().iterdir() if folder.is_dir()}


def read_botocore_version() -> str:
    """Return the version of botocore, for errors."""
    from importlib.metadata import version

    return version("botocore")


def _find_folder() -> Path:
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed. Install boto3, which requires botocore.")
    return Path(spec.origin).parent / "data"
