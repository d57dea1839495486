"""The requests that are sent."""

from __future__ import annotations

from declarations import declaration
from stub_connection import ID, StubConnection, summarize

from cleanrooms_resource.aws import calls
from cleanrooms_resource.aws.creation import create_collaboration
from cleanrooms_resource.declaration.canonical_form import canonicalize


def test_a_request_is_what_botocores_model_takes() -> None:
    parameters = calls.build_request(canonicalize(declaration(region="us-east-1", members=[]))[0])

    # create_collaboration validates before it sends, against the model.
    stub = StubConnection()
    stub.cleanrooms.add_response(
        "create_collaboration",
        {"collaboration": {**summarize(ID), "queryLogStatus": "ENABLED"}},
        parameters,
    )

    assert (
        create_collaboration(
            stub.connection,
            canonicalize(declaration(region="us-east-1", members=[]))[0],
            is_name_plain=False,
        )["id"]
        == ID
    )
