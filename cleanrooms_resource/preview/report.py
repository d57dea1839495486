"""The comment as JSON, for tools. ``report.schema.json`` beside this module is the schema of the JSON; `make generate` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.preview.details import list_details
from cleanrooms_resource.preview.sentences import describe_outcome
from cleanrooms_resource.preview.untrusted_text import make_plain
from cleanrooms_resource.preview.verdict import list_kinds
from cleanrooms_resource.preview.verdict_sentence import describe_loss, describe_verdict

if TYPE_CHECKING:
    from cleanrooms_resource.preview.joined import Joined
    from cleanrooms_resource.preview.outcome import PlannedResource
    from cleanrooms_resource.preview.verdict import Verdict

SCHEMA_FILE: Final = Path(__file__).parent / "report.schema.json"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class JoinedReport(_Model):
    """Who has joined. ``members`` and ``creator`` are null where the state does not know."""

    members: dict[str, str] | None = Field(
        description="The accounts that have joined, with their display names."
    )
    invited: int = Field(
        description="The number of invited accounts, without those that left or were removed."
    )
    creator: bool | None = Field(description="Whether the creator has joined itself.")
    as_of: str = Field(
        description="When the state was read, in UTC; empty where the state does not say it."
    )
    is_refreshed: bool = Field(description="Whether this preview refreshed the state.")


class ResourceReport(_Model):
    """A collaboration."""

    name: str
    id: str
    outcome: str = Field(description="What happens, for example replace.")
    kinds: list[str] = Field(description="The kinds of `--fail-on` that the change is.")
    sentence: str
    reasons: list[str] = Field(
        description="The properties that are the reason, in the spelling of programs."
    )
    changed_outside: list[str] = Field(
        description="The reasons that somebody changed outside Pulumi."
    )
    changes: list[str] = Field(description="The lines of a diff.")
    joined: JoinedReport


class Report(_Model):
    """The verdict on the preview of a stack. ``severity`` is 0 (nothing), 1 (change), 2 (failure), 3 (warning) or 4 (caution)."""

    version: Literal[1] = 1
    project: str
    stack: str
    commit: str
    link: str
    severity: Literal[0, 1, 2, 3, 4]
    kinds: list[str] = Field(description="The kinds of `--fail-on` in the preview.")
    is_failed: bool
    verdict: str
    errors: list[str]
    warnings: list[str]
    resources: list[ResourceReport] = Field(
        description="The collaborations that change, the costliest changes first."
    )
    other_operations: dict[str, int] = Field(
        description="The operations on other resources, counted."
    )
    other_losses: list[str] = Field(
        description="The other resources of Clean Rooms that are deleted or replaced, a sentence for each."
    )
    unchanged: int


def render_report(verdict: Verdict, *, link: str = "", commit: str = "") -> str:
    """Return the verdict on a preview as JSON."""
    report = Report.model_validate(
        {
            "project": verdict.project,
            "stack": verdict.stack,
            "commit": commit,
            "link": link,
            "severity": verdict.severity.value,
            "kinds": sorted(verdict.kinds),
            "is_failed": verdict.is_failed,
            "verdict": make_plain(describe_verdict(verdict)),
            "errors": list(verdict.errors),
            "warnings": [*verdict.warnings, *verdict.notices],
            "resources": [_describe_planned(planned) for planned in verdict.planned],
            "other_operations": dict(verdict.other_operations),
            "other_losses": [make_plain(describe_loss(loss)) for loss in verdict.other_losses],
            "unchanged": verdict.unchanged,
        }
    )
    return report.model_dump_json(indent=2) + "\n"


def render_schema() -> str:
    """Return the schema of the JSON."""
    return json.dumps(Report.model_json_schema(), indent=2) + "\n"


def _describe_planned(planned: PlannedResource) -> ResourceReport:
    return ResourceReport(
        name=planned.name,
        id=planned.id,
        outcome=planned.outcome.value,
        kinds=sorted(list_kinds(planned)),
        sentence=make_plain(describe_outcome(planned)),
        reasons=[to_snake_case(name) for name in planned.reasons],
        changed_outside=[
            to_snake_case(name)
            for name in planned.reasons
            if name in planned.properties_changed_outside
        ],
        changes=list_details(planned),
        joined=_describe_joined(planned.joined),
    )


def _describe_joined(joined: Joined) -> JoinedReport:
    return JoinedReport(
        members=joined.members,
        invited=joined.invited,
        creator=joined.creator,
        as_of=joined.read_at,
        is_refreshed=joined.is_refreshed,
    )
