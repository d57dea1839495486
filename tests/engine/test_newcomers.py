"""The errors that a newcomer sees on the command line: one sentence, and no traceback of Pulumi's processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from test_stacks import read_collaborations

if TYPE_CHECKING:
    from aws_account import Aws

pytestmark = pytest.mark.engine
ROOT = Path(__file__).parent.parent.parent
COLLABORATIONS = {"cleanrooms:collaborations": {"ads": read_collaborations("local")["ads"]}}


def fail(folder: Path, config: dict[str, Any], *command: str) -> str:
    """Run a command of `pulumi` that fails on this project's own program with this configuration; return what it prints."""
    shutil.copytree(
        ROOT / "stacks", folder / "stacks", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(ROOT / "Pulumi.yaml", folder)
    (folder / "stacks" / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AWS_", "PULUMI_"))
    } | {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PULUMI_BACKEND_URL": f"file://{folder}",
        "PULUMI_CONFIG_PASSPHRASE": "test",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
        "PULUMI_HOME": str(folder / "home"),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["pulumi", *arguments, "--non-interactive"],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    run("stack", "init", "dev")
    failed = run(*command, "--stack", "dev", "--color", "never")
    assert failed.returncode != 0
    return failed.stdout + failed.stderr


def test_a_deployment_without_credentials_ends_with_one_sentence(tmp_path: Path, aws: Aws) -> None:
    settings = COLLABORATIONS | {
        name: aws.endpoint.settings[name] for name in ("aws:region", "aws:endpoints")
    }

    text = fail(tmp_path, settings, "up", "--yes", "--skip-preview")

    sentence = 'error: creating Clean Rooms collaboration "Ads measurement" in us-east-1: NoCredentialsError: Unable to locate credentials. Set credentials'
    assert sentence in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (
            COLLABORATIONS,
            "has a problem: region: no region is set. Run `pulumi config set aws:region REGION`",
        ),
        (
            {"aws:region": "us-east-1", "cleanrooms:collaborations": [{"name": "Loyalty overlap"}]},
            "error: cleanrooms:collaborations must be a map of declarations by resource name, and is of type list. Correct it in Pulumi.dev.yaml.",
        ),
    ],
)
def test_the_preview_of_a_wrong_configuration_is_one_sentence(
    tmp_path: Path, config: dict[str, Any], sentence: str
) -> None:
    text = fail(tmp_path, config, "preview")

    assert sentence in text
    assert "Traceback" not in text
