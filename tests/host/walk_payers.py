"""The payers that AWS chooses where a program declares none."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from declarations import ADS

from host.walk_oracle import COSTS, CREATOR, find_accounts, list_live_payments

if TYPE_CHECKING:
    from cleanrooms_resource.testing.collaborations import CollaborationRecord


def choose_payers(record: CollaborationRecord, payer: str) -> None:
    """Have AWS write that this account pays what nobody is declared to pay; the member who queries, where the account is declared not to pay."""
    for cost in COSTS:
        payments = list_live_payments(record)
        if not find_accounts(payments, cost, pays=True):
            _write_payer(
                record, ADS if payer in find_accounts(payments, cost, pays=False) else payer, cost
            )


def _write_payer(record: CollaborationRecord, account: str, cost: tuple[str, ...]) -> None:
    item, key = record.parameters, "creatorPaymentConfiguration"
    if account != CREATOR:
        item, key = (
            next(each for each in record.parameters["members"] if each["accountId"] == account),
            "paymentConfiguration",
        )
    # In a payment configuration, this leg must be present.
    item[key] = leg = {"queryCompute": {"isResponsible": False}} | copy.deepcopy(
        item.get(key) or {}
    )
    for part in cost:
        leg = leg.setdefault(part, {})
    leg["isResponsible"] = True
