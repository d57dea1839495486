"""`make site`: the documentation as a site in build/site, from README.md, docs/, and the docstrings.

The pages are written for GitHub, so this script lays them out for the generator of the site (Zensical, with mkdocs.yml). Their links become links to
pages of the site. Each file of the repository that a page links to has a page too. A link or an anchor that leads nowhere fails the build.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path, PurePosixPath

from cleanrooms_resource import Collaboration, connection_args, errors, inputs
from cleanrooms_resource.outputs import list_outputs

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "build" / "site-source"
LINK = re.compile(
    r"(?P<start>\]\(|^\[[^\]]+\]: )(?P<target>[^)#:\s]+)(?P<end>#[\w-]*)?(?=\)|$)", re.MULTILINE
)
PICTURE = re.compile(
    r'<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="(?P<dark>[^"]+)">\s*'
    r'<img alt="(?P<alt>[^"]*)" src="(?P<light>[^"]+)">\s*</picture>'
)
LIST_ITEM = re.compile(r"^\d\. .*\n(?:(?: {2,}.*)?\n)*", re.MULTILINE)
CODE = re.compile(
    r"^(?P<indent> *)(?P<fence>`{3,}).*?^(?P=indent)(?P=fence)$", re.DOTALL | re.MULTILINE
)
LANGUAGES = {
    ".py": "python",
    ".yml": "yaml",
    ".yaml": "yaml",
    ".json": "json",
    ".md": "markdown",
    ".ts": "typescript",
    ".go": "go",
}
TESTING = (
    "endpoint.endpoint",
    "endpoint.Endpoint",
    "collaborations.CollaborationRecord",
    "faults.Faults",
    "fixtures.cleanrooms_endpoint",
    "rehearsal.rehearse",
    "rehearsal.Rehearsal",
    "rehearsal.Rehearsed",
    "rehearsal.Planned",
    "rehearsal.RehearsalError",
)
"""The objects of `cleanrooms_resource.testing` that the site documents, by the module that defines each."""


class Site:
    """The pages of the site, and the files of the repository that they link to."""

    def __init__(self) -> None:
        pages = [
            ROOT / "README.md",
            *sorted(ROOT.glob("docs/*.md")),
            *(ROOT / f"{name}.md" for name in ("CHANGELOG", "CONTRIBUTING", "SECURITY")),
        ]
        self.pages = {
            page: "index.md" if page.name == "README.md" else page.name.lower() for page in pages
        }
        self._files: dict[Path, str] = {}

    def write(self) -> None:
        """Write every page, and the files that it shows or links to, into the generator's folder."""
        shutil.rmtree(SOURCE, ignore_errors=True)
        for page, name in self.pages.items():
            self._write(name, self._convert(page))
        for file, name in self._files.items():
            self._write(name, show_file(file))
        for name, text in render_reference().items():
            self._write(name, text)

    def _convert(self, page: Path) -> str:
        """Return a page of the repository as a page of the site. Code stays as it is."""
        text = indent_numbered_lists(page.read_text())
        converted, end = "", 0
        for code in CODE.finditer(text):
            converted += self._convert_prose(page, text[end : code.start()]) + code[0]
            end = code.end()
        return converted + self._convert_prose(page, text[end:])

    def _convert_prose(self, page: Path, text: str) -> str:
        # The site's own switch of the colours decides, and not the browser's setting alone.
        text = PICTURE.sub(
            r"![\g<alt>](\g<light>#only-light)\n![\g<alt>](\g<dark>#only-dark)", text
        )
        text = indent_nested_bullets(text)
        return LINK.sub(
            lambda link: (
                f"{link['start']}{self._find_target(page, link['target'])}{link['end'] or ''}"
            ),
            text,
        )

    def _find_target(self, page: Path, link: str) -> str:
        """Return the place in the site of what a page links to.

        Raises:
            FileNotFoundError: it does not exist.

        """
        target = Path(os.path.normpath(page.parent / link))
        if target in self.pages:
            return self.pages[target]
        path = PurePosixPath(target.relative_to(ROOT))
        if not target.exists():
            raise FileNotFoundError(
                f"{page.relative_to(ROOT)} links to {path}, which does not exist."
            )
        if target.suffix == ".png":
            SOURCE.mkdir(parents=True, exist_ok=True)
            shutil.copy(target, SOURCE)
            return target.name
        return self._files.setdefault(
            target, posixpath.join("files", f"{str(path).removeprefix('.')}.md")
        )

    def _write(self, name: str, text: str) -> None:
        (SOURCE / name).parent.mkdir(parents=True, exist_ok=True)
        (SOURCE / name).write_text(text)


def indent_numbered_lists(text: str) -> str:
    """Indent what belongs to an item by four columns, as the generator asks for; GitHub asks for three."""
    return LIST_ITEM.sub(lambda item: re.sub(r"^ {3}", " " * 4, item[0], flags=re.MULTILINE), text)


def indent_nested_bullets(text: str) -> str:
    """Indent each level of a nested list by four columns, as the generator asks for; GitHub asks for two."""
    return re.sub(r"^((?:  )+)(?=- )", r"\1\1", text, flags=re.MULTILINE)


def show_file(target: Path) -> str:
    """Return the page of a file of the repository, or of the files in a folder that git knows."""
    path = target.relative_to(ROOT)
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", str(path)]
    listed = subprocess.run(
        command, cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.split()
    parts = [f"# `{path}`"]
    for name in listed:
        heading = [f"## `{name}`"] if target.is_dir() else []
        parts += [
            *heading,
            f"``````{LANGUAGES.get(Path(name).suffix, 'text')}\n{(ROOT / name).read_text()}``````",
        ]
    return "\n\n".join(parts) + "\n"


def render_reference() -> dict[str, str]:
    """Return the pages of the API reference, which the generator fills with the docstrings."""
    outputs = [
        f"| `{name}` | {vars(Collaboration)[name].__doc__.replace('``', '`')} |"
        for name in list_outputs(Collaboration)
    ]
    resource = [
        "# The resource",
        document("collaboration.Collaboration", "members: [__init__, get]"),
        "## Outputs",
        "",
        "| output | value |",
        "|---|---|",
    ]
    args = [
        f"{module.__name__.rpartition('.')[2]}.{name}"
        for module in (inputs, connection_args)
        for name in list_classes(module, "Args")
    ]
    args.sort(key=lambda name: name != "inputs.CollaborationArgs")
    return {
        "api-resource.md": "\n".join([*resource, *outputs, ""]),
        "api-arguments.md": "\n".join(
            [
                "# The arguments",
                "",
                "A dict serves wherever a class does.",
                *(document(name) for name in args),
                "",
            ]
        ),
        "api-testing.md": "\n".join(
            ["# Testing", *(document(f"testing.{name}") for name in TESTING), ""]
        ),
        "api-errors.md": "\n".join(
            [
                "# Errors",
                *(document(f"errors.{name}", "members: []") for name in list_classes(errors, "")),
                "",
            ]
        ),
    }


def list_classes(module: object, ending: str) -> list[str]:
    """Return the names of the public classes that a module defines, in its order."""
    module_name = getattr(module, "__name__", "")
    names = [
        name
        for name, value in vars(module).items()
        if isinstance(value, type) and value.__module__ == module_name
    ]
    return [name for name in names if name.endswith(ending) and not name.startswith("_")]


def document(name: str, *options: str) -> str:
    """Return the lines that the generator replaces by the docstring of an object and of its members."""
    lines = [
        f"\n::: cleanrooms_resource.{name}",
        *(["    options:"] if options else []),
        *(f"        {option}" for option in options),
    ]
    return "\n".join([*lines, ""])


def main() -> int:
    """Write the pages, and generate the site; return the generator's exit status."""
    Site().write()
    generator = Path(sys.executable).parent / "zensical"
    return subprocess.run(
        [generator, "build", "--clean", "--strict", "--config-file", "mkdocs.yml"],
        cwd=ROOT,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
