"""Proxies, certificates, FIPS and dual stack: the stack's settings of the network, at HTTP and TLS servers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from endpoint_calls import KEYS, arrived, call
from network_servers import serve_proxy, serve_tls, write_certificate

from cleanrooms_resource.errors import SettingsError, UnreachableError

if TYPE_CHECKING:
    from pathlib import Path

    from aws_account import Aws

pytestmark = pytest.mark.usefixtures("where")


def test_an_http_proxy_passes_the_requests(aws: Aws, where: dict[str, str]) -> None:
    with serve_proxy() as proxy:
        call(where | KEYS | {"aws:httpProxy": proxy.address})

    assert proxy.first_lines[:1] == [f"GET {aws.endpoint.address}/collaborations HTTP/1.1"]
    assert arrived(aws).caller.account == "222233334444"


def test_a_host_of_no_proxy_is_called_directly(aws: Aws, where: dict[str, str]) -> None:
    with serve_proxy() as proxy:
        call(where | KEYS | {"aws:httpProxy": proxy.address, "aws:noProxy": "127.0.0.1"})

    assert proxy.first_lines == []
    assert arrived(aws).caller.account == "222233334444"


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, "cleanrooms.us-east-1.amazonaws.com"),
        ({"aws:useFipsEndpoint": "true"}, "cleanrooms-fips.us-east-1.amazonaws.com"),
        ({"aws:useDualstackEndpoint": "true"}, "cleanrooms.us-east-1.api.aws"),
    ],
)
def test_an_https_proxy_is_asked_for_the_endpoint_of_the_settings(
    settings: dict[str, str], host: str
) -> None:
    with serve_proxy() as proxy, pytest.raises(UnreachableError):
        call(
            KEYS
            | {"aws:region": "us-east-1", "aws:httpsProxy": proxy.address, "aws:maxRetries": "0"}
            | settings
        )

    assert proxy.first_lines == [f"CONNECT {host}:443 HTTP/1.0"]


def test_the_role_of_a_profile_is_assumed_through_the_proxy_in_the_region_of_sts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "config"
    file.write_text(
        "[profile r]\nrole_arn=arn:aws:iam::777777777777:role/r\nsource_profile=p\n[profile p]\naws_access_key_id=2\naws_secret_access_key=y\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(file))
    settings = {
        "aws:region": "us-east-1",
        "aws:stsRegion": "eu-west-1",
        "aws:profile": "r",
        "aws:maxRetries": "0",
    }

    with serve_proxy() as proxy, pytest.raises(UnreachableError):
        call(settings | {"aws:httpsProxy": proxy.address})

    assert proxy.first_lines == ["CONNECT sts.eu-west-1.amazonaws.com:443 HTTP/1.0"]


def test_a_server_with_an_unknown_certificate_is_not_talked_to(
    aws: Aws, where: dict[str, str], tmp_path: Path
) -> None:
    with (
        serve_tls(write_certificate(tmp_path), aws.endpoint.address) as address,
        pytest.raises(Exception, match="certificate verify failed"),
    ):
        call(where | KEYS | {"aws:endpoints": {"cleanrooms": address}, "aws:maxRetries": "0"})

    assert not aws.endpoint.requests


@pytest.mark.parametrize("setting", ["aws:customCaBundle", "aws:insecure"])
@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
def test_a_server_is_trusted_as_the_settings_say(
    aws: Aws, where: dict[str, str], tmp_path: Path, setting: str
) -> None:
    certificate = write_certificate(tmp_path)
    value = "true" if setting == "aws:insecure" else str(certificate)

    with serve_tls(certificate, aws.endpoint.address) as address:
        call(where | KEYS | {"aws:endpoints": {"cleanrooms": address}, setting: value})

    assert arrived(aws).caller.account == "222233334444"


def test_a_bundle_of_certificates_that_is_missing_is_refused(where: dict[str, str]) -> None:
    with pytest.raises(
        SettingsError,
        match=r"^aws:customCaBundle: the file /nowhere does not exist\. Correct the path",
    ):
        call(where | KEYS | {"aws:customCaBundle": "/nowhere"})
