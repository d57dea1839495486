"""The JSON that `pulumi preview --json` prints: steps with an old and a new state, diagnostics, and a summary.

The engine defines this JSON as ``PreviewDigest`` in pulumi/pulumi.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from pydantic import BaseModel, Field

from cleanrooms_resource.changes.takeover import DYNAMIC_TYPE, PLUGIN_TYPE
from cleanrooms_resource.hidden_keys import IMPORT_ID

_STACK_TYPE = "pulumi:pulumi:Stack"
_COLLABORATION_TYPES = (DYNAMIC_TYPE, PLUGIN_TYPE)
_COUNTED_OPERATIONS = {"create", "update", "replace", "delete", "import"}
# These operations change nothing, or are parts of a replacement, which --show-replacement-steps prints beside the replacement itself.
_OPERATIONS_WITHOUT_CHANGE = {
    "same",
    "refresh",
    "read",
    "discard",
    "remove-pending-replace",
    "create-replacement",
    "delete-replaced",
    "discard-replaced",
}


class ResourceState(BaseModel):
    """A resource's state before or after a step."""

    type: str = ""
    id: str = ""
    inputs: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    is_pending_delete: bool = Field(default=False, alias="delete")


NO_STATE: Final = ResourceState()


class PreviewStep(BaseModel):
    """The operation that the engine plans for a resource."""

    op: str
    urn: str
    old: ResourceState = Field(NO_STATE, alias="oldState")
    new: ResourceState = Field(NO_STATE, alias="newState")
    diff_reasons: list[str] = Field([], alias="diffReasons")
    replace_reasons: list[str] = Field([], alias="replaceReasons")

    @property
    def type(self) -> str:
        """The resource's type."""
        return self.new.type or self.old.type

    @property
    def resource_name(self) -> str:
        """The resource's name, the last part of its URN."""
        return self.urn.split("::", 3)[-1]


class Diagnostic(BaseModel):
    """A message of the engine or of the program."""

    message: str = ""
    severity: str = ""


class PreviewDocument(BaseModel):
    """A preview, as far as the comment needs it."""

    steps: list[PreviewStep] = []
    diagnostics: list[Diagnostic] = []
    summary: dict[str, int] = Field({}, alias="changeSummary")

    def project_and_stack(self) -> tuple[str, str]:
        """Return the names of the project and of the stack. Both are empty if the preview has no steps."""
        stack, _, rest = (self.steps[0].urn if self.steps else "").removeprefix("urn:pulumi:").partition("::")
        return rest.partition("::")[0], stack

    def collaboration_steps(self) -> list[PreviewStep]:
        """Return the steps that change a collaboration, in the order of their URNs, because the engine's order varies."""
        steps = [step for step in self._changing_steps() if step.type in _COLLABORATION_TYPES]
        return sorted(steps + self._list_deletions_of_replaced(), key=lambda step: step.urn)

    def states_before_refresh(self) -> dict[str, ResourceState]:
        """Return the states before the refresh in this preview, by URN, without what an earlier run replaced."""
        return {step.urn: step.old for step in self.steps if step.op == "refresh" and not step.old.is_pending_delete}

    def count_other_operations(self) -> dict[str, int]:
        """Count the operations on resources that are not collaborations. An operation that is not listed above counts as "change"."""
        other_steps = (step for step in self._changing_steps() if step.type not in (*_COLLABORATION_TYPES, _STACK_TYPE))
        return dict(sorted(Counter(step.op if step.op in _COUNTED_OPERATIONS else "change" for step in other_steps).items()))

    def count_unchanged(self) -> int:
        """Count the resources that do not change. The stack itself does not count."""
        has_stack = any(step.op == "same" and step.type == _STACK_TYPE for step in self.steps)
        return max(self.summary.get("same", 0) - has_stack, 0)

    def errors(self) -> list[str]:
        """Return the errors without tracebacks. A message that only says that an error happened is left out if another message explains the error."""
        messages = self._messages("error")
        explanations = [message for message in messages if not message.startswith(_WITHOUT_EXPLANATION)]
        has_failed = any(diagnostic.severity == "error" for diagnostic in self.diagnostics)
        return explanations or messages or (["the engine reports an error without a message"] if has_failed else [])

    def warnings(self) -> list[str]:
        """Return the warnings."""
        return self._messages("warning")

    def _list_deletions_of_replaced(self) -> list[PreviewStep]:
        """Return a deletion for each collaboration that an earlier run replaced and did not delete.

        The engine writes such a deletion only with --show-replacement-steps, and its refresh with --refresh. It is none where the program adopts
        the collaboration.
        """
        replaced = {(step.urn, step.old.id) for step in self.steps if step.op == "replace"}
        adopted = {step.new.inputs.get(IMPORT_ID) for step in self.steps}
        deletions = {
            (step.urn, step.old.id): step.model_copy(update={"op": "delete", "new": NO_STATE})
            for step in self.steps
            if step.type in _COLLABORATION_TYPES
            and (step.op == "delete-replaced" or (step.op == "refresh" and step.new.is_pending_delete))
            and (step.urn, step.old.id) not in replaced
            and step.old.id not in adopted
        }
        return list(deletions.values())

    def _changing_steps(self) -> list[PreviewStep]:
        return sorted((step for step in self.steps if step.op not in _OPERATIONS_WITHOUT_CHANGE), key=lambda step: step.urn)

    def _messages(self, severity: str) -> list[str]:
        messages = (_clean_message(each.message.removeprefix(f"{severity}: ")) for each in self.diagnostics if each.severity == severity)
        return sorted({message for message in messages if message})


def parse_preview(text: str) -> PreviewDocument:
    """Read the output of `pulumi preview --json`.

    Raises:
        ValueError: the text is not a preview. An engine that fails before its first step, for example without a plug-in, prints JSON that has neither
            steps nor diagnostics nor a summary; this is not a preview either.

    """
    document = PreviewDocument.model_validate_json(text)
    if not document.model_fields_set:
        raise ValueError("The JSON has neither steps nor diagnostics nor a summary of changes.")
    return document


# The engine and the language host print these messages after the error itself.
_WITHOUT_EXPLANATION = ("preview failed", "an unhandled error occurred:")
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# The engine begins a failure of check with the resource's type and name; the name is enough. Python begins our errors with the path of their class.
_PROBLEM = re.compile(rf"^(?:{'|'.join(map(re.escape, _COLLABORATION_TYPES))}) resource '(.*?)' has a problem: ")
_ERROR_CLASS = re.compile(r"^cleanrooms_resource\.errors\.\w+: ", re.MULTILINE)


def _clean_message(message: str) -> str:
    text = _TRACEBACK.sub("", _COLOURS.sub("", message)).strip()
    return _ERROR_CLASS.sub("", _PROBLEM.sub(r"\1: ", text))
