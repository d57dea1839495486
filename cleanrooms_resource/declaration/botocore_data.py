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
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("botocore is not installed. Install boto3, which requires botocore.")
    return Path(spec.origin).parent.joinpath("data", *path).read_bytes()
