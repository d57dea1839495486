"""The comment as JSON, for tools. ``report.schema.json`` beside this module is the schema of the JSON; `make generate` writes it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from cleanrooms_resource.declaration.spelling import to_snake_case
from cleanrooms_resource.preview.applied_comment import describe_application, describe_result, list_tasks
from cleanrooms_resource.preview.details import list_details
from cleanrooms_resource.preview.sentences import describe_outcome
from cleanrooms_resource.preview.untrusted_text import make_plain
from cleanrooms_resource.preview.verdict import list_kinds
from cleanrooms_resource.preview.verdict_sentence import describe_verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleanrooms_resource.preview.applied import Application, AppliedResource
    from cleanrooms_resource.preview.joined import Joined
    from cleanrooms_resource.preview.outcome import PlannedResource
    from cleanrooms_resource.preview.verdict import Verdict

SCHEMA_FILE: Final = Path(__file__).parent / "report.schema.json"


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class JoinedReport(_Model):
    """Who has joined. ``members`` and ``creator`` are null where the state does not know."""

    members: dict[str, str] | None = Field(description="The accounts that have joined, with their display names.")
    invited: int = Field(description="The number of invited accounts, without those that left or were removed.")
    creator: bool | None = Field(description="Whether the creator has joined itself.")
    as_of: str = Field(description="When the state was read, in UTC; empty where the state does not say it.")
    is_refreshed: bool = Field(description="Whether this preview refreshed the state.")


class ResourceReport(_Model):
    """A collaboration or a membership."""

    name: str
    noun: Literal["collaboration", "membership"]
    provider: str = Field(description="The provider of the resource: empty for cleanrooms-resource, else pulumi-aws or aws-native.")
    id: str
    outcome: str = Field(description="What happens, or after `--applied` what happened, for example replace or replaced.")
    kinds: list[str] = Field(description="The kinds of `--fail-on` that the change is.")
    sentence: str
    reasons: list[str] = Field(description="The properties that are the reason, in the spelling of programs.")
    changed_outside: list[str] = Field(description="The reasons that somebody changed outside Pulumi.")
    changes: list[str] = Field(description="The lines of a diff.")
    tasks: list[str] = Field(description="What somebody has to do now; only after `--applied`.")
    joined: JoinedReport


class StackReport(_Model):
    """A stack. ``severity`` is 0 (nothing), 1 (change), 2 (failure), 3 (warning) or 4 (caution)."""

    project: str
    stack: str
    severity: Literal[0, 1, 2, 3, 4]
    is_failed: bool
    verdict: str
    errors: list[str]
    warnings: list[str]
    other_operations: dict[str, int]
    unchanged: int
    resources: list[ResourceReport]


class Report(_Model):
    """The report. ``severity`` is that of the worst stack, and ``kinds`` are those of `--fail-on` in any stack."""

    version: Literal[1] = 1
    subject: Literal["preview", "up"]
    severity: Literal[0, 1, 2, 3, 4]
    kinds: list[str]
    commit: str
    link: str
    stacks: list[StackReport]


def render_report(verdicts: Sequence[Verdict], *, link: str = "", commit: str = "") -> str:
    """Return the verdicts on previews as JSON."""
    ordered = sorted(verdicts, key=lambda each: -each.severity)
    stacks = [
        _build_stack(
            each, describe_verdict(each), each.errors, (*each.warnings, *each.notices), [_describe_planned(planned) for planned in each.planned]
        )
        for each in ordered
    ]
    kinds = sorted({kind for each in verdicts for kind in each.kinds})
    return _write(Report(subject="preview", severity=stacks[0].severity, kinds=kinds, commit=commit, link=link, stacks=stacks))


def render_applied_report(application: Application, *, link: str = "", commit: str = "") -> str:
    """Return what a `pulumi up` did as JSON."""
    resources = [_describe_applied(applied) for applied in application.resources]
    stack = _build_stack(application, describe_application(application), application.errors, (), resources)
    return _write(Report(subject="up", severity=stack.severity, kinds=[], commit=commit, link=link, stacks=[stack]))


def render_schema() -> str:
    """Return the schema of the JSON."""
    return json.dumps(Report.model_json_schema(), indent=2) + "\n"


def _write(report: Report) -> str:
    return report.model_dump_json(indent=2) + "\n"


def _build_stack(
    subject: Verdict | Application, sentence: str, errors: Sequence[str], warnings: Sequence[str], resources: list[ResourceReport]
) -> StackReport:
    return StackReport.model_validate(
        {
            "project": subject.project,
            "stack": subject.stack,
            "severity": subject.severity.value,
            "is_failed": subject.is_failed,
            "verdict": make_plain(sentence),
            "errors": list(errors),
            "warnings": list(warnings),
            "other_operations": dict(subject.other_operations),
            "unchanged": subject.unchanged,
            "resources": resources,
        }
    )


def _describe_planned(planned: PlannedResource) -> ResourceReport:
    return ResourceReport(
        name=planned.name,
        noun=planned.type.noun.value,
        provider=planned.type.provider,
        id=planned.id,
        outcome=planned.outcome.value,
        kinds=sorted(list_kinds(planned)),
        sentence=make_plain(describe_outcome(planned)),
        reasons=[to_snake_case(name) for name in planned.reasons],
        changed_outside=[to_snake_case(name) for name in planned.reasons if name in planned.properties_changed_outside],
        changes=list_details(planned),
        tasks=[],
        joined=_describe_joined(planned.joined),
    )


def _describe_applied(applied: AppliedResource) -> ResourceReport:
    return ResourceReport(
        name=applied.name,
        noun=applied.type.noun.value,
        provider=applied.type.provider,
        id=applied.id,
        outcome=applied.result.value,
        kinds=[],
        sentence=make_plain(describe_result(applied)),
        reasons=[],
        changed_outside=[],
        changes=[],
        tasks=[make_plain(task) for task in list_tasks(applied)],
        joined=_describe_joined(applied.joined),
    )


def _describe_joined(joined: Joined) -> JoinedReport:
    return JoinedReport(
        members=joined.members, invited=joined.invited, creator=joined.creator, as_of=joined.read_at, is_refreshed=joined.is_refreshed
    )
