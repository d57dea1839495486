"""The inventory as a Pulumi program, which passes mypy strict and ruff."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.discovery.python_source import (
    Call,
    CommentedList,
    render_comment,
    render_statement,
)
from cleanrooms_resource.discovery.sentences import (
    describe_creator,
    describe_other,
    introduce,
    list_departed,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.discovery.inventory import Inventory, OwnCollaboration

_DOCSTRING: Final = (
    '"""Collaborations of AWS Clean Rooms, written by `cleanrooms-resource discover`."""\n'
)
# ruff sorts the two imports otherwise where the package is installed than in its own checkout.
_IMPORTS: Final = "import pulumi\n\n# isort: split\nimport cleanrooms_resource as cleanrooms\n"
_PAYMENT: Final = "cleanrooms.CollaborationPaymentConfigurationArgs"
_CLASSES: Final = {
    "creatorPaymentConfiguration": _PAYMENT,
    "paymentConfiguration": _PAYMENT,
    "queryCompute": "cleanrooms.CollaborationQueryComputePaymentConfigArgs",
    "jobCompute": "cleanrooms.CollaborationJobComputePaymentConfigArgs",
    "machineLearning": "cleanrooms.CollaborationMlPaymentConfigArgs",
    "modelTraining": "cleanrooms.CollaborationModelTrainingPaymentConfigArgs",
    "modelInference": "cleanrooms.CollaborationModelInferencePaymentConfigArgs",
    "syntheticDataGeneration": "cleanrooms.CollaborationSyntheticDataGenerationPaymentConfigArgs",
    "creatorMLMemberAbilities": "cleanrooms.CollaborationMlMemberAbilitiesArgs",
    "mlMemberAbilities": "cleanrooms.CollaborationMlMemberAbilitiesArgs",
    "dataEncryptionMetadata": "cleanrooms.CollaborationDataEncryptionMetadataArgs",
}
"""The Args class of each property that has parts."""
_ORDER: Final = (
    "region",
    "name",
    "description",
    "creatorDisplayName",
    "creatorMemberAbilities",
    "queryLogStatus",
    "members",
)
"""The properties that a reader looks for first. The other properties follow in the order of the alphabet."""


def render_program(inventory: Inventory, *, is_imported: bool) -> str:
    """Return the program. ``is_imported`` says whether the program adopts the collaborations, by their ids."""
    blocks = [
        _DOCSTRING,
        *([_IMPORTS] if inventory.own else []),
        _render_comments(introduce(inventory)),
    ]
    blocks += [
        _render_collaboration(collaboration, is_imported=is_imported)
        for collaboration in inventory.own
    ]
    blocks += [_render_comments(describe_other(other)) for other in inventory.others]
    blocks += [_render_comments([f"Not complete: {failure}"]) for failure in inventory.failures]
    return "\n".join(block for block in blocks if block)


def _render_collaboration(collaboration: OwnCollaboration, *, is_imported: bool) -> str:
    options = {"import_": collaboration.id} if is_imported else {}
    keywords = {
        to_snake_case(name): _to_source(name, collaboration.declaration[name])
        for name in sort_properties(collaboration.declaration)
    }
    members = [
        ((f"Status: {collaboration.statuses[account]}.",), _make_member(account, member))
        for account, member in collaboration.declaration.get("members", {}).items()
    ]
    departed = tuple(list_departed(collaboration))
    if members or departed:
        keywords["members"] = CommentedList(tuple(members), departed)
    call = Call(
        "cleanrooms.Collaboration",
        (collaboration.resource_name,),
        {**keywords, "opts": Call("pulumi.ResourceOptions", (), {**options, "protect": True})},
    )
    return f"{_render_comments(describe_creator(collaboration))}{render_statement(call)}\n"


def sort_properties(declaration: Mapping[str, Any]) -> list[str]:
    """Return the names of the declared properties in the order in which they are written."""
    return sorted(
        declaration, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)
    )


def _make_member(account: str, member: Mapping[str, Any]) -> Call:
    parts = {to_snake_case(name): _to_source(name, value) for name, value in member.items()}
    return Call("cleanrooms.CollaborationMemberArgs", (), {"account_id": account, **parts})


def _to_source(name: str, value: Any) -> Any:
    """Return a value with calls of the Args classes in the place of maps. The keys of tags are data."""
    if name not in _CLASSES:
        return value
    return Call(
        _CLASSES[name],
        (),
        {to_snake_case(key): _to_source(key, part) for key, part in value.items()},
    )


def _render_comments(sentences: list[str]) -> str:
    return "".join(map(render_comment, sentences))
