"""A recorded state, and what the code of today does with it.

A file tests/states/NAME.json has four parts. `version` is the version that recorded it. `aws` is what AWS had then: each collaboration's request with
what changed since, its tags and times, the members' statuses and memberships. `life` is what that version did with the state: ``Life``
without its states. `state` is what `pulumi stack export` printed: secrets are ciphertext, and what names a place on the machine is left out.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC
from functools import partial
from typing import TYPE_CHECKING, Any

from engine.driver import TESTS
from engine.programs import record_writes

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from aws_account import Aws

    from engine.driver import EngineStack

    Program = Callable[[str], None]
    """A program; it is given the id of the first collaboration at AWS, for those that name it."""

STATE_FOLDER = TESTS / "states"
_ENDPOINT = "http://endpoint"
"""The endpoint's address in a file."""
_PLACES = {"sourcePosition", "stackTrace"}
"""Where the program's and the SDK's files were."""
_TIMES = ("createTime", "updateTime")


@dataclass(frozen=True)
class Recording:
    """A file: which version recorded it, what AWS had, what that version did with the state, and the state."""

    version: str
    aws: dict[str, dict[str, Any]]
    life: dict[str, Any]
    state: dict[str, Any]

    @classmethod
    def take(cls, version: str, stack: EngineStack, aws: Aws) -> Recording:
        """Record the stack and AWS as they are now, without a life."""
        state = json.loads(stack.export().replace(aws.endpoint.address, _ENDPOINT))
        for resource in state["deployment"]["resources"]:
            for place in _PLACES & resource.keys():
                del resource[place]
        return cls(
            version, {id_: _describe(aws, id_) for id_ in aws.endpoint.collaborations}, {}, state
        )

    @classmethod
    def read(cls, name: str) -> Recording:
        """Read the file of this name."""
        return cls(**json.loads((STATE_FOLDER / f"{name}.json").read_text()))

    def to_text(self) -> str:
        """The file's JSON, a line for each collaboration, command and resource."""
        deployed = dict(self.state["deployment"])
        resources = deployed.pop("resources")
        state = {**self.state, "deployment": deployed}
        aws, life = (
            ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in part.items())
            for part in (self.aws, self.life)
        )
        lines = ",\n".join(map(json.dumps, resources))
        return (
            f'{{"version": {json.dumps(self.version)},\n"aws": {{\n{aws}\n}},\n"life": {{\n{life}\n}},\n'
            f'"state": {json.dumps(state)[:-2]}, "resources": [\n{lines}\n]}}}}}}\n'
        )

    def remake(self, aws: Aws) -> Remake:
        """Make the collaborations again at AWS."""
        ids, new_texts = {}, {_ENDPOINT: aws.endpoint.address}
        for id_, description in self.aws.items():
            new = aws.client(description["region"]).create_collaboration(
                **description["request"], tags=description["tags"]
            )["collaboration"]
            collaboration = aws.endpoint.collaborations[new["id"]]
            collaboration.statuses, collaboration.memberships = (
                dict(description["statuses"]),
                dict(description["memberships"]),
            )
            ids[id_] = new["id"]
            new_texts |= {description[time]: _iso(new[time]) for time in _TIMES}
        state = json.dumps(self.state)
        for old, new in (new_texts | ids).items():
            state = state.replace(old, new)
        return Remake(ids, state)


@dataclass(frozen=True)
class Remake:
    """The collaborations of a recording, made again: recorded ids to new ids, and the state with the new ids, times and address."""

    ids: dict[str, str]
    state: str

    def get_first_id(self) -> str:
        """The first one's id."""
        return next(iter(self.ids.values()))

    def list_remaining(self, aws: Aws) -> list[str]:
        """The recorded ids of those that are still at AWS."""
        return [
            recorded for recorded, now in self.ids.items() if now in aws.endpoint.collaborations
        ]


@dataclass(frozen=True)
class Life:
    """What the code of today does with a recorded state, a command at a time; ids are the recorded ones.

    Each of `refresh`, `preview` and `destroy` has the state as it was recorded; `up` comes after the preview.
    """

    state_before: list[dict[str, Any]]
    preview: dict[str, Any]
    preview_writes: list[str]
    refresh: dict[str, int]
    refresh_writes: list[str]
    state_after_refresh: list[dict[str, Any]]
    up: dict[str, int]
    up_writes: list[str]
    ids_after_up: list[str]
    destroy_writes: list[str]
    ids_after_destroy: list[str]
    state_after_destroy: list[dict[str, Any]]

    @classmethod
    def run(cls, recording: Recording, program: Program, stack: EngineStack, aws: Aws) -> Life:
        """Live it in a new stack; the collaborations are made twice, so that `destroy` finds what `up` found."""
        remake = recording.remake(aws)
        stack.declare(partial(program, remake.get_first_id()))

        stack.load(remake.state)
        state_before = stack.resources()
        with record_writes(aws) as refresh_writes:
            refresh = stack.refresh()
        state_after_refresh = stack.resources()

        stack.load(remake.state)
        with record_writes(aws) as preview_writes:
            preview = stack.preview()
        with record_writes(aws) as up_writes:
            up = stack.up()
        ids_after_up = remake.list_remaining(aws)

        remake = recording.remake(aws)
        stack.load(remake.state)
        with record_writes(aws) as destroy_writes:
            stack.destroy()
        return cls(
            state_before=state_before,
            preview={
                name: {
                    "op": step.op,
                    "reasons": list(step.reasons),
                    "detailed": list(step.detailed),
                }
                for name, step in preview.items()
            },
            preview_writes=preview_writes,
            refresh=refresh,
            refresh_writes=refresh_writes,
            state_after_refresh=state_after_refresh,
            up=up,
            up_writes=sorted(up_writes),
            ids_after_up=ids_after_up,
            destroy_writes=sorted(destroy_writes),
            ids_after_destroy=remake.list_remaining(aws),
            state_after_destroy=stack.resources(),
        )

    def to_record(self) -> dict[str, Any]:
        """What a recording holds of it."""
        left_out = {"state_before", "state_after_refresh", "state_after_destroy"}
        return {name: value for name, value in asdict(self).items() if name not in left_out}


def _describe(aws: Aws, id_: str) -> dict[str, Any]:
    """What AWS has of a collaboration."""
    collaboration = aws.endpoint.collaborations[id_]
    client = aws.client(collaboration.region)
    answer = client.get_collaboration(collaborationIdentifier=id_)["collaboration"]
    return {
        "region": collaboration.region,
        "request": {
            name: value for name, value in collaboration.parameters.items() if name != "tags"
        },
        "tags": client.list_tags_for_resource(resourceArn=collaboration.arn)["tags"],
        "statuses": collaboration.statuses,
        "memberships": collaboration.memberships,
        **{time: _iso(answer[time]) for time in _TIMES},
    }


def _iso(time: datetime) -> str:
    """A time as outputs have it."""
    return time.astimezone(UTC).isoformat()
