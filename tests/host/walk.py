"""A program, a state, and AWS: the commands of a walk, and what must hold after each of them."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from declarations import declaration
from engine.programs import record_writes
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.testing.error_response import ErrorResponse
from host.forked_hosts import kill
from host.walk_changes import PAYERS, Change, apply_changes
from host.walk_oracle import CREATOR, PRESENT, judge_plan, require_same_meaning
from host.walk_payers import choose_payers
from host.whole_stack import KILLED, CommandError, Program, WholeStack

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from aws_account import Aws

    from cleanrooms_resource.testing.collaborations import CollaborationRecord
    from cleanrooms_resource.testing.faults import When
    from host.driver import Plan, StateResource
    from host.forked_hosts import HostStart


class Walk(RuleBasedStateMachine):
    """The state of a walk. ``unowned`` are the collaborations that nobody manages with Pulumi: made by hand, or by a creation whose host was killed.

    ``gone`` are the ids of collaborations that were deleted while the state has them, ``unread`` those that something may have changed since they
    were last read. AWS has ``payer`` pay what nobody is declared to pay.
    """

    def __init__(self, aws: Aws, start_host: HostStart) -> None:
        super().__init__()
        self.aws = aws
        aws.endpoint.collaborations.clear()
        self.stack = WholeStack(start_host, aws.endpoint.settings)
        self.program: Program = {}
        self.unowned: dict[str, dict[str, Any]] = {}
        self.gone: set[str] = set()
        self.unread: set[str] = set()
        self.created: set[str] = set()
        """The ids that no refresh has read since their creation: the state does not know whom AWS chose to pay."""
        self.payer: str | None = None
        self.clear_faults()

    @invariant()
    def aws_has_what_the_state_holds_and_nothing_else(self) -> None:
        wanted = (self.stack.list_ids() | self.unowned.keys()) - self.gone
        assert set(self.aws.endpoint.collaborations) == wanted, "something is doubled, or lost"

    def clear_faults(self) -> None:
        """Leave AWS without faults, except that it chooses who pays."""
        self.aws.endpoint.faults.clear()
        self.aws.endpoint.faults.add("CreateCollaboration", self._have_payers_chosen, when="after")

    def _have_payers_chosen(self, _environ: dict[str, Any]) -> None:
        for record in self.aws.endpoint.collaborations.values():
            if self.payer:
                choose_payers(record, self.payer)

    def list_records(self) -> list[CollaborationRecord]:
        """Return what the state holds, at AWS."""
        held = self.stack.list_ids()
        return [record for record in self.aws.endpoint.collaborations.values() if record.id in held]

    def choose_record(self, data: st.DataObject) -> CollaborationRecord:
        records = self.list_records()
        return records[data.draw(st.integers(0, len(records) - 1))]

    def choose_name(self, name: str) -> str:
        """Return a resource that the program declares: this one if it can be."""
        if not self.program:
            self.program[name] = declaration()
        return name if name in self.program else next(iter(self.program))

    def change(self, name: str, changes: list[Change]) -> None:
        # Where `ignore_changes` keeps one of the two payment configurations, the other one alone may leave a cost without a payer.
        possible = [
            each
            for each in changes
            if each[0] != PAYERS or name not in self.stack.list_held() or not self.stack.ignored
        ]
        self.program[name] = apply_changes(self.program[name], possible)

    def import_(self, name: str, id_: str, properties: dict[str, Any]) -> None:
        """Have the program adopt a collaboration; the settings do not name its region if they were changed."""
        region = (
            self.aws.endpoint.collaborations[id_].region
            if id_ in self.aws.endpoint.collaborations
            else "us-east-1"
        )
        named = {} if region == self._find_region({}) else {"region": region}
        self.program[name] = {**named, **properties, IMPORT_ID: id_}

    def refresh(self) -> None:
        before = self.stack.list_held()
        self.stack.refresh()
        self._judge_refresh(before, self.stack)
        after = self.stack.list_ids()
        self.unread -= after
        self.created -= after

    def up(
        self,
        *,
        is_partial: bool = False,
        forced: Collection[str] = (),
        may_fail: bool = False,
        death: tuple[str, When] | None = None,
    ) -> bool:
        """Preview and up, then up again; return whether all of the program was done. ``death`` is the call in which the host is killed."""
        for record in self.aws.endpoint.collaborations.values():
            record.create_time -= 60  # Between two commands, time passes.
        before, pending = self.stack.list_held(), {each.id for each in self.stack.pending}
        records = copy.deepcopy(self.aws.endpoint.collaborations)
        with record_writes(self.aws) as writes:
            previewed = self._try(lambda: self.stack.preview(self.program, forced))
        assert writes == [], "a preview writes nothing"
        if previewed is None:
            self.clear_faults()
            return False
        self._judge_plans(previewed, before, records, forced)
        if death:
            self._kill_in(*death)
        unowned = set(self.unowned)
        done = self._try(
            lambda: self.stack.up(self.program, forced, is_partial=is_partial),
            may_fail=may_fail,
            may_die=death is not None,
        )
        self.clear_faults()
        existing, held = self.aws.endpoint.collaborations, self.stack.list_held()
        for name in held.keys() & before.keys():
            assert held[name].id == before[name].id or previewed[name].op == "replace", (
                "a replacement happens only where the preview said so"
            )
        dropped = {
            each.id
            for name, each in before.items()
            if name not in self.program or previewed[name].op == "replace"
        }
        deleted = records.keys() - existing.keys()
        assert deleted <= dropped | pending, "nothing is deleted that nobody asked to delete"
        self.created |= {each.id for each in held.values()} - records.keys()
        for each in held.values():
            self.unowned.pop(each.id, None)
        if done is None:
            self.unread |= {each.id for each in before.values()}
            if death:
                self._take_stock_of_death(death, previewed, records.keys() | unowned)
            return False
        assert {name: plan.op for name, plan in done.items()} == {
            name: plan.op for name, plan in previewed.items()
        }, "up does what the preview said"
        self._judge_regions(previewed, before, forced)
        self._require_calm()
        return True

    def _take_stock_of_death(
        self, death: tuple[str, When], previewed: dict[str, Plan], known: Collection[str]
    ) -> None:
        existing = self.aws.endpoint.collaborations
        orphans = existing.keys() - known - self.stack.list_ids() - self.unowned.keys()
        assert len(orphans) <= (death == ("CreateCollaboration", "after")), (
            "a killed creation leaves one collaboration at most"
        )
        made = [
            name
            for name, plan in previewed.items()
            if plan.op in ("create", "replace") and IMPORT_ID not in self.program[name]
        ]
        self.unowned |= {id_: {"name": made[0], **self.program[made[0]]} for id_ in orphans}
        if death == ("DeleteCollaboration", "after"):
            lost = self.stack.list_ids() - existing.keys() - self.gone
            assert len(lost) <= 1, "a killed delete deletes one collaboration at most"
            self.gone |= lost

    def _kill_in(self, operation: str, when: When) -> None:
        def act(_environ: dict[str, Any]) -> None:
            kill(self.stack.process)
            # Nobody reads this answer; without it, a request would still take effect after the kill.
            raise ErrorResponse(500, "InternalServerException", "The host was killed")

        self.aws.endpoint.faults.add(operation, act, when=when, times=1)

    def _require_calm(self) -> None:
        """A second up changes nothing, and neither does a refresh before it."""
        with record_writes(self.aws) as writes:
            again = self.stack.up(self.program, is_partial=True)
            assert {plan.op for plan in again.values()} <= {"same"}, "a second up changes nothing"
            if not self._list_uncertain() & self.stack.list_ids():
                refreshed = self.stack.copy()
                again = refreshed.up(self.program, is_partial=True, is_refreshed=True)
                assert {plan.op for plan in again.values()} <= {"same"}, (
                    "an up with a refresh changes nothing"
                )
                self._judge_refresh(self.stack.list_held(), refreshed)
        assert writes == [], "a second up writes nothing"
        self._require_declared_values()

    def _list_uncertain(self) -> set[str]:
        """Return the ids of collaborations of which a resource may not know what AWS has.

        Of two resources that hold one collaboration, neither knows what the other changed. And a preview assumes that the member who queries
        pays, until a refresh reads whom AWS chose.
        """
        ids = [each.id for each in self.stack.list_held().values()]
        return (
            self.unread
            | {id_ for id_ in ids if ids.count(id_) > 1}
            | (self.created if self.payer == CREATOR else set())
        )

    def _judge_refresh(self, before: dict[str, StateResource], refreshed: WholeStack) -> None:
        after = refreshed.list_held()
        assert {
            name for name, each in before.items() if each.id not in self.gone
        } == after.keys(), "a refresh drops what is gone and nothing else"
        for name, resource in after.items():
            if resource.id not in self._list_uncertain():
                assert refreshed.outcomes[name] == "same", "a refresh alone updates nothing"
                require_same_meaning(
                    before[name], resource, self.aws.endpoint.collaborations[resource.id]
                )

    def _judge_plans(
        self,
        previewed: dict[str, Plan],
        before: dict[str, StateResource],
        records: dict[str, CollaborationRecord],
        forced: Collection[str],
    ) -> None:
        for name, plan in previewed.items():
            if (
                name in before
                and name not in forced
                and before[name].id in records.keys() - self.unread
                and not self.stack.ignored
            ):
                record, knows_payers = (
                    records[before[name].id],
                    before[name].id not in self._list_uncertain(),
                )
                judge_plan(
                    plan,
                    self.program[name],
                    before[name].outputs,
                    record,
                    knows_payers=knows_payers,
                )

    def _judge_regions(
        self, previewed: dict[str, Plan], before: dict[str, StateResource], forced: Collection[str]
    ) -> None:
        """A new collaboration is in its declared region; without one, in that of the collaboration which it replaces, or else of the settings."""
        for name, plan in previewed.items():
            new = self.aws.endpoint.collaborations.get(self.stack.list_held()[name].id)
            if (
                new is None
                or plan.op not in ("create", "replace")
                or IMPORT_ID in self.program[name]
            ):
                continue
            region = self._find_region(self.program[name])
            if plan.op == "replace" and name not in forced and "region" not in self.program[name]:
                region = before[name].outputs["region"]
            assert new.region == region or self.stack.ignored, "the region is wrong"

    def _require_declared_values(self) -> None:
        """AWS has what the program declares."""
        held = self.stack.list_held()
        shared = len(held) != len({each.id for each in held.values()})
        for name, properties in self.program.items():
            if held[name].id in self.unread | self.gone or shared:
                continue
            record = self.aws.endpoint.collaborations[held[name].id]
            tags = self.aws.client(record.region).list_tags_for_resource(resourceArn=record.arn)[
                "tags"
            ]
            assert record.parameters.get("description", "") == properties.get("description", ""), (
                "AWS has another description"
            )
            assert record.parameters["name"] == properties.get("name", record.parameters["name"]), (
                "AWS has another name"
            )
            assert tags == properties.get("tags", {}), "AWS has other tags"

    def _try(
        self, call: Callable[[], dict[str, Plan]], *, may_fail: bool = False, may_die: bool = False
    ) -> dict[str, Plan] | None:
        """Return the plans; None where the command fails as it should."""
        try:
            return call()
        except CommandError as error:
            failure = error
        if failure.name == KILLED:
            is_right = may_die
        elif failure.name == "AdoptionError":
            is_right = any(IMPORT_ID in properties for properties in self.program.values())
        elif failure.name == "MemberDepartedError":
            departed = {
                account
                for each in self.list_records()
                for account, status in each.statuses.items()
                if status not in PRESENT
            }
            is_right = any(
                each["account_id"] in departed
                for properties in self.program.values()
                for each in properties["members"]
            )
        elif failure.name == "CollaborationGone":
            is_right = bool(self.gone & self.stack.list_ids())
        else:
            is_right = may_fail or any(
                self._is_import_in_vain(properties) for properties in self.program.values()
            )
        if not is_right:
            raise failure
        return None

    def _is_import_in_vain(self, properties: dict[str, Any]) -> bool:
        if IMPORT_ID not in properties:
            return False
        record = self.aws.endpoint.collaborations.get(properties[IMPORT_ID])
        return record is None or record.region != self._find_region(properties)

    def _find_region(self, properties: dict[str, Any]) -> str:
        return str(properties.get("region", self.stack.config["aws:region"]))
