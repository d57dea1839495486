from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from aws_account import Aws

    from cleanrooms_resource.testing import Endpoint


@pytest.fixture
def running(empty_aws: Aws) -> Endpoint:
    return empty_aws.endpoint
