"""The lifecycle of a collaboration, in Pulumi's order: configure, check, diff, create, read, update, delete.

``cleanrooms_resource.provider.CollaborationProvider`` is written into users' state (the provider is pickled by reference): it never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

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

from cleanrooms_resource import live, service, takeover
from cleanrooms_resource.adoption import ADOPTIONS, IMPORT, differences
from cleanrooms_resource.credentials import Connection, Settings, connect, settings
from cleanrooms_resource.declaration import canonical
from cleanrooms_resource.errors import LAST_UP, AccessDeniedError, AdoptionError, CollaborationError, ResourceNotFoundError, SettingsError
from cleanrooms_resource.properties import DECLARED, IGNORED, NAMED, Change, Changed, changes, declared
from cleanrooms_resource.rules import refusals_of_new

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_DECLARE = "Declare it as it is, adopt it, and change it then."


class CollaborationProvider(ResourceProvider):
    """Create, read, update and delete one collaboration with boto3, and say beforehand what a change will do."""

    # The provider holds no secret. Kept secret, it would hide every change behind "[secret]" in previews.
    serialize_as_secret_always = False

    _settings = Settings()
    _adoptions = ADOPTIONS

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the stack's ``aws:`` settings."""
        # Config has no public way to list its keys, and a setting that we do not know must be seen to be refused.
        self._settings = settings(req.config._props)  # noqa: SLF001

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Return the declaration in canonical form, or all that is wrong with it; never raises, never calls AWS.

        A failure's path stands in its reason: the engine draws ``value {<nil>}`` for a nested property.
        """
        given = _visible(news)
        if NAMED in news and "name" not in given:
            given["name"] = olds.get("name") or news[NAMED]
        declaration, failures = canonical(given)
        if not _visible(olds) and IMPORT not in news:
            failures += refusals_of_new(declaration)
        reasons = [failure.sentence() for failure in failures] + list(self._settings.refused) + self._adoptions.check(olds, news)
        if reasons:
            return CheckResult(_visible(news), [CheckFailure("", reason) for reason in reasons])
        return CheckResult(declaration | {name: news[name] for name in (IGNORED, IMPORT) if name in news}, [])

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Say what differs in meaning between the old outputs and the new declaration; never calls AWS.

        Where something does, ``changes`` is None: the engine then computes the detailed diff from the inputs, which is what makes the preview exact.
        """
        taken_over = takeover.is_pulumi_awss(olds)
        changed = changes(takeover.ours(olds) if taken_over else olds, _visible(news))
        replaces = [change.name for change in changed if change.kind is Change.REPLACE]
        self._adoptions.diff(id_, news, replaces=bool(replaces))
        if not changed:
            # A state that is taken over is always rewritten: as pulumi-aws left it, it has no provider of ours, and refresh and destroy would fail.
            return DiffResult(changes=taken_over)
        # ignore_changes does not survive a replacement: the new collaboration is made with the program's own values. Only with True does the engine
        # draw those, instead of the ones it put in their place before Check.
        return DiffResult(changes=True if replaces and news.get(IGNORED) else None, replaces=replaces)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """CreateCollaboration, and no other call of Clean Rooms; or the adoption of one that exists, with no call that writes."""
        declaration = _visible(props)
        connection = connect(self._settings, declaration.get("region"))
        if IMPORT in props:
            return self._adopt(connection, props[IMPORT], declaration)
        made = service.create(connection, declaration)
        invited = dict.fromkeys(declaration.get("members", {}), "INVITED")
        return CreateResult(made["id"], live.outputs(made, declaration, connection.region, invited, declaration.get("tags", {})))

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Return the live collaboration as outputs and as inputs, or no id where it is gone."""
        connection = self._connection_of_last_up(props)
        if DECLARED not in props:
            return self._got(connection, id_, props)
        there, found = service.unless_gone(connection, id_, props, lambda: service.read(connection, id_, props["arn"], props["name"]))
        if not there or found is None:
            # The host assigns into the outputs, even of what is gone.
            return ReadResult(None, {})
        now = found.declared(declared(props), connection.region)
        return ReadResult(id_, live.outputs(found.collaboration, now, connection.region, found.statuses(), found.own_tags()), now)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """UpdateCollaboration with what changed in place, TagResource and UntagResource with the tags."""
        declaration = _visible(news)
        olds = takeover.ours(olds) if takeover.is_pulumi_awss(olds) else olds
        connection = self._connection(olds)
        changed = changes(olds, declaration)
        fields = {change.name: change.new for change in changed if change.kind is Change.IN_PLACE}
        # What changed is in the response or in the declaration, or is no more; the rest is still true.
        kept = {name: value for name, value in olds.items() if name not in {change.name for change in changed}}
        if fields:
            kept |= live.response_fields(_there(connection, id_, olds, lambda: service.update(connection, id_, olds["name"], fields)))
        for change in changed:
            if change.kind is Change.TAGS:
                _retag(connection, id_, olds, change, half_done=bool(fields))
        tags = {name: value for name, value in olds.get("tagsAll", {}).items() if name not in olds.get("tags", {})} | declaration.get("tags", {})
        return UpdateResult(live.outputs(kept, declaration, connection.region, olds.get("memberStatuses", {}), tags))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """DeleteCollaboration; of what is gone already it is a success."""
        if self._adoptions.deletes(id_):
            connection = self._connection_of_last_up(props)
            service.unless_gone(connection, id_, props, lambda: service.delete(connection, id_, props["name"]))

    def _adopt(self, connection: Connection, id_: str, declaration: dict[str, Any]) -> CreateResult:
        with self._adoptions.adopting(id_):
            found = service.get(connection, id_)
            if found.collaboration["creatorAccountId"] != service.caller(connection):
                raise AdoptionError(
                    f"import_: account {found.collaboration['creatorAccountId']} made {id_}; only its maker can adopt it.", advice="Use `get`."
                )
            if found.tags is None:
                raise AccessDeniedError(f"import_: the tags of {id_} may not be read, so nobody knows what differs.", advice=AccessDeniedError.advice)
            changed = found.differences(declaration, connection.region)
            if changed:
                raise AdoptionError(f"import_: {id_} is not what is declared, and nothing was changed: {differences(changed)}.", advice=_DECLARE)
        return CreateResult(id_, live.outputs(found.collaboration, declaration, connection.region, found.statuses(), found.own_tags()))

    @staticmethod
    def _got(connection: Connection, id_: str, inputs: dict[str, Any]) -> ReadResult:
        """A collaboration that this stack does not own: all that may be read of it. One that is gone is an error."""
        return ReadResult(id_, service.get(connection, id_).everything(connection.region), _visible(inputs))

    def _connection(self, outputs: dict[str, Any]) -> Connection:
        # What exists is where it was made, whatever the settings say now.
        return connect(self._settings, outputs.get("region"))

    def _connection_of_last_up(self, outputs: dict[str, Any]) -> Connection:
        try:
            return self._connection(outputs)
        except SettingsError as error:
            raise SettingsError(error.said, advice=LAST_UP) from None


def _retag(connection: Connection, id_: str, outputs: dict[str, Any], change: Changed, *, half_done: bool) -> None:
    """TagResource with what is new or changed, then UntagResource with the keys that are no more; neither where there is nothing to say."""
    arn, name = outputs["arn"], outputs["name"]
    changed = {key: value for key, value in change.new.items() if change.old.get(key) != value}
    removed = sorted(change.old.keys() - change.new.keys())
    try:
        if changed:
            _there(connection, id_, outputs, lambda: service.tag(connection, arn, name, changed))
            half_done = True
        if removed:
            _there(connection, id_, outputs, lambda: service.untag(connection, arn, name, removed))
    except CollaborationError as error:
        if not half_done:
            raise
        raise type(error)(f"{error.said} The rest of the update was done before that.", advice="Run `pulumi refresh`, then try again.") from None


def _there(connection: Connection, id_: str, outputs: dict[str, Any], call: Callable[[], T]) -> T:
    """What the call returns; where the collaboration is gone, an error."""
    there, answer = service.unless_gone(connection, id_, outputs, call)
    if not there:
        raise ResourceNotFoundError(f'Clean Rooms collaboration "{outputs["name"]}" ({id_}) is gone.', advice=ResourceNotFoundError.advice)
    return cast("T", answer)


def _visible(properties: dict[str, Any]) -> dict[str, Any]:
    """The properties without Pulumi's own and ours that are hidden (``__provider``)."""
    return {name: value for name, value in properties.items() if not str(name).startswith("__")}
