"""The part of `make generate` that serves other languages: the plug-in's schema, from the table of properties and botocore's model.

Pulumi generates the SDKs of other languages from the schema (https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/). No property
has ``replaceOnChanges``: the SDKs would have the engine replace the collaboration where Diff changes it in place.
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any, Final

from config_schema import build_config_types, build_config_variables
from model_shapes import describe_parameter, describe_parts
from property_docs import describe_change, describe_option, describe_property
from schema_types import (
    CHANGE_REQUEST,
    MEMBER,
    build_types,
    describe,
    describe_form,
    get_token,
    refer_to,
    refer_to_enum,
    to_markdown,
)

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE, PULUMI_AWS_TYPE
from cleanrooms_resource.declaration.botocore_data import read_botocore_version
from cleanrooms_resource.declaration.shapes import DECLARATION
from cleanrooms_resource.plugin.member_list import MEMBER_LIST
from cleanrooms_resource.table import DERIVED_OUTPUTS, OPTIONS, TABLE, Property

_PROJECT: Final = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())[
    "project"
]
_STRING: Final = {"type": "string"}
_DESCRIPTION: Final = (
    "An AWS Clean Rooms collaboration, owned by the account that creates it. A replacement creates a new collaboration with a new id and deletes "
    "the old one, and every member must join again."
)
_DERIVED_TYPES: Final[dict[str, dict[str, Any]]] = {
    "tagsAll": {"type": "object", "additionalProperties": _STRING},
    "memberStatuses": {"type": "object", "additionalProperties": _STRING},
    "openChangeRequests": {"type": "array", "items": CHANGE_REQUEST},
}


def render_package_schema() -> str:
    """Return the text of cleanrooms_resource/plugin/schema.json."""
    return json.dumps(build_schema(), indent=2) + "\n"


def build_schema() -> dict[str, Any]:
    """Return the package schema without a version, which the plug-in adds."""
    config_variables = build_config_variables()
    return {
        "name": "cleanrooms",
        "displayName": "AWS Clean Rooms",
        "description": _PROJECT["description"],
        "keywords": ["pulumi", "aws", "clean-rooms", "category/cloud", "kind/native"],
        "license": _PROJECT["license"],
        "attribution": f"AWS's descriptions of types and outputs are from botocore {read_botocore_version()}.",
        # With it, the Go SDK is a module, and every SDK asks for this version of the plug-in.
        "meta": {"supportPack": True},
        "language": {"python": {"pyproject": {"enabled": True}}},
        "config": {"variables": config_variables},
        "provider": {
            "description": "A provider says whose credentials act, and in which region.",
            "inputProperties": config_variables,
        },
        "types": {**build_types(), **build_config_types()},
        "resources": {PLUGIN_TYPE: _build_resource()},
    }


def _build_resource() -> dict[str, Any]:
    required = [
        name for name, part in DECLARATION.parts.items() if part.is_required and name != "name"
    ]
    return {
        "description": _DESCRIPTION,
        "inputProperties": _build_inputs(),
        "requiredInputs": required,
        "properties": _build_outputs(),
        "required": sorted({*_list_required_fields(), *required, "region", "memberStatuses"}),
        "stateInputs": {
            "type": "object",
            "description": "The values that a read of a collaboration by its id may need.",
            "properties": {
                "region": {
                    **_STRING,
                    "description": "The region of the collaboration. Left out, it is the configured region.",
                }
            },
        },
        "listInputs": {
            "type": "object",
            "description": "The values that narrow a list of collaborations.",
            "properties": {
                "name": {
                    **_STRING,
                    "description": "The name of the collaborations to list. Left out, every collaboration is listed.",
                }
            },
        },
        "aliases": [{"type": DYNAMIC_TYPE}, {"type": PULUMI_AWS_TYPE}],
    }


def _list_required_fields() -> list[str]:
    """Return the fields that every response's ``collaboration`` has."""
    return [
        name
        for name, field in describe_parts("Collaboration").items()
        if field["required"] and name != "id"
    ]


def _build_inputs() -> dict[str, Any]:
    inputs = {
        row.name: {**_get_type(row), "description": _describe_input(row)} for row in TABLE.values()
    }
    inputs[MEMBER_LIST] = {
        "type": "array",
        "items": {"$ref": f"#/types/{get_token('MemberSpecification')}"},
        "description": to_markdown(
            "The members whose account ids are not known before ``up``, as a list. The members of ``members`` and ``memberList`` are merged, and an "
            f"account that is in both is refused. {describe_change(TABLE['members'], str)}"
        ),
    }
    inputs |= {
        option.name: {
            **(
                {"type": "boolean"}
                if isinstance(option.default, bool)
                else refer_to_enum("ChangeRequestMode")
            ),
            "description": to_markdown(describe_option(option)),
        }
        for option in OPTIONS.values()
    }
    return inputs


def _build_outputs() -> dict[str, Any]:
    fields = {
        name: {**refer_to(field), "description": describe(field)}
        for name, field in describe_parts("Collaboration").items()
        if name != "id"
    }
    properties = {
        row.name: {**_get_type(row), "description": to_markdown(row.description)}
        for row in TABLE.values()
    }
    derived = {
        name: {**_DERIVED_TYPES[name], "description": description}
        for name, description in DERIVED_OUTPUTS.items()
    }
    return fields | properties | derived


def _get_type(row: Property) -> dict[str, Any]:
    if row.name == "members":
        return {"type": "object", "additionalProperties": MEMBER}
    parameter = describe_parameter(row.name)
    return _STRING if parameter is None else refer_to(parameter)


def _describe_input(row: Property) -> str:
    is_members = row.name == "members"
    form = (
        "The value is a map keyed by account id."
        if is_members
        else describe_form(describe_parameter(row.name), row.retired_values)
    )
    return to_markdown(describe_property(row, str, form))
