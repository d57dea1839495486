"""One stack that many tests share: each has its own collaboration, and each command runs once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.driver import UNCHANGED, EngineStack, StepSummary, summarize_steps
from engine.programs import WRITING_OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aws_account import Aws


@dataclass(frozen=True)
class Write:
    """A call that writes: its operation, its path, and the collaborations that AWS had before."""

    operation: str
    path: str
    existing_ids: frozenset[str]


@dataclass(frozen=True)
class Change:
    """What a preview and an `up` of one program said and did, by the names of the resources."""

    printed: str
    previewed: dict[str, StepSummary]
    before: dict[str, dict[str, Any]]
    after: dict[str, dict[str, Any]]
    all_writes: list[Write]

    def get_step(self, name: str) -> StepSummary:
        return self.previewed.get(name, UNCHANGED)

    def keeps_id(self, name: str) -> bool:
        return bool(self.before[name]["id"] == self.after[name]["id"])

    def list_writes(self, name: str) -> list[str]:
        """Return the operations that wrote, in the order in which they reached AWS."""
        old, new = (
            state[name]["id"] if name in state else "" for state in (self.before, self.after)
        )
        own = [
            each for each in self.all_writes if any(id_ and id_ in each.path for id_ in (old, new))
        ]
        operations = [each.operation for each in own]
        if not new or new == old:
            return operations
        # A creation names no id: it came before the first write that found its collaboration.
        place = next((n for n, each in enumerate(own) if new in each.existing_ids), len(own))
        return [*operations[:place], "CreateCollaboration", *operations[place:]]


def declare_all(programs: Iterable[Callable[[], object]]) -> Callable[[], None]:
    """Return the program of these programs."""

    def declare() -> None:
        for program in programs:
            program()

    return declare


def make_change(stack: EngineStack, aws: Aws, programs: Iterable[Callable[[], object]]) -> Change:
    """Preview and deploy the program of these programs."""
    before = stack.state()
    stack.declare(declare_all(programs))
    printed = stack.pulumi_stack.preview(json=True).stdout
    previewed = summarize_steps(printed)
    writes: list[Write] = []

    def make_recorder(operation: str) -> Callable[[dict[str, Any]], None]:
        return lambda environ: writes.append(
            Write(operation, environ["PATH_INFO"], frozenset(aws.endpoint.collaborations))
        )

    faults = list(aws.endpoint.faults.entries)
    for operation in WRITING_OPERATIONS:
        aws.endpoint.faults.add(operation, make_recorder(operation))
    deployed = stack.pulumi_stack.up(diff=True)
    printed += deployed.stdout + deployed.stderr
    aws.endpoint.faults.entries[:] = faults
    return Change(printed, previewed, before, stack.state(), writes)
