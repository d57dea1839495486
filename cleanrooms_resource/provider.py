"""The lifecycle of a collaboration, in Pulumi's order: configure, check, diff, create, read, update, delete.

``cleanrooms_resource.provider.CollaborationProvider`` is written into users' state (the provider is pickled by reference): it never moves.
"""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import (
    CheckFailure,
    CheckResult,
    ConfigureRequest,
    CreateResult,
    DiffResult,
    ReadResult,
    ResourceProvider,
    UpdateResult,
)

from cleanrooms_resource import live, service
from cleanrooms_resource.credentials import Connection, Settings, connect, settings
from cleanrooms_resource.declaration import canonical
from cleanrooms_resource.errors import CollaborationError
from cleanrooms_resource.properties import IGNORED, Change, Changed, changes, declared
from cleanrooms_resource.rules import refusals_of_new


class CollaborationProvider(ResourceProvider):
    """Create, read, update and delete one collaboration with boto3, and say beforehand what a change will do."""

    # The provider holds no secret. Kept secret, it would hide every change behind "[secret]" in previews.
    serialize_as_secret_always = False

    _settings = Settings()

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the stack's ``aws:`` settings."""
        # Config has no public way to list its keys, and a setting that we do not know must be seen to be refused.
        self._settings = settings(req.config._props)  # noqa: SLF001

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Return the declaration in canonical form, or all that is wrong with it; never raises, never calls AWS.

        A failure's path stands in its reason: the engine draws ``value {<nil>}`` for a nested property.
        """
        declaration, failures = canonical(_visible(news))
        if not _visible(olds):
            failures += refusals_of_new(declaration)
        reasons = [failure.sentence() for failure in failures] + list(self._settings.refused)
        if reasons:
            return CheckResult(_visible(news), [CheckFailure("", reason) for reason in reasons])
        return CheckResult(declaration | {name: value for name, value in news.items() if name == IGNORED}, [])

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Say what differs in meaning between the old outputs and the new declaration; never calls AWS.

        Where something does, ``changes`` is None: the engine then computes the detailed diff from the inputs, which is what makes the preview exact.
        """
        changed = changes(olds, _visible(news))
        if not changed:
            return DiffResult(changes=False)
        replaces = [change.name for change in changed if change.kind is Change.REPLACE]
        # ignore_changes does not survive a replacement: the new collaboration is made with the program's own values. Only with True does the engine
        # draw those, instead of the ones it put in their place before Check.
        return DiffResult(changes=True if replaces and news.get(IGNORED) else None, replaces=replaces)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """CreateCollaboration, and no other call of Clean Rooms."""
        declaration = _visible(props)
        connection = connect(self._settings, declaration.get("region"))
        made = service.create(connection, declaration)
        invited = dict.fromkeys(declaration.get("members", {}), "INVITED")
        return CreateResult(made["id"], live.outputs(made, declaration, connection.region, invited, declaration.get("tags", {})))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Return the live collaboration as outputs and as inputs, or no id where it is gone."""
        before = declared(props)
        connection = self._connection(props)
        try:
            found = service.read(connection, id_, props["arn"], props["name"])
        except CollaborationError as error:
            service.settle_gone(connection, id_, props["name"], props["creatorAccountId"], error)
            # The host assigns into the outputs, even of what is gone.
            return ReadResult(None, {})
        now = found.declared(before, connection.region)
        return ReadResult(id_, live.outputs(found.collaboration, now, connection.region, found.statuses(), found.own_tags()), now)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """UpdateCollaboration with what changed in place, TagResource and UntagResource with the tags."""
        declaration = _visible(news)
        connection = self._connection(olds)
        changed = changes(olds, declaration)
        fields = {change.name: change.new for change in changed if change.kind is Change.IN_PLACE}
        # What changed is in the response or in the declaration, or is no more; the rest is still true.
        kept = {name: value for name, value in olds.items() if name not in {change.name for change in changed}}
        if fields:
            collaboration = service.update(connection, id_, olds["name"], fields)
            kept |= live.response_fields(collaboration)
        for change in changed:
            if change.kind is Change.TAGS:
                self._retag(connection, olds, change, half_done=bool(fields))
        tags = {name: value for name, value in olds.get("tagsAll", {}).items() if name not in olds.get("tags", {})} | declaration.get("tags", {})
        return UpdateResult(live.outputs(kept, declaration, connection.region, olds.get("memberStatuses", {}), tags))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """DeleteCollaboration; of what is gone already it is a success."""
        connection = self._connection(props)
        try:
            service.delete(connection, id_, props["name"])
        except CollaborationError as error:
            service.settle_gone(connection, id_, props["name"], props["creatorAccountId"], error)

    @staticmethod
    def _retag(connection: Connection, outputs: dict[str, Any], change: Changed, *, half_done: bool) -> None:
        try:
            service.retag(connection, outputs["arn"], outputs["name"], change.old, change.new)
        except CollaborationError as error:
            if not half_done:
                raise
            raise type(error)(f"{error} The rest of the update was done before that: run `pulumi refresh`.") from None

    def _connection(self, outputs: dict[str, Any]) -> Connection:
        # What exists is where it was made, whatever the settings say now.
        return connect(self._settings, outputs.get("region"))


def _visible(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties without Pulumi's own (``__provider``)."""
    return {name: value for name, value in properties.items() if not str(name).startswith("__")}
