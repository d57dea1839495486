"""The examples of README.md and docs/ that need no engine; tests/engine/test_page_examples.py has the others."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from ci.workflow_runs import ACTIONS
from pages.blocks import PAGES, ROOT, Block, Kind, UnknownKindError, list_steps, read_page
from pages.commands import NOT_RUN, find_prefix, split_commands
from pages.outputs import is_printed
from pages.programs import Programs, read_first_program
from pages.world import PROFILES, World

from cleanrooms_resource.testing import Endpoint, Rehearsal, rehearse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

every_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


class Rehearsals:
    """The blocks of a page without an engine: programs are rehearsed, and parts of programs are previewed."""

    def __init__(self, aws: Endpoint, folder: Path) -> None:
        self._aws, self._folder = aws, folder
        self._programs, self._world = Programs(), World(aws)

    def evaluate(self, block: Block) -> None:
        match block.kind:
            case Kind.PROGRAM:
                rehearse(self._complete(block), self._aws.settings)
            case Kind.FRAGMENT:
                Rehearsal({}, {}, self._aws.settings, "project").preview(self._complete(block))
            case Kind.TEST:
                self._programs.complete(block.text)
                self._run(block.text, "-m", "pytest", "-p", "no:randomly", "-p", "no:cacheprovider")
            case Kind.SCRIPT:
                self._run(self._programs.complete(block.text))
            case Kind.SETTINGS:
                self._load(
                    yaml.safe_load(
                        block.text.replace("/var/run/secrets/token", str(self._folder / "token"))
                    )["config"]
                )
            case Kind.WORKFLOW:
                _check_inputs(yaml.safe_load(block.text))
            case _:
                pass  # These need the engine.

    def _complete(self, block: Block) -> Callable[[], object]:
        code = compile(self._world.fill_in(self._programs.complete(block.text)), "example", "exec")
        return lambda: exec(code, {"__name__": "__main__"})

    def _run(self, source: str, *options: str) -> None:
        """Run a file of a user, in the project of the README's first stack."""
        (self._folder / "__main__.py").write_text(read_first_program())
        (self._folder / "tests").mkdir(exist_ok=True)
        (self._folder / "tests" / "test_stack.py").write_text(source)
        done = subprocess.run(
            [sys.executable, *options, "tests/test_stack.py"],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def _load(self, config: dict[str, Any]) -> None:
        """Load entries of Pulumi.<stack>.yaml: the program in stacks/ runs with them, and with its own stack's where the page has none."""
        config = (
            yaml.safe_load((ROOT / "stacks" / "Pulumi.local.yaml").read_text())["config"] | config
        )
        program = compile((ROOT / "stacks" / "__main__.py").read_text(), "stacks", "exec")
        texts = {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in config.items()
        }
        # The endpoint's keys would stand in the place of the page's own identity.
        endpoint_settings = {
            name: value
            for name, value in self._aws.settings.items()
            if name not in ("aws:accessKey", "aws:secretKey")
        }
        settings = endpoint_settings | texts

        def run() -> None:
            exec(program, {"__name__": "__main__"})

        # The roles and buckets of memberships have no ARN in a rehearsal, and need none in its preview.
        without_memberships = {
            name: value for name, value in settings.items() if name != "cleanrooms:memberships"
        }
        plans = rehearse(run, without_memberships, project="cleanrooms").preview(run, settings)
        assert {name: plan.op for name, plan in plans.items()} == dict.fromkeys(
            config["cleanrooms:collaborations"], "same"
        )


@every_page
@pytest.mark.usefixtures("default_credentials")
def test_the_examples_of_a_page_run_without_an_engine(
    page: Path, cleanrooms_endpoint: Endpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aws-config").write_text(PROFILES)
    (tmp_path / "token").write_text("token")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "aws-config"))

    for example in read_page(page, Rehearsals(cleanrooms_endpoint, tmp_path).evaluate):
        example.evaluate()


@every_page
def test_every_block_of_a_page_is_of_a_kind_that_a_test_runs(page: Path) -> None:
    assert [example.line for example in read_page(page) if not _is_known(example.parsed)] == []


@every_page
def test_a_page_has_no_block_without_a_fence(page: Path) -> None:
    """Sybil finds fences alone, and nobody tests the rest."""
    text = page.read_text()
    for example in reversed(read_page(page)):
        text = text[: example.start] + text[example.end :]

    assert [block for block in text.split("\n\n") if block.startswith("    ")] == []


def test_a_block_of_another_language_is_of_no_known_kind() -> None:
    with pytest.raises(UnknownKindError):
        _ = Block("", "pulumi up").kind


def test_every_command_that_does_not_run_is_on_a_page() -> None:
    scripts = [
        each.parsed.text
        for page in PAGES
        for each in read_page(page)
        if each.parsed.kind is Kind.COMMANDS
    ]

    assert {find_prefix(command) for script in scripts for command in split_commands(script)} - {
        None
    } == NOT_RUN.keys()


@pytest.mark.parametrize(
    ("block", "is_part"),
    [
        ("~ members: {\n  + 444455556666", True),
        ("[id=11111111-2222-3333-4444-555555555555]", True),
        ("pulumi:Stack ... 444455556666", True),
        ("~ members: {\n  + 333344445555", False),
    ],
)
def test_a_block_of_output_is_compared_with_what_was_printed(block: str, *, is_part: bool) -> None:
    printed = "pulumi:pulumi:Stack\n    [id=a56c8d7f-c2dc-4706-8166-65492556865a]\n      ~ members: {\n          + 444455556666"

    assert is_printed(block, printed) == is_part


def test_three_dots_stand_for_the_arguments_that_the_page_declared_before() -> None:
    programs = Programs()
    programs.complete('cleanrooms.Collaboration("ads", name="A", members=[first])')

    assert programs.complete(
        'cleanrooms.Collaboration("ads", ..., name="B", members=[..., second])'
    ).endswith("cleanrooms.Collaboration('ads', name='B', members=[first, second])\n")


def _is_known(block: Block) -> bool:
    try:
        return bool(block.kind)
    except UnknownKindError:
        return False


def _check_inputs(document: Any) -> None:
    """Check that the steps that use this repository's actions pass only inputs that the actions have."""
    for step in list_steps(document):
        _, is_own, action = str(step.get("uses", "")).partition("cleanrooms-resource/actions/")
        if is_own:
            assert (
                step.get("with", {}).keys() <= ACTIONS[action.partition("@")[0]]["inputs"].keys()
            ), step
