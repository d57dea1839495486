"""The verb ``invitation``, which writes what an invited member needs to join a collaboration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.commands import STATUS_OF_FAILURE, fail, write_output
from cleanrooms_resource.commands.acting import (
    NO_REGION,
    add_acting_arguments,
    explain_first_unknown_region,
    make_settings,
    read_default_region,
)

if TYPE_CHECKING:
    import argparse

    from cleanrooms_resource.invitations.invitation import Invitation

HELP: Final = "write what each invited member of a collaboration needs to join"


class InvitationError(Exception):
    """The invitation cannot be written. The message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("collaboration", metavar="ID", help="the ID of the collaboration")
    parser.add_argument(
        "--member",
        metavar="ACCOUNT",
        help="write only this member's invitation; by default every INVITED member's",
    )
    parser.add_argument(
        "--outputs",
        metavar="FILE",
        help="the file with the output of `pulumi stack output --json`, read in the place of AWS",
    )
    parser.add_argument(
        "--format",
        choices=("markdown", "json"),
        default="markdown",
        help="the form of the output; by default markdown",
    )
    parser.add_argument(
        "--region", help="the region of the collaboration; by default the region in effect"
    )
    add_acting_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    from cleanrooms_resource.declaration.limits import find_id_violation
    from cleanrooms_resource.discovery.sentences import ACTIONS_OF_READING, advise_on_failed_read
    from cleanrooms_resource.errors import CollaborationError
    from cleanrooms_resource.invitations.documents import render_json, render_markdown
    from cleanrooms_resource.invitations.outputs import OutputsError

    violation = find_id_violation(arguments.collaboration)
    if violation:
        return fail(f"The ID {violation}.")
    try:
        invitations = _select(_read(arguments), arguments)
    except CollaborationError as error:
        reason = (
            f"{error.what_happened.rstrip('.')}{advise_on_failed_read(error, ACTIONS_OF_READING)}."
        )
        return fail(f"No invitation is written: {reason}", STATUS_OF_FAILURE)
    except (InvitationError, OutputsError) as error:
        return fail(f"No invitation is written: {error}", STATUS_OF_FAILURE)
    render = {"markdown": render_markdown, "json": render_json}[arguments.format]
    return write_output(render(invitations))


def _read(arguments: argparse.Namespace) -> list[Invitation]:
    from cleanrooms_resource.aws.calls import read_collaboration_by_id
    from cleanrooms_resource.aws.connection import connect
    from cleanrooms_resource.invitations.invitation import read_invitations
    from cleanrooms_resource.invitations.outputs import read_outputs

    if arguments.outputs is not None:
        try:
            text = Path(arguments.outputs).read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise InvitationError(
                f"the file {arguments.outputs} cannot be read: {getattr(error, 'strerror', None) or error}."
            ) from None
        return read_outputs(text, arguments.collaboration)
    region = arguments.region or read_default_region(arguments)
    if region is None:
        raise InvitationError(f"{NO_REGION[0].lower()}{NO_REGION[1:]}")
    unknown = explain_first_unknown_region(arguments, [region])
    if unknown:
        raise InvitationError(unknown)
    connection = connect(make_settings(arguments), region)
    return read_invitations(read_collaboration_by_id(connection, arguments.collaboration), region)


def _select(invitations: list[Invitation], arguments: argparse.Namespace) -> list[Invitation]:
    from cleanrooms_resource.invitations.invitation import INVITED

    if arguments.member is not None:
        invitations = [
            invitation for invitation in invitations if invitation.account == arguments.member
        ]
        if not invitations:
            raise InvitationError(
                f"collaboration {arguments.collaboration} invites no account {arguments.member}."
            )
        if invitations[0].status != INVITED:
            raise InvitationError(
                f"account {arguments.member} has the status {invitations[0].status}, and only an INVITED member can join."
            )
    selected = [invitation for invitation in invitations if invitation.status == INVITED]
    if not selected:
        raise InvitationError(
            f"collaboration {arguments.collaboration} has no member with the status INVITED."
        )
    return selected
