"""`make generate`: every file that comes from the table of properties and from botocore's model."""

from __future__ import annotations

import sys
from pathlib import Path

from generate_docs import render_page, write_docstrings, write_table
from generate_schema import render_package_schema
from generate_types import render_args_dicts, render_enums, write_keywords, write_nested_docstrings

from cleanrooms_resource.preview.report import SCHEMA_FILE, render_schema

ROOT = Path(__file__).parent.parent


def render_all() -> dict[Path, str]:
    """Return each file with its new text."""
    readme, package = ROOT / "README.md", ROOT / "cleanrooms_resource"
    inputs, connection_args, collaboration = (
        package / f"{name}.py" for name in ("inputs", "connection_args", "collaboration")
    )
    new_inputs = write_nested_docstrings(write_docstrings(inputs.read_text()))
    return {
        ROOT / "docs" / "properties.md": render_page(),
        readme: write_table(readme.read_text()),
        inputs: new_inputs,
        collaboration: write_keywords(collaboration.read_text()),
        package / "args_dicts.py": render_args_dicts(connection_args.read_text(), new_inputs),
        package / "enums.py": render_enums(),
        package / "plugin" / "schema.json": render_package_schema(),
        SCHEMA_FILE: render_schema(),
    }


def main() -> int:
    """Write the files."""
    for path, text in render_all().items():
        path.write_text(text)
        print(path.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(main())
