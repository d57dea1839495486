"""What `pulumi preview --json` says of a stack's collaborations: what becomes of each one, and because of which property.

The JSON is the engine's (``PreviewDigest`` in pulumi/pulumi): steps with an old and a new state, diagnostics, a summary. What is replaced is the
engine's word; the rest is judged with the table of properties, from the inputs, so that nothing depends on how good the engine's own diff was.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, Field

from cleanrooms_resource import takeover
from cleanrooms_resource.adoption import IMPORT
from cleanrooms_resource.declaration import canonical
from cleanrooms_resource.properties import DECLARED, TABLE, Absent, Property, changes
from cleanrooms_resource.unknowns import is_placeholder

if TYPE_CHECKING:
    from collections.abc import Iterable

UNKNOWN: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
"""How the engine writes a value that is known only when applied."""

SECRET: Final = "[secret]"  # noqa: S105 - a mark, not a password
"""How it draws a secret, unless it writes a map with ``_SECRET_MARK`` in it."""

_SECRET_MARK = "4dabf18193072939515e22adb298388d"  # noqa: S105 - the same
TYPE: Final = "pulumi-python:dynamic/cleanrooms:Collaboration"
"""The resource's type, as the engine has it."""

_STACK = "pulumi:pulumi:Stack"
_OPERATIONS = {"create", "update", "replace", "delete", "import"}
# What changes nothing, and the parts of a replacement that --show-replacement-steps adds to its own step.
_NO_CHANGE = {"same", "refresh", "read", "discard", "remove-pending-replace", "create-replacement", "delete-replaced", "discard-replaced"}


class Kind(Enum):
    """What becomes of a collaboration, the costliest first; the value is what the tally calls it."""

    REPLACE = "to replace"
    MAY_REPLACE = "may be replaced"
    DELETE = "to delete"
    CREATE = "to create"
    ADOPT = "to adopt"
    TAKE_OVER = "to take over from pulumi-aws"
    UPDATE = "to change in place"


@dataclass(frozen=True, slots=True)
class Change:
    """A collaboration that changes; ``before`` and ``after`` are declarations (``{}`` for what is not there), ``because`` is in boto3's spelling.

    ``outside`` are the properties that were changed behind Pulumi's back, as a preview with ``--refresh`` sees them; all of them where the
    collaboration itself is gone. ``secret`` are those that differ and whose values are not shown. ``active`` maps the accounts that had joined, as
    of the last refresh, to their display names. ``id`` is the collaboration's, or the one to adopt.
    """

    name: str
    kind: Kind
    because: tuple[str, ...]
    outside: frozenset[str]
    secret: frozenset[str]
    active: dict[str, str]
    id: str
    before: dict[str, Any]
    after: dict[str, Any]


class _State(BaseModel):
    type: str = ""
    id: str = ""
    inputs: dict[str, Any] = {}
    outputs: dict[str, Any] = {}


_NOTHING = _State()


class _Step(BaseModel):
    op: str
    urn: str
    old: _State = Field(_NOTHING, alias="oldState")
    new: _State = Field(_NOTHING, alias="newState")
    diff_reasons: list[str] = Field([], alias="diffReasons")
    replace_reasons: list[str] = Field([], alias="replaceReasons")

    @property
    def type(self) -> str:
        return self.new.type or self.old.type


class _Diagnostic(BaseModel):
    message: str = ""
    severity: str = ""


class Preview(BaseModel):
    """A preview, as far as the comment needs it."""

    steps: list[_Step] = []
    diagnostics: list[_Diagnostic] = []
    summary: dict[str, int] = Field({}, alias="changeSummary")

    def names(self) -> tuple[str, str]:
        """The project and the stack; empty where there are no steps."""
        stack, _, project = (self.steps[0].urn if self.steps else "").removeprefix("urn:pulumi:").partition("::")
        return project.partition("::")[0], stack

    def collaborations(self) -> list[Change]:
        """The collaborations that change, the costliest changes first, then by name; the engine's order varies."""
        last_seen = {step.urn: step.old for step in self.steps if step.op == "refresh"}
        found = [_change(step, last_seen.get(step.urn)) for step in self._changing() if step.type == TYPE]
        return sorted(found, key=lambda change: (list(Kind).index(change.kind), change.name, change.id))

    def others(self) -> dict[str, int]:
        """The operations on the stack's other resources, counted; what this module does not know is called a change."""
        operations = (step.op if step.op in _OPERATIONS else "change" for step in self._changing() if step.type not in (TYPE, _STACK))
        return dict(sorted(Counter(operations).items()))

    def unchanged(self) -> int:
        """How many resources stay as they are, the stack itself not among them."""
        stack = any(step.op == "same" and step.type == _STACK for step in self.steps)
        return max(self.summary.get("same", 0) - stack, 0)

    def errors(self) -> list[str]:
        """What went wrong, without tracebacks and without what only says that something did."""
        said = self._said("error")
        failed = any(each.severity == "error" for each in self.diagnostics)
        return [message for message in said if not message.startswith(_ONLY_THAT)] or said or ["the engine does not say why"] * failed

    def warnings(self) -> list[str]:
        """What was warned of."""
        return self._said("warning")

    def _changing(self) -> list[_Step]:
        return sorted((step for step in self.steps if step.op not in _NO_CHANGE), key=lambda step: step.urn)

    def _said(self, severity: str) -> list[str]:
        messages = (_told(each.message.removeprefix(f"{severity}: ")) for each in self.diagnostics if each.severity == severity)
        return sorted({message for message in messages if message})


# What the engine and the language host say after the error itself.
_ONLY_THAT = ("preview failed", "an unhandled error occurred:")
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# What a failure of check begins with: the resource's name is enough. What an error of ours begins with: its sentence says what it is.
_PROBLEM = re.compile(rf"^{re.escape(TYPE)} resource '(.*?)' has a problem: ")
_OUR_ERROR = re.compile(r"^cleanrooms_resource\.errors\.\w+: ", re.MULTILINE)


def _told(message: str) -> str:
    plain = _TRACEBACK.sub("", _COLOURS.sub("", message)).strip()
    return _OUR_ERROR.sub("", _PROBLEM.sub(r"\1: ", plain))


def parse(text: str) -> Preview:
    """Read the output of `pulumi preview --json`; raises ValueError for anything else.

    An engine that fails before its first step (a plug-in that it does not find, say) prints JSON that says nothing: that is no preview either.
    """
    preview = Preview.model_validate_json(text)
    if not preview.model_fields_set:
        raise ValueError("neither steps nor diagnostics nor a summary of changes")
    return preview


def in_order(names: Iterable[str]) -> list[str]:
    """Property names in the table's order; those that it does not have come last."""
    rows = [*TABLE]
    return sorted(names, key=lambda name: (rows.index(name) if name in TABLE else len(rows), name))


def _change(step: _Step, last_seen: _State | None) -> Change:
    before, after = _declaration(step.old), _declaration(step.new)
    if step.op == "update":
        # Left out there, it is whatever it is; pulumi-aws fills the region in.
        before = {
            name: value for name, value in before.items() if name in after or name not in TABLE or TABLE[name].default is not Absent.AWS_CHOOSES
        }
    outputs = step.old.outputs | before | {DECLARED: sorted(before)}
    differing = {change.name: change for change in changes(outputs, after)}
    # Two secrets are drawn alike, so only the engine knows whether they differ.
    secret = frozenset(name for name in step.diff_reasons if SECRET in str(after.get(name)) and before.get(name) == after.get(name))
    because = step.replace_reasons if step.op == "replace" else [*differing.keys() | secret] * (step.op == "update")
    # The engine's reason is `id` where it was asked for (--replace).
    may_be_none = all(name in differing and _hangs(TABLE[name], differing[name].old, after.get(name)) for name in because)
    return Change(
        name=step.urn.split("::", 3)[-1],
        kind=_kind(step, may_be_none=bool(because) and may_be_none),
        because=tuple(in_order(name for name in because if name != "id")),
        outside=frozenset(name for name in TABLE if last_seen and last_seen.inputs.get(name) != step.old.inputs.get(name)),
        secret=secret,
        active=_active(step.old),
        id=str(step.new.inputs.get(IMPORT) or step.old.id or step.new.id),
        before=before,
        after=after,
    )


def _kind(step: _Step, *, may_be_none: bool) -> Kind:
    match step.op:
        case "replace":
            return Kind.MAY_REPLACE if may_be_none else Kind.REPLACE
        case "delete":
            return Kind.DELETE
        case "create" | "import":
            return Kind.ADOPT if step.op == "import" or step.new.inputs.get(IMPORT) else Kind.CREATE
        case _:
            return Kind.TAKE_OVER if _is_pulumi_awss(step.old) else Kind.UPDATE


def _is_pulumi_awss(state: _State) -> bool:
    return state.type == takeover.TYPE or takeover.is_pulumi_awss(state.outputs)


def _declaration(state: _State) -> dict[str, Any]:
    """The inputs without Pulumi's own; what pulumi-aws stored, in our shape."""
    inputs = {name: _visible(value) for name, value in state.inputs.items() if not name.startswith("__")}
    if not _is_pulumi_awss(state):
        return inputs
    return canonical({name: value for name, value in inputs.items() if name in TABLE})[0] or inputs


def _visible(value: Any) -> Any:
    """The same without hidden keys, and with secrets as the engine draws them."""
    if isinstance(value, dict):
        return SECRET if _SECRET_MARK in value else {key: _visible(inner) for key, inner in value.items() if not key.startswith("__")}
    return [_visible(inner) for inner in value] if isinstance(value, list) else value


def _active(state: _State) -> dict[str, str]:
    """Accounts to display names of who had joined, from our outputs or from pulumi-aws's."""
    members, statuses = _visible(state.outputs.get("members")), _visible(state.outputs.get("memberStatuses"))
    if isinstance(members, list):
        members = {str(member.get("accountId")): member for member in members if isinstance(member, dict)}
        statuses = {account: member.get("status") for account, member in members.items()}
    members = members if isinstance(members, dict) else {}
    joined = sorted(account for account, status in statuses.items() if status == "ACTIVE") if isinstance(statuses, dict) else []
    return {account: str(members[account].get("displayName", "")) if isinstance(members.get(account), dict) else "" for account in joined}


def _hangs(row: Property, old: Any, new: Any) -> bool:
    """Whether ``new`` has something unknown in it that may yet prove to mean the same as ``old``."""
    return _has_unknown(new) and _may_equal(row.means(old), row.means(new), keyed=row.name == "members")


def _has_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return any(is_placeholder(key) or _has_unknown(inner) for key, inner in value.items())
    return any(map(_has_unknown, value)) if isinstance(value, list) else value == UNKNOWN


def _may_equal(old: Any, new: Any, *, keyed: bool = False) -> bool:
    """``keyed`` by account: whoever is missing is missing; elsewhere what is left out is the same as empty."""
    if new == UNKNOWN:
        return True
    if isinstance(old, dict) and isinstance(new, dict):
        gone = [inner for key, inner in old.items() if key not in new]
        unnamed = [inner for key, inner in new.items() if is_placeholder(key)]
        named = all(_may_equal(old.get(key, None if keyed else {}), inner) for key, inner in new.items() if not is_placeholder(key))
        return named and len(gone) == len(unnamed) and all(any(_may_equal(candidate, inner) for candidate in gone) for inner in unnamed)
    if isinstance(old, list) and isinstance(new, list) and UNKNOWN in new:
        return all(item in old for item in new if item != UNKNOWN)
    return bool(old == new)
