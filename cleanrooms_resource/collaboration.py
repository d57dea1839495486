"""The resource: its constructor, and its outputs."""

from __future__ import annotations

import copy
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, get_overloads, overload

import pulumi
from pulumi.dynamic import Resource
from pulumi.runtime import is_config_secret

from cleanrooms_resource.args import ArgsOrDict, to_plain_values
from cleanrooms_resource.aws.settings import list_variables_beyond_a_shell
from cleanrooms_resource.changes.marks import write_plain_names
from cleanrooms_resource.changes.takeover import PLUGIN_TYPE, PULUMI_AWS_TYPE, UNTYPED_DYNAMIC_TYPE
from cleanrooms_resource.connection_args import ConnectionArgs, keep_keys_secret
from cleanrooms_resource.declaration.canonical_form import canonicalize
from cleanrooms_resource.declaration.connection_form import canonicalize_connection, names_identity
from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.ignored_paths import (
    judge_ignored_paths,
    key_members_by_account,
    list_ignored_members,
)
from cleanrooms_resource.declaration.limits import find_id_violation
from cleanrooms_resource.declaration.rules import find_warnings
from cleanrooms_resource.declaration.spelling import (
    names_to_camel_case,
    path_to_camel_case,
    split_path,
    to_camel_case,
    to_snake_case,
)
from cleanrooms_resource.declaration.unknown_values import is_known, is_placeholder
from cleanrooms_resource.dependencies import refuse_old_dependencies
from cleanrooms_resource.errors import DeclarationError
from cleanrooms_resource.hidden_keys import (
    HOLDER,
    IGNORED_MEMBERS,
    IGNORED_NAMES,
    IMPORT_ID,
    PLAIN_NAMES,
    RESOURCE_NAME,
    VARIABLES,
)
from cleanrooms_resource.inputs import (
    CollaborationArgs,
    CollaborationDataEncryptionMetadataArgs,
    CollaborationMlMemberAbilitiesArgs,
    CollaborationPaymentConfigurationArgs,
    Members,
)
from cleanrooms_resource.outputs import MembersAttribute, OutputAttribute, list_outputs
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import (
    Transformations,
    end_quietly_when_interrupted,
    get_type_name,
)
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from cleanrooms_resource.args_dicts import (
        CollaborationArgsDict,
        CollaborationDataEncryptionMetadataArgsDict,
        CollaborationMlMemberAbilitiesArgsDict,
        CollaborationPaymentConfigurationArgsDict,
        ConnectionArgsDict,
    )
    from cleanrooms_resource.enums import (
        AnalyticsEngineName,
        AutoApprovedChangeTypeName,
        ChangeRequestModeName,
        JobLogStatusName,
        MemberAbilityName,
        QueryLogStatusName,
        SupportedS3RegionName,
    )

F = TypeVar("F", bound=Callable[..., Any])


def _show_arguments(init: F) -> F:
    """Let ``help`` and ``inspect.signature`` show the arguments of the last overload."""
    vars(init)["__wrapped__"] = get_overloads(init)[-1]
    return init


class Collaboration(Resource, module="cleanrooms", name="Collaboration"):
    """An AWS Clean Rooms collaboration, owned by the account that the stack's ``aws:`` settings act in.

    The outputs are the response's fields (GetCollaboration; times as ISO 8601 in UTC), the declared properties at their live values, and
    ``tags_all``, ``member_statuses``, ``region`` and ``open_change_requests``. An output that is not known, or that AWS did not return, is None.
    Other resources should depend on ``id``: the preview of a change in place knows no other output.

    A subclass has the same type in Pulumi, unless its class statement names another ``module`` and ``name``.
    """

    def __init_subclass__(
        cls, module: str = "cleanrooms", name: str = "Collaboration", **keywords: Any
    ) -> None:
        """Keep the type for subclasses. Pulumi would give a subclass the type of every dynamic resource without a type."""
        super().__init_subclass__(module=module, name=name, **keywords)

    name = OutputAttribute[str]("The name of the collaboration.")
    arn = OutputAttribute[str]("The ARN of the collaboration.")
    description = OutputAttribute["str | None"]("The description of the collaboration.")
    creator_account_id = OutputAttribute[str]("The account that owns the collaboration.")
    creator_display_name = OutputAttribute[str]("The display name of the creator.")
    create_time = OutputAttribute[str](
        "The time at which AWS created the collaboration, as ISO 8601 in UTC."
    )
    update_time = OutputAttribute[str]("The time of the last change, as ISO 8601 in UTC.")
    member_status = OutputAttribute[str](
        "The creator's own status: INVITED until it joins, then ACTIVE."
    )
    membership_id = OutputAttribute["str | None"]("The id of the creator's own membership.")
    membership_arn = OutputAttribute["str | None"]("The ARN of the creator's own membership.")
    data_encryption_metadata = OutputAttribute["dict[str, bool] | None"](
        "The settings of Cryptographic Computing for Clean Rooms: ``allowCleartext``, ``allowDuplicates``, "
        "``allowJoinsOnColumnsWithDifferentNames`` and ``preserveNulls``."
    )
    query_log_status = OutputAttribute[str](
        "Whether the collaboration logs queries: ENABLED or DISABLED."
    )
    job_log_status = OutputAttribute["str | None"](
        "Whether the collaboration logs jobs: ENABLED or DISABLED."
    )
    analytics_engine = OutputAttribute["str | None"](
        "The analytics engine: SPARK, or CLEAN_ROOMS_SQL in old collaborations."
    )
    auto_approved_change_types = OutputAttribute["list[str] | None"](
        "The types of change requests that need no approval, as AWS returns them."
    )
    allowed_result_regions = OutputAttribute["list[str] | None"](
        "The regions in which results may be stored."
    )
    is_metrics_enabled = OutputAttribute["bool | None"](
        "Whether members can have CloudWatch metrics of their queries."
    )

    members = MembersAttribute(
        "The declared members, a map keyed by account id (``dict[str, dict[str, Any]]``). Each has ``displayName`` and ``memberAbilities``, and "
        "``mlMemberAbilities`` and ``paymentConfiguration`` where they are declared. ``member_statuses`` has the status of each account."
    )
    creator_member_abilities = OutputAttribute["list[str]"]("The abilities of the creator.")
    creator_ml_member_abilities = OutputAttribute["dict[str, Any] | None"](
        "The machine learning output that the creator receives, as a list under ``customMLMemberAbilities``."
    )
    creator_payment_configuration = OutputAttribute["dict[str, Any] | None"](
        "The costs that the creator pays: ``queryCompute``, ``jobCompute``, and ``machineLearning`` with ``modelTraining``, ``modelInference`` and "
        "``syntheticDataGeneration``, each with ``isResponsible``."
    )
    auto_approved_change_request_types = OutputAttribute["list[str] | None"](
        "The declared types of change requests that need no approval."
    )
    tags = OutputAttribute["dict[str, str] | None"]("The declared tags.")

    tags_all = OutputAttribute["dict[str, str]"](
        "Every tag of the collaboration, without the tags that AWS itself sets."
    )
    member_statuses = OutputAttribute["dict[str, str]"](
        "The invited accounts with INVITED, ACTIVE, LEFT or REMOVED, as of the last refresh."
    )
    region = OutputAttribute[str]("The region of the collaboration.")
    open_change_requests = OutputAttribute["list[dict[str, Any]] | None"](
        "The change requests of this resource that are PENDING, APPROVED or DENIED as of the last refresh. "
        "Each has ``id``, ``status``, ``changes`` and ``approvals``."
    )

    _transformations = Transformations(lambda args: _respell_transformed(args))  # noqa: PLW0108 - it stands below

    @overload
    def __init__(
        self,
        resource_name: str,
        args: CollaborationArgs | CollaborationArgsDict | Mapping[str, Any],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        resource_name: str,
        opts: pulumi.ResourceOptions | None = None,
        *,
        creator_display_name: pulumi.Input[str],
        creator_member_abilities: pulumi.Input[Sequence[pulumi.Input[str | MemberAbilityName]]],
        query_log_status: pulumi.Input[str | QueryLogStatusName],
        name: pulumi.Input[str] | None = None,
        members: Members | None = None,
        description: pulumi.Input[str] | None = None,
        creator_ml_member_abilities: ArgsOrDict[
            CollaborationMlMemberAbilitiesArgs, CollaborationMlMemberAbilitiesArgsDict
        ]
        | None = None,
        creator_payment_configuration: ArgsOrDict[
            CollaborationPaymentConfigurationArgs, CollaborationPaymentConfigurationArgsDict
        ]
        | None = None,
        data_encryption_metadata: ArgsOrDict[
            CollaborationDataEncryptionMetadataArgs, CollaborationDataEncryptionMetadataArgsDict
        ]
        | None = None,
        job_log_status: pulumi.Input[str | JobLogStatusName] | None = None,
        analytics_engine: pulumi.Input[str | AnalyticsEngineName] | None = None,
        auto_approved_change_request_types: pulumi.Input[
            Sequence[pulumi.Input[str | AutoApprovedChangeTypeName]]
        ]
        | None = None,
        allowed_result_regions: pulumi.Input[Sequence[pulumi.Input[str | SupportedS3RegionName]]]
        | None = None,
        is_metrics_enabled: pulumi.Input[bool] | None = None,
        tags: pulumi.Input[Mapping[str, pulumi.Input[str]]] | None = None,
        region: pulumi.Input[str] | None = None,
        change_requests: pulumi.Input[str | ChangeRequestModeName] | None = None,
        remove_members: pulumi.Input[bool] | None = None,
        connection: ArgsOrDict[ConnectionArgs, ConnectionArgsDict] | None = None,
    ) -> None: ...
    @_show_arguments
    def __init__(self, resource_name: str, *positional: Any, **keywords: Any) -> None:
        """Declare a collaboration.

        Args:
            resource_name: The resource's name in Pulumi.
            positional: The arguments as ``CollaborationArgs`` or as a dict, and the options.
            keywords: The arguments by name, and the options as ``opts``. ``CollaborationArgs`` says what leaving an argument out means, and what a
                change of it does. They are:

                - ``name``: The name of the collaboration; names are not unique.
                - ``description``: A description of the collaboration.
                - ``analytics_engine``: The engine that runs the collaboration's analyses.
                - ``tags``: The tags of the collaboration.
                - ``members``: The members that the collaboration invites; the creator is not one of them.
                - ``creator_display_name``: The display name of the creator, the account that owns the collaboration.
                - ``creator_member_abilities``: The abilities of the creator.
                - ``creator_ml_member_abilities``: The machine learning output that the creator receives.
                - ``creator_payment_configuration``: The costs that the creator pays.
                - ``data_encryption_metadata``: The settings of Cryptographic Computing for Clean Rooms.
                - ``query_log_status``: Whether the collaboration logs queries.
                - ``job_log_status``: Whether the collaboration logs jobs.
                - ``auto_approved_change_request_types``: The types of change requests that need no approval.
                - ``allowed_result_regions``: The regions in which results may be stored.
                - ``is_metrics_enabled``: Whether members can have CloudWatch metrics of their queries.
                - ``region``: The region in which AWS creates the collaboration.
                - ``change_requests``: Whether change requests change the members in place: ``NEVER``; ``AUTO_APPROVED``, where AWS approves
                  every one of the changes by itself; or ``PROPOSE``, where other members have to approve some of them.
                - ``remove_members``: Whether a member that the program drops is removed from the collaboration (DeleteMember). AWS cannot invite
                  a removed member again.
                - ``connection``: Whose credentials act for this resource, in which accounts, and at which endpoints.

        Raises:
            DeclarationError: the arguments are wrong as far as they are known; the error lists every failure, in the program's spelling.
            pulumi.RunError: the options name a provider, which cannot reach a dynamic resource.

        """
        end_quietly_when_interrupted()
        refuse_old_dependencies()
        properties, opts = _read_arguments(resource_name, *positional, **keywords)
        _refuse_providers(
            resource_name, opts, has_connection=_names_identity(properties.get("connection"))
        )
        opts = _respell_options(opts)
        opts.aliases = _add_takeover_aliases(
            resource_name, opts, is_subclass=type(self) is not Collaboration
        )
        declaration = _canonicalize_or_raise(resource_name, properties, opts)
        inputs = _build_inputs(resource_name, properties, declaration, opts)
        inputs[HOLDER] = _name_holder(get_type_name(self), resource_name, opts.parent)
        opts.import_ = None  # The hidden input has the id.
        # The default tags of the stack are among `tags_all`.
        secret_defaults = ["tagsAll"] if is_config_secret("aws:defaultTags") else []
        secret_outputs = [*(opts.additional_secret_outputs or ()), *secret_defaults]
        opts.additional_secret_outputs = secret_outputs

        # An Output alone can be secret.
        outputs = {
            name: pulumi.Output.from_input(value)
            for name, value in properties.items()
            if not is_known(value)
        }
        inputs[PLAIN_NAMES] = (
            pulumi.Output.from_input(_find_plain_names(outputs, secret_outputs))
            if outputs
            else _write_plain_names(secret_outputs)
        )
        # The SDK does not send a property that is None, and makes an output of its name.
        super().__init__(
            CollaborationProvider(),
            resource_name,
            {**dict.fromkeys(_OUTPUTS.values()), **inputs},
            opts,
        )
        for warning in _drop_ignored(find_warnings(declaration), opts):
            pulumi.log.warn(
                warning.to_sentence(in_program=True, in_camel_case=_is_in_camel_case(properties)),
                self,
            )

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],  # noqa: A002 Pulumi's name
        opts: pulumi.ResourceOptions | None = None,
        region: pulumi.Input[str] | None = None,
        connection: ArgsOrDict[ConnectionArgs, ConnectionArgsDict] | None = None,
    ) -> Collaboration:
        """Read a collaboration that this stack does not own, by its id.

        ``region`` is needed if the collaboration is not in the stack's region, ``connection`` if other credentials than the stack's read it.
        If the collaboration does not exist, the preview fails. Only the creator may read the tags; for other members they are None.

        Raises:
            pulumi.RunError: ``id`` is not an id, ``connection`` is wrong, or the options name a provider, which cannot reach a dynamic resource.

        """
        end_quietly_when_interrupted()
        refuse_old_dependencies()
        collaboration = cls.__new__(cls)
        own_connection, failures = canonicalize_connection(to_plain_values(connection))
        if failures:
            raise pulumi.RunError(
                f'Collaboration.get("{resource_name}"): {"; ".join(failure.to_sentence(in_program=True) for failure in failures)}'
            )
        _refuse_providers(
            resource_name,
            opts or pulumi.ResourceOptions(),
            has_connection=_names_identity(own_connection),
        )
        wrong_id = find_id_violation(id) if is_known(id) else None
        if wrong_id:
            raise pulumi.RunError(f'Collaboration.get("{resource_name}"): id: {wrong_id}')
        if own_connection is not None:
            # The engine drops what is not known yet from a read, and so the stack's identity would act; it reads no resource of an unknown id.
            id = pulumi.Output.unsecret(  # noqa: A001
                pulumi.Output.all(id, own_connection).apply(lambda known: known[0])
            )
        opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id))
        inputs = {
            **dict.fromkeys(_OUTPUTS.values()),
            "region": region,
            "connection": keep_keys_secret(own_connection),
        }
        Resource.__init__(collaboration, CollaborationProvider(), resource_name, inputs, opts)
        return collaboration


_OUTPUTS = list_outputs(Collaboration)


def _read_arguments(
    resource_name: str,
    first: Any = None,
    second: Any = None,
    *others: Any,
    args: Any = None,
    opts: pulumi.ResourceOptions | None = None,
    **keywords: Any,
) -> tuple[dict[str, Any], pulumi.ResourceOptions]:
    """Return the properties without those that are None, and the options. ``(args, opts)`` and ``(opts, **properties)`` are as in pulumi-aws."""
    if isinstance(first, pulumi.ResourceOptions) or (first is None and args is None):
        opts = first or second or opts
    else:
        args, opts = first or args, second or opts
    failures = []
    if not isinstance(args, CollaborationArgs | Mapping | None):
        failures.append(
            f"args: must be CollaborationArgs or a map of properties, and is of type {type(args).__name__}"
        )
    if not isinstance(opts, pulumi.ResourceOptions | None):
        failures.append(
            f"opts: must be pulumi.ResourceOptions, and is of type {type(opts).__name__}"
        )
    if others:
        failures.append(
            "the positional arguments must be the resource's name, args and opts; write each other argument with its name"
        )
    if failures:
        raise DeclarationError(resource_name, failures)
    properties = {**(to_plain_values(args) or {}), **to_plain_values(keywords)}
    return {
        name: value for name, value in properties.items() if value is not None
    }, opts or pulumi.ResourceOptions()


def _refuse_providers(
    resource_name: str, opts: pulumi.ResourceOptions, *, has_connection: bool
) -> None:
    # A connection says who acts, so a provider that a component hands down misleads nobody.
    inherited = not has_connection and opts.parent and opts.parent.get_provider(PULUMI_AWS_TYPE)
    if not (opts.provider or opts.providers or inherited):
        return
    where = (
        "inherits an aws provider from its parent"
        if inherited
        else "names a provider in its options"
    )
    raise pulumi.RunError(
        f'collaboration "{resource_name}" {where}. Pulumi ignores providers on dynamic resources, so this provider would have no effect. '
        'Write the argument `connection=cleanrooms_resource.ConnectionArgs(profile="...")` instead (or `assume_roles`, `access_key`), or set the '
        "credentials of the stack (`aws:profile`, `aws:accessKey`). The region is the argument `region`, or `aws:region`."
    )


def _names_identity(connection: Any) -> bool:
    """Whether a connection says whose credentials act. An Output may say so."""
    if not isinstance(connection, Mapping):
        return connection is not None
    return names_identity(
        {to_camel_case(name): value for name, value in connection.items() if value is not None}
    )


def _respell_options(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Return a copy of the options with property names in boto3's spelling, which the engine sees."""
    opts = copy.copy(opts)
    for option in ("ignore_changes", "replace_on_changes", "additional_secret_outputs"):
        paths = _list_paths(getattr(opts, option))
        if paths:
            setattr(opts, option, [path_to_camel_case(path) for path in paths])
    return opts


def _add_takeover_aliases(
    resource_name: str, opts: pulumi.ResourceOptions, *, is_subclass: bool
) -> list[Any]:
    """Return the aliases with those that find a state of pulumi-aws or the plug-in: under the resource's own name and parent, and each alias's.

    Version 0.1.0 gave subclasses another type. Any other dynamic resource may have that type, so a subclass alone gets its alias.
    """
    aliases = list(opts.aliases or ())
    types = (PULUMI_AWS_TYPE, PLUGIN_TYPE, *((UNTYPED_DYNAMIC_TYPE,) if is_subclass else ()))
    retyped = [
        alias
        for alias in aliases
        if isinstance(alias, pulumi.Alias) and not isinstance(alias.type_, str)
    ]
    aliases += [_retype(alias, type_) for type_ in types for alias in retyped]
    if opts.parent is not None:
        return [*aliases, *(pulumi.Alias(type_=type_) for type_ in types)]
    # The SDK needs several Outputs for an Alias, and none for a URN.
    return [
        *aliases,
        *(
            f"urn:pulumi:{pulumi.get_stack()}::{pulumi.get_project()}::{type_}::{resource_name}"
            for type_ in types
        ),
    ]


def _retype(alias: pulumi.Alias, type_: str) -> pulumi.Alias:
    alias = copy.copy(alias)
    alias.type_ = type_
    return alias


def _canonicalize_or_raise(
    resource_name: str, properties: Mapping[str, Any], opts: pulumi.ResourceOptions
) -> dict[str, Any]:
    """Return the declaration in canonical form; ``{}`` if the only failures are in properties that ``ignore_changes`` names."""
    declaration, failures = canonicalize({"name": resource_name, **properties})
    failures = _drop_ignored(failures, opts)
    if not isinstance(opts.import_, str | None):
        reason = f"must be a string, and is of type {type(opts.import_).__name__}: the preview needs the id"
        failures.append(
            Failure(
                ("import_",),
                f"{reason}. Write the id into the program, or read it with `pulumi.Config().require`",
            )
        )
    elif opts.import_ is not None and (wrong_id := find_id_violation(opts.import_)):
        failures.append(Failure(("import_",), wrong_id))
    if not isinstance(opts.protect, bool | None):
        failures.append(
            Failure(
                ("protect",), f"must be True or False, and is of type {type(opts.protect).__name__}"
            )
        )
    if opts.import_ is not None and getattr(opts, "replace_with", None):
        failures.append(
            Failure(
                ("import_",),
                "must not stand beside replace_with, which deletes the collaboration without asking this provider",
            )
        )
    reasons = [
        failure.to_sentence(in_program=True, in_camel_case=_is_in_camel_case(properties))
        for failure in failures
    ]
    reasons += judge_ignored_paths(_list_paths(opts.ignore_changes), properties)
    if reasons:
        raise DeclarationError(resource_name, reasons)
    return declaration


def _drop_ignored(failures: list[Failure], opts: pulumi.ResourceOptions) -> list[Failure]:
    """Return the failures without those in properties that ``ignore_changes`` names."""
    # The engine puts the old value in the place of an ignored one, so the program's own value is not sent.
    paths = _list_paths(opts.ignore_changes)
    return [failure for failure in failures if not any(map(failure.is_within, paths))]


def _is_in_camel_case(properties: Mapping[str, Any]) -> bool:
    """Whether the program spells properties as boto3 does, as data in YAML mostly has them."""
    return any(to_snake_case(name) != name for name in properties)


def _build_inputs(
    resource_name: str,
    properties: Mapping[str, Any],
    declaration: Mapping[str, Any],
    opts: pulumi.ResourceOptions,
) -> dict[str, Any]:
    """Return the inputs for the engine: the declaration, or the program's own values if it has no canonical form yet; and the hidden inputs."""
    inputs = dict(declaration) or _respell_properties(properties)
    members, paths = declaration.get("members"), _list_paths(opts.ignore_changes)
    if isinstance(members, dict) and any(map(is_placeholder, members)):
        # Check finds the account of a placeholder in the member itself.
        inputs["members"] = _key_ignored_members(properties["members"], paths)
    inputs |= _list_ignored(paths, members)
    if "name" not in properties:
        inputs.pop("name", None)
        inputs[RESOURCE_NAME] = resource_name
    if opts.import_:
        inputs[IMPORT_ID] = opts.import_
    if variables := list_variables_beyond_a_shell():
        inputs[VARIABLES] = variables
    if "connection" in inputs:
        inputs["connection"] = keep_keys_secret(inputs["connection"])
    return inputs


def _respell_properties(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the program's own values with every name in boto3's spelling, which a path of ``ignore_changes`` leads into."""
    respelled = {to_camel_case(name): value for name, value in properties.items()}
    return {
        name: value if name in ("tags", "connection") else names_to_camel_case(value)
        for name, value in respelled.items()
    }


def _key_ignored_members(members: Any, paths: list[str]) -> Any:
    """Return a list of members as a map if a path leads to one of them: a path leads into a map alone."""
    if isinstance(members, list) and list_ignored_members(paths):
        return key_members_by_account(names_to_camel_case(members))
    return members


def _list_ignored(paths: list[str], members: Any) -> dict[str, Any]:
    """Return the hidden inputs of the paths of ``ignore_changes``."""
    # The old value of an ignored property takes the place of the program's value, and may be secret where the program's is not.
    names = sorted({split_path(path)[0] for path in paths})
    accounts = [
        account
        for account in list_ignored_members(paths)
        if isinstance(members, dict) and account in members
    ]
    hidden: dict[str, Any] = {IGNORED_NAMES: names} if names else {}
    return hidden | ({IGNORED_MEMBERS: accounts} if accounts else {})


def _respell_transformed(
    args: pulumi.ResourceTransformationArgs,
) -> pulumi.ResourceTransformationResult | None:
    """Respell what the program's transformations have added to the options of a collaboration."""
    if not isinstance(args.resource, Collaboration):
        return None
    opts = _respell_options(args.opts)
    paths = _list_paths(opts.ignore_changes)
    if reasons := judge_ignored_paths(paths, args.props):
        raise DeclarationError(args.name, reasons)
    members = _key_ignored_members(args.props.get("members"), paths)
    props = {**args.props, **_list_ignored(paths, members)}
    if members is not None:
        props["members"] = members
    return pulumi.ResourceTransformationResult(props, opts)


def _name_holder(
    type_name: str, resource_name: str, parent: pulumi.Resource | None
) -> pulumi.Input[str]:
    """Return a name that no other resource of the program has."""
    if parent is None:
        return f"{type_name}::{resource_name}"

    # An Output of the parent's URN itself would make the collaboration depend on the parent, and so on the parent's children.
    async def add_parent() -> str:
        return f"{await parent.urn.future()}::{type_name}::{resource_name}"

    return pulumi.Output.from_input(add_parent())


async def _find_plain_names(
    outputs: Mapping[str, pulumi.Output[Any]], secret_outputs: list[str]
) -> str:
    """Return the hidden input of the properties that are not secret, and add the outputs that derive from a secret property to ``secret_outputs``.

    The engine keeps an output secret only where an input of the same name is secret. Whether an Output is secret is known later than the constructor
    ends, but before the SDK reads the secret outputs: the SDK first awaits every input.
    """
    secret_names = [
        to_camel_case(name) for name, output in outputs.items() if await output.is_secret()
    ]
    secret_outputs.extend(
        output for name in secret_names if name in TABLE for output in TABLE[name].derived_outputs
    )
    return _write_plain_names((*secret_names, *secret_outputs))


def _write_plain_names(secret_names: Collection[str]) -> str:
    """Return the hidden input of the properties that are not secret, those left out included. ``secret_names`` may be of outputs."""
    excluded = set(secret_names)
    return write_plain_names(
        row.name for row in TABLE.values() if excluded.isdisjoint((row.name, *row.derived_outputs))
    )


def _list_paths(option: Any) -> list[str]:
    return list(option or ())
