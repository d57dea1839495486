"""Takeover: the state of pulumi-aws's ``aws:cleanrooms/collaboration:Collaboration``, or of the plug-in, taken over by an alias of that type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, HOLDER, TOKEN
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

PULUMI_AWS_TYPE: Final = "aws:cleanrooms/collaboration:Collaboration"
DYNAMIC_TYPE: Final = "pulumi-python:dynamic/cleanrooms:Collaboration"
PLUGIN_TYPE: Final = "cleanrooms:index:Collaboration"
UNTYPED_DYNAMIC_TYPE: Final = "pulumi-python:dynamic:Resource"
"""The type of every dynamic resource whose class names no type. Version 0.1.0 gave it to subclasses of ``Collaboration``."""

_ARN = re.compile(r"arn:[^:]+:cleanrooms:[^:]*:\d+:collaboration/.*")


def refuse_other_state(outputs: Mapping[str, Any]) -> None:
    """Refuse a state that is not a collaboration's. An alias of ``UNTYPED_DYNAMIC_TYPE`` can find another dynamic resource of the same name.

    Raises:
        AdoptionError: the outputs are those of another resource.

    """
    if DECLARED_NAMES not in outputs and not _ARN.fullmatch(str(outputs.get("arn", ""))):
        raise AdoptionError(
            "The state under this resource's name is not a collaboration's: another dynamic resource made it.",
            advice="Give the collaboration another name in the program.",
        )


def is_from_pulumi_aws(outputs: Mapping[str, Any]) -> bool:
    """Whether these are outputs of pulumi-aws: outputs of a collaboration without ``DECLARED_NAMES``."""
    return DECLARED_NAMES not in outputs and "arn" in outputs


def is_from_plugin(outputs: Mapping[str, Any]) -> bool:
    """Whether these are outputs of the plug-in, which keeps no holder in a state because every request has the URN."""
    return TOKEN in outputs and HOLDER not in outputs


def convert_outputs(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the outputs in the shape of this package; outputs of pulumi-aws count as declared here.

    pulumi-aws has a list of members with a ``status``, ``allowClearText``, and times as Go writes them. The creator's own status, which pulumi-aws
    does not know, is absent until the next refresh.

    Raises:
        AdoptionError: the outputs hold a value that cannot be declared here.

    """
    if not is_from_pulumi_aws(outputs):
        return dict(outputs)
    declaration, failures = canonicalize(
        {name: outputs[name] for name in TABLE if outputs.get(name) not in (None, "")}
    )
    if failures:
        reasons = "; ".join(
            failure.without_values().to_sentence(in_program=True) for failure in failures
        )
        raise AdoptionError(
            f"The state of pulumi-aws cannot be taken over: {reasons}.",
            advice="Change these properties with pulumi-aws first.",
        )
    _, _, _, region, account, _ = str(outputs["arn"]).split(":", 5)
    members = outputs.get("members") or []
    return {
        "arn": outputs["arn"],
        "creatorAccountId": account,
        "memberStatuses": {
            member["accountId"]: member["status"] for member in members if member.get("status")
        },
        "tagsAll": outputs.get("tagsAll") or outputs.get("tags") or {},
        **declaration,
        "region": region,
        DECLARED_NAMES: sorted(declaration),
    }
