"""The lifecycle where the scenarios do not reach: calls that fail half way, and what is left of the outputs."""

from __future__ import annotations

import json
from typing import Any

import pytest
from declarations import LEFT_OUT, declaration, responsible
from pulumi.dynamic import Config, ConfigureRequest

from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.changes.known_collaboration import read_live_properties
from cleanrooms_resource.errors import AccessDeniedError
from cleanrooms_resource.hidden_keys import DECLARED_NAMES, LIVE_PROPERTIES
from cleanrooms_resource.provider import CollaborationProvider
from cleanrooms_resource.pulumi_sdk import mark_secret


class EndpointCollaboration:
    """A collaboration at the endpoint, and the provider that made it."""

    def __init__(self, config: dict[str, str], **overrides: Any) -> None:
        self.provider = CollaborationProvider()
        self.provider.configure(ConfigureRequest(Config(config, "tests")))
        collaboration = self.provider.create(self.check(**overrides))
        self.id, self.outputs = collaboration.id, collaboration.outs or {}

    def check(self, **overrides: Any) -> dict[str, Any]:
        return self.provider.check({}, declaration(**overrides)).inputs

    def update(self, **overrides: Any) -> dict[str, Any]:
        return self.provider.update(self.id, self.outputs, self.check(**overrides)).outs or {}


@pytest.fixture(autouse=True)
def _skip_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is listed is not waited for."""
    monkeypatch.setattr(WAITING, "until_readable", -1)


def _deny(*_: Any) -> None:
    raise AccessDeniedError("tagging it: AccessDeniedException: no.")


def test_an_update_half_done_says_so_and_how_to_go_on(
    config: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    collaboration = EndpointCollaboration(config)
    monkeypatch.setattr(calls, "untag_collaboration", _deny)

    with pytest.raises(
        AccessDeniedError,
        match=r"Before this error, the update changed name\. Run `pulumi refresh`, then `pulumi up` again\.$",
    ):
        collaboration.update(name="Other", tags={})


def test_tags_half_written_are_an_update_half_done(
    config: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    collaboration = EndpointCollaboration(config)
    monkeypatch.setattr(calls, "untag_collaboration", _deny)

    with pytest.raises(AccessDeniedError, match=r"Before this error, the update set tags\."):
        collaboration.update(tags={"new": "1"})


def test_only_the_tags_that_differ_are_written(
    config: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    collaboration = EndpointCollaboration(config, tags={"same": "1", "changed": "1", "gone": "1"})
    writes: list[Any] = []
    monkeypatch.setattr(calls, "tag_collaboration", lambda *arguments: writes.append(arguments[-1]))
    monkeypatch.setattr(
        calls, "untag_collaboration", lambda *arguments: writes.append(arguments[-1])
    )

    collaboration.update(tags={"same": "1", "changed": "2", "new": "3"})

    assert writes == [{"changed": "2", "new": "3"}, ["gone"]]


def test_the_error_of_an_update_that_changed_nothing_says_so(
    config: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    collaboration = EndpointCollaboration(config)
    monkeypatch.setattr(calls, "untag_collaboration", _deny)

    with pytest.raises(AccessDeniedError, match="The update changed nothing before this error"):
        collaboration.update(tags={})


def test_an_update_keeps_the_outputs_it_does_not_change(config: dict[str, str]) -> None:
    collaboration = EndpointCollaboration(config)

    after = collaboration.update(tags={"team": "other"})

    live = {**(read_live_properties(collaboration.outputs) or {}), "tags": {"team": "other"}}
    changed = {
        "tags": {"team": "other"},
        "tagsAll": {"team": "other"},
        LIVE_PROPERTIES: mark_secret(json.dumps(live)),
    }
    assert after == collaboration.outputs | changed


def test_a_property_that_only_a_declaration_had_leaves_the_outputs_with_it(
    config: dict[str, str],
) -> None:
    collaboration = EndpointCollaboration(
        config, creator_payment_configuration=responsible(queryCompute=False)
    )

    assert "creatorPaymentConfiguration" not in collaboration.update(description="New")


def test_what_is_no_longer_declared_is_no_longer_among_the_outputs(config: dict[str, str]) -> None:
    after = EndpointCollaboration(config).update(tags=LEFT_OUT)

    assert "tags" not in after
    assert after["tagsAll"] == {}


def test_declaring_what_aws_chose_updates_the_state_alone(config: dict[str, str]) -> None:
    collaboration = EndpointCollaboration(config)

    after = collaboration.update(analytics_engine="SPARK")

    assert after["analyticsEngine"] == "SPARK"
    assert "analyticsEngine" in after[DECLARED_NAMES]


def test_what_aws_chose_is_still_known_after_it_is_no_longer_declared(
    config: dict[str, str],
) -> None:
    collaboration = EndpointCollaboration(config, analytics_engine="SPARK")

    collaboration.outputs = collaboration.update(tags={"team": "other"})

    assert (read_live_properties(collaboration.outputs) or {})["analyticsEngine"] == "SPARK"


def test_check_with_a_refused_setting_fails_with_its_name(config: dict[str, str]) -> None:
    provider = CollaborationProvider()
    provider.configure(ConfigureRequest(Config(config | {"aws:assumeRoles": "role"}, "tests")))

    assert [
        failure.reason.split(":")[1] for failure in provider.check({}, declaration()).failures
    ] == ["assumeRoles"]
