"""Ids that ``import_`` and ``get`` refuse before AWS is called."""

from __future__ import annotations

import pulumi
import pytest
from declarations import declaration
from pulumi.dynamic import Config, ConfigureRequest
from pulumi.runtime import set_mocks
from recording_mocks import RecordingMocks

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.errors import DeclarationError, ValidationError
from cleanrooms_resource.provider import CollaborationProvider

pytestmark = pytest.mark.usefixtures("sdk_event_loop")

ID = "a56c8d7f-c2dc-4706-8166-65492556865a"
ARN = f"arn:aws:cleanrooms:us-east-1:111122223333:collaboration/{ID}"
MEMBERSHIP_ARN = f"arn:aws:cleanrooms:us-east-1:111122223333:membership/{ID}"
WRONG_IDS = {
    "an ARN": (ARN, f'must be the collaboration\'s id, "{ID}", and is its ARN, "{ARN}"'),
    "the ARN of a membership": (
        MEMBERSHIP_ARN,
        f'must be a collaboration\'s id, such as "{ID}", and is "{MEMBERSHIP_ARN}"',
    ),
    "capital letters": (
        ID.upper(),
        f'must be a collaboration\'s id, and is "{ID.upper()}"; did you mean "{ID}"?',
    ),
    "a space": (f"{ID} ", f'must be a collaboration\'s id, and is "{ID} "; did you mean "{ID}"?'),
    "a page of the console": (
        f"https://example.com/#/collaborations/{ID}?tab=1",
        f'must be a collaboration\'s id, and is "https://example.com/#/collaborations/{ID}?tab=1"; did you mean "{ID}"?',
    ),
    "a name": ("ads", f'must be a collaboration\'s id, such as "{ID}", and is "ads"'),
    "an empty text": ("", f'must be a collaboration\'s id, such as "{ID}", and is ""'),
}


@pytest.mark.parametrize(("wrong", "reason"), WRONG_IDS.values(), ids=WRONG_IDS)
def test_the_constructor_refuses_an_import_of_no_id(wrong: str, reason: str) -> None:
    with pytest.raises(DeclarationError) as refusal:
        cleanrooms.Collaboration(
            "ads", declaration(query_log_status="ON"), pulumi.ResourceOptions(import_=wrong)
        )

    assert f"\n  - import_: {reason}" in str(refusal.value)
    assert "\n  - query_log_status: " in str(refusal.value)


def test_the_constructor_refuses_an_import_of_an_output() -> None:
    set_mocks(RecordingMocks())
    opts = pulumi.ResourceOptions()
    opts.import_ = pulumi.Output.from_input(ID)  # type: ignore[assignment]

    with pytest.raises(DeclarationError, match="import_: must be a string, and is of type Output"):
        cleanrooms.Collaboration("ads", declaration(), opts)


def test_the_constructor_refuses_an_import_beside_replace_with() -> None:
    def program() -> None:
        other = cleanrooms.Collaboration("other", declaration())
        with pytest.raises(DeclarationError, match="import_: must not stand beside replace_with"):
            cleanrooms.Collaboration(
                "ads", declaration(), pulumi.ResourceOptions(import_=ID, replace_with=[other])
            )

    set_mocks(RecordingMocks())
    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("wrong", "reason"), WRONG_IDS.values(), ids=WRONG_IDS)
def test_get_refuses_what_is_not_an_id(wrong: str, reason: str) -> None:
    with pytest.raises(pulumi.RunError) as refusal:
        cleanrooms.Collaboration.get("ads", wrong)

    assert str(refusal.value) == f'Collaboration.get("ads"): id: {reason}'


def test_get_leaves_an_output_to_the_provider() -> None:
    set_mocks(RecordingMocks())

    def program() -> None:
        cleanrooms.Collaboration.get("ads", pulumi.Output.from_input("ads"))

    pulumi.runtime.test(program)()  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(("wrong", "reason"), WRONG_IDS.values(), ids=WRONG_IDS)
def test_the_provider_refuses_both_likewise(
    config: dict[str, str], wrong: str, reason: str
) -> None:
    provider = CollaborationProvider()
    provider.configure(ConfigureRequest(Config(config, "tests")))

    assert [
        failure.reason
        for failure in provider.check({}, declaration() | {"__import": wrong}).failures
    ] == [f"import_: {reason}"]
    with pytest.raises(ValidationError) as refusal:
        provider.read(wrong, {})
    assert str(refusal.value) == f"reading a Clean Rooms collaboration: id: {reason}."
