"""The verb ``endpoint``."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import requests
from requests_of_boto3 import ADS, BROKER, act, approval_change, client, create, members, new_member, request, submit

from cleanrooms_resource.testing import Endpoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def serve(*arguments: str) -> subprocess.Popen[str]:
    """Start the verb in a process."""
    command = [sys.executable, "-m", "cleanrooms_resource", "endpoint", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("stop_signal", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_endpoint_prints_its_address_and_stops_cleanly_on_a_signal(stop_signal: signal.Signals) -> None:
    with serve() as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        assert requests.get(f"{address}/moto-api/", timeout=10).ok
        process.send_signal(stop_signal)
        output, errors = process.communicate(timeout=10)

    assert address.startswith("http://127.0.0.1:")
    assert (process.returncode, output, errors) == (0, "", "")


def test_a_missing_extra_is_one_sentence() -> None:
    code = "import sys; sys.modules['moto'] = None\nfrom cleanrooms_resource.__main__ import main\nsys.exit(main(['endpoint']))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert re.fullmatch(
        r'cleanrooms-resource: cleanrooms_resource\.testing needs the extra "testing": moto is not installed\. '
        r'Install the package with the extra: `pip install "/path/to/the/checkout\[testing\]"`\.\n',
        done.stderr,
    )


def test_a_port_in_use_is_an_error_of_one_line() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with serve("--port", str(port)) as process:
            _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    advice = "Choose another --port, or end the process that uses this one."
    assert errors == f"cleanrooms-resource: The endpoint cannot listen on port {port} of 127.0.0.1: Address already in use. {advice}\n"


@contextmanager
def serve_file(file: Path, *arguments: str) -> Iterator[Endpoint]:
    """An endpoint in a process of its own that keeps what it holds in a file, and ends as with Ctrl-C."""
    with serve("--file", str(file), *arguments) as process:
        assert process.stdout is not None
        yield Endpoint(process.stdout.readline().strip())
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0


def describe(running: Endpoint, id_: str) -> dict[str, Any]:
    """Everything that boto3 sees of a collaboration, as its creator and as the member ADS."""
    creator = client(running)
    collaboration = creator.get_collaboration(collaborationIdentifier=id_)["collaboration"]
    requests_ = creator.get_paginator("list_collaboration_change_requests").paginate(collaborationIdentifier=id_)
    memberships = client(running, ADS).get_paginator("list_memberships").paginate()
    return {
        "collaboration": collaboration,
        "members": members(running, id_),
        "tags": creator.list_tags_for_resource(resourceArn=collaboration["arn"])["tags"],
        "requests": [each for page in requests_ for each in page["collaborationChangeRequestSummaries"]],
        "memberships": [each for page in memberships for each in page["membershipSummaries"]],
    }


def test_an_endpoint_goes_on_with_everything_that_its_file_kept(tmp_path: Path) -> None:
    file = tmp_path / "endpoint.json"
    with serve_file(file) as running:
        id_ = create(running, tags={"team": "ads"}, jobLogStatus="ENABLED", autoApprovedChangeRequestTypes=["ADD_MEMBER"])["id"]
        create(running, members=[])
        creator = client(running)
        creator.update_collaboration(collaborationIdentifier=id_, name="Renamed", description="New")
        creator.untag_resource(resourceArn=creator.get_collaboration(collaborationIdentifier=id_)["collaboration"]["arn"], tagKeys=["team"])
        creator.tag_resource(resourceArn=creator.get_collaboration(collaborationIdentifier=id_)["collaboration"]["arn"], tags={"cost": "1"})
        client(running, ADS).create_membership(collaborationIdentifier=id_, queryLogStatus="DISABLED")
        creator.delete_member(collaborationIdentifier=id_, accountId=BROKER)
        submit(running, id_, new_member("444455556666"))
        pending = submit(running, id_, approval_change())
        before, first_address = describe(running, id_), running.address

    with serve_file(file) as running:
        after, second_address = describe(running, id_), running.address
        statuses = [act(running, pending, "APPROVE", account)["status"] for account in (ADS, "444455556666")]
        creator = client(running)
        creator.update_collaboration(collaborationIdentifier=id_, name="Renamed again")
        creator.delete_collaboration(collaborationIdentifier=id_)
        remaining = creator.list_collaborations()["collaborationList"]

    assert [each["status"] for each in before["requests"]] == ["COMMITTED", "PENDING"]
    assert {member["status"] for member in before["members"]} == {"ACTIVE", "INVITED", "REMOVED"}
    assert after == before
    assert second_address == first_address
    assert (statuses, len(remaining)) == (["PENDING", "APPROVED"], 1)


def test_a_port_that_is_named_counts_more_than_the_port_of_the_file(tmp_path: Path) -> None:
    file = tmp_path / "endpoint.json"
    with serve_file(file) as running:
        first_address = running.address
    with socket.create_server(("127.0.0.1", int(first_address.rsplit(":", 1)[1]))), socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
        free.close()
        with serve_file(file, "--port", port) as running:
            assert running.address == f"http://127.0.0.1:{port}"


def make_change_request(**overrides: Any) -> dict[str, Any]:
    """A change request that is open."""
    ids = {"id": "c3d4e5f6-0000-4000-8000-000000000000", "collaborationId": "a56c8d7f-c2dc-4706-8166-65492556865a"}
    times = {"createTime": 1, "updateTime": 1}
    return {**ids, **times, "status": "PENDING", "isAutoApproved": False, "changes": [], "approvals": {}, **overrides}


def make_document(**overrides: Any) -> str:
    """A file with a collaboration, changed at its top, in the collaboration or in the collaboration's parameters."""
    parameters = request()
    collaboration = {
        "id": "a56c8d7f-c2dc-4706-8166-65492556865a",
        "arn": "arn:aws:cleanrooms:us-east-1:111122223333:collaboration/a56c8d7f-c2dc-4706-8166-65492556865a",
        "creatorAccountId": "111122223333",
        "region": "us-east-1",
        "createTime": 1,
        "updateTime": 1,
        "parameters": parameters,
        "tags": {},
        "statuses": dict.fromkeys(["111122223333", ADS, BROKER], "INVITED"),
        "memberships": {},
        "joinTimes": {},
        "changeRequests": [],
    }
    document = {"format": 1, "port": 0, "collaborations": [collaboration]}
    for place in (document, collaboration, parameters):
        place.update({name: value for name, value in overrides.items() if name in place})
    return json.dumps(document)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "Invalid JSON"),
        (make_document(format=2), "format Input should be 1"),
        (make_document(statuses={}), "collaborations.0 Value error, statuses must have the creator and every member, and nobody else"),
        (make_document(queryLogStatus="ON"), "parameters: queryLogStatus must satisfy enum value set"),
        (make_document(region="moon-1"), "collaborations.0 Value error, region: moon-1 is not a region that the endpoint has"),
        (make_document(statuses=dict.fromkeys(["111122223333", ADS, BROKER], "JOINED")), "Input should be 'INVITED', 'ACTIVE', 'LEFT' or 'REMOVED'"),
        (make_document(createTime=float("nan")), "collaborations.0.createTime Input should be a finite number"),
        (make_document(changeRequests=[make_change_request(approvals={ADS: {}})]), f"approvals.{ADS}.status Field required"),
    ],
)
def test_a_file_that_is_not_an_endpoints_is_an_error_of_one_line(tmp_path: Path, text: str, reason: str) -> None:
    file = tmp_path / "endpoint.json"
    file.write_text(text)

    with serve("--file", str(file)) as process:
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    assert errors.startswith(f"cleanrooms-resource: The file {file} is not an endpoint file: ")
    assert reason in errors
    assert errors.endswith("Name an endpoint file, or a file that does not exist.\n")
    assert errors.count("\n") == 1
    assert file.read_text() == text


def test_a_file_that_cannot_be_written_is_an_error_at_the_start(tmp_path: Path) -> None:
    with serve("--file", str(tmp_path / "missing" / "endpoint.json")) as process:
        _, errors = process.communicate(timeout=30)

    assert process.returncode == 2
    assert errors.endswith("endpoint.json cannot be written: No such file or directory. Check the path.\n")
