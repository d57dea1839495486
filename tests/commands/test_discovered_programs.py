"""What ``discover`` writes, run as a program: it adopts what AWS has without a write, and then changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hand_made import Past, discover, make_by_hand, pasts, run_program
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cleanrooms_resource.testing import rehearse

if TYPE_CHECKING:
    from aws_account import Aws

pytestmark = pytest.mark.usefixtures("default_credentials")

many = settings(
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.filter_too_much,
        HealthCheck.function_scoped_fixture,
    ]
)


@pytest.fixture(name="writes")
def _writes(empty_aws: Aws) -> list[str]:
    """The requests that are no reads."""
    writes: list[str] = []

    def note(environ: dict[str, str]) -> None:
        if environ["REQUEST_METHOD"] != "GET":
            writes.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")

    empty_aws.endpoint.faults.add("*", note)
    return writes


@given(collaborations=st.lists(pasts, max_size=3))
@many
def test_any_account_is_adopted_without_a_write_and_then_unchanged(
    empty_aws: Aws,
    writes: list[str],
    tmp_path_factory: pytest.TempPathFactory,
    collaborations: list[Past],
) -> None:
    empty_aws.endpoint.collaborations.clear()
    ids = {make_by_hand(empty_aws, past) for past in collaborations}
    writes.clear()
    folder = tmp_path_factory.mktemp("programs")
    adopting, later = folder / "adopting.py", folder / "later.py"

    assert discover(empty_aws, adopting) == 0
    rehearsal = rehearse(lambda: run_program(adopting), empty_aws.endpoint.settings)
    assert discover(empty_aws, later, "--without-import") == 0
    plans = rehearsal.preview(lambda: run_program(later))

    assert {each.id for each in rehearsal.collaborations.values()} == ids
    assert {name: plan.op for name, plan in plans.items()} == dict.fromkeys(
        rehearsal.collaborations, "same"
    )
    assert [write for write in writes if write != "POST /"] == []
