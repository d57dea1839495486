"""The plug-in: the lifecycle over Pulumi's provider protocol, call by call, in Pulumi's order.

Each call translates its request, calls the lifecycle, and translates the answer. The protocol is described at
https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from cleanrooms_resource.aws.clients import end_backoffs_on_cancel
from cleanrooms_resource.aws.program_connections import connect_with
from cleanrooms_resource.aws.settings import Settings
from cleanrooms_resource.aws.waiting import cancel_waits, resume_waits
from cleanrooms_resource.changes.takeover import convert_outputs
from cleanrooms_resource.declaration.rules import find_warnings
from cleanrooms_resource.hidden_keys import IMPORTED, without_hidden_keys
from cleanrooms_resource.plugin.answers import answer_errors, answer_errors_of_stream
from cleanrooms_resource.plugin.configuration import (
    find_configuration_failures,
    mark_provider_secrets,
    read_provider_settings,
)
from cleanrooms_resource.plugin.engine_log import WARNING, EngineLog
from cleanrooms_resource.plugin.existing import list_page, read_for_import
from cleanrooms_resource.plugin.input_differences import compare_inputs
from cleanrooms_resource.plugin.member_list import merge_member_list, spell_position
from cleanrooms_resource.plugin.messages import (
    has_secret,
    read_properties,
    reveal,
    write_properties,
)
from cleanrooms_resource.plugin.ownership import (
    is_owned,
    refuse_ignored_import,
    refuse_ignored_member_list,
    refuse_other_account,
    refuse_resource_that_was_read,
)
from cleanrooms_resource.plugin.predicted_outputs import predict_creation, predict_update
from cleanrooms_resource.plugin.sentences import respell
from cleanrooms_resource.plugin.translation import (
    differs_from_import,
    forget_import,
    is_from_dynamic_resource,
    keep_import,
    list_plain_names,
    spell_names,
    translate_ignored_paths,
    translate_inputs,
    translate_outputs,
    translate_program_inputs,
    write_inputs,
    write_outputs,
)
from cleanrooms_resource.provider import CollaborationProvider

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION: Final = version("cleanrooms-resource")
"""The version of this distribution, and so of the plug-in and its SDKs."""
SCHEMA_FILE: Final = Path(__file__).parent / "schema.json"
_NOT_AN_INPUT = "connection: the plug-in has no such input; give the resource a provider (`pulumi:providers:cleanrooms`) with these credentials"


class CollaborationServicer(provider_pb2_grpc.ResourceProviderServicer):
    """The calls of one engine to the plug-in. ``log`` is the engine's log."""

    def __init__(self, log: EngineLog) -> None:
        self._log = log
        self._settings = Settings()
        self._lifecycle = CollaborationProvider.start(self._settings)
        self._has_secret_tags = False
        self._first_marked: dict[str, dict[str, Any]] = {}

    @answer_errors
    def GetPluginInfo(self, request: empty_pb2.Empty, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=VERSION)

    @answer_errors
    def GetSchema(
        self, request: provider_pb2.GetSchemaRequest, context: Any
    ) -> provider_pb2.GetSchemaResponse:
        schema = json.loads(SCHEMA_FILE.read_text())
        return provider_pb2.GetSchemaResponse(schema=json.dumps({**schema, "version": VERSION}))

    @answer_errors
    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: Any
    ) -> provider_pb2.CheckResponse:
        configuration = read_properties(request.news)
        # With a property, the engine draws the value too, which may be a key.
        failures = [
            provider_pb2.CheckFailure(reason=failure.to_sentence())
            for failure in find_configuration_failures(reveal(configuration))
        ]
        return provider_pb2.CheckResponse(
            inputs=write_properties(mark_provider_secrets(configuration)), failures=failures
        )

    @answer_errors
    def DiffConfig(
        self, request: provider_pb2.DiffRequest, context: Any
    ) -> provider_pb2.DiffResponse:
        """Leave the comparison to the engine: a changed configuration never replaces what exists."""
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_UNKNOWN)

    @answer_errors
    def Configure(
        self, request: provider_pb2.ConfigureRequest, context: Any
    ) -> provider_pb2.ConfigureResponse:
        """Keep the settings, and forget what the calls of an earlier command showed."""
        resume_waits()
        arguments = read_properties(request.args)
        self._settings = read_provider_settings(reveal(arguments))
        self._has_secret_tags = has_secret(arguments.get("defaultTags"))
        self._lifecycle = CollaborationProvider.start(self._settings)
        self._first_marked = {}
        return provider_pb2.ConfigureResponse(acceptSecrets=True, supportsPreview=True)

    @answer_errors
    def Check(self, request: provider_pb2.CheckRequest, context: Any) -> provider_pb2.CheckResponse:
        """Return the declaration in canonical form, or every failure of the declaration. Check never calls AWS."""
        inputs, positions, failures = merge_member_list(read_properties(request.news))
        marked = spell_names(inputs)
        reasons = [_NOT_AN_INPUT] if inputs.pop("connection", None) is not None else []
        reasons += [failure.to_sentence() for failure in failures]
        olds = translate_inputs(request.urn, read_properties(request.olds))
        # The second Check of a replacement is answered with the values of the first, which may be secrets that `ignoreChanges` kept.
        first_marked = self._first_marked.pop(request.urn, {})
        if olds:
            self._first_marked[request.urn], first_marked = marked, {}
        plain_names = {*list_plain_names(marked, first_marked)} - (
            {"tags"} if self._has_secret_tags else set()
        )
        result = self._lifecycle.check(
            olds, translate_program_inputs(request.urn, inputs, plain_names)
        )
        reasons += [spell_position(failure.reason, positions) for failure in result.failures]
        if reasons:
            answers = [provider_pb2.CheckFailure(reason=respell(reason)) for reason in reasons]
            return provider_pb2.CheckResponse(inputs=request.news, failures=answers)
        for warning in find_warnings(result.inputs):
            self._log.write(request.urn, warning.to_sentence(), WARNING)
        return provider_pb2.CheckResponse(
            inputs=write_properties(write_inputs(write_inputs(result.inputs, marked), first_marked))
        )

    @answer_errors
    def Diff(self, request: provider_pb2.DiffRequest, context: Any) -> provider_pb2.DiffResponse:
        """Return the properties that replace the collaboration. Diff never calls AWS.

        Where properties differ, the engine computes the detailed diff from the inputs (DIFF_UNKNOWN), and the preview is exact.
        """
        marked_olds, marked_old_inputs = (
            read_properties(request.olds),
            read_properties(request.old_inputs),
        )
        olds = translate_outputs(request.urn, marked_olds, marked_old_inputs)
        refuse_resource_that_was_read(request.id, olds)
        refuse_ignored_member_list(request.ignoreChanges)
        refuse_ignored_import(marked_old_inputs, request.ignoreChanges)
        news = translate_inputs(request.urn, read_properties(request.news))
        with self._log.collect(request.urn):
            result = self._lifecycle.diff(
                request.id,
                forget_import(olds, marked_old_inputs, news),
                news | translate_ignored_paths(request.ignoreChanges),
            )
        kinds = provider_pb2.DiffResponse
        changes = {None: kinds.DIFF_UNKNOWN, True: kinds.DIFF_SOME, False: kinds.DIFF_NONE}[
            result.changes
        ]
        if differs_from_import(marked_old_inputs, news) and result.changes is not False:
            # The engine's own comparison would draw the hidden input.
            return compare_inputs(
                without_hidden_keys(reveal(marked_old_inputs)),
                without_hidden_keys(news),
                result.replaces or (),
            )
        if is_from_dynamic_resource(marked_olds) and not result.replaces:
            # The state holds a pickled provider and other hidden keys of the dynamic resource, and an update of the state drops them.
            changes = kinds.DIFF_SOME
        return kinds(changes=changes, replaces=result.replaces or ())

    @answer_errors
    def Create(
        self, request: provider_pb2.CreateRequest, context: Any
    ) -> provider_pb2.CreateResponse:
        """Call CreateCollaboration, and no other operation of Clean Rooms. In a preview, return the outputs that are known."""
        marked = read_properties(request.properties)
        inputs = translate_inputs(request.urn, marked)
        if request.preview:
            return provider_pb2.CreateResponse(
                properties=write_properties(write_outputs(predict_creation(reveal(marked)), marked))
            )
        with self._act(request.urn):
            result = self._lifecycle.create(inputs)
        return provider_pb2.CreateResponse(
            id=result.id, properties=write_properties(write_outputs(result.outs or {}, marked))
        )

    @answer_errors
    def Read(self, request: provider_pb2.ReadRequest, context: Any) -> provider_pb2.ReadResponse:
        """Return the live collaboration as outputs and as inputs, or no id where a collaboration of the state is gone.

        `pulumi import` asks with an id alone; `.get` asks with inputs, which are empty unless the program names a region.
        """
        marked, marked_inputs = read_properties(request.properties), read_properties(request.inputs)
        with self._act(request.urn):
            if not request.HasField("inputs"):
                connection = connect_with(self._settings, {}, None)
                outputs, inputs = read_for_import(
                    self._settings, connection, request.id, has_secret_tags=self._has_secret_tags
                )
                outputs = write_outputs(outputs, inputs)
                return provider_pb2.ReadResponse(
                    id=request.id,
                    properties=write_properties(outputs),
                    inputs=write_properties({**inputs, IMPORTED: True}),
                )
            outputs = translate_outputs(request.urn, marked, marked_inputs)
            if is_owned(outputs):
                outputs = convert_outputs(outputs)
                refuse_other_account(self._settings, outputs, "reading", request.id)
            result = self._lifecycle.read(request.id, outputs)
        return provider_pb2.ReadResponse(
            id=result.id or "",
            properties=write_properties(write_outputs(result.outs or {}, marked_inputs)),
            inputs=write_properties(
                keep_import(write_inputs(result.inputs or {}, marked_inputs), marked_inputs)
            ),
        )

    @answer_errors
    def Update(
        self, request: provider_pb2.UpdateRequest, context: Any
    ) -> provider_pb2.UpdateResponse:
        """Change what changes in place. In a preview, return the outputs that are known."""
        marked, marked_olds, marked_old_inputs = map(
            read_properties, (request.news, request.olds, request.old_inputs)
        )
        news = translate_inputs(request.urn, marked)
        olds = translate_outputs(request.urn, marked_olds, marked_old_inputs)
        olds = forget_import(olds, marked_old_inputs, news)
        if request.preview:
            predicted = predict_update(olds, reveal(marked_old_inputs), reveal(marked))
            return provider_pb2.UpdateResponse(
                properties=write_properties(write_outputs(predicted, marked))
            )
        refuse_resource_that_was_read(request.id, olds)
        with self._act(request.urn):
            refuse_other_account(self._settings, olds, "updating", request.id)
            result = self._lifecycle.update(
                request.id, olds, news | translate_ignored_paths(request.ignoreChanges)
            )
        return provider_pb2.UpdateResponse(
            properties=write_properties(write_outputs(result.outs or {}, marked))
        )

    @answer_errors
    def Delete(self, request: provider_pb2.DeleteRequest, context: Any) -> empty_pb2.Empty:
        """Call DeleteCollaboration. Deleting a collaboration that is gone succeeds."""
        outputs = translate_outputs(
            request.urn, read_properties(request.properties), read_properties(request.old_inputs)
        )
        with self._act(request.urn):
            refuse_other_account(self._settings, outputs, "deleting", request.id)
            self._lifecycle.delete(request.id, outputs)
        return empty_pb2.Empty()

    @answer_errors_of_stream
    def List(
        self, request: provider_pb2.ListRequest, context: Any
    ) -> Iterator[provider_pb2.ListResponse]:
        """Yield the collaborations that the caller created, as AWS lists them; those of one name where the query has a name."""
        answers = provider_pb2.ListResponse
        end_backoffs_on_cancel()
        query, token, number = reveal(read_properties(request.query)), request.continuation_token, 0
        connection = connect_with(self._settings, {}, None)
        while True:
            summaries, token = list_page(connection, token, request.page_size)
            for summary in summaries:
                if query.get("name") in (None, summary["name"]):
                    yield answers(result=answers.Result(id=summary["id"], name=summary["name"]))
                    number += 1
                    if number == request.limit:
                        return
            if not token:
                return
            if request.page_size:
                yield answers(continuation=answers.Continuation(continuation_token=token))
                return

    def Cancel(self, request: empty_pb2.Empty, context: Any) -> empty_pb2.Empty:
        """Cancel the run: end every wait, and send no further write and no retry."""
        cancel_waits()
        return empty_pb2.Empty()

    @contextmanager
    def _act(self, urn: str) -> Iterator[None]:
        """Call AWS for a resource. A preview without a refresh calls nothing, and so never loads botocore."""
        end_backoffs_on_cancel()
        with self._log.collect(urn):
            yield
