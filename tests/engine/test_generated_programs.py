"""Collaborations with hostile names, imported in bulk, and the programs that Pulumi writes.

The program of each language previews "unchanged" without an edit. If it does not, the fault is one
of Pulumi's generators. ``FAULTS`` has them, and the docs list them; a test fails when one is fixed.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from hand_made import discover
from requests_of_boto3 import create

from engine.generated_programs import LANGUAGES, LanguageProject, start_project
from engine.hostile_collaborations import EXPONENT, create_hostile_collaborations
from engine.plugin_projects import find_missing_tool
from engine.programs import record_writes, take_snapshot
from engine.recordings import Recording, Remake

if TYPE_CHECKING:
    from aws_account import Aws

    from engine.plugin_projects import Installations

pytestmark = [pytest.mark.engine, pytest.mark.slowest]
DIFFERS, DECOMPOSED = "update", "e\u0301"
FAULTS: dict[str, dict[str, tuple[dict[str, Any], str]]] = {
    "python": {
        "backslash-in-several-lines": ({"description": "a\\\nb"}, DIFFERS),
        "quotes-in-several-lines": ({"description": 'a\n"""b'}, "SyntaxError"),
        "quote-after-several-lines": ({"description": 'a\nb"'}, "SyntaxError"),
        "decomposed": ({"description": DECOMPOSED}, DIFFERS),
    },
    "typescript": {
        "dollars-in-several-lines": ({"description": "a\n$${x}"}, DIFFERS),
        "prototype": ({"tags": {"__proto__": "x"}}, DIFFERS),
        "decomposed": ({"description": DECOMPOSED}, DIFFERS),
    },
    "yaml": {
        "word-null": ({"description": "null"}, DIFFERS),
        "tilde": ({"description": "~"}, DIFFERS),
        "hexadecimal": ({"description": "0x1f"}, "description: must be a string"),
        "not-finite": ({"description": ".inf"}, "description: must be a string"),
        "key-null": ({"tags": {"null": "x"}}, "mapping keys must be strings"),
        "key-merge": ({"tags": {"<<": "x"}}, "map merge requires map"),
        "key-of-function": ({"tags": {"fn::secret": "x"}}, "is not assignable from"),
        "dollars": ({"description": "$$"}, DIFFERS),
        "dollars-before-brace": ({"description": "$${x}"}, '"x" not found'),
        "line-first": ({"description": "\na"}, DIFFERS),
        "decomposed": ({"description": DECOMPOSED}, DIFFERS),
    },
}
"""Languages to names of faults, what a collaboration has, and what the preview shows or prints."""


class Imported(NamedTuple):
    """What was imported in bulk: ids by names of resources, and the writes to AWS meanwhile."""

    project: LanguageProject
    ids: dict[str, str]
    program: str
    writes: list[str]


class Faulty(NamedTuple):
    """A program with the faults of a language, and with "ads" of a recorded state."""

    program: str
    remake: Remake


@pytest.fixture(scope="module", params=LANGUAGES)
def language_project(
    request: pytest.FixtureRequest,
    installations: Installations,
    aws: Aws,
    tmp_path_factory: pytest.TempPathFactory,
) -> LanguageProject:
    if missing := find_missing_tool(request.param):
        pytest.skip(f"no `{missing}` on PATH: programs in {request.param} were not tested")
    folder = tmp_path_factory.mktemp(request.param)
    return start_project(request.param, folder, installations, aws)


@pytest.fixture(scope="module")
def imported(language_project: LanguageProject, aws: Aws) -> Imported:
    """The six collaborations after `pulumi import -f`, and the program that Pulumi writes."""
    ids = create_hostile_collaborations(aws.endpoint)
    language_project.select("six")
    with record_writes(aws) as writes:
        program = language_project.import_collaborations(ids)
    return Imported(language_project, ids, program, writes)


@pytest.fixture(scope="module")
def faulty(language_project: LanguageProject, aws: Aws) -> Faulty:
    """A collaboration for each fault of the language, and the recorded one, in one import."""
    faults, remake = FAULTS[language_project.language], Recording.read("updated").remake(aws)
    ids = {name: create(aws.endpoint, **request)["id"] for name, (request, _) in faults.items()}
    language_project.select("faults")
    program = language_project.import_collaborations({**ids, "ads": remake.get_first_id()})
    return Faulty(program, remake)


def test_the_program_that_pulumi_writes_previews_unchanged_without_an_edit(
    imported: Imported, aws: Aws
) -> None:
    project, before = imported.project.project, take_snapshot(aws)
    imported.project.select("six")
    imported.project.declare(imported.program)

    project.with_types_checked().pulumi("preview", "--expect-no-changes")
    project.pulumi("up", "--refresh", "--yes", "--skip-preview", "--expect-no-changes")

    assert imported.writes == []
    assert take_snapshot(aws) == before


def test_every_imported_collaboration_is_protected_and_has_its_id(imported: Imported) -> None:
    imported.project.select("six")

    states = imported.project.project.read_collaborations()

    assert {each["urn"].rsplit("::", 1)[1]: each["id"] for each in states} == imported.ids
    assert all(each["protect"] for each in states)


def test_a_member_who_has_left_is_not_in_the_program(imported: Imported) -> None:
    assert EXPONENT not in imported.project.keep(imported.program, "everything")


def test_a_name_that_equals_another_collaborations_name_is_a_reference_to_it(
    imported: Imported,
) -> None:
    # A fault of Pulumi's generators: a new name of that collaboration would replace this one.
    everything = imported.project.keep(imported.program, "everything")

    reference = {
        "python": "yaml_words.name",
        "typescript": "yaml_words.name",
        "yaml": '${["yaml-words"].name}',
    }[imported.project.language]
    assert reference in everything


def test_a_program_with_the_option_import_imports_and_is_then_unchanged(
    imported: Imported, aws: Aws
) -> None:
    language_project, project, before = (
        imported.project,
        imported.project.project,
        take_snapshot(aws),
    )
    program = language_project.write_import_option(
        language_project.keep(imported.program, "keywords"), imported.ids["keywords"]
    )
    language_project.select("option")
    language_project.declare(program)

    project.pulumi("up", "--yes", "--skip-preview")
    project.pulumi("preview", "--expect-no-changes")

    assert [each["id"] for each in project.read_collaborations()] == [imported.ids["keywords"]]
    assert take_snapshot(aws) == before


@pytest.mark.usefixtures("default_credentials")
def test_the_import_file_that_discover_writes_imports_in_one_go_and_previews_unchanged(
    language_project: LanguageProject, aws: Aws
) -> None:
    ids, project = create_hostile_collaborations(aws.endpoint), language_project.project
    language_project.select("import-file")
    with record_writes(aws) as writes:
        discover(
            aws,
            project.folder / "discovered.json",
            "--format",
            "import-file",
            "--id",
            *ids.values(),
        )
        project.pulumi(
            "import", "--file", "discovered.json", "--out", "discovered", "--yes", "--skip-preview"
        )
        language_project.declare((project.folder / "discovered").read_text())
        project.pulumi("preview", "--expect-no-changes")

    assert {each["id"] for each in project.read_collaborations()} == {*ids.values()}
    assert writes == []


def test_a_state_of_the_dynamic_resource_moves_by_the_aliases_of_the_schema(
    language_project: LanguageProject, faulty: Faulty, aws: Aws
) -> None:
    remake = faulty.remake
    language_project.select("moving")
    file = language_project.project.folder / "state.json"
    file.write_text(
        remake.state.replace("urn:pulumi:test::tests", "urn:pulumi:moving::imports").replace(
            "tests-test", "imports-moving"
        )
    )
    language_project.project.pulumi("stack", "import", "--file", file.name)
    language_project.declare(language_project.keep(faulty.program, "ads"))

    with record_writes(aws) as writes:
        language_project.project.pulumi("up", "--yes", "--skip-preview")
        language_project.project.pulumi("preview", "--expect-no-changes")

    assert writes == []
    assert [each["id"] for each in language_project.project.read_collaborations()] == [
        remake.get_first_id()
    ]


def test_the_faults_of_pulumis_generator_are_still_there(
    language_project: LanguageProject, faulty: Faulty
) -> None:
    faults = FAULTS[language_project.language]
    differing = [name for name, (_, message) in faults.items() if message == DIFFERS]

    preview = language_project.preview("faults", faulty.program, *differing, options=("--json",))

    steps = {step["urn"].rsplit("::", 1)[1]: step["op"] for step in json.loads(preview)["steps"]}
    assert {name: steps[name] for name in differing} == dict.fromkeys(differing, DIFFERS)
    for name in faults.keys() - differing:
        with pytest.raises(AssertionError, match=faults[name][1]):
            language_project.preview("faults", faulty.program, name)
