"""The help that editors, type checkers and the prompt give to a program."""

from __future__ import annotations

import ast
import inspect
import pydoc
import subprocess
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import botocore.session
import pulumi
import pytest
from declarations import ADS, declaration, member
from mypy import api
from pulumi.runtime import set_mocks
from recording_mocks import RecordingMocks
from schema_types import get_token

import cleanrooms_resource as cleanrooms
from cleanrooms_resource import args_dicts, enums
from cleanrooms_resource.declaration import shapes
from cleanrooms_resource.declaration.structure import Structure
from cleanrooms_resource.table import ChangeRequestMode

if TYPE_CHECKING:
    from collections.abc import Iterator

MODEL = botocore.session.get_session().get_service_model("cleanrooms")
PACKAGE = Path(cleanrooms.__file__).parent
ARGS_CLASSES = [name for name in cleanrooms.__all__ if name.endswith("Args")]
ENUMS = [
    name
    for name, each in vars(enums).items()
    if isinstance(each, type) and issubclass(each, StrEnum) and each is not StrEnum
]
PROGRAM = """
import cleanrooms_resource as cleanrooms

ads = cleanrooms.Collaboration("ads", creator_display_name="R", creator_member_abilities=[], query_log_status="ENABLED")
"""


def list_undocumented_fields(module: str) -> Iterator[str]:
    for each in ast.parse((PACKAGE / f"{module}.py").read_text()).body:
        if isinstance(each, ast.ClassDef):
            for field, after in zip(each.body, [*each.body[1:], None], strict=True):
                if isinstance(field, ast.AnnAssign) and not (
                    isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
                ):
                    yield f"{each.name}.{ast.unparse(field.target)}"


def list_enum_shapes(shape: Any) -> Iterator[Any]:
    if shape.type_name == "string" and shape.enum:
        yield shape
    for part in [
        *getattr(shape, "members", {}).values(),
        *([shape.member] if shape.type_name == "list" else []),
    ]:
        yield from list_enum_shapes(part)


def check_types(tmp_path: Path, line: str) -> str:
    """What mypy says about a program that ends with a line; "" if nothing."""
    program = tmp_path / "program.py"
    program.write_text(f"{PROGRAM}{line}\n")
    output, _, status = api.run(["--strict", "--no-error-summary", str(program)])
    assert status == (1 if "error:" in output else 0), output
    return output if status else ""


@pytest.mark.parametrize("module", ["args_dicts", "connection_args", "inputs"])
def test_every_argument_has_a_docstring(module: str) -> None:
    assert list(list_undocumented_fields(module)) == []


@pytest.mark.generated
def test_the_enums_are_those_of_botocores_model_and_of_the_option() -> None:
    shapes = {
        shape.name: shape.enum
        for shape in list_enum_shapes(MODEL.operation_model("CreateCollaboration").input_shape)
    }
    expected = {get_token(name).rpartition(":")[2]: values for name, values in shapes.items()}
    expected["ChangeRequestMode"] = [mode.value for mode in ChangeRequestMode]

    assert {name: [each.value for each in getattr(cleanrooms, name)] for name in ENUMS} == expected


@pytest.mark.parametrize("name", ENUMS)
def test_the_literal_of_an_enum_has_the_enums_values(name: str) -> None:
    assert get_args(getattr(cleanrooms, f"{name}Name")) == tuple(
        each.value for each in getattr(cleanrooms, name)
    )


@pytest.mark.parametrize("name", ENUMS)
def test_the_members_of_an_enum_are_named_as_pulumis_sdks_name_them(name: str) -> None:
    assert [each.name for each in getattr(cleanrooms, name)] == [
        each.value.upper().replace("-", "_") for each in getattr(cleanrooms, name)
    ]


@pytest.mark.usefixtures("sdk_event_loop")
def test_a_member_of_an_enum_is_sent_as_a_string() -> None:
    mocks = RecordingMocks()
    set_mocks(mocks)

    def declare() -> None:
        members = [
            member(
                ADS, member_abilities=pulumi.Output.from_input([cleanrooms.MemberAbility.CAN_QUERY])
            )
        ]
        declared = declaration(
            members=members, query_log_status=cleanrooms.QueryLogStatus.ENABLED, region="us-east-1"
        )
        cleanrooms.Collaboration("ads", declared)

    pulumi.runtime.test(declare)()  # type: ignore[no-untyped-call]

    sent = [
        mocks.inputs["ads"]["queryLogStatus"],
        *mocks.inputs["ads"]["members"][ADS]["memberAbilities"],
    ]
    assert [(type(each), each) for each in sent] == [(str, "ENABLED"), (str, "CAN_QUERY")]


@pytest.mark.parametrize("name", ARGS_CLASSES)
def test_a_dict_type_has_the_arguments_of_its_args_class(name: str) -> None:
    parameters = inspect.signature(getattr(cleanrooms, name)).parameters.values()
    dict_type = getattr(args_dicts, f"{name}Dict")

    assert set(dict_type.__annotations__) == {each.name for each in parameters}
    assert dict_type.__required_keys__ == {
        each.name for each in parameters if each.default is each.empty
    }


def test_a_dict_with_a_type_is_accepted_and_a_misspelt_key_is_an_error(tmp_path: Path) -> None:
    lines = 'mine: cleanrooms.CollaborationMemberArgsDict = {{"account_id": "1", "display_name": "A", "{}": []}}\n{}members=[mine])'
    call = (
        PROGRAM.rpartition("ads = ")[2].strip().removesuffix(")").replace('"ads"', '"other"') + ", "
    )

    assert check_types(tmp_path, lines.format("member_abilities", call)) == ""
    assert 'Extra key "member_abilites"' in check_types(
        tmp_path, lines.format("member_abilites", call)
    )


def test_an_enum_and_a_string_are_accepted_where_an_enum_is_due(tmp_path: Path) -> None:
    call = PROGRAM.rpartition("ads = ")[2].strip()

    assert (
        check_types(
            tmp_path,
            call.replace('"ENABLED"', "cleanrooms.QueryLogStatus.ENABLED").replace(
                "[]", "[cleanrooms.MemberAbility.CAN_QUERY]"
            ),
        )
        == ""
    )
    assert (
        check_types(tmp_path, "status: str = 'ENABLED'\n" + call.replace('"ENABLED"', "status"))
        == ""
    )


def test_help_shows_the_arguments_of_the_constructor_with_their_documentation() -> None:
    text = pydoc.plain(pydoc.render_doc(cleanrooms.Collaboration))

    assert set(inspect.signature(cleanrooms.Collaboration).parameters) >= set(
        cleanrooms.CollaborationArgs.__annotations__
    )
    assert [
        name
        for name in cleanrooms.CollaborationArgs.__annotations__
        if f"- ``{name}``: " not in text
    ] == []


def test_a_misspelt_output_is_a_type_error(tmp_path: Path) -> None:
    assert '"Collaboration" has no attribute "nam"' in check_types(tmp_path, "ads.nam")


def test_a_misspelt_name_of_the_module_is_a_type_error(tmp_path: Path) -> None:
    assert 'Module has no attribute "CollaborationArg"' in check_types(
        tmp_path, "cleanrooms.CollaborationArg"
    )


def test_a_misspelt_output_raises_with_pythons_suggestion() -> None:
    code = "import cleanrooms_resource as c; c.Collaboration.__new__(c.Collaboration).descripton"

    failed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert (
        "'Collaboration' object has no attribute 'descripton'. Did you mean: 'description'?"
        in failed.stderr
    )


def test_a_position_in_members_is_a_type_error(tmp_path: Path) -> None:
    assert check_types(tmp_path, f'ads.members["{ADS}"]') == ""
    assert 'expected type "str"' in check_types(tmp_path, "ads.members[0]")


@pytest.mark.usefixtures("sdk_event_loop")
def test_a_member_is_taken_by_its_account_and_a_position_says_so() -> None:
    set_mocks(RecordingMocks())
    names: list[str] = []

    def declare() -> None:
        collaboration = cleanrooms.Collaboration("ads", declaration(region="us-east-1"))
        collaboration.members[ADS]["displayName"].apply(names.append)
        with pytest.raises(
            TypeError, match=r'in the place of members\[0\], write members\["222233334444"\]'
        ):
            collaboration.members[0]  # type: ignore[index]

    pulumi.runtime.test(declare)()  # type: ignore[no-untyped-call]

    assert names == ["Member 2222"]


def list_names(structure: Structure) -> Iterator[str]:
    for name, part in structure.parts.items():
        yield name
        if isinstance(part.shape, Structure):
            yield from list_names(part.shape)


@pytest.mark.parametrize(
    ("output", "structure"),
    [
        (
            "creator_payment_configuration",
            shapes.DECLARATION.parts["creatorPaymentConfiguration"].shape,
        ),
        ("creator_ml_member_abilities", shapes.DECLARATION.parts["creatorMLMemberAbilities"].shape),
        ("data_encryption_metadata", shapes.DECLARATION.parts["dataEncryptionMetadata"].shape),
    ],
)
def test_a_nested_output_is_documented_in_the_spelling_that_it_has(
    output: str, structure: Structure
) -> None:
    documentation = vars(cleanrooms.Collaboration)[output].__doc__

    assert [name for name in list_names(structure) if f"``{name}``" not in documentation] == []


def test_the_output_members_is_documented_in_the_spelling_that_it_has() -> None:
    documentation = vars(cleanrooms.Collaboration)["members"].__doc__

    assert [name for name in shapes.MEMBER.parts if f"``{name}``" not in documentation] == []


def test_the_classes_of_a_membership_are_handed_through() -> None:
    theirs = pytest.importorskip("pulumi_aws", reason="the extra `aws` is not installed").cleanrooms
    names = {name for module in (theirs.membership, theirs._inputs) for name in module.__all__}
    memberships = {
        name for name in names if name.startswith("Membership") and not name.endswith("ArgsDict")
    }

    assert "Membership" in memberships
    assert {name: getattr(cleanrooms, name) for name in memberships} == {
        name: getattr(theirs, name) for name in memberships
    }


@pytest.mark.parametrize(
    "name", ["ConfiguredTable", "ConfiguredTableArgs", "ConfiguredTableTableReferenceArgs"]
)
def test_the_classes_of_a_table_say_where_to_import_them_from(name: str) -> None:
    theirs = pytest.importorskip("pulumi_aws", reason="the extra `aws` is not installed").cleanrooms

    assert hasattr(theirs, name)
    assert not hasattr(cleanrooms, name)
    assert name not in dir(cleanrooms)
    with pytest.raises(AttributeError) as error:
        getattr(cleanrooms, name)
    assert str(error.value) == (
        f"cleanrooms_resource has no {name}, which is a class of pulumi-aws. "
        f"Write `from pulumi_aws import cleanrooms as aws_cleanrooms` and `aws_cleanrooms.{name}`."
    )


def test_an_import_of_the_class_of_a_table_says_where_to_import_it_from() -> None:
    with pytest.raises(ImportError, match="Write `from pulumi_aws import cleanrooms as"):
        exec("from cleanrooms_resource import ConfiguredTable")


def test_hasattr_is_false_for_a_class_of_pulumi_aws_where_it_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)

    assert not hasattr(cleanrooms, "Membership")


def test_an_attribute_that_is_a_class_of_pulumi_aws_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)

    with pytest.raises(AttributeError, match=r"is not installed. Run `pip install pulumi-aws`.$"):
        _ = cleanrooms.Membership


def test_every_member_of_the_module_can_be_listed_where_pulumi_aws_is_not_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pulumi_aws", None)

    assert "Collaboration" in dict(inspect.getmembers(cleanrooms))


def test_a_class_of_pulumi_aws_says_how_to_get_it_where_it_is_not_installed() -> None:
    code = (
        "import sys; sys.modules['pulumi_aws'] = None\nfrom cleanrooms_resource import Membership"
    )

    failed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )

    assert failed.stderr.splitlines()[-1] == (
        "cleanrooms_resource.errors.DependencyError: cleanrooms_resource.Membership is the class of pulumi-aws, which is not installed. "
        "Run `pip install pulumi-aws`."
    )
