"""Versions of boto3 and of Pulumi's SDK below the floors: one sentence at the first use."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import requires
from typing import TYPE_CHECKING

import pulumi
import pytest
from declarations import declaration
from plugin.complete_declaration import COMPLETE
from plugin.driver import run_plugin

import cleanrooms_resource as cleanrooms
from cleanrooms_resource import dependencies
from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.settings import read_settings
from cleanrooms_resource.errors import DependencyError, SettingsError
from cleanrooms_resource.provider import CollaborationProvider

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aws_account import Aws

    Install = Callable[[str, str], str]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Put another version of a distribution before the installed one; return the sentence."""

    def put(name: str, version: str) -> str:
        folder = tmp_path / f"{name}-{version}.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}")
        monkeypatch.syspath_prepend(tmp_path)
        dependencies.find_old_dependency.cache_clear()
        floor = find_floor("pulumi" if name == "pulumi" else "boto3")
        return (
            f"cleanrooms_resource needs {name} {floor} or newer, and this environment has "
            f"{name} {version}. Run `pip install --upgrade '{name}>={floor}'`."
        )

    yield put
    dependencies.find_old_dependency.cache_clear()


def find_floor(name: str) -> str:
    requirements = requires("cleanrooms-resource") or ()
    own = next(each for each in requirements if re.match(rf"{name}\W", each))
    return str(re.findall(r">=([\d.]+)", own)[0])


@pytest.mark.parametrize("name", ["boto3", "botocore", "pulumi"])
def test_a_program_with_an_old_dependency_is_refused_with_both_versions(
    name: str, install: Install
) -> None:
    sentence = install(name, "1.43.9")

    with pytest.raises(DependencyError) as refusal:
        cleanrooms.Collaboration("ads", declaration())

    assert str(refusal.value) == sentence
    assert isinstance(refusal.value, pulumi.RunError)


def test_a_get_with_an_old_boto3_is_refused(install: Install) -> None:
    sentence = install("boto3", "1.9.300")

    with pytest.raises(DependencyError, match=f"^{re.escape(sentence)}$"):
        cleanrooms.Collaboration.get("ads", "0b6f9f2e-6d1f-4f0e-9c3c-2f3f3a5b7c11")


def test_a_check_with_an_old_boto3_fails_with_this_reason_alone(install: Install) -> None:
    sentence = install("boto3", "1.40")

    failures = CollaborationProvider().check({}, {"name": 3}).failures

    assert [failure.reason for failure in failures] == [sentence]


def test_a_refresh_with_an_old_boto3_says_so_before_it_connects(install: Install) -> None:
    sentence = install("boto3", "1.40.0")

    with pytest.raises(SettingsError, match=f"^{re.escape(sentence)}$"):
        connect(read_settings({"aws:region": "us-east-1"}))


def test_a_check_of_the_plug_in_with_an_old_boto3_fails_with_this_reason_alone(
    install: Install, aws: Aws
) -> None:
    sentence = install("boto3", "1.40.0")

    with run_plugin(aws.endpoint.settings) as plugin:
        _, reasons = plugin.check(COMPLETE)

    assert reasons == [sentence]


@pytest.mark.parametrize("version", ["99.0.0", "99.0.0rc1"])
def test_a_newer_boto3_is_accepted(version: str, install: Install) -> None:
    install("boto3", version)

    assert dependencies.find_old_dependency() is None


def test_the_floor_itself_is_accepted(install: Install) -> None:
    install("boto3", find_floor("boto3"))

    assert dependencies.find_old_dependency() is None


@pytest.mark.parametrize("verb", ["discover", "comment"])
def test_the_command_line_with_an_old_boto3_prints_the_sentence_alone(
    verb: str, install: Install, tmp_path: Path
) -> None:
    sentence = install("boto3", "1.40.0")

    done = subprocess.run(
        [sys.executable, "-m", "cleanrooms_resource", verb, *(["-"] if verb == "comment" else [])],
        env={"PYTHONPATH": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == f"cleanrooms-resource: {sentence}\n"
    assert done.returncode == 2
