"""The outputs that a preview answers: those that are known before the deployment. Every other output is unknown, and none is made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.aws.answers import PROMISED_FIELDS
from cleanrooms_resource.changes.tag_rules import TAGS_ALL
from cleanrooms_resource.hidden_keys import without_hidden_keys
from cleanrooms_resource.pulumi_sdk import UNKNOWN_VALUE
from cleanrooms_resource.table import PROPERTIES_WITHOUT_RESPONSE, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

_RETURNED = frozenset(
    {row.response_name or row.name for row in TABLE.values() if row.name not in PROPERTIES_WITHOUT_RESPONSE} | PROMISED_FIELDS["Collaboration"].keys()
)
_OWN_OUTPUTS = ("memberStatuses", "region", TAGS_ALL)


def predict_creation(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of a collaboration that does not exist yet."""
    unknown: dict[str, Any] = dict.fromkeys((*sorted(_RETURNED - {"id"}), *_OWN_OUTPUTS), UNKNOWN_VALUE)
    return unknown | {TAGS_ALL: inputs.get("tags", {})} | dict(inputs)


def predict_update(outputs: Mapping[str, Any], old_inputs: Mapping[str, Any], inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs of a collaboration after an update in place: what the update leaves alone, and what the inputs say."""
    predicted = without_hidden_keys(outputs) | {"updateTime": UNKNOWN_VALUE}
    for row in TABLE.values():
        old, new = old_inputs.get(row.name, row.default), inputs.get(row.name, row.default)
        if old == new:
            continue
        predicted |= dict.fromkeys((row.name, *row.derived_outputs), UNKNOWN_VALUE)
        if row.name not in inputs and row.name in PROPERTIES_WITHOUT_RESPONSE:
            del predicted[row.name]
    return predicted | dict(inputs)
