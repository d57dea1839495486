"""The properties that the constructor marks as not secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pulumi
import pytest
from declarations import ADS, LEFT_OUT, declaration, member
from pulumi.runtime import set_mocks
from recording_mocks import RecordingMocks

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.hidden_keys import IGNORED_NAMES, IMPORT_ID, PLAIN_NAMES
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("sdk_event_loop")

ID = "a56c8d7f-c2dc-4706-8166-65492556865a"


def send(make_overrides: Callable[[], dict[str, Any]], **options: Any) -> dict[str, Any]:
    """What the constructor sends. An Output belongs to the program's event loop, so the overrides are made in the program."""
    mocks = RecordingMocks()
    set_mocks(mocks)

    def program() -> None:
        cleanrooms.Collaboration(
            "ads", declaration(**make_overrides()), pulumi.ResourceOptions(**options)
        )

    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]
    return mocks.inputs["ads"]


@pytest.mark.parametrize(
    ("make_overrides", "options", "secret"),
    [
        (dict, {}, set()),
        (lambda: {"description": LEFT_OUT}, {}, set()),
        (lambda: {"description": pulumi.Output.secret("x")}, {}, {"description"}),
        (
            lambda: {"members": [member(ADS, display_name=pulumi.Output.secret("x"))]},
            {},
            {"members"},
        ),
        (
            lambda: {
                "tags": {"a": pulumi.Output.secret("x")},
                "name": pulumi.Output.from_input("x"),
            },
            {},
            {"tags"},
        ),
        (
            dict,
            {"additional_secret_outputs": ["member_statuses", "creator_display_name"]},
            {"members", "creatorDisplayName"},
        ),
    ],
)
def test_what_is_not_secret_is_marked(
    make_overrides: Callable[[], dict[str, Any]], options: dict[str, Any], secret: set[str]
) -> None:
    assert send(make_overrides, **options)[PLAIN_NAMES].split(",") == sorted(
        name for name in TABLE if name not in secret
    )


def test_the_properties_that_ignore_changes_names_are_sent_apart() -> None:
    assert send(dict, ignore_changes=["name", "tags.team", "tags"])[IGNORED_NAMES] == [
        "name",
        "tags",
    ]


def test_check_never_quotes_the_old_value_of_an_ignored_property() -> None:
    program = {
        **declaration(analytics_engine="s3cr3t"),
        PLAIN_NAMES: [*TABLE],
        IGNORED_NAMES: ["analyticsEngine"],
    }

    assert "s3cr3t" not in str(CollaborationProvider().check({}, program).failures[0].reason)


@pytest.mark.parametrize(
    ("marks", "quoted"), [(["analyticsEngine", "tags"], True), ([], False), (None, False)]
)
def test_check_quotes_a_value_only_where_it_is_marked(
    marks: list[str] | None,
    quoted: bool,  # noqa: FBT001
) -> None:
    program = {
        **declaration(analytics_engine="s3cr3t", tags={"aws:s3cr3t": "x"}, region="us-east-1"),
        PLAIN_NAMES: marks,
    }

    reasons = [failure.reason for failure in CollaborationProvider().check({}, program).failures]

    assert [reason.partition(":")[0] for reason in reasons if "s3cr3t" not in reason] == (
        [] if quoted else ["analyticsEngine", "tags"]
    )


def test_check_does_not_keep_the_marks() -> None:
    inputs = send(lambda: {"region": "us-east-1"}, import_=ID)

    assert PLAIN_NAMES not in CollaborationProvider().check({}, inputs).inputs
    assert CollaborationProvider().check({}, inputs).inputs[IMPORT_ID] == ID
