"""The generated files: none is stale, and the schema says which botocore it is from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from generate import ROOT, render_all


@pytest.mark.generated
@pytest.mark.parametrize(
    ("path", "text"),
    render_all().items(),
    ids=lambda value: value.name if isinstance(value, Path) else "",
)
def test_a_generated_file_is_what_make_generate_writes(path: Path, text: str) -> None:
    assert path.read_text() == text, "run `make generate`"


def test_the_schema_names_the_botocore_of_constraints_txt() -> None:
    schema = json.loads((ROOT / "cleanrooms_resource" / "plugin" / "schema.json").read_text())
    (version,) = re.findall(
        r"^botocore==(.+)$", (ROOT / "constraints.txt").read_text(), re.MULTILINE
    )

    assert f"botocore {version}." in schema["attribution"]
