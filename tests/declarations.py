"""One valid declaration, as a program writes it; a test shows only its difference."""

from __future__ import annotations

from typing import Any

ADS = "222233334444"
BROKER = "333344445555"
PARTNER = "444455556666"
LEFT_OUT: Any = object()
"""Override a property with this to leave it out."""


def member(account: Any, **overrides: Any) -> dict[str, Any]:
    """Return a valid member of a list."""
    return _without(
        {
            "account_id": account,
            "display_name": f"Member {str(account)[:4]}",
            "member_abilities": [],
        }
        | overrides
    )


def declaration(**overrides: Any) -> dict[str, Any]:
    """Return a valid declaration: two members, of whom one queries, and a tag."""
    base = {
        "name": "Ads measurement",
        "creator_display_name": "RetailCo",
        "creator_member_abilities": ["CAN_RECEIVE_RESULTS"],
        "query_log_status": "ENABLED",
        "members": [member(ADS, member_abilities=["CAN_QUERY"]), member(BROKER)],
        "tags": {"team": "ads"},
    }
    return _without(base | overrides)


def responsible(**legs: bool) -> dict[str, Any]:
    """Return a payment configuration: each leg, in camelCase, with whether the member pays it."""
    return {leg: {"isResponsible": pays} for leg, pays in {"queryCompute": False, **legs}.items()}


def _without(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not LEFT_OUT}
