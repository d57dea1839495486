"""The JSON that `pulumi preview --json` prints: steps with an old and a new state, diagnostics, and a summary.

The JSON is the engine's (``PreviewDigest`` in pulumi/pulumi).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Final

from pydantic import BaseModel, Field

COLLABORATION_TYPE: Final = "pulumi-python:dynamic/cleanrooms:Collaboration"
"""The resource's type, as the engine has it."""

_STACK_TYPE = "pulumi:pulumi:Stack"
_OPERATIONS = {"create", "update", "replace", "delete", "import"}
# Operations that change nothing, and the parts of a replacement that --show-replacement-steps adds to its own step.
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


NO_STATE: Final = ResourceState()


class PreviewStep(BaseModel):
    """What the engine would do with one resource."""

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
        """Return the names of the project and of the stack; empty where the preview has no steps."""
        stack, _, rest = (self.steps[0].urn if self.steps else "").removeprefix("urn:pulumi:").partition("::")
        return rest.partition("::")[0], stack

    def collaboration_steps(self) -> list[PreviewStep]:
        """Return the steps that change a collaboration, by URN; the engine's order varies."""
        return [step for step in self._changing_steps() if step.type == COLLABORATION_TYPE]

    def states_before_refresh(self) -> dict[str, ResourceState]:
        """Return URNs with the states that a refresh in this preview started from."""
        return {step.urn: step.old for step in self.steps if step.op == "refresh"}

    def count_other_operations(self) -> dict[str, int]:
        """Count the operations on the stack's other resources. An operation that this module does not know is called a change."""
        other_steps = (step for step in self._changing_steps() if step.type not in (COLLABORATION_TYPE, _STACK_TYPE))
        return dict(sorted(Counter(step.op if step.op in _OPERATIONS else "change" for step in other_steps).items()))

    def count_unchanged(self) -> int:
        """Count the resources that stay as they are, without the stack itself."""
        has_stack = any(step.op == "same" and step.type == _STACK_TYPE for step in self.steps)
        return max(self.summary.get("same", 0) - has_stack, 0)

    def errors(self) -> list[str]:
        """Return the errors, without tracebacks and without messages that only say that an error happened."""
        messages = self._messages("error")
        explanations = [message for message in messages if not message.startswith(_WITHOUT_EXPLANATION)]
        has_failed = any(diagnostic.severity == "error" for diagnostic in self.diagnostics)
        return explanations or messages or (["the engine does not say why"] if has_failed else [])

    def warnings(self) -> list[str]:
        """Return the warnings."""
        return self._messages("warning")

    def _changing_steps(self) -> list[PreviewStep]:
        return sorted((step for step in self.steps if step.op not in _OPERATIONS_WITHOUT_CHANGE), key=lambda step: step.urn)

    def _messages(self, severity: str) -> list[str]:
        messages = (_clean_message(each.message.removeprefix(f"{severity}: ")) for each in self.diagnostics if each.severity == severity)
        return sorted({message for message in messages if message})


def parse_preview(text: str) -> PreviewDocument:
    """Read the output of `pulumi preview --json`.

    Raises:
        ValueError: the text is something else. An engine that fails before its first step (where a plug-in is missing, for example) prints JSON
            without steps, diagnostics and summary, which is not a preview either.

    """
    document = PreviewDocument.model_validate_json(text)
    if not document.model_fields_set:
        raise ValueError("The JSON has neither steps nor diagnostics nor a summary of changes.")
    return document


# The engine and the language host print these after the error itself.
_WITHOUT_EXPLANATION = ("preview failed", "an unhandled error occurred:")
_TRACEBACK = re.compile(r"Traceback \(most recent call last\):\n(?:[ \t].*\n|\n)*")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# A failure of check begins with the resource's type and name, of which the name is enough. Our errors begin with the path of their class.
_PROBLEM = re.compile(rf"^{re.escape(COLLABORATION_TYPE)} resource '(.*?)' has a problem: ")
_ERROR_CLASS = re.compile(r"^cleanrooms_resource\.errors\.\w+: ", re.MULTILINE)


def _clean_message(message: str) -> str:
    text = _TRACEBACK.sub("", _COLOURS.sub("", message)).strip()
    return _ERROR_CLASS.sub("", _PROBLEM.sub(r"\1: ", text))
