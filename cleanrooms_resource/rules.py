"""The rules between properties: what AWS refuses of a declaration whose every value is right by itself.

A rule that AWS documents, or that was seen to hold, refuses. Where the sources disagree, or enforcement is not known, it only warns.
Each is decided on what is known: a value not known yet is taken to be whatever makes the declaration right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleanrooms_resource import model
from cleanrooms_resource.spelling import Failure, Path
from cleanrooms_resource.unknowns import is_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    Holder = tuple[Path, Mapping[str, Any]]

MEMBERS_QUOTA = 5
"""Members invited to a collaboration by default; adjustable, so more is only a warning (Service Quotas, Clean Rooms)."""

COSTS: tuple[tuple[str, ...], ...] = (
    ("queryCompute",),
    ("jobCompute",),
    ("machineLearning", "modelTraining"),
    ("machineLearning", "modelInference"),
    ("machineLearning", "syntheticDataGeneration"),
)


def refusals(declaration: Mapping[str, Any]) -> list[Failure]:
    """What AWS refuses of a declaration in canonical form."""
    return [*_queriers(declaration), *_unpaid(declaration), *_reserved_tags(declaration)]


def refusals_of_new(declaration: Mapping[str, Any]) -> list[Failure]:
    """What AWS refuses only of a collaboration that does not exist yet."""
    # API_CreateCollaboration: CLEAN_ROOMS_SQL is no longer available after 2025-07-16; collaborations that have it keep it.
    if declaration.get("analyticsEngine") == "CLEAN_ROOMS_SQL":
        return [Failure(("analyticsEngine",), "must be SPARK, or left out: CLEAN_ROOMS_SQL is not available for a new collaboration")]
    return []


def warnings(declaration: Mapping[str, Any]) -> list[Failure]:
    """What AWS may refuse, or what is probably not meant."""
    return [*_many_members(declaration), *_many_payers(declaration), *_runners(declaration), *_receivers_of_ml(declaration)]


def _queriers(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    # CreateCollaboration: exactly one member, creator included, has CAN_QUERY.
    querying = _holders_of("CAN_QUERY", declaration)
    for path in querying[1:]:
        yield Failure(path, f"one member alone, creator included, can have CAN_QUERY, and {_name(querying[0])} has it")


def _unpaid(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    # PaymentConfiguration: nobody set TRUE leaves the cost to the member who queries, who must then not be set FALSE.
    querying = _holders_of("CAN_QUERY", declaration)
    for cost in COSTS:
        said = {path: _pays(configuration, cost) for path, configuration in _payers(declaration)}
        if not is_known(list(said.values())) or True in said.values():
            continue
        for path in querying:
            place = (*path[:-1], "paymentConfiguration") if path[0] == "members" else ("creatorPaymentConfiguration",)
            if said[place] is False:
                yield Failure((*place, *cost, "isResponsible"), "must be true, or left out, or true for another member: nobody else pays for it")


def _reserved_tags(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    tags = declaration.get("tags")
    if not isinstance(tags, dict):
        return
    if len(tags) > model.most("TagMap"):
        yield Failure(("tags",), f"must be at most {model.most('TagMap')}, and are {len(tags)}")
    for key in tags:
        if key.lower().startswith("aws:"):
            yield Failure(("tags", key), "must not begin with aws:, which AWS keeps for itself")


def _many_members(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    members = declaration.get("members")
    if isinstance(members, dict) and len(members) > MEMBERS_QUOTA:
        yield Failure(("members",), f"{len(members)} members need a raised quota; an account invites {MEMBERS_QUOTA} to a collaboration by default")


def _many_payers(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    # Older pages: one payer a cost. Newer ones: several are candidates.
    for cost in COSTS:
        paying = [path for path, configuration in _payers(declaration) if _pays(configuration, cost) is True]
        if len(paying) > 1:
            yield Failure((*paying[1], *cost), f"{len(paying)} members pay for it; AWS may take one alone")


def _runners(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    querying = _holders_of("CAN_QUERY", declaration)
    for path in _holders_of("CAN_RUN_JOB", declaration):
        if querying and path not in querying:
            yield Failure(path, "CAN_RUN_JOB belongs to the member who has CAN_QUERY; AWS may refuse it")
        if declaration.get("analyticsEngine") == "CLEAN_ROOMS_SQL":
            yield Failure(path, "CAN_RUN_JOB needs analyticsEngine SPARK; AWS may refuse it")


def _receivers_of_ml(declaration: Mapping[str, Any]) -> Iterator[Failure]:
    if declaration.get("analyticsEngine") != "CLEAN_ROOMS_SQL":
        return
    for path, member in [((), {"mlMemberAbilities": declaration.get("creatorMLMemberAbilities")}), *_members(declaration)]:
        if member.get("mlMemberAbilities"):
            yield Failure((*path, "mlMemberAbilities") if path else ("creatorMLMemberAbilities",), "needs analyticsEngine SPARK; AWS may refuse it")


def _members(declaration: Mapping[str, Any]) -> list[Holder]:
    members = declaration.get("members")
    return [(("members", account), member) for account, member in members.items() if isinstance(member, dict)] if isinstance(members, dict) else []


def _holders_of(ability: str, declaration: Mapping[str, Any]) -> list[Path]:
    """The paths of the ability lists that hold it, the creator's first."""
    holders: list[tuple[Path, Any]] = [(("creatorMemberAbilities",), declaration.get("creatorMemberAbilities"))]
    holders += [((*path, "memberAbilities"), member.get("memberAbilities")) for path, member in _members(declaration)]
    return [path for path, abilities in holders if isinstance(abilities, list) and ability in abilities]


def _payers(declaration: Mapping[str, Any]) -> list[tuple[Path, Any]]:
    """The paths of the payment configurations, and what they say; what is not known yet says itself."""
    members = declaration.get("members", {})
    found: list[tuple[Path, Any]] = [(("creatorPaymentConfiguration",), declaration.get("creatorPaymentConfiguration"))]
    if not isinstance(members, dict):
        return [*found, (("members",), members)]
    for account, member in members.items():
        said = member.get("paymentConfiguration") if isinstance(member, dict) else member
        found.append((("members", account, "paymentConfiguration"), said))
    return found


def _pays(configuration: Any, cost: tuple[str, ...]) -> Any:
    """True, False, None where nothing is said, or what is not known yet."""
    for key in (*cost, "isResponsible"):
        if not isinstance(configuration, dict):
            return configuration
        configuration = configuration.get(key)
    return configuration


def _name(path: Path) -> str:
    return "the creator" if path[0] != "members" else f"member {path[1]}"
