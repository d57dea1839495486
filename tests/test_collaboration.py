"""The constructor: what it sends, and what it refuses. Run with the SDK's mocks, which take what the engine would be sent."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING, Any, get_overloads

import pulumi
import pytest
from declarations import ADS, BROKER, LEFT_OUT, declaration, member
from pulumi.runtime import set_mocks
from recording_mocks import RecordingMocks

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.hidden_keys import HOLDER
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import mark_secret

if TYPE_CHECKING:
    from collections.abc import Callable


pytestmark = pytest.mark.usefixtures("sdk_event_loop")


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    """A region, without which check refuses a creation."""
    monkeypatch.setenv("AWS_REGION", "us-east-1")


@pytest.fixture
def send() -> Callable[..., dict[str, Any]]:
    """Run a program's one resource and return its inputs."""
    mocks = RecordingMocks()
    set_mocks(mocks)

    def run(make: Callable[[], object]) -> dict[str, Any]:
        pulumi.runtime.test(make)()  # type: ignore[no-untyped-call]
        return next(iter(mocks.inputs.values()))

    return run


def declare_ads(*args: Any, **kwargs: Any) -> cleanrooms.Collaboration:
    return cleanrooms.Collaboration("ads", *args, **kwargs)


def test_keywords_args_and_dicts_send_the_same(send: Any) -> None:
    args = cleanrooms.CollaborationArgs(**declaration())

    assert (
        send(lambda: declare_ads(**declaration()))
        == send(lambda: declare_ads(args))
        == send(lambda: declare_ads(declaration()))
        == send(lambda: declare_ads(args=args))
    )


def test_options_come_second_or_third_as_with_pulumi_aws(send: Any) -> None:
    ignoring = pulumi.ResourceOptions(ignore_changes=["query_log_status"])

    assert (
        send(lambda: declare_ads(ignoring, **declaration(query_log_status=5)))["queryLogStatus"]
        == 5
    )


def test_the_name_left_out_is_the_resources(send: Any) -> None:
    assert (
        CollaborationProvider()
        .check({}, send(lambda: declare_ads(**declaration(name=LEFT_OUT, region="us-east-1"))))
        .inputs["name"]
        == "ads"
    )


def test_the_name_left_out_stays_what_it_was(send: Any) -> None:
    assert (
        CollaborationProvider()
        .check({"name": "Old"}, send(lambda: declare_ads(**declaration(name=LEFT_OUT))))
        .inputs["name"]
        == "Old"
    )


def test_members_are_sent_as_a_map_where_every_account_is_known(send: Any) -> None:
    assert send(lambda: declare_ads(**declaration()))["members"].keys() == {ADS, BROKER}


def test_members_are_sent_as_a_list_where_an_account_is_an_output(send: Any) -> None:
    inputs = send(
        lambda: declare_ads(
            **declaration(members=[member(ADS), member(pulumi.Output.from_input(BROKER))])
        )
    )

    assert [each["account_id"] for each in inputs["members"]] == [ADS, BROKER]


@pytest.mark.parametrize("members", [[member(ADS)], {ADS: member(LEFT_OUT)}])
def test_members_may_be_an_output_as_a_whole(send: Any, members: Any) -> None:
    assert (
        send(lambda: declare_ads(**declaration(members=pulumi.Output.from_input(members))))[
            "members"
        ]
        == members
    )


def test_nested_args_classes_and_outputs_inside_them_are_sent(send: Any) -> None:
    args = cleanrooms.CollaborationMemberArgs(
        account_id=ADS,
        display_name=pulumi.Output.from_input("Ads"),
        member_abilities=[pulumi.Output.from_input("CAN_QUERY")],
        ml_member_abilities=cleanrooms.CollaborationMlMemberAbilitiesArgs(
            custom_ml_member_abilities=["CAN_RECEIVE_MODEL_OUTPUT"]
        ),
        payment_configuration=pulumi.Output.from_input(
            cleanrooms.CollaborationPaymentConfigurationArgs(
                query_compute=cleanrooms.CollaborationQueryComputePaymentConfigArgs(
                    is_responsible=True
                ),
                machine_learning=cleanrooms.CollaborationMlPaymentConfigArgs(
                    model_training=cleanrooms.CollaborationModelTrainingPaymentConfigArgs(
                        is_responsible=True
                    )
                ),
            )
        ),
    )

    assert send(lambda: declare_ads(**declaration(members=[args])))["members"][ADS] == {
        "displayName": "Ads",
        "memberAbilities": ["CAN_QUERY"],
        "mlMemberAbilities": {"customMLMemberAbilities": ["CAN_RECEIVE_MODEL_OUTPUT"]},
        "paymentConfiguration": {
            "queryCompute": {"isResponsible": True},
            "machineLearning": {"modelTraining": {"isResponsible": True}},
        },
    }


def test_a_wrong_declaration_is_refused_in_the_programs_spelling() -> None:
    with pytest.raises(
        cleanrooms.DeclarationError,
        match=r'the declaration of collaboration "ads" is wrong:\n  - members\[0\]\.account_id: must be',
    ):
        declare_ads(**declaration(members=[member("1")]))


def test_a_declaration_that_is_none_is_refused() -> None:
    with pytest.raises(
        cleanrooms.DeclarationError,
        match="must be CollaborationArgs or a map of properties, and is of type list",
    ):
        declare_ads([declaration()])


def test_what_ignore_changes_covers_is_not_refused(send: Any) -> None:
    opts = pulumi.ResourceOptions(ignore_changes=["members", "creator_display_name"])

    assert (
        send(
            lambda: declare_ads(
                opts, **declaration(members=[member("1")], creator_display_name=LEFT_OUT)
            )
        )["name"]
        == "Ads measurement"
    )


def test_import_is_handed_on_as_a_hidden_input(send: Any) -> None:
    id_ = "a56c8d7f-c2dc-4706-8166-65492556865a"

    assert (
        send(lambda: declare_ads(pulumi.ResourceOptions(import_=id_), **declaration()))["__import"]
        == id_
    )


def test_get_refuses_a_provider_as_the_constructor_does() -> None:
    provider = pulumi.ProviderResource.__new__(pulumi.ProviderResource)

    with pytest.raises(pulumi.RunError, match="names a provider in its options"):
        cleanrooms.Collaboration.get("ads", "an-id", pulumi.ResourceOptions(provider=provider))


def test_a_provider_in_the_options_is_refused() -> None:
    provider = pulumi.ProviderResource.__new__(pulumi.ProviderResource)

    with pytest.raises(
        pulumi.RunError,
        match=r"names a provider in its options.*`connection=cleanrooms_resource\.ConnectionArgs\(.*aws:profile",
    ):
        declare_ads(opts=pulumi.ResourceOptions(providers=[provider]), **declaration())


def test_a_provider_in_the_options_is_refused_beside_a_connection_too() -> None:
    opts = pulumi.ResourceOptions(provider=pulumi.ProviderResource.__new__(pulumi.ProviderResource))

    with pytest.raises(pulumi.RunError, match="names a provider in its options"):
        declare_ads(opts=opts, **declaration(connection={"profile": "ads"}))


def test_a_provider_inherited_from_a_parent_is_refused() -> None:
    set_mocks(RecordingMocks())
    provider = pulumi.ProviderResource("aws", "main")
    parent = pulumi.ComponentResource(
        "tests:Parent", "parent", opts=pulumi.ResourceOptions(providers=[provider])
    )

    with pytest.raises(pulumi.RunError, match="inherits an aws provider from its parent"):
        declare_ads(opts=pulumi.ResourceOptions(parent=parent), **declaration())


def test_a_provider_inherited_from_a_parent_is_no_error_beside_a_connection() -> None:
    def make() -> None:
        provider = pulumi.ProviderResource("aws", "main")
        parent = pulumi.ComponentResource(
            "tests:Parent", "parent", opts=pulumi.ResourceOptions(providers=[provider])
        )
        declare_ads(
            opts=pulumi.ResourceOptions(parent=parent), **declaration(connection={"profile": "ads"})
        )

    mocks = RecordingMocks()
    set_mocks(mocks)
    pulumi.runtime.test(make)()  # type: ignore[no-untyped-call]

    assert mocks.inputs["ads"]["connection"] == {"profile": "ads"}


def test_a_connection_may_be_an_args_class_a_dict_or_an_output_at_every_depth(send: Any) -> None:
    role = "arn:aws:iam::444455556666:role/ads"
    args = cleanrooms.ConnectionArgs(
        access_key=pulumi.Output.from_input("key"),
        secret_key="y",
        assume_roles=[
            cleanrooms.ConnectionAssumeRoleArgs(
                role_arn=pulumi.Output.from_input(role), tags={"my_team": "ads"}
            )
        ],
        endpoints={"sts": pulumi.Output.from_input("http://127.0.0.1:1")},
    )
    as_dict = {
        "accessKey": "key",
        "secret_key": "y",
        "assumeRoles": [{"roleArn": role, "tags": {"my_team": "ads"}}],
        "endpoints": {"sts": "http://127.0.0.1:1"},
    }

    def check(connection: Any) -> Any:
        return (
            CollaborationProvider()
            .check({}, send(lambda: declare_ads(**declaration(connection=connection))))
            .inputs["connection"]
        )

    checked = [
        check(connection) for connection in (args, as_dict, pulumi.Output.from_input(as_dict))
    ]

    assert checked[0] == checked[1] == checked[2]
    assert checked[0] == {
        "accessKey": mark_secret("key"),
        "secretKey": mark_secret("y"),
        "assumeRoles": [{"roleArn": role, "tags": {"my_team": "ads"}}],
        "endpoints": {"sts": "http://127.0.0.1:1"},
    }


def test_a_wrong_connection_is_refused_in_the_programs_spelling() -> None:
    with pytest.raises(
        cleanrooms.DeclarationError,
        match=r"connection\.assume_roles\[0\]\.role_arn: must be the ARN of an IAM role",
    ):
        declare_ads(
            **declaration(connection=cleanrooms.ConnectionArgs(assume_roles=[{"role_arn": "ads"}]))
        )


def test_an_empty_connection_is_none(send: Any) -> None:
    assert "connection" not in send(
        lambda: declare_ads(**declaration(connection=cleanrooms.ConnectionArgs()))
    )


def test_get_refuses_a_wrong_connection() -> None:
    with pytest.raises(
        pulumi.RunError,
        match=r'Collaboration\.get\("ads"\): connection\.profil: is not a part of a connection; did you mean "profile"',
    ):
        cleanrooms.Collaboration.get(
            "ads", "a56c8d7f-c2dc-4706-8166-65492556865a", connection={"profil": "ads"}
        )


def test_a_callers_options_are_not_changed(send: Any) -> None:
    opts = pulumi.ResourceOptions(ignore_changes=["creator_display_name"])
    send(lambda: declare_ads(opts, **declaration()))

    assert opts.ignore_changes == ["creator_display_name"]


def test_an_output_that_is_none_has_an_attribute_error() -> None:
    set_mocks(RecordingMocks())

    assert not hasattr(declare_ads(**declaration()), "nothing_of_the_kind")


def test_the_keywords_of_the_constructor_are_those_of_the_args_class() -> None:
    keywords = {
        name
        for overload in get_overloads(cleanrooms.Collaboration.__init__)
        for name, parameter in inspect.signature(overload).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY
    }

    assert keywords == set(cleanrooms.CollaborationArgs.__annotations__)


async def _later(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def _future(value: Any) -> asyncio.Future[Any]:
    return asyncio.ensure_future(_later(value))


@pytest.mark.parametrize("later", [_later, _future], ids=["a coroutine", "a future"])
def test_what_is_awaited_is_accepted_like_an_output_at_every_depth(
    send: Any, later: Callable[[Any], Any]
) -> None:
    pays = True
    paying = cleanrooms.CollaborationPaymentConfigurationArgs(
        query_compute=later(
            cleanrooms.CollaborationQueryComputePaymentConfigArgs(is_responsible=later(pays))
        )
    )

    def make() -> None:
        args = cleanrooms.CollaborationArgs(
            **declaration(
                creator_display_name=later("RetailCo"),
                creator_member_abilities=[later("CAN_RECEIVE_RESULTS")],
                members=[
                    member(
                        ADS,
                        display_name=later("Ads"),
                        member_abilities=later(["CAN_QUERY"]),
                        payment_configuration=paying,
                    ),
                    later(member(BROKER)),
                ],
                tags={"team": later("ads")},
            )
        )
        declare_ads(args)

    inputs = send(make)

    assert inputs["creatorDisplayName"] == "RetailCo"
    assert inputs["creatorMemberAbilities"] == ["CAN_RECEIVE_RESULTS"]
    assert inputs["tags"] == {"team": "ads"}
    checked = CollaborationProvider().check({}, inputs)
    assert checked.failures == []
    assert checked.inputs["members"][ADS] == {
        "displayName": "Ads",
        "memberAbilities": ["CAN_QUERY"],
        "paymentConfiguration": {"queryCompute": {"isResponsible": True}},
    }
    assert checked.inputs["members"][BROKER] == {
        "displayName": "Member 3333",
        "memberAbilities": [],
    }


def test_a_coroutine_of_all_members_is_accepted(send: Any) -> None:
    inputs = send(
        lambda: declare_ads(
            **declaration(members=_later([member(ADS, display_name=_later("Ads"))]))
        )
    )

    assert CollaborationProvider().check({}, inputs).inputs["members"] == {
        ADS: {"displayName": "Ads", "memberAbilities": []}
    }


@pytest.mark.parametrize(
    "later", [pulumi.Output.from_input, _later], ids=["an Output", "a coroutine"]
)
def test_an_import_that_is_known_too_late_is_refused_with_everything_else(
    later: Callable[[Any], Any],
) -> None:
    opts = pulumi.ResourceOptions(import_=later("an-id"))

    with pytest.raises(cleanrooms.DeclarationError, match="import_: must be a string") as refusal:
        declare_ads(opts, **declaration(query_log_status=5))

    assert "query_log_status: must be a string" in str(refusal.value)


def test_two_types_of_one_class_name_have_two_holders(send: Any) -> None:
    def make(module: str) -> type[cleanrooms.Collaboration]:
        class Ads(cleanrooms.Collaboration, module=module, name="Ads"):
            """A type of its own."""

        return Ads

    holders = {
        send(lambda module=module: make(module)("ads", declaration()))[HOLDER]
        for module in ("retail", "media")
    }

    assert len(holders) == 2
