"""The resource: its constructor, and its outputs."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, overload

import pulumi
from pulumi.dynamic import Resource

from cleanrooms_resource import takeover
from cleanrooms_resource.adoption import IMPORT
from cleanrooms_resource.declaration import canonical
from cleanrooms_resource.errors import DeclarationError
from cleanrooms_resource.inputs import (
    CollaborationArgs,
    CollaborationDataEncryptionMetadataArgs,
    CollaborationMlMemberAbilitiesArgs,
    CollaborationPaymentConfigurationArgs,
    Given,
    Members,
    plain,
)
from cleanrooms_resource.properties import IGNORED, NAMED, TABLE, Change
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.rules import warnings
from cleanrooms_resource.spelling import camel_case, camel_case_path, path_segments
from cleanrooms_resource.unknowns import is_placeholder


class Collaboration(Resource, module="cleanrooms", name="Collaboration"):
    """An AWS Clean Rooms collaboration, owned by the account that the stack's ``aws:`` settings act in.

    The outputs are the response's fields (GetCollaboration; times as ISO 8601 in UTC), the declared properties at their live values, and what is
    listed last. One that is not known, or that AWS did not return, is None. Depend on ``id``: the preview of an in-place update knows no other.
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    description: pulumi.Output[str | None]
    creator_account_id: pulumi.Output[str]
    creator_display_name: pulumi.Output[str]
    create_time: pulumi.Output[str]
    update_time: pulumi.Output[str]
    member_status: pulumi.Output[str]
    """The creator's own: INVITED until it joins, then ACTIVE."""
    membership_id: pulumi.Output[str | None]
    membership_arn: pulumi.Output[str | None]
    data_encryption_metadata: pulumi.Output[dict[str, bool] | None]
    query_log_status: pulumi.Output[str]
    job_log_status: pulumi.Output[str | None]
    analytics_engine: pulumi.Output[str | None]
    auto_approved_change_types: pulumi.Output[list[str] | None]
    allowed_result_regions: pulumi.Output[list[str] | None]
    is_metrics_enabled: pulumi.Output[bool | None]

    members: pulumi.Output[Any]
    """The declared members, a map keyed by account id (``dict[str, dict[str, Any]]``); ``member_statuses`` tells who joined."""
    creator_member_abilities: pulumi.Output[list[str]]
    creator_ml_member_abilities: pulumi.Output[dict[str, Any] | None]
    creator_payment_configuration: pulumi.Output[dict[str, Any] | None]
    auto_approved_change_request_types: pulumi.Output[list[str] | None]
    tags: pulumi.Output[dict[str, str] | None]

    tags_all: pulumi.Output[dict[str, str]]
    """Every tag of the collaboration but AWS's own."""
    member_statuses: pulumi.Output[dict[str, str]]
    """The invited accounts to INVITED, ACTIVE, LEFT or REMOVED, as of the last refresh."""
    region: pulumi.Output[str]

    @overload
    def __init__(self, resource_name: str, args: CollaborationArgs | Mapping[str, Any], opts: pulumi.ResourceOptions | None = None) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        creator_display_name: pulumi.Input[str],
        creator_member_abilities: pulumi.Input[Sequence[pulumi.Input[str]]],
        query_log_status: pulumi.Input[str],
        name: pulumi.Input[str] | None = None,
        members: Members | None = None,
        description: pulumi.Input[str] | None = None,
        creator_ml_member_abilities: Given[CollaborationMlMemberAbilitiesArgs] | None = None,
        creator_payment_configuration: Given[CollaborationPaymentConfigurationArgs] | None = None,
        data_encryption_metadata: Given[CollaborationDataEncryptionMetadataArgs] | None = None,
        job_log_status: pulumi.Input[str] | None = None,
        analytics_engine: pulumi.Input[str] | None = None,
        auto_approved_change_request_types: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        allowed_result_regions: pulumi.Input[Sequence[pulumi.Input[str]]] | None = None,
        is_metrics_enabled: pulumi.Input[bool] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        region: pulumi.Input[str] | None = None,
    ) -> None: ...
    def __init__(self, resource_name: str, *positional: Any, **keywords: Any) -> None:
        """Declare a collaboration; the arguments are ``CollaborationArgs``'s.

        Raises:
            DeclarationError: the arguments are wrong as far as they are known; it lists every failure, in the program's spelling.
            pulumi.RunError: the options name a provider, which cannot reach a dynamic resource.

        """
        given, opts = _arguments(resource_name, *positional, **keywords)
        _refuse_providers(resource_name, opts)
        opts = _respelt(opts)
        opts.aliases = [*(opts.aliases or ()), pulumi.Alias(type_=takeover.TYPE)]
        declaration, failures = canonical({"name": resource_name, **given})
        # What ignore_changes covers is not what will be sent: the engine puts the old value in its place.
        failures = [failure for failure in failures if not any(failure.within(path) for path in _paths(opts.ignore_changes))]
        if failures:
            raise DeclarationError(resource_name, [failure.sentence(in_program=True) for failure in failures])
        properties = declaration or {camel_case(name): value for name, value in given.items()}
        members = declaration.get("members")
        if isinstance(members, dict) and any(map(is_placeholder, members)):
            properties["members"] = given["members"]
        if "name" not in given:
            properties.pop("name", None)
            properties[NAMED] = resource_name
        if opts.import_:
            properties[IMPORT], opts.import_ = opts.import_, None
        covered = sorted(path for path in _paths(opts.ignore_changes) if path == "*" or _replaces(path))
        if covered:
            properties[IGNORED] = covered
        opts.additional_secret_outputs = list(opts.additional_secret_outputs or ())
        properties["__derived"] = pulumi.Output.from_input(_keep_secret(given, opts.additional_secret_outputs))
        # A property that is sent as None is not sent; naming it makes it an output.
        super().__init__(CollaborationProvider(), resource_name, {**dict.fromkeys(_OUTPUTS.values()), **properties}, opts)
        for warning in warnings(declaration):
            pulumi.log.warn(warning.sentence(in_program=True), self)

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 Pulumi's name
        opts: pulumi.ResourceOptions | None = None,
        region: pulumi.Input[str] | None = None,
    ) -> Collaboration:
        """Read a collaboration that this stack does not own, by its id; ``region`` is where it is, unless the stack's settings say so.

        One that is not there fails the preview. Its tags are None where they may not be read, as for those who are only members.

        Raises:
            pulumi.RunError: the options name a provider, which cannot reach a dynamic resource.

        """
        found = cls.__new__(cls)
        _refuse_providers(resource_name, opts or pulumi.ResourceOptions())
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        Resource.__init__(found, CollaborationProvider(), resource_name, {**dict.fromkeys(_OUTPUTS.values()), "region": region}, opts)
        return found

    def __getattr__(self, name: str) -> pulumi.Output[Any]:
        # The SDK keeps outputs under the names that were sent, which are boto3's.
        try:
            return self.__dict__[_OUTPUTS[name]]  # type: ignore[no-any-return]
        except KeyError:
            raise AttributeError(f"a Collaboration has no output {name!r}") from None


_OUTPUTS = {name: camel_case(name) for name in Collaboration.__annotations__}


def _arguments(
    resource_name: str, first: Any = None, second: Any = None, *, args: Any = None, opts: pulumi.ResourceOptions | None = None, **keywords: Any
) -> tuple[dict[str, Any], pulumi.ResourceOptions]:
    """Tell ``(args, opts)`` from ``(opts, **properties)``, as pulumi-aws's constructors do."""
    if isinstance(first, pulumi.ResourceOptions) or (first is None and args is None):
        opts = first or second or opts
    else:
        args, opts = first or args, second or opts
    if not isinstance(args, CollaborationArgs | Mapping | None):
        raise DeclarationError(resource_name, [f"must be CollaborationArgs, or a map of properties, and is {type(args).__name__}"])
    given = {**(plain(args) or {}), **plain(keywords)}
    return {name: value for name, value in given.items() if value is not None}, opts or pulumi.ResourceOptions()


async def _keep_secret(given: Mapping[str, Any], names: list[str]) -> None:
    """Add to ``names`` the outputs that are derived from a secret. The engine keeps an output secret only where an input of the same name is.

    Whether an Output is secret is known later than the constructor ends, but before the SDK reads the names: it first awaits every property.
    """
    for name, value in given.items():
        derived = _DERIVED.get(camel_case(name))
        if derived and await pulumi.Output.from_input(value).is_secret():
            names.append(derived)


_DERIVED = {"members": "memberStatuses", "tags": "tagsAll"} | {row.name: row.response for row in TABLE.values() if row.response}


def _refuse_providers(resource_name: str, opts: pulumi.ResourceOptions) -> None:
    inherited = opts.parent and opts.parent.get_provider(takeover.TYPE)
    if opts.provider or opts.providers or inherited:
        where = "inherits an aws provider from its parent" if inherited else "names a provider in its options"
        raise pulumi.RunError(
            f'collaboration "{resource_name}" {where}, which cannot reach it: Pulumi ignores providers on dynamic resources. '
            "Say who acts in the stack's `aws:` settings (`aws:profile`, `aws:accessKey`), and where in `aws:region` or the argument `region`."
        )


def _respelt(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """The options with property names in boto3's spelling, which is what the engine sees."""
    opts = copy.copy(opts)
    for option in ("ignore_changes", "replace_on_changes", "additional_secret_outputs"):
        paths = _paths(getattr(opts, option))
        if paths:
            setattr(opts, option, [camel_case_path(path) for path in paths])
    return opts


def _replaces(path: str) -> bool:
    row = TABLE.get(path_segments(path)[0])
    return row is not None and row.change is Change.REPLACE


def _paths(option: Any) -> list[str]:
    return list(option or ())
