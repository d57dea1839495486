"""The reads of collaborations: of one that the stack owns, as outputs and inputs, and of one that it is about to adopt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws import calls
from cleanrooms_resource.changes.adoption import describe_changes
from cleanrooms_resource.changes.change_requests import add_waiting_changes, list_open_requests
from cleanrooms_resource.changes.holders import copy_hidden_keys
from cleanrooms_resource.changes.known_collaboration import read_known_collaboration
from cleanrooms_resource.changes.live_collaboration import LiveCollaboration, build_read_outputs
from cleanrooms_resource.changes.marks import read_plain_names
from cleanrooms_resource.changes.tag_rules import (
    TagRules,
    build_read_inputs,
    keep_own_tags,
    read_default_tags,
)
from cleanrooms_resource.errors import AccessDeniedError, AdoptionError
from cleanrooms_resource.hidden_keys import (
    APPLIED_AT,
    DECLARED_OPTIONS,
    DEFAULT_TAGS,
    PLAIN_NAMES,
    TOKEN,
)
from cleanrooms_resource.pulumi_sdk import mark_secret

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.changes.change_requests import ChangeRequest


def describe_owned(
    live: LiveCollaboration,
    outputs: Mapping[str, Any],
    tag_rules: TagRules,
    requests: Sequence[ChangeRequest],
    region: str,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the outputs and the inputs of a collaboration with these old outputs, after a read. ``requests`` are the open change requests."""
    known = read_known_collaboration(outputs)
    live = tag_rules.hide_ignored(
        live, read_default_tags(outputs) | (known.declared.get("tags") or {})
    )
    live_without_defaults = keep_own_tags(live, outputs)
    declaration = live_without_defaults.update_declaration(known.declared, region)
    new_outputs = (
        build_read_outputs(live, declaration, region)
        | known.build_hidden_outputs()
        | list_open_requests(requests)
    )
    new_outputs |= (
        {DEFAULT_TAGS: mark_secret(read_default_tags(outputs))} if DEFAULT_TAGS in outputs else {}
    )
    drift = live_without_defaults.list_drift(known.declared, region)
    inputs = add_waiting_changes(declaration, requests) | drift | outputs.get(DECLARED_OPTIONS, {})
    inputs |= build_read_inputs(live, outputs, is_secret="tags" not in read_plain_names(outputs))
    return copy_hidden_keys(
        outputs, new_outputs, PLAIN_NAMES, TOKEN, DECLARED_OPTIONS, APPLIED_AT
    ), copy_hidden_keys(outputs, inputs)


def read_adopted(
    connection: Connection,
    id_: str,
    declaration: Mapping[str, Any],
    tag_rules: TagRules,
    plain_names: Collection[str],
) -> LiveCollaboration:
    """Return a collaboration that equals the declaration, default tags included, and that the caller created.

    Raises:
        AdoptionError: another account created the collaboration, or the collaboration differs from the declaration.
        CollaborationError: the collaboration or its tags cannot be read.

    """
    live = tag_rules.hide_ignored(
        calls.read_collaboration_by_id(connection, id_), declaration.get("tags", {})
    )
    creator = live.collaboration["creatorAccountId"]
    if creator != calls.get_caller_account(connection):
        raise AdoptionError(
            f"import_: account {creator} created {id_}, and only the creator can adopt a collaboration.",
            advice="Read the collaboration with `Collaboration.get`.",
        )
    if live.tags is None:
        raise AccessDeniedError(
            f"import_: the caller may not read the tags of {id_}, so the provider cannot compare them."
        )
    changes = live.list_differences(declaration, connection.region)
    if changes:
        description = describe_changes(changes, declaration, plain_names)
        raise AdoptionError(
            f"import_: {id_} differs from the declaration, and nothing was changed: {description}.",
            advice="Declare the collaboration as AWS has it, adopt it, and then change it.",
        )
    return live
