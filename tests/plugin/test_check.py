"""Check over a real channel: any inputs are answered, secrets stay secret, and unknown values are never made up."""

from __future__ import annotations

from typing import Any

import pytest
from declarations import ADS
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanrooms_resource.pulumi_sdk import reveal_secrets
from cleanrooms_resource.table import TABLE
from plugin.complete_declaration import COMPLETE, PATHS, replace_part
from plugin.driver import UNKNOWN, Plugin, PluginStack, hide, make_urn, secret
from plugin.test_member_list import entry

SECRET = "s3cr3t"


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | st.just(UNKNOWN)
    | st.just(ADS),
    lambda parts: (
        st.lists(parts, max_size=3)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["accountId", "displayName", ADS]),
            parts,
            max_size=3,
        )
        | parts.map(secret)
    ),
    max_leaves=8,
)
names = st.sampled_from(
    [
        *TABLE,
        "memberList",
        "connection",
        "changeRequests",
        "removeMembers",
        "creator_display_name",
        "tagsAll",
        "__holder",
    ]
)


@given(
    st.dictionaries(names | st.text(max_size=8), json_values, max_size=6),
    st.dictionaries(names, json_values, max_size=3),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_check_answers_any_inputs(
    plugin: Plugin, news: dict[str, Any], olds: dict[str, Any]
) -> None:
    inputs, reasons = plugin.check(news, olds)

    assert isinstance(inputs, dict)
    assert all(reasons)


def test_check_of_checked_inputs_is_the_same(plugin: Plugin) -> None:
    checked, reasons = plugin.check(COMPLETE)

    assert reasons == []
    assert plugin.check(checked, checked) == (checked, [])


def test_a_refused_declaration_comes_back_as_it_was(plugin: Plugin) -> None:
    program = COMPLETE | {"queryLogStatus": "x", "memberList": []}

    assert plugin.check(program)[0] == program


def test_a_collaboration_without_a_name_has_the_resources(plugin: Plugin) -> None:
    program = {name: value for name, value in COMPLETE.items() if name != "name"}

    assert plugin.check(program, urn=make_urn("a::b"))[0]["name"] == "a::b"


def test_a_connection_is_refused_once(plugin: Plugin) -> None:
    assert plugin.check(COMPLETE | {"connection": {"profile": 5.0}})[1] == [
        "connection: the plug-in has no such input; give the resource a provider (`pulumi:providers:cleanrooms`) with these credentials"
    ]


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_a_secret_part_is_secret_in_the_checked_inputs(
    plugin: Plugin, path: tuple[Any, ...]
) -> None:
    """Whatever the value is, the checked inputs show less of it than those without the mark, and mean the same."""
    plain, _ = plugin.check(COMPLETE)
    checked, reasons = plugin.check(replace_part(COMPLETE, path, secret))

    assert reasons == []
    assert reveal_secrets(checked) == plain
    assert "[secret]" in str(hide(checked))


@pytest.mark.parametrize("name", ["creator_display_name", "tags", "members", "memberList"])
def test_a_secret_is_in_no_checked_input_in_plain_text(plugin: Plugin, name: str) -> None:
    values = {
        "creator_display_name": secret(SECRET),
        "tags": {"team": secret(SECRET)},
        "members": {ADS: {"displayName": secret(SECRET), "memberAbilities": []}},
        "memberList": secret([entry(ADS, displayName=SECRET)]),
    }
    without = (
        {"creatorDisplayName"}
        if name == "creator_display_name"
        else {"members"}
        if name == "memberList"
        else set()
    )
    checked, reasons = plugin.check(
        {key: value for key, value in COMPLETE.items() if key not in without} | {name: values[name]}
    )

    assert reasons == []
    assert SECRET in str(checked)
    assert SECRET not in str(hide(checked))


@pytest.mark.parametrize(
    "path",
    [path for path in PATHS if path[0] not in ("tags", "members") or len(path) != 2],
    ids=str,
)
@pytest.mark.parametrize("wrong", [SECRET, [SECRET], {"x": SECRET}])
def test_no_failure_quotes_a_secret(plugin: Plugin, path: tuple[Any, ...], wrong: Any) -> None:
    reasons = plugin.check(replace_part(COMPLETE, path, lambda _: secret(wrong)))[1]

    assert SECRET not in str(reasons)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_an_unknown_part_is_never_refused(plugin: Plugin, path: tuple[Any, ...]) -> None:
    checked, reasons = plugin.check(replace_part(COMPLETE, path, lambda _: UNKNOWN))

    assert reasons == []
    assert UNKNOWN in str(checked)


@pytest.mark.parametrize("path", PATHS, ids=str)
def test_an_unknown_part_is_never_made_up_in_a_preview(
    plugin_stack: PluginStack, path: tuple[Any, ...]
) -> None:
    plugin_stack.up(COMPLETE)
    old = plugin_stack.held
    inputs = plugin_stack.check(replace_part(COMPLETE, path, lambda _: UNKNOWN), old.inputs)
    plugin_stack.plugin.diff(old, inputs)

    for predicted in (
        plugin_stack.plugin.preview_creation(inputs),
        plugin_stack.plugin.update(old, inputs, preview=True).outputs,
    ):
        assert {
            name: predicted.get(name)
            for name in inputs
            if name in TABLE and predicted.get(name) not in (inputs[name], UNKNOWN)
        } == {}
    assert plugin_stack.up(COMPLETE) == "same"
