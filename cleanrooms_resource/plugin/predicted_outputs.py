"""The outputs that a preview answers: those that are known before the deployment. Every other output is unknown, and none is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws.answers import PROMISED_FIELDS
from cleanrooms_resource.changes.tag_rules import TAGS_ALL
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, without_hidden_keys
from cleanrooms_resource.pulumi_sdk import UNKNOWN_VALUE
from cleanrooms_resource.table import (
    OPTIONS,
    PROPERTIES_WITHOUT_RESPONSE,
    TABLE,
    ChangeRequestMode,
    get_option,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_RETURNED = frozenset(
    {
        row.response_name or row.name
        for row in TABLE.values()
        if row.name not in PROPERTIES_WITHOUT_RESPONSE or row.response_name
    }
    | PROMISED_FIELDS["Collaboration"].keys()
)
_OWN_OUTPUTS = ("memberStatuses", "region", TAGS_ALL)
_REQUESTS = "openChangeRequests"


def predict_creation(inputs: Mapping[str, Any]) -> dict[str, Any]:
    unknown: dict[str, Any] = dict.fromkeys(
        (*sorted(_RETURNED - {"id"}), *_OWN_OUTPUTS), UNKNOWN_VALUE
    )
    return unknown | {TAGS_ALL: inputs.get("tags", {})} | _without_options(inputs)


def predict_update(
    outputs: Mapping[str, Any], old_inputs: Mapping[str, Any], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the outputs of a collaboration after an update in place: what the update leaves alone, and what the inputs say."""
    if DECLARED_NAMES not in outputs:
        # The state of pulumi-aws has other outputs, and the update rewrites them all.
        return predict_creation(inputs)
    predicted = without_hidden_keys(outputs) | {"updateTime": UNKNOWN_VALUE}
    changed = {
        row.name
        for row in TABLE.values()
        if old_inputs.get(row.name, row.default) != inputs.get(row.name, row.default)
    }
    for row in (TABLE[name] for name in changed):
        predicted |= dict.fromkeys((row.name, *row.derived_outputs), UNKNOWN_VALUE)
        if row.name not in inputs and row.name in PROPERTIES_WITHOUT_RESPONSE:
            del predicted[row.name]
    if old_inputs.get(TAGS_ALL) != inputs.get(TAGS_ALL):
        predicted[TAGS_ALL] = UNKNOWN_VALUE
    return predicted | _without_options(inputs) | _predict_requests(outputs, changed, inputs)


def _predict_requests(
    outputs: Mapping[str, Any], changed: set[str], inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what change requests leave open. Until the other members approve them, AWS has the members as they were."""
    requested = {row.name for row in TABLE.values() if "changeRequests" in row.in_place_options}
    proposes = (
        get_option(inputs, "changeRequests") == ChangeRequestMode.PROPOSE.value
        and changed & requested
    )
    if not (proposes or outputs.get(_REQUESTS)):
        return {}
    return dict.fromkeys(
        (*(name for name in requested if name in inputs), _REQUESTS), UNKNOWN_VALUE
    )


def _without_options(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in inputs.items() if name not in OPTIONS}
