"""Resources whose account id is known only when it is applied."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult


class AccountProvider(ResourceProvider):
    """Echoes its inputs; any change makes every output unknown at preview."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult("account", dict(props) | {"number": props["account"]})

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        return DiffResult(changes=olds["nonce"] != news["nonce"])

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        return UpdateResult(dict(news) | {"number": news["account"]})


class Account(Resource, module="tests", name="Account"):
    """``number`` is the account; only the provider says it."""

    number: pulumi.Output[str]

    def __init__(self, name: str, account: str, nonce: str) -> None:
        super().__init__(
            AccountProvider(), name, {"account": account, "nonce": nonce, "number": None}
        )


class ReplacedAccountProvider(AccountProvider):
    """As above, but any change deletes the account before another is made."""

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        is_new = olds["nonce"] != news["nonce"]
        return DiffResult(
            changes=is_new, replaces=["nonce"] if is_new else [], delete_before_replace=True
        )


class ReplacedAccount(Resource, module="tests", name="ReplacedAccount"):
    """``number`` is the account. A new nonce replaces the resource, and the old one is deleted first."""

    number: pulumi.Output[str]

    def __init__(
        self, name: str, account: str, nonce: str, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__(
            ReplacedAccountProvider(),
            name,
            {"account": account, "nonce": nonce, "number": None},
            opts,
        )
