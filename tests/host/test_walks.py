"""Random walks through the life of a stack: whatever happens in whatever order, nothing is doubled and nothing is lost."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, PARTNER, declaration, member, responsible
from engine.programs import create_by_hand, record_writes
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.errors import AdoptionError, CollaborationError, CollaborationGone, MemberDepartedError
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, IMPORT_ID, without_hidden_keys
from cleanrooms_resource.table import TABLE
from host.whole_stack import HostKilledError, Program, WholeStack

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_account import Aws

    from cleanrooms_resource.testing.collaborations import CollaborationRecord
    from host.driver import Plan

CHOICES: dict[str, tuple[Any, ...]] = {
    "name": ("Ads measurement", "Other", LEFT_OUT),
    "description": (LEFT_OUT, "", "Words", "By hand"),
    "tags": (LEFT_OUT, {}, {"team": "ads"}, {"team": "other", "by": "hand"}),
    "query_log_status": ("ENABLED", "DISABLED"),
    "job_log_status": (LEFT_OUT, "DISABLED", "ENABLED"),
    "is_metrics_enabled": (LEFT_OUT, False, True),
    "auto_approved_change_request_types": (LEFT_OUT, [], ["ADD_MEMBER"]),
    "creator_display_name": ("RetailCo", "Other"),
    "creator_payment_configuration": (LEFT_OUT, responsible(), responsible(queryCompute=True)),
}
REPLACING = {"query_log_status", "job_log_status", "is_metrics_enabled", "auto_approved_change_request_types", "creator_display_name"}
DEFAULTS = {"job_log_status": "DISABLED", "is_metrics_enabled": False, "auto_approved_change_request_types": []}
QUERIER = member(ADS, member_abilities=["CAN_QUERY"])
BY_HAND = {"accountId": PARTNER, "displayName": "Member 4444", "memberAbilities": []}
MEMBERS: dict[str, tuple[Any, ...]] = {
    # The endpoint names no payer that AWS would choose, so the walk never declares that choice.
    ADS: (QUERIER,),
    BROKER: (LEFT_OUT, member(BROKER), member(BROKER, payment_configuration=responsible()), member(BROKER, display_name="Other")),
    PARTNER: (LEFT_OUT, member(PARTNER), member(PARTNER, member_abilities=["CAN_RECEIVE_RESULTS"])),
}
FAULTS = ("CreateCollaboration", "UpdateCollaboration", "TagResource", "UntagResource", "DeleteCollaboration", "GetCollaboration")
CHANGES = st.one_of(
    st.sampled_from([(name, value) for name, values in CHOICES.items() for value in values]),
    st.sampled_from([(account, value) for account, values in MEMBERS.items() for value in values]),
)
NAMES = st.sampled_from(("a", "b"))


class Walk(RuleBasedStateMachine):
    """A program, a state, and AWS; the rules are what users, partners and accidents do to them.

    ``unowned`` are the collaborations that nobody manages with Pulumi: made by hand, or by a creation whose host was killed.
    """

    def __init__(self, aws: Aws) -> None:
        super().__init__()
        self.aws = aws
        aws.endpoint.collaborations.clear()
        aws.endpoint.faults.clear()
        self.stack = WholeStack(aws.endpoint.settings)
        self.program: Program = {}
        self.ignored: tuple[str, ...] = ()
        self.unowned: dict[str, dict[str, Any]] = {}
        self.deleted_by_hand: set[str] = set()
        self.unread: set[str] = set()
        """The ids of collaborations that something may have changed since they were last read."""

    @initialize(ignored=st.sampled_from(((), (), ("members",))), first=st.lists(CHANGES, max_size=3))
    def create(self, ignored: tuple[str, ...], first: list[tuple[str, Any]]) -> None:
        self.ignored = ignored
        self.program = {"a": declaration()}
        self._change("a", first)
        self._up()

    @rule(name=NAMES, changes=st.lists(CHANGES, min_size=1, max_size=2))
    def change_the_program(self, name: str, changes: list[tuple[str, Any]]) -> None:
        self._change(self._choose(name), changes)
        self._up()

    @rule(name=NAMES, changes=st.lists(CHANGES, min_size=1, max_size=2), operation=st.sampled_from(FAULTS), is_denied=st.booleans())
    def change_the_program_while_aws_fails(self, name: str, changes: list[tuple[str, Any]], operation: str, *, is_denied: bool) -> None:
        self._change(self._choose(name), changes)
        faults = self.aws.endpoint.faults
        (faults.deny if is_denied else faults.lose_answer)(operation, times=1)
        self._up(may_fail=is_denied)
        self._up()

    @rule(name=NAMES)
    def declare_or_drop(self, name: str) -> None:
        if name in self.program:
            del self.program[name]
        elif name in self.stack.list_held():
            return
        else:
            self.program[name] = declaration()
        self._up()

    @rule(name=NAMES, changes=st.lists(CHANGES, max_size=2))
    def kill_the_host_in_a_creation(self, name: str, changes: list[tuple[str, Any]]) -> None:
        before = set(self.aws.endpoint.collaborations)
        if name not in self.stack.list_held():
            self.program.setdefault(name, declaration())
        name = self._choose(name)
        self._change(name, changes)
        self._up(is_killed_in_create=True)
        orphans = set(self.aws.endpoint.collaborations) - before - self.stack.list_ids()
        assert len(orphans) <= 1, "a killed creation leaves one collaboration at most"
        self.unowned |= {id_: {"name": name, **without_hidden_keys(self.program[name])} for id_ in orphans}

    @rule(changes=st.lists(CHANGES, max_size=2))
    def create_by_hand(self, changes: list[tuple[str, Any]]) -> None:
        properties = _apply_changes(declaration(), changes)
        properties.setdefault("name", "a")
        self.unowned[create_by_hand(self.aws, **{name: properties.get(name, LEFT_OUT) for name in properties})] = properties

    @precondition(lambda self: self.unowned)
    @rule(name=NAMES, data=st.data(), changes=st.lists(CHANGES, max_size=1))
    def adopt(self, name: str, data: st.DataObject, changes: list[tuple[str, Any]]) -> None:
        if name not in self.program and name not in self.stack.list_held():
            id_ = data.draw(st.sampled_from(sorted(self.unowned, key=list(self.unowned).index)))
            self.program[name] = {**_apply_changes(self.unowned[id_], changes), IMPORT_ID: id_}
            if not self._up():
                del self.program[name]

    @rule(name=NAMES, is_partial=st.sampled_from((True, True, False)))
    def adopt_under_another_name(self, name: str, *, is_partial: bool) -> None:
        name = self._choose(name)
        other = "b" if name == "a" else "a"
        held = self.stack.list_held()
        if name in held and other not in held and other not in self.program:
            before = self.program.pop(name)
            self.program[other] = {"name": name, **before, IMPORT_ID: held[name].id}
            if not self._up(is_partial=is_partial):
                self.program = {name: before}

    @rule(name=NAMES)
    def take_the_import_out(self, name: str) -> None:
        if self.program.get(name, {}).pop(IMPORT_ID, None) and name in self.stack.list_held():
            self._up()

    @precondition(lambda self: self._list_records())
    @rule(
        data=st.data(),
        act=st.sampled_from(("join", "leave", "remove")),
        account=st.sampled_from((BROKER, BROKER, PARTNER, ADS)),
        is_refreshed=st.booleans(),
        is_dropped=st.booleans(),
    )
    def a_partner_acts(self, data: st.DataObject, act: str, account: str, *, is_refreshed: bool, is_dropped: bool) -> None:
        record = self._choose_record(data)
        if record.statuses.get(account) in ("INVITED", "ACTIVE"):
            getattr(record, act)(account)
            self._change_behind_pulumis_back(record, is_refreshed=is_refreshed)
            held = {each.id: name for name, each in self.stack.list_held().items()}
            if is_dropped and is_refreshed and account != ADS and held.get(record.id) in self.program:
                self._change(held[record.id], [(account, LEFT_OUT)])
                self._up()

    @precondition(lambda self: self._list_records())
    @rule(data=st.data(), is_refreshed=st.booleans())
    def a_change_request_adds_a_member(self, data: st.DataObject, *, is_refreshed: bool) -> None:
        record = self._choose_record(data)
        if PARTNER not in record.statuses:
            record.add(dict(BY_HAND))
            self._change_behind_pulumis_back(record, is_refreshed=is_refreshed)

    @precondition(lambda self: self._list_records())
    @rule(data=st.data(), what=st.sampled_from(("name", "description", "tags", "all")), is_refreshed=st.booleans())
    def somebody_updates_by_hand(self, data: st.DataObject, what: str, *, is_refreshed: bool) -> None:
        record = self._choose_record(data)
        client = self.aws.client("us-east-1")
        if what in ("name", "all"):
            client.update_collaboration(collaborationIdentifier=record.id, name="By hand")
        if what in ("description", "all"):
            client.update_collaboration(collaborationIdentifier=record.id, description="By hand")
        if what in ("tags", "all"):
            client.tag_resource(resourceArn=record.arn, tags={"by": "hand"})
        self._change_behind_pulumis_back(record, is_refreshed=is_refreshed)

    @precondition(lambda self: self._list_records())
    @rule(data=st.data())
    def somebody_deletes_by_hand(self, data: st.DataObject) -> None:
        record = self._choose_record(data)
        self.aws.client("us-east-1").delete_collaboration(collaborationIdentifier=record.id)
        self.deleted_by_hand.add(record.id)
        self._refresh()

    @rule()
    def refresh(self) -> None:
        self._refresh()

    @rule(name=NAMES, changes=st.lists(CHANGES, max_size=3), is_partial=st.booleans())
    def refresh_and_change_the_program(self, name: str, changes: list[tuple[str, Any]], *, is_partial: bool) -> None:
        self._refresh()
        self._change(self._choose(name), changes)
        self._up(is_partial=is_partial)

    @precondition(lambda self: self.program)
    @rule()
    def destroy(self) -> None:
        self.stack.destroy()
        self.program = {}

    @invariant()
    def aws_has_what_the_state_holds_and_nothing_else(self) -> None:
        wanted = (self.stack.list_ids() | self.unowned.keys()) - self.deleted_by_hand
        assert set(self.aws.endpoint.collaborations) == wanted

    def _choose(self, name: str) -> str:
        """Return a resource that the program declares: this one if it can be."""
        if not self.program:
            self.program[name] = declaration()
        return name if name in self.program else next(iter(self.program))

    def _change(self, name: str, changes: list[tuple[str, Any]]) -> None:
        self.program[name] = _apply_changes(self.program[name], changes)

    def _list_records(self) -> list[CollaborationRecord]:
        """Return what the state holds, at AWS."""
        held = self.stack.list_ids()
        return [record for record in self.aws.endpoint.collaborations.values() if record.id in held]

    def _choose_record(self, data: st.DataObject) -> CollaborationRecord:
        records = self._list_records()
        return records[data.draw(st.integers(0, len(records) - 1))]

    def _change_behind_pulumis_back(self, record: CollaborationRecord, *, is_refreshed: bool) -> None:
        self.unread.add(record.id)
        if is_refreshed:
            self._refresh()

    def _refresh(self) -> None:
        before = self.stack.list_held()
        self.stack.refresh()
        after = self.stack.list_held()
        assert {name for name, each in before.items() if each.id not in self.deleted_by_hand} == after.keys()
        for name, resource in after.items():
            if resource.id not in self.unread:
                statuses = resource.outputs["memberStatuses"]
                _require_same_meaning(before[name].inputs, resource.inputs, statuses)
                _require_same_meaning(before[name].outputs, resource.outputs, statuses)
        self.unread -= {each.id for each in after.values()}

    def _up(self, *, is_partial: bool = False, is_killed_in_create: bool = False, may_fail: bool = False) -> bool:
        """Preview and up, then up again; return whether all of the program was done."""
        for record in self.aws.endpoint.collaborations.values():
            record.create_time -= 60  # Between two commands, time passes.
        before = {name: copy.deepcopy(each) for name, each in self.stack.list_held().items()}
        records = {id_: copy.deepcopy(each) for id_, each in self.aws.endpoint.collaborations.items()}
        with record_writes(self.aws) as writes:
            previewed = self._try(lambda: self.stack.preview(self.program, self.ignored))
        assert writes == [], "a preview writes nothing"
        if previewed is None:
            self.aws.endpoint.faults.clear()
            return False
        for name, plan in previewed.items():
            if name in before and before[name].id in records and before[name].id not in self.unread and not self.ignored:
                self._judge_plan(plan, self.program[name], before[name].outputs, records[before[name].id])
        done = self._try(
            lambda: self.stack.up(self.program, self.ignored, is_partial=is_partial, is_killed_in_create=is_killed_in_create), may_fail=may_fail
        )
        self.aws.endpoint.faults.clear()
        held = self.stack.list_held()
        for name in held.keys() & before.keys():
            assert held[name].id == before[name].id or previewed[name].op == "replace", "a replacement happens only where the preview said so"
        for each in held.values():
            self.unowned.pop(each.id, None)
        if done is None:
            self.unread |= {each.id for each in before.values()}
            return False
        assert {name: plan.op for name, plan in done.items()} == {name: plan.op for name, plan in previewed.items()}
        with record_writes(self.aws) as writes:
            again = self.stack.up(self.program, self.ignored, is_partial=True)
        assert {plan.op for plan in again.values()} <= {"same"}, "a second up changes nothing"
        assert writes == [], "a second up writes nothing"
        for name in self.program:
            if held[name].id not in self.unread | self.deleted_by_hand and len(held) == len({each.id for each in held.values()}):
                self._require_declared_values(name)
        return True

    def _try(self, call: Callable[[], dict[str, Plan]], *, may_fail: bool = False) -> dict[str, Plan] | None:
        """Return the plans; None where the command fails as it should."""
        try:
            return call()
        except HostKilledError:
            return None
        except AdoptionError:
            assert any(IMPORT_ID in properties for properties in self.program.values())
        except MemberDepartedError:
            departed = {account for each in self._list_records() for account, status in each.statuses.items() if status in ("LEFT", "REMOVED")}
            assert any(each["account_id"] in departed for properties in self.program.values() for each in properties["members"])
        except CollaborationGone:
            assert self.deleted_by_hand & self.stack.list_ids()
        except CollaborationError:
            imported = {properties[IMPORT_ID] for properties in self.program.values() if IMPORT_ID in properties}
            assert may_fail or imported - self.aws.endpoint.collaborations.keys(), "AWS has what the program imports"
        return None

    def _judge_plan(self, plan: Plan, properties: dict[str, Any], outputs: dict[str, Any], record: CollaborationRecord) -> None:
        """A property that AWS has as it is wanted is never a reason to replace, and any other is."""
        reasons = set()
        declared = set(outputs[DECLARED_NAMES])
        for name in REPLACING:
            camel = _to_camel_case(name)
            live = record.parameters.get(camel, DEFAULTS.get(name))
            if name in properties or camel in declared:
                reasons |= {camel} if properties.get(name, DEFAULTS.get(name)) != live else set()
        assert reasons == set(plan.reasons) - {"members", "creatorPaymentConfiguration"}
        live = {each["accountId"]: each for each in record.parameters["members"]}
        wanted = {each["account_id"]: each for each in properties["members"]}
        present = {account for account in live if record.statuses[account] in ("INVITED", "ACTIVE")}
        is_changed = {
            account: account not in live
            or (account in present and each["display_name"] != live[account]["displayName"])
            or (account in present and each["member_abilities"] != live[account]["memberAbilities"])
            for account, each in wanted.items()
        }
        has_changed_members = any(is_changed.values()) or any(account in present - wanted.keys() for account in outputs["members"])
        if has_changed_members:
            assert "members" in plan.reasons
        elif not _list_payments(properties) and not any(each.get("paymentConfiguration") for each in [*live.values(), *outputs["members"].values()]):
            assert "members" not in plan.reasons or "creatorPaymentConfiguration" in declared

    def _require_declared_values(self, name: str) -> None:
        """After a refresh and an up, AWS has what the program declares."""
        id_ = self.stack.list_held()[name].id
        record = self.aws.endpoint.collaborations[id_]
        tags = self.aws.client("us-east-1").list_tags_for_resource(resourceArn=record.arn)["tags"]
        properties = self.program[name]
        assert record.parameters.get("description", "") == properties.get("description", "")
        assert record.parameters["name"] == properties.get("name", record.parameters["name"])
        assert tags == properties.get("tags", {})


def _apply_changes(properties: dict[str, Any], changes: list[tuple[str, Any]]) -> dict[str, Any]:
    members = {each["account_id"]: each for each in properties["members"]}
    changed = dict(properties)
    for name, value in changes:
        target = members if name in MEMBERS else changed
        target[name] = value
    changed["members"] = [each for each in members.values() if each is not LEFT_OUT]
    return {name: value for name, value in changed.items() if value is not LEFT_OUT}


def _require_same_meaning(before: dict[str, Any], after: dict[str, Any], statuses: dict[str, str]) -> None:
    """A refresh alone changes nothing that Pulumi draws, but may name the default of a property that the program no longer declares."""
    old, new = _reduce_to_meaning(before, statuses), _reduce_to_meaning(after, statuses)
    assert old == {name: value for name, value in new.items() if name in old}, "a refresh alone changes nothing"
    assert all(value == TABLE[name].reduce_to_meaning(None) for name, value in new.items() if name not in old), "a refresh alone adds nothing"


def _reduce_to_meaning(properties: dict[str, Any], statuses: dict[str, str]) -> dict[str, Any]:
    """Return what Pulumi draws; a payment leg that is left out equals one that is false, and what a departed member is declared to be is neutral."""
    reduced = {name: TABLE[name].reduce_to_meaning(value) if name in TABLE else value for name, value in without_hidden_keys(properties).items()}
    reduced["members"] = {account: each for account, each in reduced["members"].items() if statuses.get(account) not in ("LEFT", "REMOVED")}
    return reduced


def _list_payments(properties: dict[str, Any]) -> list[Any]:
    of_members = [each.get("payment_configuration") for each in properties["members"]]
    return [each for each in [properties.get("creator_payment_configuration"), *of_members] if each]


def _to_camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def test_a_walk_neither_doubles_nor_loses_anything(empty_aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    # AWS's dates are whole seconds: with patience below zero, a collaboration made just now is old enough to be called gone.
    monkeypatch.setattr(WAITING, "until_listed", -2.0)
    monkeypatch.setattr(WAITING, "until_readable", -2.0)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0)
    count = max(settings().max_examples // 2, 5)
    size = settings(max_examples=count, stateful_step_count=20, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Walk(empty_aws), settings=size)  # type: ignore[arg-type] # any callable serves
