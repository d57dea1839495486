"""The collaborations and profiles that exist before a page begins, and the values of a page's placeholders."""

from __future__ import annotations

import ast
import re
from functools import cached_property
from typing import TYPE_CHECKING

from requests_of_boto3 import client, request

from cleanrooms_resource.testing import rehearse
from pages.blocks import ROOT
from pages.programs import read_first_program

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleanrooms_resource.testing import Endpoint

OWN_ID = "a56c8d7f-c2dc-4706-8166-65492556865a"
"""In pages, the id of the collaboration that README.md declares."""
PARTNERS_ID = "0b6f9f2e-6d1f-4f0e-9c3c-2f3f3a5b7c11"
"""In pages, the id of a collaboration that a partner created."""
PARTNERS_MEMBERS = ("111122223333", "222233334444", "444455556666")
PROFILES = "".join(
    f"[{name}]\nregion = us-east-1\naws_access_key_id = local\naws_secret_access_key = local\n"
    for name in ("default", "profile cleanrooms", "profile ads", "profile ci", "profile partner")
)
"""The profiles that pages name."""


class World:
    """The endpoint, and the collaborations that pages take for granted. ``find_ids`` returns the URNs and ids in the user's stack."""

    def __init__(self, aws: Endpoint, find_ids: Callable[[], list[tuple[str, str]]] = list) -> None:
        self._aws, self._find_ids = aws, find_ids

    def fill_in(self, text: str) -> str:
        """Put values in the place of a page's placeholders."""
        values: dict[str, Callable[[], str]] = {
            OWN_ID: self._get_own_id,
            PARTNERS_ID: lambda: self._partners_id,
            r"(?<=--request )ID\b": self._get_change_request,
            r"\b(?:ID|COLLABORATION|COLLABORATION_ID)\b(?!=)": self._get_own_id,
            r"\bURN\b(?!=)": lambda: f"'{self._find_ids()[0][0]}'",
            r"/path/to/this/(?:checkout|repository)": lambda: str(ROOT),
            r"http://127\.0\.0\.1:(?:8080|7000)": lambda: self._aws.address,
            r"cleanrooms-resource partner": lambda: (
                f"cleanrooms-resource partner --endpoint-url {self._aws.address}"
            ),
            # The variable would stand before what `pulumi login` says.
            r"\bpulumi login\b": lambda: "unset PULUMI_BACKEND_URL; pulumi login",
        }
        for pattern, find in values.items():
            text = re.sub(pattern, lambda _, find=find: find(), text)  # type: ignore[misc]
        return text

    def _get_own_id(self) -> str:
        found = self._find_ids()
        return found[0][1] if found else self._own_id

    @cached_property
    def _own_id(self) -> str:
        """A collaboration that no stack has, equal to the declaration of README.md."""
        program = compile(read_first_program(), "README.md", "exec")
        return rehearse(lambda: exec(program, {}), self._aws.settings).collaborations["ads"].id

    @cached_property
    def _partners_id(self) -> str:
        members: list[dict[str, object]] = [
            {"accountId": each, "displayName": each, "memberAbilities": []}
            for each in PARTNERS_MEMBERS
        ]
        parameters = request(
            name="Loyalty overlap",
            members=members,
            creatorMemberAbilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"],
        )
        return str(
            client(self._aws, "999999999999").create_collaboration(**parameters)["collaboration"][
                "id"
            ]
        )

    def _get_change_request(self) -> str:
        return list(self._aws.collaborations[self._get_own_id()].change_requests)[-1]


def needs_other_packages(source: str) -> bool:
    """Whether a program needs a plug-in that cannot be installed without a download: pulumi-aws's."""
    nodes = list(ast.walk(ast.parse(source)))
    names = {each.attr for each in nodes if isinstance(each, ast.Attribute)} | {
        each.id for each in nodes if isinstance(each, ast.Name)
    }
    return bool(names & {"aws", "pulumi_aws", "Membership"})
