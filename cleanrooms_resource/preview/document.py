"""The JSON that `pulumi preview --json` prints: steps with an old and a new state, diagnostics, and a summary.

The engine defines this JSON as ``PreviewDigest`` in pulumi/pulumi.
"""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import Any, Final

from pydantic import BaseModel, Field

from cleanrooms_resource.hidden_keys import IMPORT_ID
from cleanrooms_resource.preview import messages
from cleanrooms_resource.preview.json_text import cut_deep_nesting
from cleanrooms_resource.preview.messages import Diagnostic  # noqa: TC001 - pydantic reads the annotation
from cleanrooms_resource.preview.resource_types import find_process, names_clean_rooms

_STACK_TYPE = "pulumi:pulumi:Stack"
_COUNTED_OPERATIONS = {"create", "update", "replace", "delete", "import"}
OPERATIONS_WITHOUT_CHANGE: Final = {"same", "refresh", "read", "discard", "remove-pending-replace"}
PARTS_OF_REPLACEMENT: Final = {"create-replacement", "delete-replaced", "discard-replaced"}
"""The operations that --show-replacement-steps prints beside the replacement itself."""


class ResourceState(BaseModel):
    """A resource's state before or after a step.

    ``custom``: the resource is no component. ``external``: the program only reads the resource.
    """

    type: str = ""
    custom: bool = True
    id: str = ""
    inputs: dict[str, Any] = {}
    outputs: dict[str, Any] = {}
    is_pending_delete: bool = Field(default=False, alias="delete")
    protect: bool = False
    retain_on_delete: bool = Field(default=False, alias="retainOnDelete")
    external: bool = False
    import_id: str = Field("", alias="importID")


NO_STATE: Final = ResourceState()


class PreviewStep(BaseModel):
    """The operation that the engine plans for a resource."""

    op: str
    urn: str
    provider: str = ""
    old: ResourceState = Field(NO_STATE, alias="oldState")
    new: ResourceState = Field(NO_STATE, alias="newState")
    diff_reasons: list[str] = Field([], alias="diffReasons")
    replace_reasons: list[str] = Field([], alias="replaceReasons")

    @property
    def type(self) -> str:
        return self.new.type or self.old.type

    @cached_property
    def process(self) -> str:
        """The process in which Pulumi runs a collaboration's provider; empty for any other resource."""
        inputs, outputs = (self.old.inputs, self.new.inputs), (self.old.outputs, self.new.outputs)
        return find_process(self.type, inputs, outputs)

    @property
    def is_other_clean_rooms(self) -> bool:
        """Whether the resource is of Clean Rooms, and no collaboration of this package."""
        is_custom = self.old.custom and self.new.custom
        return is_custom and not self.process and names_clean_rooms(self.type)

    @property
    def adopted_id(self) -> str:
        """The ID of the collaboration that a new resource adopts; empty for any other step."""
        if self.op not in ("create", "import"):
            return ""
        return str(self.new.inputs.get(IMPORT_ID) or self.new.import_id)

    @property
    def resource_name(self) -> str:
        return self.urn.split("::", 3)[-1]

    @property
    def parent_types(self) -> str:
        """The types of the resource's parents, with a dollar sign between them; empty where the stack is the parent."""
        types = self.urn.split("::", 3)[2:3]
        return types[0].rpartition("$")[0] if types else ""


class PreviewDocument(BaseModel):
    """A preview, as far as the comment needs it."""

    steps: list[PreviewStep] = []
    diagnostics: list[Diagnostic] = []
    summary: dict[str, int] | None = Field(None, alias="changeSummary")

    def project_and_stack(self) -> tuple[str, str]:
        """Return the names of the project and of the stack. Both are empty if nothing in the preview has a URN."""
        urns = [step.urn for step in self.steps] + [
            diagnostic.urn for diagnostic in self.diagnostics
        ]
        stack, _, rest = (
            next((urn for urn in urns if urn.startswith("urn:pulumi:")), "")
            .removeprefix("urn:pulumi:")
            .partition("::")
        )
        return rest.partition("::")[0], stack

    def sort_steps(self) -> list[PreviewStep]:
        """Return the steps in the order of their URNs, because the engine's order varies."""
        return sorted(self.steps, key=lambda step: (step.urn, step.old.id, step.op))

    def count_other_operations(self) -> dict[str, int]:
        """Count the operations on other resources. An operation that is not listed above counts as "change"."""
        no_change = OPERATIONS_WITHOUT_CHANGE | PARTS_OF_REPLACEMENT
        operations = [
            step.op
            for step in self.steps
            if step.op not in no_change and not step.process and step.type != _STACK_TYPE
        ]
        return dict(
            sorted(
                Counter(op if op in _COUNTED_OPERATIONS else "change" for op in operations).items()
            )
        )

    def count_unchanged(self) -> int:
        """Count the resources that do not change. The stack itself does not count."""
        has_stack = any(step.op == "same" and step.type == _STACK_TYPE for step in self.steps)
        return max((self.summary or {}).get("same", 0) - has_stack, 0)

    def find_gap(self) -> str:
        """Return the clause that says what the preview lacks; an empty text for a whole preview."""
        if self.summary is None:
            return (
                "it has neither steps nor a summary of changes"
                if not self.steps
                else "it has no summary of changes"
            )
        counts = Counter(step.op for step in self.steps)
        missing = {
            op: number - counts[op]
            for op, number in sorted(self.summary.items())
            if op != "same" and number > counts[op]
        }
        if missing or not self.steps:
            operations = (
                ", ".join(f"{number} {op}" for op, number in missing.items()) or "of the stack"
            )
            return f"its summary counts operations that have no step ({operations})"
        return ""

    def errors(self) -> list[str]:
        """Return the errors without tracebacks."""
        return messages.list_errors(self.diagnostics)

    def warnings(self) -> list[str]:
        """Return the warnings, and the notices of the language host."""
        return messages.list_warnings(self.diagnostics)

    def notices(self) -> list[str]:
        """Return what the language host prints. Where the preview fails, its output is noise."""
        return [] if self.errors() else messages.list_host_output(self.diagnostics)


def parse_preview(text: str) -> PreviewDocument:
    """Read the output of `pulumi preview --json`.

    Raises:
        ValueError: the text is not a preview. An engine that fails before its first step, for example without a plug-in, prints JSON that has neither
            steps nor diagnostics nor a summary; this is not a preview either.

    """
    document = PreviewDocument.model_validate_json(cut_deep_nesting(text))
    if not document.model_fields_set:
        raise ValueError("The JSON has neither steps nor diagnostics nor a summary of changes.")
    return document
