"""The blocks of the pages that users read, as Sybil finds them, each of a known kind."""

from __future__ import annotations

import ast
import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sybil import Region, Sybil
from sybil.parsers.markdown.lexers import DirectiveInHTMLCommentLexer, RawFencedCodeBlockLexer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sybil import Document, Example

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_FENCE = RawFencedCodeBlockLexer(re.compile(r"(?P<language>[^\n]*)\n"))
_INVISIBLE = DirectiveInHTMLCommentLexer("invisible-code-block", arguments=r"[\w-]+")
_FAILS = re.compile(r"<!-- example: fails -->\n\s*\Z")


class Kind(StrEnum):
    """The kind of a block, which says what the tests do with it. CONTRIBUTING.md has the table."""

    PROGRAM = "a Python program"
    FRAGMENT = "a part of a Python program"
    SCRIPT = "a script that uses cleanrooms_resource.testing"
    TEST = "a test for pytest"
    COMMANDS = "commands of a shell"
    OUTPUT = "what the commands before printed"
    SETTINGS = "a stack's configuration"
    PROJECT = "Pulumi.yaml of a Python program"
    YAML_PROGRAM = "a program in YAML"
    YAML_PART = "a part of a program in YAML"
    WORKFLOW = "a part of a workflow, which tests/test_recipes.py and tests/test_workflows.py run"


class UnknownKindError(Exception):
    """A block is of no kind that a test runs."""


@dataclass(frozen=True)
class Block:
    """A fenced block, or an invisible one in a comment of HTML."""

    language: str
    text: str
    is_visible: bool = True
    fails: bool = False
    """Whether the page says that a command of the block fails."""

    @property
    def kind(self) -> Kind:
        """The kind of the block.

        Raises:
            UnknownKindError: no test runs such a block.

        """
        if self.language == "python":
            return _find_kind_of_python(ast.parse(self.text))
        if self.language in ("sh", "text"):
            return Kind.COMMANDS if self.language == "sh" else Kind.OUTPUT
        if self.language == "yaml":
            return _find_kind_of_yaml(yaml.safe_load(self.text))
        raise UnknownKindError(
            f"a block of the language {self.language!r}: must be python, sh, text or yaml"
        )


def read_page(page: Path, evaluate: Callable[[Block], None] = lambda _: None) -> list[Example]:
    """Return the examples of a page in order. The error of an example that fails has a note with its line."""

    def evaluate_example(example: Example) -> None:
        try:
            evaluate(example.parsed)
        except Exception as error:
            error.add_note(f"in the example at {example.path}, line {example.line}")
            raise

    def parse(document: Document) -> Iterator[Region]:
        for region in chain(_FENCE(document), _INVISIBLE(document)):
            is_visible = "language" in region.lexemes
            language = region.lexemes["language" if is_visible else "arguments"]
            fails = _FAILS.search(document.text[: region.start]) is not None
            yield Region(
                region.start,
                region.end,
                Block(language, str(region.lexemes["source"]), is_visible, fails),
                evaluate_example,
            )

    return list(Sybil([parse]).parse(page).examples())


def find_kinds(page: Path) -> set[Kind]:
    """Return the kinds of a page's blocks. A block of no known kind is left out."""
    kinds = set()
    for example in read_page(page):
        with suppress(UnknownKindError):
            kinds.add(example.parsed.kind)
    return kinds


def _find_kind_of_python(tree: ast.Module) -> Kind:
    if any(
        isinstance(each, ast.FunctionDef) and each.name.startswith("test_") for each in tree.body
    ):
        return Kind.TEST
    if any(
        isinstance(each, ast.ImportFrom) and each.module == "cleanrooms_resource.testing"
        for each in tree.body
    ):
        return Kind.SCRIPT
    imports = any(isinstance(each, ast.Import | ast.ImportFrom) for each in tree.body)
    is_complete = not any(
        isinstance(each, ast.Constant) and each.value is ... for each in ast.walk(tree)
    )
    return Kind.PROGRAM if imports and is_complete else Kind.FRAGMENT


def _find_kind_of_yaml(document: Any) -> Kind:
    keys = set(document) if isinstance(document, dict) else set()
    if "config" in keys:
        return Kind.SETTINGS
    if {"name", "runtime"} <= keys:
        return Kind.YAML_PROGRAM if "resources" in keys else Kind.PROJECT
    if "resources" in keys:
        return Kind.YAML_PART
    if list_steps(document):
        return Kind.WORKFLOW
    raise UnknownKindError(f"YAML with the keys {sorted(map(str, keys))}")


def list_steps(document: Any) -> list[dict[str, Any]]:
    """Return the steps and jobs of a workflow, or of a part of one."""
    parts = (
        document.values()
        if isinstance(document, dict)
        else document
        if isinstance(document, list)
        else ()
    )
    is_step = isinstance(document, dict) and document.keys() & {
        "uses",
        "run",
        "script",
        "bash",
        "types",
        "fail-on",
    }
    return ([document] if is_step else []) + [step for part in parts for step in list_steps(part)]
