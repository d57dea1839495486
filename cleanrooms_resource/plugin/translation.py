"""The translation between a request of Pulumi's provider protocol and the lifecycle.

The lifecycle finds what it knows of a resource in hidden keys, because a dynamic provider gets nothing else. The protocol has the URN, the old inputs
and the secrets in every request. So the plug-in adds these hidden keys to what it hands the lifecycle, and takes them out of every answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.ignored_paths import list_ignored_members
from cleanrooms_resource.declaration.spelling import split_path, to_camel_case
from cleanrooms_resource.hidden_keys import (
    CONNECTION,
    DECLARED_NAMES,
    DROPPED_MEMBERS,
    HOLDER,
    IGNORED_MEMBERS,
    IGNORED_NAMES,
    IMPORTED,
    PLAIN_NAMES,
    PROVIDER,
    RESOURCE_NAME,
    TOKEN,
    without_hidden_keys,
)
from cleanrooms_resource.plugin.messages import copy_marks, has_secret, reveal
from cleanrooms_resource.pulumi_sdk import mark_secret, reveal_secrets
from cleanrooms_resource.table import TABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

_TRANSLATED: Final = (HOLDER, PLAIN_NAMES, CONNECTION, "connection", PROVIDER)
"""The keys that requests make needless. A state of the plug-in has none of them, and those of the dynamic resource have no effect."""


def is_from_dynamic_resource(outputs: Mapping[str, Any]) -> bool:
    """Whether the outputs are those of the dynamic resource, which keeps its provider among them."""
    return PROVIDER in outputs


def translate_inputs(urn: str, marked_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return checked inputs for the lifecycle, under the URN; nothing where there are no inputs."""
    inputs = without_hidden_keys(reveal(marked_inputs))
    return {**inputs, HOLDER: urn} if inputs else {}


def translate_program_inputs(
    urn: str, marked_inputs: Mapping[str, Any], plain_names: Collection[str]
) -> dict[str, Any]:
    """Return a program's inputs for Check, with the marks of the properties that are not secret, and the resource's name."""
    inputs = without_hidden_keys(reveal(marked_inputs))
    return {
        **inputs,
        HOLDER: urn,
        PLAIN_NAMES: sorted(plain_names),
        IGNORED_NAMES: [],
        RESOURCE_NAME: get_name(urn),
    }


def spell_names(marked_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return a program's inputs under the names of the table. A program in YAML may write ``creator_display_name``."""
    spelled: dict[str, Any] = {}
    for name, value in marked_inputs.items():
        if not has_secret(spelled.get(to_camel_case(name))):
            spelled[to_camel_case(name)] = value
    return spelled


def translate_outputs(
    urn: str, marked_outputs: Mapping[str, Any], marked_inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the outputs of a state for the lifecycle. ``marked_inputs`` are the inputs of the same state."""
    outputs = {
        name: value for name, value in reveal(marked_outputs).items() if name not in _TRANSLATED
    }
    if DECLARED_NAMES not in outputs:
        return outputs
    # Version 0.1.0 wrote neither a holder nor a token, and the lifecycle asks which version wrote a state.
    holder = {HOLDER: urn} if TOKEN in outputs or HOLDER in marked_outputs else {}
    return outputs | holder | {PLAIN_NAMES: list_plain_names(marked_inputs, marked_outputs)}


def translate_ignored_paths(paths: Sequence[str]) -> dict[str, Any]:
    """Return the hidden inputs of the properties and the members that ``ignoreChanges`` names."""
    names = sorted({str(split_path(path)[0]) for path in paths})
    return {IGNORED_NAMES: names, IGNORED_MEMBERS: list_ignored_members(paths)}


def differs_from_import(marked_inputs: Mapping[str, Any], news: Mapping[str, Any]) -> bool:
    """Whether an import wrote the inputs of the state, and the program declares something else."""
    imported = without_hidden_keys(reveal(marked_inputs))
    return IMPORTED in marked_inputs and imported != without_hidden_keys(news)


def forget_import(
    outputs: Mapping[str, Any], marked_inputs: Mapping[str, Any], news: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the outputs of a state without the declaration that an import wrote, where the program has another one."""
    is_forgotten = differs_from_import(marked_inputs, news)
    return {**outputs, DECLARED_NAMES: []} if is_forgotten else {**outputs}


def keep_import(inputs: Mapping[str, Any], marked_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of a refresh, which is no `pulumi up` of a program."""
    return {**inputs, IMPORTED: True} if IMPORTED in marked_inputs else {**inputs}


def write_inputs(inputs: Mapping[str, Any], marked_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lifecycle's inputs for the engine, as secret as ``marked_inputs``."""
    return {
        name: copy_marks(value, marked_inputs.get(name))
        for name, value in without_hidden_keys(inputs).items()
    }


def write_outputs(outputs: Mapping[str, Any], marked_inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the lifecycle's outputs for the engine. Where an input is secret, so is every output that derives from it."""
    written = {name: value for name, value in outputs.items() if name not in _TRANSLATED}
    secret_names = {
        DROPPED_MEMBERS,
        *(name for name, value in marked_inputs.items() if name not in TABLE and has_secret(value)),
    }
    for row in TABLE.values():
        marked = marked_inputs.get(row.name)
        if row.name in written:
            written[row.name] = copy_marks(written[row.name], marked)
        secret_names |= set(row.derived_outputs) if has_secret(marked) else set()
    return written | {
        name: mark_secret(reveal_secrets(written[name])) for name in secret_names if name in written
    }


def list_plain_names(*marked: Mapping[str, Any]) -> list[str]:
    """Return the properties that are secret in none of the inputs and outputs."""
    return sorted(
        row.name
        for row in TABLE.values()
        if not any(
            has_secret(each.get(name))
            for each in marked
            for name in (row.name, *row.derived_outputs)
        )
    )


def get_name(urn: str) -> str:
    """Return the resource's name in Pulumi. A name may hold the separator of a URN's parts."""
    return urn.split("::", 3)[3]
