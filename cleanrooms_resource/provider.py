"""The lifecycle of a collaboration, in Pulumi's order: configure, check, diff, create, read, update, delete.

``cleanrooms_resource.provider.CollaborationProvider`` is written into users' states (the provider is pickled by reference). The path never moves.
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

from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.connection import Connection, connect
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.aws.gone import call_existing
from cleanrooms_resource.aws.regions import find_region_refusals
from cleanrooms_resource.aws.settings import Settings, read_settings
from cleanrooms_resource.changes.adoption import ADOPTION_GUARDS, describe_changes
from cleanrooms_resource.changes.diff import PropertyChange, diff_from_outputs, get_declared_properties
from cleanrooms_resource.changes.live import build_outputs, read_response
from cleanrooms_resource.changes.takeover import convert_outputs, is_from_pulumi_aws
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.limits import find_id_violation
from cleanrooms_resource.declaration.rules import find_refusals_of_new
from cleanrooms_resource.errors import (
    SETTINGS_OF_LAST_UP,
    AccessDeniedError,
    AdoptionError,
    CollaborationError,
    CollaborationGone,
    SettingsError,
    ValidationError,
)
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, IGNORED_PATHS, IMPORT_ID, RESOURCE_NAME, without_hidden_keys
from cleanrooms_resource.pulumi_sdk import list_config
from cleanrooms_resource.table import ChangeKind


class CollaborationProvider(ResourceProvider):
    """Create, read, update and delete one collaboration with boto3, and say beforehand what a change will do."""

    # The provider holds no secret. Kept secret, it would hide every change behind "[secret]" in previews.
    serialize_as_secret_always = False

    _settings = Settings()
    _guards = ADOPTION_GUARDS

    def configure(self, req: ConfigureRequest) -> None:
        """Keep the stack's ``aws:`` settings."""
        self._settings = read_settings(list_config(req.config))

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Return the declaration in canonical form, or everything that is wrong with it. Never raises, and never calls AWS.

        A failure's path is part of its reason: the engine draws ``value {<nil>}`` for a nested property.
        """
        properties = without_hidden_keys(news)
        if RESOURCE_NAME in news and "name" not in properties:
            properties["name"] = olds.get("name") or news[RESOURCE_NAME]
        declaration, failures = canonicalize(properties)
        is_new = not without_hidden_keys(olds)
        if is_new and IMPORT_ID not in news:
            failures += find_refusals_of_new(declaration)
        reasons = [failure.to_sentence() for failure in failures] + list(self._settings.refused) + self._guards.note_check(olds, news)
        if is_new:
            wrong_id = find_id_violation(news[IMPORT_ID]) if IMPORT_ID in news else None
            reasons += [f"import_: {wrong_id}"] if wrong_id else []
            reasons += find_region_refusals(self._settings, news.get("region"))
        if reasons:
            return CheckResult(without_hidden_keys(news), [CheckFailure("", reason) for reason in reasons])
        return CheckResult(declaration | {name: news[name] for name in (IGNORED_PATHS, IMPORT_ID) if name in news}, [])

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Say what differs in meaning between the old outputs and the new declaration. Never calls AWS.

        Where a property differs, ``changes`` is None: the engine then computes the detailed diff from the inputs, which makes the preview exact.
        """
        changes = diff_from_outputs(convert_outputs(olds), without_hidden_keys(news))
        replaces = [change.name for change in changes if change.kind is ChangeKind.REPLACE]
        self._guards.note_diff(id_, news, is_replacement=bool(replaces))
        if not changes:
            # A state of pulumi-aws is always rewritten: it holds no provider of ours, without which refresh and destroy fail.
            return DiffResult(changes=is_from_pulumi_aws(olds))
        # ignore_changes does not survive a replacement: the new collaboration is made with the program's own values. Only with True does the engine
        # draw those values, instead of the old ones that it put in their place before Check.
        return DiffResult(changes=True if replaces and news.get(IGNORED_PATHS) else None, replaces=replaces)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Call CreateCollaboration and nothing else of Clean Rooms; or adopt an existing collaboration, without a call that writes."""
        declaration = without_hidden_keys(props)
        connection = connect(self._settings, declaration.get("region"))
        if IMPORT_ID in props:
            return self._adopt(connection, props[IMPORT_ID], declaration)
        collaboration = create_collaboration(connection, declaration)
        statuses = dict.fromkeys(declaration.get("members", {}), "INVITED")
        outputs = build_outputs(collaboration, declaration, connection.region, statuses, declaration.get("tags", {}))
        return CreateResult(collaboration["id"], outputs)

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Return the live collaboration as outputs and as inputs, or no id where the collaboration is gone."""
        is_owned = DECLARED_NAMES in props
        wrong_id = None if is_owned else find_id_violation(id_)
        if wrong_id:
            # `get` with an Output; the constructor refuses the ids that it knows.
            raise ValidationError(f"reading a Clean Rooms collaboration: id: {wrong_id}.", advice="")
        connection = self._connect_as_last_up(props)
        if not is_owned:
            # This stack does not own the collaboration: `get` reads everything, and fails where the collaboration is gone.
            live = calls.get_collaboration(connection, id_)
            return ReadResult(id_, live.list_outputs_of_get(connection.region), without_hidden_keys(props))
        try:
            live = call_existing(connection, id_, props, lambda: calls.read_collaboration(connection, id_, props["arn"], props["name"]))
        except CollaborationGone:
            # The host assigns into the outputs even where the collaboration is gone.
            return ReadResult(None, {})
        declaration = live.update_declaration(get_declared_properties(props), connection.region)
        outputs = build_outputs(live.collaboration, declaration, connection.region, live.member_statuses(), live.own_tags())
        return ReadResult(id_, outputs, declaration)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Call UpdateCollaboration with the fields that change in place, and TagResource and UntagResource with the tags that change."""
        declaration = without_hidden_keys(news)
        olds = convert_outputs(olds)
        connection = self._connect(olds)
        changes = diff_from_outputs(olds, declaration)
        fields = {change.name: change.new for change in changes if change.kind is ChangeKind.IN_PLACE}
        # A changed property is in the response or in the declaration, or is gone; every other output is still true.
        outputs = {name: value for name, value in olds.items() if name not in {change.name for change in changes}}
        if fields:
            updated = call_existing(connection, id_, olds, lambda: calls.update_collaboration(connection, id_, olds["name"], fields))
            outputs |= read_response(updated)
        for change in changes:
            if change.kind is ChangeKind.TAGS:
                _update_tags(connection, id_, olds, change, is_half_done=bool(fields))
        tags = {key: value for key, value in olds.get("tagsAll", {}).items() if key not in olds.get("tags", {})} | declaration.get("tags", {})
        return UpdateResult(build_outputs(outputs, declaration, connection.region, olds.get("memberStatuses", {}), tags))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """Call DeleteCollaboration. Deleting a collaboration that is gone succeeds."""
        if not self._guards.is_delete_meant(id_):
            return
        connection = self._connect_as_last_up(props)
        try:
            call_existing(connection, id_, props, lambda: calls.delete_collaboration(connection, id_, props["name"]))
        except CollaborationGone:
            return

    def _adopt(self, connection: Connection, id_: str, declaration: dict[str, Any]) -> CreateResult:
        with self._guards.adopting(id_):
            live = calls.get_collaboration(connection, id_)
            maker = live.collaboration["creatorAccountId"]
            if maker != calls.get_caller_account(connection):
                raise AdoptionError(
                    f"import_: account {maker} made {id_}, and only its maker can adopt it.", advice="Read it with `Collaboration.get`."
                )
            if live.tags is None:
                raise AccessDeniedError(f"import_: the caller may not read the tags of {id_}, so the provider cannot compare them.")
            changes = live.diff_from_declaration(declaration, connection.region)
            if changes:
                differences = describe_changes(changes, self._guards.find_plain_names(id_))
                raise AdoptionError(
                    f"import_: {id_} differs from the declaration, and nothing was changed: {differences}.",
                    advice="Declare the collaboration as AWS has it, adopt it, and then change it.",
                )
        return CreateResult(id_, build_outputs(live.collaboration, declaration, connection.region, live.member_statuses(), live.own_tags()))

    def _connect(self, outputs: dict[str, Any]) -> Connection:
        # A collaboration stays in the region where it was made, whatever the settings say now.
        return connect(self._settings, outputs.get("region"))

    def _connect_as_last_up(self, outputs: dict[str, Any]) -> Connection:
        try:
            return self._connect(outputs)
        except SettingsError as error:
            raise SettingsError(error.what_happened, advice=SETTINGS_OF_LAST_UP) from None


def _update_tags(connection: Connection, id_: str, outputs: dict[str, Any], change: PropertyChange, *, is_half_done: bool) -> None:
    """Call TagResource with the tags that are new or changed, then UntagResource with the keys that are gone; neither call without any."""
    arn, name = outputs["arn"], outputs["name"]
    changed = {key: value for key, value in change.new.items() if change.old.get(key) != value}
    removed = sorted(change.old.keys() - change.new.keys())
    try:
        if changed:
            call_existing(connection, id_, outputs, lambda: calls.tag_collaboration(connection, arn, name, changed))
            is_half_done = True
        if removed:
            call_existing(connection, id_, outputs, lambda: calls.untag_collaboration(connection, arn, name, removed))
    except CollaborationError as error:
        if not is_half_done:
            raise
        raise type(error)(
            f"{error.what_happened} The rest of the update was done before that.", advice="Run `pulumi refresh`, then `pulumi up` again."
        ) from None
