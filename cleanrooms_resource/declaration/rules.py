"""The rules between properties: the combinations that AWS refuses although each value is right by itself.

A rule that AWS documents or was observed to enforce refuses. If the sources disagree, or it is not known whether AWS enforces a rule, the rule warns.
A rule judges known values only: it assumes that a value which is not known yet makes the declaration right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.limits import get_maximum
from cleanrooms_resource.declaration.unknown_values import is_known, is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleanrooms_resource.declaration.spelling import Path

MEMBERS_QUOTA = 5
"""The default number of members that a collaboration invites. The quota is adjustable, so more members only warn (Service Quotas, Clean Rooms)."""

COSTS: tuple[tuple[str, ...], ...] = (
    ("queryCompute",),
    ("jobCompute",),
    ("machineLearning", "modelTraining"),
    ("machineLearning", "modelInference"),
    ("machineLearning", "syntheticDataGeneration"),
)


def find_refusals(declaration: Mapping[str, Any]) -> list[Failure]:
    return [
        *_find_second_querier(declaration),
        *_find_unpaid_costs(declaration),
        *_find_wrong_tags(declaration),
    ]


def find_refusals_of_new(declaration: Mapping[str, Any]) -> list[Failure]:
    # API_CreateCollaboration: CLEAN_ROOMS_SQL is no longer available after 2025-07-16; collaborations that have it keep it.
    if declaration.get("analyticsEngine") == "CLEAN_ROOMS_SQL":
        return [
            Failure(
                ("analyticsEngine",),
                "must be SPARK, or left out: AWS creates no new collaboration with CLEAN_ROOMS_SQL",
            )
        ]
    return []


def find_warnings(declaration: Mapping[str, Any]) -> list[Failure]:
    """Return warnings: combinations that AWS may refuse, or that the program probably does not intend."""
    return [
        *_warn_of_nobody(declaration),
        *_warn_of_many_members(declaration),
        *_warn_of_job_runners(declaration),
        *_warn_of_ml_receivers(declaration),
    ]


def _find_second_querier(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    # CreateCollaboration: exactly one member, creator included, has CAN_QUERY.
    first, *others = _find_ability_lists("CAN_QUERY", declaration) or [()]
    for path in others:
        yield Failure(
            path,
            f"only one member, creator included, can have CAN_QUERY, and {_describe_member(first)} has it",
        )


def _find_unpaid_costs(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    # PaymentConfiguration: where nobody is set TRUE, the member who queries pays, who must then not be set FALSE.
    queriers = _find_ability_lists("CAN_QUERY", declaration)
    configurations = _list_payment_configurations(declaration)
    for cost in COSTS:
        payers = {
            path: get_responsibility(configuration, cost) for path, configuration in configurations
        }
        if not is_known(list(payers.values())) or True in payers.values():
            continue
        for path in queriers:
            place = (
                (*path[:-1], "paymentConfiguration")
                if path[0] == "members"
                else ("creatorPaymentConfiguration",)
            )
            if payers[place] is False:
                yield Failure(
                    (*place, *cost, "isResponsible"),
                    "must be true or left out, because no other member pays this cost",
                )


def _find_wrong_tags(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    tags = declaration.get("tags")
    if not isinstance(tags, dict):
        return
    maximum = get_maximum("TagMap")
    if len(tags) > maximum:
        yield Failure(("tags",), f"must have at most {maximum} entries, and has {len(tags)}")
    for key in tags:
        if key.lower().startswith("aws:"):
            yield Failure(("tags", key), "must not begin with aws:, which AWS reserves for itself")


def _warn_of_nobody(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    if declaration and not declaration.get("members"):
        yield Failure(("members",), "nobody is invited: the collaboration has its creator alone")


def _warn_of_many_members(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    members = declaration.get("members")
    if isinstance(members, dict) and len(members) > MEMBERS_QUOTA:
        yield Failure(
            ("members",),
            f"{len(members)} members need a raised quota: by default an account invites at most {MEMBERS_QUOTA} to a collaboration",
        )


def _warn_of_job_runners(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    queriers = _find_ability_lists("CAN_QUERY", declaration)
    for path in _find_ability_lists("CAN_RUN_JOB", declaration):
        if queriers and path not in queriers:
            yield Failure(
                path, "CAN_RUN_JOB belongs to the member who has CAN_QUERY; AWS may refuse it here"
            )
        if declaration.get("analyticsEngine") == "CLEAN_ROOMS_SQL":
            yield Failure(path, "CAN_RUN_JOB needs analyticsEngine SPARK; AWS may refuse it")


def _warn_of_ml_receivers(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    if declaration.get("analyticsEngine") != "CLEAN_ROOMS_SQL":
        return
    abilities: list[tuple[Path, Any]] = [
        (("creatorMLMemberAbilities",), declaration.get("creatorMLMemberAbilities"))
    ]
    abilities += [
        ((*path, "mlMemberAbilities"), member.get("mlMemberAbilities"))
        for path, member in _list_members(declaration)
    ]
    for path, value in abilities:
        if value:
            yield Failure(
                path, "machine learning output needs analyticsEngine SPARK; AWS may refuse it"
            )


def _list_members(declaration: Mapping[str, Any]) -> list[tuple[Path, Mapping[str, Any]]]:
    members = declaration.get("members")
    if not isinstance(members, dict):
        return []
    return [
        (("members", account), member)
        for account, member in members.items()
        if isinstance(member, dict)
    ]


def _find_ability_lists(ability: str, declaration: Mapping[str, Any]) -> list[Path]:
    """Return the paths of the ability lists that hold an ability, the creator's first."""
    lists: list[tuple[Path, Any]] = [
        (("creatorMemberAbilities",), declaration.get("creatorMemberAbilities"))
    ]
    lists += [
        ((*path, "memberAbilities"), member.get("memberAbilities"))
        for path, member in _list_members(declaration)
    ]
    return [
        path for path, abilities in lists if isinstance(abilities, list) and ability in abilities
    ]


def _list_payment_configurations(declaration: Mapping[str, Any]) -> list[tuple[Path, Any]]:
    """Return every payment configuration with its path; a value that is not known yet stands for itself."""
    members = declaration.get("members", {})
    configurations: list[tuple[Path, Any]] = [
        (("creatorPaymentConfiguration",), declaration.get("creatorPaymentConfiguration"))
    ]
    if not isinstance(members, dict):
        return [*configurations, (("members",), members)]
    for account, member in members.items():
        configuration = member.get("paymentConfiguration") if isinstance(member, dict) else member
        configurations.append((("members", account, "paymentConfiguration"), configuration))
    return configurations


def get_responsibility(configuration: Any, cost: tuple[str, ...]) -> Any:
    """Return whether a payment configuration pays for a cost; None if it leaves the cost out, and an unknown value as it is."""
    for key in (*cost, "isResponsible"):
        if not isinstance(configuration, dict):
            return configuration
        configuration = configuration.get(key)
    return configuration


def _describe_member(path: Path) -> str:
    if path[0] != "members":
        return "the creator"
    return "another member" if is_placeholder(path[1]) else f"member {path[1]}"
