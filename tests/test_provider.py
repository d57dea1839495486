"""The lifecycle where the scenarios do not reach: calls that fail half way, and what is left of the outputs."""

from __future__ import annotations

from typing import Any

import pytest
from declarations import ADS, BROKER, LEFT_OUT, declaration, member
from pulumi.dynamic import Config, ConfigureRequest

from cleanrooms_resource import service
from cleanrooms_resource.declaration import canonical
from cleanrooms_resource.errors import AccessDeniedError
from cleanrooms_resource.provider import CollaborationProvider


class Made:
    """A collaboration at the endpoint, and the provider that made it."""

    def __init__(self, config: dict[str, str], **overrides: Any) -> None:
        self.provider = CollaborationProvider()
        self.provider.configure(ConfigureRequest(Config(config, "tests")))
        made = self.provider.create(self.checked(**overrides))
        self.id, self.outputs = made.id, made.outs or {}

    def checked(self, **overrides: Any) -> dict[str, Any]:
        return self.provider.check({}, declaration(**overrides)).inputs

    def updated(self, **overrides: Any) -> dict[str, Any]:
        return self.provider.update(self.id, self.outputs, self.checked(**overrides)).outs or {}


def _denied(*_: Any) -> None:
    raise AccessDeniedError("tagging it: AccessDeniedException: no.")


def test_an_update_half_done_says_so_and_how_to_go_on(config: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(config)
    monkeypatch.setattr(service, "retag", _denied)

    with pytest.raises(AccessDeniedError, match=r"The rest of the update was done before that\. Run `pulumi refresh`, then try again\.$"):
        made.updated(name="Other", tags={})


def test_an_update_of_which_nothing_was_done_does_not_say_it_was(config: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made(config)
    monkeypatch.setattr(service, "retag", _denied)

    with pytest.raises(AccessDeniedError) as failure:
        made.updated(tags={})

    assert "rest of the update" not in str(failure.value)


def test_an_update_keeps_the_outputs_it_does_not_change(config: dict[str, str]) -> None:
    made = Made(config)

    after = made.updated(tags={"team": "other"})

    assert after == made.outputs | {"tags": {"team": "other"}, "tagsAll": {"team": "other"}}


def test_what_is_no_longer_declared_is_no_longer_among_the_outputs(config: dict[str, str]) -> None:
    after = Made(config).updated(tags=LEFT_OUT)

    assert "tags" not in after
    assert after["tagsAll"] == {}


def test_what_aws_chose_is_still_known_after_it_is_no_longer_declared(config: dict[str, str]) -> None:
    made = Made(config, analytics_engine="SPARK")
    made.outputs = made.updated(tags={"team": "other"})

    assert made.provider.diff(made.id, made.outputs, made.checked(tags={"team": "other"}, analytics_engine="SPARK")).changes is False


def test_check_with_a_refused_setting_fails_with_its_name(config: dict[str, str]) -> None:
    provider = CollaborationProvider()
    provider.configure(ConfigureRequest(Config(config | {"aws:assumeRoles": "[]"}, "tests")))

    assert [failure.reason.split(":")[1] for failure in provider.check({}, declaration()).failures] == ["assumeRoles"]


PULUMI_AWS = {
    "arn": "arn:aws:cleanrooms:eu-west-1:111122223333:collaboration/1",
    "name": "ads-1a2b3c4",
    "description": "",
    "creatorDisplayName": "RetailCo",
    "creatorMemberAbilities": ["CAN_RECEIVE_RESULTS"],
    "queryLogStatus": "ENABLED",
    "members": [
        {"accountId": ADS, "displayName": "Member 2222", "memberAbilities": ["CAN_QUERY"], "status": "ACTIVE"},
        {"accountId": BROKER, "displayName": "Member 3333", "memberAbilities": [], "status": "INVITED"},
    ],
    "tags": {"team": "ads"},
    "tagsAll": {"team": "ads", "owner": "x"},
    "createTime": "2026-11-01 12:00:00 +0000 UTC",
}
"""The outputs of a collaboration in a state of pulumi-aws."""


def test_a_state_of_pulumi_aws_that_means_the_same_is_updated_all_the_same() -> None:
    answer = CollaborationProvider().diff("1", PULUMI_AWS, canonical(declaration(name="ads-1a2b3c4"))[0])

    assert (answer.changes, answer.replaces) == (True, None)


def test_what_differs_from_a_state_of_pulumi_aws_and_cannot_change_replaces() -> None:
    answer = CollaborationProvider().diff("1", PULUMI_AWS, canonical(declaration(name="ads-1a2b3c4", members=[member(ADS)]))[0])

    assert answer.replaces == ["members"]


def test_the_outputs_of_pulumi_aws_become_ours_without_a_call() -> None:
    form = canonical(declaration(name="ads-1a2b3c4"))[0]

    outputs = CollaborationProvider().update("1", PULUMI_AWS, form).outs or {}

    assert outputs["members"] == form["members"]
    assert outputs["memberStatuses"] == {ADS: "ACTIVE", BROKER: "INVITED"}
    assert outputs["tagsAll"] == {"team": "ads", "owner": "x"}
    assert (outputs["creatorAccountId"], outputs["region"]) == ("111122223333", "eu-west-1")
    assert "createTime" not in outputs
