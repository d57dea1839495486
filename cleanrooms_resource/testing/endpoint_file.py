"""The file in which an endpoint keeps what it holds, so that another endpoint starts with it. docs/testing.md documents the format.

The file has the collaborations with their members, statuses, memberships, tags and change requests. Quotas, faults and roles are not in it: they are
settings of a test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from moto.cleanrooms.models import cleanrooms_backends
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from cleanrooms_resource.testing import service_model
from cleanrooms_resource.testing.change_requests import ChangeRequestRecord
from cleanrooms_resource.testing.collaborations import CollaborationRecord

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from typing import Self


class EndpointFileError(ValueError):
    """The file cannot be read or written, or it is not the file of an endpoint. The message says which file, and why."""


class _Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid", allow_inf_nan=False)


class SavedApproval(_Model):
    """A member's answer to a change request."""

    status: Literal["PENDING", "APPROVED", "DENIED"]


class SavedChangeRequest(_Model):
    """A change request, with the fields that GetCollaborationChangeRequest answers."""

    id: str
    collaboration_id: str
    create_time: float
    update_time: float
    status: str
    is_auto_approved: bool
    changes: list[dict[str, Any]]
    approvals: dict[str, SavedApproval] = {}

    def restore(self) -> ChangeRequestRecord:
        """Return the change request as the endpoint keeps it."""
        approvals: dict[str, str] = {account: approval.status for account, approval in self.approvals.items()}
        record = ChangeRequestRecord(self.changes, self.is_auto_approved, approvals, id=self.id, create_time=self.create_time)
        record.status, record.update_time = self.status, self.update_time
        return record


class SavedCollaboration(_Model):
    """A collaboration: the parameters of CreateCollaboration with every later change, and what happened to it since. Times are Unix times."""

    id: str
    arn: str
    creator_account_id: str
    region: str
    create_time: float
    update_time: float
    parameters: dict[str, Any]
    tags: dict[str, str]
    statuses: dict[str, Literal["INVITED", "ACTIVE", "LEFT", "REMOVED"]]
    memberships: dict[str, str]
    join_times: dict[str, float]
    change_requests: list[SavedChangeRequest]

    @model_validator(mode="after")
    def _require_consistent_values(self) -> Self:
        if self.region not in cleanrooms_backends[self.creator_account_id].regions:
            raise ValueError(f"region: {self.region} is not a region that the endpoint has")
        violations = service_model.find_violations("CreateCollaboration", self.parameters)
        if violations:
            raise ValueError(f"parameters: {violations[0][0]} {violations[0][1]}")
        accounts = {self.creator_account_id, *(member["accountId"] for member in self.parameters["members"])}
        if accounts != self.statuses.keys():
            raise ValueError("statuses must have the creator and every member, and nobody else")
        return self

    def restore(self) -> CollaborationRecord:
        """Give the collaboration to moto; return the record of what moto does not keep."""
        record = CollaborationRecord(
            self.id, self.arn, self.creator_account_id, self.region, self.parameters, self.create_time, self.update_time, join_times=self.join_times
        )
        record.statuses, record.memberships = dict(self.statuses), self.memberships
        record.change_requests = {request.id: request.restore() for request in self.change_requests}
        backend = cleanrooms_backends[self.creator_account_id][self.region]
        collaboration = backend.create_collaboration(
            name=self.parameters["name"],
            description=self.parameters.get("description"),  # type: ignore[arg-type] # moto's own handler passes None
            creator_display_name=self.parameters["creatorDisplayName"],
            creator_member_abilities=self.parameters["creatorMemberAbilities"],
            query_log_status=self.parameters["queryLogStatus"],
            members=self.parameters["members"],
            data_encryption_metadata=self.parameters.get("dataEncryptionMetadata"),
            analytics_engine=self.parameters.get("analyticsEngine"),
            tags=None,
        )
        # Moto makes up an ID of its own.
        backend.collaborations[self.id] = backend.collaborations.pop(collaboration.id)
        collaboration.id, collaboration.arn = self.id, self.arn
        collaboration.create_time, collaboration.update_time = self.create_time, self.update_time
        backend.tagger.delete_all_tags_for_resource(self.arn)
        backend.tag_resource(self.arn, self.tags)
        return record


class SavedEndpoint(_Model):
    """The whole file: the number of the format, the port of the endpoint, and the collaborations."""

    format: Literal[1] = 1
    port: int
    collaborations: list[SavedCollaboration]


def read_endpoint_file(file: Path) -> SavedEndpoint | None:
    """Return what the file has; None if it does not exist.

    Raises:
        EndpointFileError: the file cannot be read, or is not the file of an endpoint.

    """
    try:
        return SavedEndpoint.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EndpointFileError(f"The file {file} cannot be read: {error.strerror or error}. Check the path.") from None
    except ValidationError as error:
        first = error.errors()[0]
        reason = " ".join(f"{'.'.join(map(str, first['loc']))} {first['msg']}".split())
        raise EndpointFileError(f"The file {file} is not an endpoint file: {reason}. Name an endpoint file, or a file that does not exist.") from None


def write_endpoint_file(file: Path, port: int, records: Iterable[CollaborationRecord]) -> None:
    """Write the collaborations into the file, in the place of what the file had. A write that fails leaves the file as it was.

    Raises:
        EndpointFileError: the file cannot be written.

    """
    text = SavedEndpoint(port=port, collaborations=[_save(record) for record in records]).model_dump_json(by_alias=True, indent=2)
    temporary_file = file.with_name(f"{file.name}.new")
    try:
        temporary_file.write_text(f"{text}\n", encoding="utf-8")
        temporary_file.replace(file)
    except OSError as error:
        raise EndpointFileError(f"The file {file} cannot be written: {error.strerror or error}. Check the path.") from None


def _save(record: CollaborationRecord) -> SavedCollaboration:
    backend = cleanrooms_backends[record.creator][record.region]
    return SavedCollaboration(
        id=record.id,
        arn=record.arn,
        creator_account_id=record.creator,
        region=record.region,
        create_time=record.create_time,
        update_time=record.update_time,
        parameters={name: value for name, value in record.parameters.items() if name != "tags"},
        tags=backend.list_tags_for_resource(record.arn),
        statuses=record.statuses,
        memberships=record.memberships,
        join_times=record.join_times,
        change_requests=[SavedChangeRequest(**request.describe(record.id)) for request in record.change_requests.values()],
    )
