"""The refusals of calls on a collaboration that is not this stack's, or not the caller's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws import creators
from cleanrooms_resource.aws.program_connections import connect_with
from cleanrooms_resource.changes.takeover import convert_outputs
from cleanrooms_resource.declaration.spelling import split_path
from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, IMPORTED
from cleanrooms_resource.plugin.member_list import MEMBER_LIST
from cleanrooms_resource.plugin.sentences import OTHER_CREATOR

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cleanrooms_resource.aws.settings import Settings


def refuse_other_account(
    settings: Settings, outputs: Mapping[str, Any], action: str, id_: str
) -> None:
    """Refuse to act for an account that did not create the collaboration of these outputs.

    Raises:
        SettingsError: the provider's credentials act in another account.
        CollaborationError: GetCallerIdentity fails.

    """
    creator = convert_outputs(outputs).get("creatorAccountId")
    if creator is not None:
        connection = connect_with(settings, {}, outputs.get("region"))
        creators.refuse_other_account(
            connection,
            creator,
            beginning=f"{action} Clean Rooms collaboration {id_}",
            advice=OTHER_CREATOR,
        )


def is_owned(outputs: Mapping[str, Any]) -> bool:
    """Whether these are outputs of a resource that a stack owns: of this package, which names what was declared, or of pulumi-aws.

    `.get` hands over no outputs yet, or those of an earlier read, which have a `creatorAccountId`. pulumi-aws has none.
    """
    return DECLARED_NAMES in outputs or ("arn" in outputs and "creatorAccountId" not in outputs)


def refuse_resource_that_was_read(id_: str, outputs: Mapping[str, Any]) -> None:
    """Refuse to compare or change what `.get` or `pulumi do` has read.

    Raises:
        AdoptionError: the outputs are those of a read, and this stack does not own the collaboration.

    """
    if outputs and not is_owned(outputs):
        raise AdoptionError(
            f"Clean Rooms collaboration {id_} was only read, and this stack does not own it.",
            advice="To own it, import it with `pulumi import` or the option `import`.",
        )


def refuse_ignored_member_list(ignored_paths: Collection[str]) -> None:
    """Refuse ``ignoreChanges`` of the member list: the state has no such list, so the engine would take the program's away, and every member with it.

    Raises:
        AdoptionError: a path leads into the member list.

    """
    if any(path.lstrip('["').startswith(MEMBER_LIST) for path in ignored_paths):
        raise AdoptionError(
            f"ignoreChanges cannot name {MEMBER_LIST}, because the state keeps members and {MEMBER_LIST} as one map, members.",
            advice="Declare the members in `members`, and name that property in ignoreChanges.",
        )


def refuse_ignored_import(
    marked_old_inputs: Mapping[str, Any], ignored_paths: Collection[str]
) -> None:
    """Refuse ``ignoreChanges`` of members that an import wrote into the state, and no program has declared.

    The engine would hand them on as the program's own, and a later program that drops one of them
    would remove a member whom nobody declared.

    Raises:
        AdoptionError: a path leads to the members.

    """
    names = {split_path(path)[0] for path in ignored_paths}
    if IMPORTED in marked_old_inputs and not names.isdisjoint(("*", "members")):
        raise AdoptionError(
            "ignoreChanges cannot name members before a `pulumi up` has declared those of an imported collaboration: "
            "Pulumi would take every imported member for one that the program declares.",
            advice="Run `pulumi up` once with the members declared and without ignoreChanges for them. Then ignore them.",
        )
