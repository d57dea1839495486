"""The lifecycle of a collaboration, in Pulumi's order: configure, check, diff, create, read, update, delete.

``cleanrooms_resource.provider.CollaborationProvider`` is written into users' states (the provider is pickled by reference). The path never moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

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

from cleanrooms_resource.aws import calls, deletion, program_connections, updates
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.aws.creators import refuse_other_connection, refuse_other_replacement
from cleanrooms_resource.aws.existence import call_existing, get_plain_name
from cleanrooms_resource.aws.local_refusals import find_creator_refusals, find_local_refusals
from cleanrooms_resource.aws.masking import hide_values
from cleanrooms_resource.aws.member_updates import read_open_requests
from cleanrooms_resource.aws.program_connections import (
    PROGRAM_CONNECTIONS,
    ProgramConnections,
    connect_with,
    explain_program,
    explain_state,
    read_connection,
)
from cleanrooms_resource.aws.reads import describe_owned, read_adopted
from cleanrooms_resource.aws.settings import (
    Settings,
    add_variables,
    apply_connection,
    read_settings,
)
from cleanrooms_resource.changes.adoption import ADOPTION_GUARDS, AdoptionGuards
from cleanrooms_resource.changes.diff import diff
from cleanrooms_resource.changes.holders import (
    HOLDERS,
    Holders,
    copy_hidden_keys,
    describe_kept,
    make_token,
)
from cleanrooms_resource.changes.known_collaboration import read_known_collaboration
from cleanrooms_resource.changes.live_collaboration import (
    build_outputs,
    build_read_outputs,
    get_current_time,
    read_creation,
)
from cleanrooms_resource.changes.marks import (
    MARKS,
    Marks,
    hide_moved_members,
    read_plain_names,
    write_plain_names,
)
from cleanrooms_resource.changes.notices import describe_replacement, list_notices
from cleanrooms_resource.changes.replacement import REPLACEMENTS, Replacements
from cleanrooms_resource.changes.tag_rules import TAGS_ALL, read_default_tags, use_all_tags
from cleanrooms_resource.changes.takeover import (
    convert_outputs,
    is_from_plugin,
    is_from_pulumi_aws,
    refuse_other_state,
)
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.connection_form import mark_keys
from cleanrooms_resource.declaration.ignored_paths import judge_ignored_members
from cleanrooms_resource.declaration.limits import find_id_violation
from cleanrooms_resource.declaration.unknown_values import is_known
from cleanrooms_resource.dependencies import find_old_dependency
from cleanrooms_resource.errors import CollaborationError, CollaborationGone, ValidationError
from cleanrooms_resource.hidden_keys import (
    APPLIED_AT,
    DECLARED_NAMES,
    DECLARED_OPTIONS,
    HOLDER,
    IGNORED_MEMBERS,
    IGNORED_NAMES,
    IGNORED_PATHS,
    IMPORT_ID,
    PLAIN_NAMES,
    PROVIDER,
    RESOURCE_NAME,
    TOKEN,
    VARIABLES,
    without_hidden_keys,
)
from cleanrooms_resource.pulumi_sdk import (
    answer_without_traceback,
    list_config,
    print_on_stack,
    reveal_secrets,
)
from cleanrooms_resource.table import OPTIONS, TABLE, without_options

if TYPE_CHECKING:
    from cleanrooms_resource.aws.connection import Connection


class CollaborationProvider(ResourceProvider):
    """Create, read, update and delete one collaboration with boto3, and predict the effect of each change."""

    # The provider holds no secret. Kept secret, it would hide every change behind "[secret]" in previews.
    serialize_as_secret_always = False

    _settings = Settings()
    _guards = ADOPTION_GUARDS
    _holders = HOLDERS
    _marks = MARKS
    _connections = PROGRAM_CONNECTIONS
    _replacements = REPLACEMENTS

    @classmethod
    def start(cls, settings: Settings) -> Self:
        """Return a provider with these settings that remembers no call of another run. Pulumi's host keeps one memory per process."""
        provider = cls()
        provider._settings = settings
        provider._guards, provider._holders, provider._marks = AdoptionGuards(), Holders(), Marks()
        provider._connections, provider._replacements = ProgramConnections(), Replacements()
        return provider

    def configure(self, req: ConfigureRequest) -> None:
        answer_without_traceback(CollaborationError)
        self._settings = read_settings(list_config(req.config))

    def check(self, olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """Return the declaration in canonical form, or every failure of the declaration. Check never raises, and never calls AWS.

        A failure's path is part of its reason: the engine draws ``value {<nil>}`` for a nested property.
        """
        old_dependency = find_old_dependency()
        if old_dependency:
            return CheckResult(without_hidden_keys(news), [CheckFailure("", old_dependency)])
        is_new = not without_hidden_keys(olds)
        self._marks.note_check(news)
        if VARIABLES in news:
            self._settings = add_variables(self._settings, news[VARIABLES])
        first_check = self._replacements.take_first_check(news) if is_new else None
        # At a preview, a value that is not known yet may prove equal. The `up` knows every value, and Diff comes before this second Check.
        is_certain = first_check is None or is_known(without_hidden_keys(first_check))
        reasons = (
            self._guards.note_check(olds, news, is_replacement=first_check is not None)
            if is_certain
            else []
        )
        if first_check is not None and not reasons:
            return CheckResult(first_check, [])
        # `ignore_changes=["*"]` feeds Check its own answer.
        properties = {
            name: value for name, value in without_hidden_keys(news).items() if name != TAGS_ALL
        }
        if RESOURCE_NAME in news and "name" not in properties:
            properties["name"] = olds.get("name") or news[RESOURCE_NAME]
        declaration, failures = canonicalize(properties, is_new=is_new and IMPORT_ID not in news)
        secret_names = TABLE.keys() - read_plain_names(news) | set(news.get(IGNORED_NAMES) or ())
        failures = [
            failure.without_values() if failure.path[0] in secret_names else failure
            for failure in failures
        ]
        reasons = (
            [failure.to_sentence() for failure in failures]
            + list(self._settings.refusals)
            + reasons
        )
        reasons += self._settings.tag_rules.find_refusals(declaration)
        if is_new:
            wrong_id = find_id_violation(news[IMPORT_ID]) if IMPORT_ID in news else None
            reasons += [f"import_: {wrong_id}"] if wrong_id else []
        else:
            reasons += judge_ignored_members(
                news.get(IGNORED_MEMBERS, ()), olds.get("members") or {}
            )
        connection = declaration.get("connection")
        has_connection = "connection" in declaration or not news.get("connection")
        if has_connection and is_known(connection):
            effective = apply_connection(self._settings, connection)
            reasons += find_local_refusals(effective, news.get("region"), is_new=is_new)
            reasons += find_creator_refusals(effective, declaration.get("members"))
        if reasons:
            return CheckResult(
                without_hidden_keys(news), [CheckFailure("", reason) for reason in reasons]
            )
        # A hidden key that only the old or only the new inputs have would be drawn as a change.
        kept = {name: olds[name] for name in (HOLDER, IGNORED_PATHS) if name in olds}
        # The state of another kind of resource has no pickled provider either, which is drawn in any case.
        has_holder = is_new or HOLDER in olds or PROVIDER not in olds
        new = {
            name: news[name]
            for name in (IMPORT_ID, *((HOLDER,) if has_holder else ()))
            if name in news
        }
        inputs = declaration | kept | new
        self._connections.note_check(inputs)
        inputs |= self._settings.tag_rules.build_inputs(
            declaration, news.get(TAGS_ALL), is_secret="tags" not in read_plain_names(news)
        )
        # Diff gets secrets in plain form.
        self._holders.note_check(reveal_secrets(inputs))
        has_equal_inputs = without_hidden_keys(reveal_secrets(inputs)) == without_hidden_keys(olds)
        inputs |= {"connection": mark_keys(inputs["connection"])} if "connection" in inputs else {}
        if "members" in inputs:
            inputs["members"] = hide_moved_members(news, inputs["members"])
        if not is_new:
            self._replacements.note_first_check(news, inputs, has_equal_inputs=has_equal_inputs)
        return CheckResult(inputs, [])

    def diff(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Return the properties that differ in meaning between the old outputs and the new declaration. Diff never calls AWS.

        Where a property differs, ``changes`` is None: the engine then computes the detailed diff from the inputs, and the preview is exact.
        """
        refuse_other_state(olds)
        if not self._holders.is_checked(news) and not is_known(without_hidden_keys(news)):
            # Before the engine replaces another resource with `delete_before_replace`, it asks whether the dependents would be replaced too: with
            # old inputs and unknown values. A yes would delete this collaboration at once. The Check and Diff that follow know the values.
            return DiffResult(changes=True)
        if self._holders.is_checked(news):
            self._connections.note_diff(id_, news)
        outputs = convert_outputs(olds)
        has_new_connection = reveal_secrets(news.get("connection") or {}) != read_connection(
            outputs
        )
        known = read_known_collaboration(outputs)
        declaration = self._settings.tag_rules.settle(without_hidden_keys(news), known)
        has_new_defaults = TAGS_ALL in news and read_default_tags(outputs) != dict(
            self._settings.tag_rules.defaults
        )
        difference = diff(known, declaration, self._marks.find_ignored(news))
        replaces = difference.list_replacing_properties()
        for notice in list_notices(known, declaration, difference):
            print_on_stack(f"Clean Rooms collaboration {id_}: {notice}")
        # A value that is not known yet may prove equal, and a replacement is refused where it is certain.
        certain_properties = [
            change.name
            for change in difference.changes
            if change.name in replaces and is_known(change.new)
        ]
        self._guards.note_diff(id_, news, replacing_properties=certain_properties)
        if self._holders.note_diff(id_, olds, news):
            print_on_stack(
                f"Clean Rooms collaboration {id_}: two resources of this program hold it. Remove one of them from the program."
            )
        self._replacements.note_diff(outputs, news)
        # A state of pulumi-aws or of the plug-in is always rewritten: it holds no provider of ours, without which refresh and destroy fail.
        if not (
            difference.changes or difference.state_changes or has_new_connection or has_new_defaults
        ):
            is_taken_over = is_from_pulumi_aws(olds) or is_from_plugin(olds)
            return DiffResult(changes=is_taken_over or self._marks.is_newly_secret(outputs, news))
        # The engine finds no change between equal inputs. Change requests of the state are in no input, and an output may lack what an input has.
        is_in_no_input = (
            difference.changes_requests() or has_new_connection
        ) and self._replacements.has_equal_inputs(news)
        return DiffResult(changes=True if is_in_no_input else None, replaces=replaces)

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Call CreateCollaboration, and no other operation of Clean Rooms; or adopt a collaboration, without a call that writes."""
        declaration = without_options(without_hidden_keys(props))
        replaced = self._replacements.take_replaced(props)
        old = replaced or {}
        region = declaration.get("region") or old.get("region")
        with explain_program(read_connection(props)):
            connection = connect_with(self._settings, read_connection(props), region)
        full_declaration = use_all_tags(declaration, props)
        if IMPORT_ID in props:
            id_ = props[IMPORT_ID]
            with self._guards.reserve(id_):
                live = read_adopted(
                    connection,
                    id_,
                    full_declaration,
                    self._settings.tag_rules,
                    self._guards.find_plain_names(id_),
                )
            return CreateResult(
                id_,
                self._mark(
                    props, build_read_outputs(live, declaration, connection.region) | make_token()
                ),
            )
        refuse_other_replacement(connection, old.get("creatorAccountId"))
        with hide_values(self._list_secrets(props, props)), explain_program(read_connection(props)):
            collaboration = create_collaboration(
                connection, full_declaration, is_name_plain="name" in self._marks.find(props)
            )
        statuses = dict.fromkeys(declaration.get("members", {}), "INVITED")
        notice = describe_replacement(collaboration["id"], connection.region, statuses)
        if replaced is None:
            self._replacements.keep_notice(props, notice)
        else:
            print_on_stack(notice)
        reading = read_creation(collaboration, full_declaration, connection.region)
        outputs = build_outputs(
            collaboration,
            declaration,
            connection.region,
            statuses,
            full_declaration.get("tags", {}),
        )
        return CreateResult(
            collaboration["id"], self._mark(props, outputs | reading.to_outputs() | make_token())
        )

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Return the live collaboration as outputs and as inputs, or no id where the collaboration is gone."""
        is_owned = DECLARED_NAMES in props
        wrong_id = None if is_owned else find_id_violation(id_)
        if wrong_id:
            # `get` with an Output; the constructor refuses the ids that it knows.
            raise ValidationError(
                f"reading a Clean Rooms collaboration: id: {wrong_id}.", advice=""
            )
        with explain_state(read_connection(props)):
            return self._read(id_, props, is_owned=is_owned)

    def _read(self, id_: str, props: dict[str, Any], *, is_owned: bool) -> ReadResult:
        own_connection = read_connection(props)
        connection = self._connect(props)
        if not is_owned:
            # This stack does not own the collaboration: `get` reads everything, and fails where the collaboration is gone.
            live = calls.read_collaboration_by_id(connection, id_)
            outputs = self._settings.tag_rules.hide_ignored(live, {}).list_outputs_of_get(
                connection.region
            )
            outputs |= program_connections.build_outputs(own_connection)
            return ReadResult(
                id_,
                outputs,
                without_hidden_keys(props) | program_connections.build_inputs(own_connection),
            )
        try:
            live = call_existing(
                connection,
                id_,
                props,
                lambda: calls.read_collaboration(
                    connection, id_, props["arn"], get_plain_name(props)
                ),
            )
        except CollaborationGone:
            # The host assigns into the outputs even where the collaboration is gone.
            return ReadResult(None, {})
        requests = read_open_requests(connection, id_, props)
        outputs, inputs = describe_owned(
            live, props, self._settings.tag_rules, requests, connection.region
        )
        outputs |= program_connections.build_outputs(own_connection)
        inputs |= program_connections.build_inputs(own_connection)
        return ReadResult(id_, outputs, inputs)

    def update(self, id_: str, olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """Change what changes in place: members by change requests, fields, tags, and at last the members to remove."""
        olds = convert_outputs(olds)
        declaration = self._settings.tag_rules.settle(
            without_hidden_keys(news), read_known_collaboration(olds)
        )
        # The old name was secret, or has become secret, where either does not mark it.
        olds[PLAIN_NAMES] = sorted(read_plain_names(olds) & self._marks.find(news, olds))
        own_connection = read_connection(news)
        with explain_program(own_connection):
            connection = connect_with(self._settings, own_connection, olds.get("region"))
        if own_connection != read_connection(olds):
            refuse_other_connection(connection, olds["creatorAccountId"])
        secrets = {"old": self._list_secrets(olds, news), "new": self._list_secrets(news, news)}
        with hide_values(secrets), explain_program(own_connection):
            outputs = updates.update(
                connection, id_, olds, declaration, self._marks.find_ignored(news)
            )
        token = {TOKEN: olds[TOKEN]} if TOKEN in olds else {}
        return UpdateResult(self._mark(news, outputs | token, olds))

    def delete(self, id_: str, props: dict[str, Any]) -> None:
        """Call DeleteCollaboration. Deleting a collaboration that is gone succeeds."""
        notice = self._replacements.note_delete(props)
        if notice is not None:
            print_on_stack(notice)
        if self._holders.is_held_by_another(id_, props):
            print_on_stack(describe_kept(id_))
            return
        if self._guards.should_delete(id_):
            deletion.delete(self._settings, self._connections, id_, props)

    def _list_secrets(
        self, properties: dict[str, Any], checked_inputs: dict[str, Any]
    ) -> dict[str, Any]:
        """Return the properties that may be secret. Account ids and regions are never secret."""
        plain_names = {"region", "allowedResultRegions", *self._marks.find(checked_inputs)}
        secrets = {
            name: properties[name]
            for name in TABLE
            if name in properties and name not in plain_names
        }
        return secrets | (
            {TAGS_ALL: reveal_secrets(properties[TAGS_ALL])}
            if TAGS_ALL in properties and "tags" not in plain_names
            else {}
        )

    def _mark(
        self,
        checked_inputs: dict[str, Any],
        outputs: dict[str, Any],
        old_outputs: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Return the outputs with what later calls need: the resource's name, by which Diff finds the marks; marks, options, settings, the time."""
        marks = (
            {PLAIN_NAMES: write_plain_names(self._marks.find(checked_inputs, old_outputs))}
            if HOLDER in checked_inputs
            else {}
        )
        options = {name: checked_inputs[name] for name in OPTIONS if name in checked_inputs}
        settings = program_connections.build_outputs(
            read_connection(checked_inputs)
        ) | self._settings.tag_rules.build_outputs(checked_inputs)
        more = {APPLIED_AT: get_current_time()} | ({DECLARED_OPTIONS: options} if options else {})
        return copy_hidden_keys(checked_inputs, outputs | marks | settings | more)

    def _connect(self, outputs: dict[str, Any]) -> Connection:
        # A collaboration stays in the region in which it was created, whatever the settings are now.
        return connect_with(self._settings, read_connection(outputs), outputs.get("region"))
