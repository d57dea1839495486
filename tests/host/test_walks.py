"""Random walks through the life of a stack: whatever happens in whatever order, nothing is doubled and nothing is lost."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration
from engine.programs import WRITING_OPERATIONS, create_by_hand
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from cleanrooms_resource.hidden_keys import IMPORT_ID
from host.forked_hosts import start_fork_server
from host.walk import Walk
from host.walk_changes import BY_HAND, CHANGES, Change, apply_changes
from host.walk_oracle import CREATOR, PRESENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aws_account import Aws

    from cleanrooms_resource.testing.collaborations import CollaborationRecord
    from cleanrooms_resource.testing.faults import When
    from host.forked_hosts import HostStart

FAULTS = (*WRITING_OPERATIONS, "GetCollaboration")
NAMES = st.sampled_from(("a", "b"))
NEXT = st.sampled_from(("answer", "up", "refresh", "nothing", "answer"))
"""What users do after something happened behind Pulumi's back. An `up` comes after a refresh."""


class WalkOfUsers(Walk):
    """What users do to a program, and what happens to the host."""

    @initialize(
        ignored=st.sampled_from(((), (), ("members",))),
        is_delete_first=st.booleans(),
        payer=st.sampled_from((None, ADS, CREATOR)),
        first=st.lists(CHANGES, max_size=3),
    )
    def create(
        self,
        ignored: tuple[str, ...],
        payer: str | None,
        first: list[Change],
        *,
        is_delete_first: bool,
    ) -> None:
        self.stack.ignored, self.stack.is_delete_first, self.payer = ignored, is_delete_first, payer
        self.program = {"a": declaration()}
        self.change("a", first)
        self.up()

    @rule(name=NAMES, changes=st.lists(CHANGES, min_size=1, max_size=2))
    def change_the_program(self, name: str, changes: list[Change]) -> None:
        self.change(self.choose_name(name), changes)
        self.up()

    @rule(name=NAMES, changes=st.lists(CHANGES, max_size=1), is_replaced=st.booleans())
    def change_the_setting_of_the_region(
        self, name: str, changes: list[Change], *, is_replaced: bool
    ) -> None:
        other = {"us-east-1": "eu-west-1", "eu-west-1": "us-east-1"}
        self.stack.config = self.stack.config | {
            "aws:region": other[self.stack.config["aws:region"]]
        }
        name = self.choose_name(name)
        self.change(name, changes)
        if is_replaced:
            self._rename_creator(name)
        self.up()

    @rule(
        name=NAMES,
        changes=st.lists(CHANGES, min_size=1, max_size=2),
        operation=st.sampled_from(FAULTS),
        is_denied=st.booleans(),
    )
    def change_the_program_while_aws_fails(
        self, name: str, changes: list[Change], operation: str, *, is_denied: bool
    ) -> None:
        self.change(self.choose_name(name), changes)
        faults = self.aws.endpoint.faults
        (faults.deny if is_denied else faults.lose_answer)(operation, times=1)
        self.up(may_fail=is_denied)
        self.up()

    @rule(
        name=NAMES,
        changes=st.lists(CHANGES, min_size=1, max_size=2),
        larger=st.sampled_from(("members", "tags", "description")),
    )
    def lose_a_creation_while_somebody_creates_a_larger_collaboration(
        self, name: str, changes: list[Change], larger: str
    ) -> None:
        name = self.choose_name(name)
        self.change(name, changes)
        self._rename_creator(name)

        def act(environ: dict[str, Any]) -> None:
            id_ = self._create_larger_by_hand(environ, larger)
            self.unowned[id_] = declaration()
            self.aws.endpoint.faults.lose_answer("CreateCollaboration", times=1)

        self.aws.endpoint.faults.add("CreateCollaboration", act, times=1)
        self.up()

    def _rename_creator(self, name: str) -> None:
        """Have the program replace a collaboration that it has as AWS has it."""
        other = {"RetailCo": "Other", "Other": "RetailCo"}
        self.change(
            name, [("creator_display_name", other[self.program[name]["creator_display_name"]])]
        )

    def _create_larger_by_hand(self, environ: dict[str, Any], larger: str) -> str:
        request = json.loads(environ["wsgi.input"].getvalue())
        if larger == "members":
            others = [each for each in request["members"] if each["accountId"] != PARTNER]
            additional = [] if len(others) < len(request["members"]) else [BY_HAND]
            request["members"] = [*others, *additional]
        elif larger == "tags":
            request["tags"] = {**request.get("tags", {}), "larger": "yes"}
        else:
            request["description"] = f"{request.get('description', '')} and more"
        region = re.findall("us-east-1|eu-west-1", environ["HTTP_AUTHORIZATION"])[0]
        return str(self.aws.client(region).create_collaboration(**request)["collaboration"]["id"])

    @rule(name=NAMES)
    def declare_or_drop(self, name: str) -> None:
        if name in self.program:
            del self.program[name]
        elif name in self.stack.list_held():
            return
        else:
            self.program[name] = declaration()
        self.up()

    @rule(
        name=NAMES,
        changes=st.lists(CHANGES, max_size=2),
        operation=st.sampled_from(("CreateCollaboration", *WRITING_OPERATIONS)),
        when=st.sampled_from(("after", "before")),
    )
    def kill_the_host(self, name: str, changes: list[Change], operation: str, when: When) -> None:
        if name not in self.stack.list_held():
            self.program.setdefault(name, declaration())
        self.change(self.choose_name(name), changes)
        self.up(death=(operation, when))

    # Which values a forced replacement takes from the old inputs where `ignore_changes` is set, was never tried on the engine.
    @precondition(lambda self: self.program and not self.stack.ignored)
    @rule(name=NAMES, changes=st.lists(CHANGES, max_size=1))
    def force_a_replacement(self, name: str, changes: list[Change]) -> None:
        name = self.choose_name(name)
        self.change(name, changes)
        self.up(forced={name})

    @precondition(lambda self: self.unowned)
    @rule(name=NAMES, data=st.data(), changes=st.lists(CHANGES, max_size=1))
    def adopt(self, name: str, data: st.DataObject, changes: list[Change]) -> None:
        if name not in self.program and name not in self.stack.list_held():
            id_ = data.draw(st.sampled_from(sorted(self.unowned, key=list(self.unowned).index)))
            self.import_(name, id_, apply_changes(self.unowned[id_], changes))
            if not self.up():
                del self.program[name]

    @rule(name=NAMES, is_partial=st.sampled_from((True, True, False)))
    def adopt_under_another_name(self, name: str, *, is_partial: bool) -> None:
        name = self.choose_name(name)
        other = "b" if name == "a" else "a"
        held = self.stack.list_held()
        if name in held and other not in held and other not in self.program:
            before = self.program.pop(name)
            self.import_(other, held[name].id, {"name": name, **before})
            if not self.up(is_partial=is_partial):
                self.program = {name: before}

    @rule(name=NAMES)
    def take_the_import_out(self, name: str) -> None:
        if self.program.get(name, {}).pop(IMPORT_ID, None) and name in self.stack.list_held():
            self.up()

    @rule()
    def refresh_the_stack(self) -> None:
        self.refresh()

    @rule(name=NAMES, changes=st.lists(CHANGES, max_size=3), is_partial=st.booleans())
    def refresh_and_change_the_program(
        self, name: str, changes: list[Change], *, is_partial: bool
    ) -> None:
        self.refresh()
        self.change(self.choose_name(name), changes)
        self.up(is_partial=is_partial)

    @precondition(lambda self: self.program)
    @rule()
    def destroy(self) -> None:
        self.stack.destroy()
        self.program = {}


class WalkOfEverybody(WalkOfUsers):
    """And what others do at AWS."""

    @rule(changes=st.lists(CHANGES, max_size=2))
    def create_by_hand(self, changes: list[Change]) -> None:
        properties = apply_changes(declaration(), [*changes, ("region", LEFT_OUT)])
        properties.setdefault("name", "a")
        self.unowned[
            create_by_hand(
                self.aws, **{name: properties.get(name, LEFT_OUT) for name in properties}
            )
        ] = properties

    @precondition(lambda self: self.list_records())
    @rule(data=st.data(), next_=NEXT)
    def a_partner_joins(self, data: st.DataObject, next_: str) -> None:
        record = self.choose_record(data)
        account = data.draw(st.sampled_from(sorted(record.statuses.keys() - {record.creator})))
        if record.statuses[account] in PRESENT:
            record.join(account)
            self._change_behind_pulumis_back(record, next_)

    @precondition(lambda self: self.list_records())
    @rule(data=st.data(), act=st.sampled_from(("leave", "remove")), next_=NEXT)
    def a_partner_departs(self, data: st.DataObject, act: str, next_: str) -> None:
        record = self.choose_record(data)
        # The member who queries comes last: no program does without that member.
        present = [
            account for account in (BROKER, PARTNER, ADS) if record.statuses.get(account) in PRESENT
        ]
        if present:
            account = data.draw(st.sampled_from(present))
            getattr(record, act)(account)
            self._change_behind_pulumis_back(
                record, next_, [(account, LEFT_OUT)] if account != ADS else []
            )

    @precondition(lambda self: self.list_records())
    @rule(data=st.data(), next_=NEXT)
    def a_change_request_adds_a_member(self, data: st.DataObject, next_: str) -> None:
        record = self.choose_record(data)
        if PARTNER not in record.statuses:
            record.add(dict(BY_HAND))
            self._change_behind_pulumis_back(record, next_)

    @precondition(lambda self: self.list_records())
    @rule(data=st.data(), what=st.sampled_from(("name", "description", "tags", "all")), next_=NEXT)
    def somebody_updates_by_hand(self, data: st.DataObject, what: str, next_: str) -> None:
        record = self.choose_record(data)
        client = self.aws.client(record.region)
        if what in ("name", "all"):
            client.update_collaboration(collaborationIdentifier=record.id, name="By hand")
        if what in ("description", "all"):
            client.update_collaboration(collaborationIdentifier=record.id, description="By hand")
        if what in ("tags", "all"):
            client.tag_resource(resourceArn=record.arn, tags={"by": "hand"})
        self._change_behind_pulumis_back(record, next_)

    @precondition(lambda self: self.list_records())
    @rule(data=st.data())
    def somebody_deletes_by_hand(self, data: st.DataObject) -> None:
        record = self.choose_record(data)
        self.aws.client(record.region).delete_collaboration(collaborationIdentifier=record.id)
        self.gone.add(record.id)
        self.refresh()

    def _change_behind_pulumis_back(
        self, record: CollaborationRecord, next_: str, answer: list[Change] | None = None
    ) -> None:
        """Have users do the next thing; ``answer`` are the changes with which the program answers what happened."""
        self.unread.add(record.id)
        if next_ == "nothing":
            return
        self.refresh()
        names = [
            name
            for name, each in self.stack.list_held().items()
            if each.id == record.id and name in self.program
        ]
        if names and next_ != "refresh":
            self.change(names[0], answer or [] if next_ == "answer" else [])
            self.up()


@pytest.fixture(scope="module")
def start_forked_host() -> Iterator[HostStart]:
    with start_fork_server() as start_host:
        yield start_host


def test_a_walk_neither_doubles_nor_loses_anything(
    empty_aws: Aws, start_forked_host: HostStart
) -> None:
    count = max(settings().max_examples // 5, 2)
    size = settings(
        max_examples=count, stateful_step_count=20, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(lambda: WalkOfEverybody(empty_aws, start_forked_host), settings=size)  # type: ignore[arg-type] # any callable serves
