"""The package as its users get it: typed, light, installable, and what pulumi-aws's users already write."""

from __future__ import annotations

import inspect
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from mypy import api

import cleanrooms_resource
from cleanrooms_resource.testing import rehearse

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).parent.parent
SAMPLE = Path(__file__).parent / "samples" / "typed.py"


def run(command: Sequence[str | Path], cwd: Path = ROOT) -> str:
    """What a command prints; with an error, all of it."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_typed_program_passes_mypy_strict() -> None:
    output, _, status = api.run(["--strict", str(SAMPLE)])

    assert (status, output.strip()) == (0, "Success: no issues found in 1 source file")


@pytest.mark.parametrize(
    "argument",
    ["creator_display_name", "account_id", "query_compute", "allow_duplicates", "is_responsible"],
)
def test_a_misspelt_argument_fails_mypy(tmp_path: Path, argument: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(SAMPLE.read_text().replace(f"{argument}=", f"{argument}x=", 1))

    output, _, status = api.run(["--strict", str(program)])

    assert status == 1
    assert f"{argument}x" in output


def test_neither_the_program_nor_check_nor_diff_imports_boto3() -> None:
    code = """
import sys, pulumi
from pulumi.runtime import Mocks, set_mocks
import cleanrooms_resource as cleanrooms
from cleanrooms_resource.provider import CollaborationProvider

class Echo(Mocks):
    def new_resource(self, args): return "id", args.inputs
    def call(self, args): return {}

declaration = {"creator_display_name": "R", "creator_member_abilities": [], "query_log_status": "ENABLED", "region": "us-east-1"}
declaration["connection"] = {"access_key": "a", "secret_key": "b", "assume_roles": [{"role_arn": "arn:aws:iam::111122223333:role/ads"}]}
set_mocks(Echo())
cleanrooms.Collaboration("ads", declaration)
provider = CollaborationProvider()
checked = provider.check({}, {"name": "ads", **declaration})
outputs = checked.inputs | {"__declared": [name for name in checked.inputs if name != "connection"]}
assert not checked.failures and provider.diff("id", outputs, checked.inputs).changes is False
print(sorted(name for name in ("boto3", "botocore", "pulumi_aws", "moto") if name in sys.modules))
"""
    assert run([sys.executable, "-c", code]).strip() == "[]"


@pytest.mark.slowest
def test_the_built_wheel_installs_and_imports_in_an_empty_environment(tmp_path: Path) -> None:
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT])
    wheel = next(tmp_path.glob("cleanrooms_resource-*.whl"))
    assert "cleanrooms_resource/plugin/schema.json" in zipfile.ZipFile(wheel).namelist()
    run([sys.executable, "-m", "venv", tmp_path / "empty"])
    python = tmp_path / "empty" / "bin" / "python"
    run(
        [python, "-m", "pip", "install", "--quiet", "--constraint", ROOT / "constraints.txt", wheel]
    )

    code = "import cleanrooms_resource, importlib.resources as r; print(r.files(cleanrooms_resource).joinpath('py.typed').is_file())"
    assert run([python, "-c", code], cwd=tmp_path).strip() == "True"


def test_the_distribution_is_not_taken_for_a_plugin_package() -> None:
    assert '\nname = "cleanrooms-resource"\n' in (ROOT / "pyproject.toml").read_text()


@pytest.fixture
def pulumi_aws_cleanrooms() -> Any:
    # pulumi-aws loads its modules lazily: importing this one by its own name finds it half made.
    return pytest.importorskip("pulumi_aws", reason="the extra `aws` is not installed").cleanrooms


def test_pulumi_awss_own_example_runs_with_its_import_replaced(
    pulumi_aws_cleanrooms: Any, config: dict[str, str], tmp_path: Path
) -> None:
    source = inspect.getsource(sys.modules[pulumi_aws_cleanrooms.Collaboration.__module__])
    documented = re.search(r"```python\n(.*?)```", source, re.DOTALL)
    assert documented is not None
    theirs = (
        inspect.cleandoc(documented[1])
        .replace("import pulumi_aws as aws", "from pulumi_aws import cleanrooms")
        .replace("aws.cleanrooms.", "cleanrooms.")
    )
    ours = theirs.replace(
        "from pulumi_aws import cleanrooms", "import cleanrooms_resource as cleanrooms"
    )
    program = tmp_path / "program.py"
    program.write_text(ours)
    assert theirs != ours

    rehearsal = rehearse(lambda: exec(compile(ours, str(program), "exec"), {}), config)

    assert [
        json.dumps(each.inputs["dataEncryptionMetadata"], sort_keys=True)
        for each in rehearsal.collaborations.values()
    ] == [
        '{"allowCleartext": true, "allowDuplicates": true, "allowJoinsOnColumnsWithDifferentNames": true, "preserveNulls": false}'
    ]


def test_the_constructor_takes_every_argument_of_pulumi_awss(pulumi_aws_cleanrooms: Any) -> None:
    for name in (
        "CollaborationArgs",
        "CollaborationMemberArgs",
        "CollaborationDataEncryptionMetadataArgs",
    ):
        theirs = set(inspect.signature(getattr(pulumi_aws_cleanrooms, name).__init__).parameters)
        ours = set(inspect.signature(getattr(cleanrooms_resource, name).__init__).parameters)
        assert theirs - {"__self__"} <= ours
