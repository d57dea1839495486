"""Reading what no state holds yet: for `pulumi import`, and the listing of what can be imported."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.answers import explain_failures, get_collaboration_summaries
from cleanrooms_resource.aws.calls import get_caller_account, read_collaboration_by_id
from cleanrooms_resource.changes.existing_declaration import UndeclarableError, declare_existing
from cleanrooms_resource.changes.holders import make_token
from cleanrooms_resource.changes.live_collaboration import build_read_outputs
from cleanrooms_resource.declaration.limits import find_id_violation
from cleanrooms_resource.errors import AccessDeniedError, AdoptionError, ValidationError
from cleanrooms_resource.pulumi_sdk import print_on_stack

if TYPE_CHECKING:
    from cleanrooms_resource.aws.connection import Connection
    from cleanrooms_resource.aws.settings import Settings

_LARGEST_PAGE: Final = 100
"""botocore's model, the shape MaxResults."""


def read_for_import(
    settings: Settings, connection: Connection, id_: str, *, has_secret_tags: bool
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the outputs of a collaboration that enters the state, and the least inputs that mean what AWS has.

    ``has_secret_tags`` says that the provider's default tags are secret.

    Raises:
        ValidationError: the id is not the id of a collaboration.
        AdoptionError: another account created the collaboration, or no declaration means what AWS has.
        CollaborationError: the collaboration or its tags cannot be read.

    """
    violation = find_id_violation(id_)
    if violation:
        raise ValidationError(
            f"importing a Clean Rooms collaboration: the ID {violation}.", advice=""
        )
    rules = settings.tag_rules
    live = rules.hide_ignored(read_collaboration_by_id(connection, id_), {})
    creator, caller = live.collaboration["creatorAccountId"], get_caller_account(connection)
    if creator != caller:
        raise AdoptionError(
            f"importing Clean Rooms collaboration {id_}: account {creator} created it, the credentials ({connection.credentials}) act in account "
            f"{caller}, and only the creator can import a collaboration.",
            advice="Import it with a provider of the creator's account, or read it with `Collaboration.get`.",
        )
    if live.tags is None:
        raise AccessDeniedError(
            f"importing Clean Rooms collaboration {id_}: the caller may not read its tags, and `pulumi up` would remove them all.",
            advice="Allow cleanrooms:ListTagsForResource.",
        )
    try:
        # A tag that equals a default tag is the provider's, as the next preview counts it.
        own_tags = {
            key: value for key, value in live.tags.items() if (key, value) not in rules.defaults
        }
        existing = declare_existing(replace(live, tags=own_tags), connection.region)
    except UndeclarableError as error:
        raise AdoptionError(
            f"importing Clean Rooms collaboration {id_}: no declaration of this version equals it: {error}.",
            advice="Upgrade cleanrooms-resource, or read the collaboration with `Collaboration.get`.",
        ) from None
    if not existing.has_payers:
        print_on_stack(
            f"Clean Rooms collaboration {id_}: the payers are not declared, because a payer left or was removed. Decide who pays before you "
            "change the members."
        )
    # The collaboration stays in the region of the provider that imports it, whether a program names the region or not.
    inputs = {name: value for name, value in existing.properties.items() if name != "region"}
    outputs = build_read_outputs(live, inputs, connection.region) | make_token()
    tags_all = rules.build_inputs(inputs, None, is_secret=has_secret_tags)
    return outputs | rules.build_outputs(tags_all), inputs | tags_all


def list_page(connection: Connection, token: str, size: int) -> tuple[list[dict[str, Any]], str]:
    """Return the summaries of one page of ListCollaborations that the caller created, and the token of the next page, empty for the last one.

    ``size`` is the largest number of summaries, of which AWS allows 100; 0 leaves it to AWS.
    """
    creator = get_caller_account(connection)
    with explain_failures(f"listing the collaborations in {connection.region}"):
        parameters: dict[str, Any] = {
            name: value
            for name, value in (("nextToken", token), ("maxResults", min(size, _LARGEST_PAGE)))
            if value
        }
        page = connection.cleanrooms.list_collaborations(**parameters)
        summaries = get_collaboration_summaries(page)
    return [each for each in summaries if each["creatorAccountId"] == creator], page.get(
        "nextToken"
    ) or ""
