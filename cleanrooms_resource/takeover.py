"""The state of pulumi-aws's ``aws:cleanrooms/collaboration:Collaboration``, taken over as ours by an alias of that type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration import canonical
from cleanrooms_resource.errors import AdoptionError
from cleanrooms_resource.properties import DECLARED, TABLE

if TYPE_CHECKING:
    from collections.abc import Mapping

TYPE: Final = "aws:cleanrooms/collaboration:Collaboration"


def is_pulumi_awss(outputs: Mapping[str, Any]) -> bool:
    """Whether these are the outputs of pulumi-aws: a collaboration without our mark."""
    return DECLARED not in outputs and "arn" in outputs


def ours(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """The same outputs in our shape, as if all that they hold had been declared here.

    pulumi-aws has a list of members with a ``status``, ``allowClearText``, and times as Go writes them; what it does not know (the creator's own
    status) is absent until the next refresh.

    Raises:
        AdoptionError: it holds what cannot be declared here.

    """
    declaration, failures = canonical({name: outputs[name] for name in TABLE if outputs.get(name) not in (None, "")})
    if failures:
        reasons = "; ".join(failure.sentence(in_program=True) for failure in failures)
        raise AdoptionError(f"the state of pulumi-aws cannot be taken over: {reasons}.", advice="Change it with pulumi-aws first.")
    _, _, _, region, account, _ = str(outputs["arn"]).split(":", 5)
    members = outputs.get("members") or []
    return {
        "arn": outputs["arn"],
        "creatorAccountId": account,
        "memberStatuses": {member["accountId"]: member["status"] for member in members if member.get("status")},
        "tagsAll": outputs.get("tagsAll") or outputs.get("tags") or {},
        **declaration,
        "region": region,
        DECLARED: sorted(declaration),
    }
