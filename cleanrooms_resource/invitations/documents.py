"""Invitations as Markdown and as JSON. Names stand in code spans, which they cannot end."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.invitations.snippets import BUCKET, ROLE, make_snippets
from cleanrooms_resource.preview.untrusted_text import make_span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanrooms_resource.invitations.invitation import Invitation

_LANGUAGES: Final = {
    "cli": ("AWS CLI", "sh"),
    "cloudFormation": ("CloudFormation", "yaml"),
    "pulumi": ("Pulumi", "python"),
    "terraform": ("Terraform", "hcl"),
}


def render_markdown(invitations: Sequence[Invitation]) -> str:
    return "\n".join(_render_invitation(invitation) for invitation in invitations)


def render_json(invitations: Sequence[Invitation]) -> str:
    documents = [
        {_to_camel(name): value for name, value in asdict(invitation).items()}
        | {
            "needsResultPlace": invitation.needs_result_place,
            "iamActions": invitation.list_actions(),
            "snippets": make_snippets(invitation),
        }
        for invitation in invitations
    ]
    return f"{json.dumps(documents, indent=2)}\n"


def _render_invitation(invitation: Invitation) -> str:
    facts = [
        f"- Collaboration: {make_span(invitation.name)}, ID `{invitation.id}`, in `{invitation.region}`",
        f"- Creator: {make_span(invitation.creator_display_name)}, account `{invitation.creator}`",
        f"- Member: {make_span(invitation.display_name)}, account `{invitation.account}`",
        f"- Abilities: {_list_words([*invitation.abilities, *invitation.ml_abilities])}",
        f"- Pays for: {_list_words(invitation.costs)}{_explain_payment(invitation)}",
        f"- Place for results: {_explain_results(invitation)}",
        f"- Query logs: {_explain_logs(invitation)}",
        f"- IAM actions: {_list_words(invitation.list_actions())}",
    ]
    blocks = [f"## Invitation of account {invitation.account}\n", "\n".join(facts) + "\n"]
    for language, snippet in make_snippets(invitation).items():
        title, fence = _LANGUAGES[language]
        text = (
            f"```{fence}\n{snippet}```\n"
            if snippet
            else "The provider has no argument for a cost that the member pays. Join another way.\n"
        )
        blocks.append(f"### Join with {title}\n\n{text}")
    return "\n".join(blocks)


def _list_words(words: Sequence[str]) -> str:
    return ", ".join(f"`{word}`" for word in words) or "none"


def _explain_payment(invitation: Invitation) -> str:
    return (
        ". A payer must accept the costs when it joins: `paymentConfiguration` does that."
        if invitation.costs
        else ""
    )


def _explain_results(invitation: Invitation) -> str:
    if invitation.needs_result_place:
        return f"the member receives results of others' queries and must name a place. Replace `{BUCKET}` and `{ROLE}`."
    return "the member does not have to name a place when it joins."


def _explain_logs(invitation: Invitation) -> str:
    if invitation.is_logged:
        return "the collaboration logs queries. With `ENABLED`, the member gets logs in its own CloudWatch Logs."
    return "the collaboration does not log queries."


def _to_camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)
