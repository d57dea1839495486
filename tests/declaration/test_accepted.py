"""Requests that AWS documents, or that were seen to succeed there: a declaration of each is accepted, and sends that request again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from cleanrooms_resource.aws import calls
from cleanrooms_resource.provider import CollaborationProvider

ACCEPTED = {
    file.stem: json.loads(file.read_text())
    for file in sorted((Path(__file__).parent.parent / "accepted").glob("*.json"))
}
MODEL = (
    botocore.session.get_session()
    .get_service_model("cleanrooms")
    .operation_model("CreateCollaboration")
    .input_shape
)

pytestmark = pytest.mark.parametrize(
    "request_", [each["request"] for each in ACCEPTED.values()], ids=ACCEPTED
)


def test_botocore_accepts_it(request_: dict[str, Any]) -> None:
    assert not ParamValidator().validate(request_, MODEL).has_errors()


def test_check_accepts_it(request_: dict[str, Any]) -> None:
    assert CollaborationProvider().check({}, request_).failures == []


def test_the_request_that_is_sent_is_it(request_: dict[str, Any]) -> None:
    new_request = calls.build_request(CollaborationProvider().check({}, request_).inputs)

    assert _sort_lists(new_request) == _sort_lists(request_)


def _sort_lists(value: Any) -> Any:
    """Every list that CreateCollaboration takes is a set."""
    if isinstance(value, dict):
        return {key: _sort_lists(inner) for key, inner in value.items()}
    return sorted(map(_sort_lists, value), key=str) if isinstance(value, list) else value
