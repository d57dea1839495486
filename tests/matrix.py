"""Every property, and everything that can happen to it: the cells of the change matrix, as scenarios."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from declarations import ADS, BROKER, LEFT_OUT, declaration, member, responsible
from scenarios import Op, Scenario

from cleanrooms_resource.declaration.spelling import to_camel_case

if TYPE_CHECKING:
    from collections.abc import Iterator

UNSET: Any = object()


@dataclass(frozen=True)
class PropertyRow:
    """A property: two values of it, what a change of it is, what its removal is, its default, the same value in another order or spelling."""

    name: str
    value: Any
    other: Any
    op: Op = "replace"
    removed: Op | None = None
    default: Any = UNSET
    same: Any = UNSET
    required: bool = False

    def cells(self) -> Iterator[Scenario]:
        """The scenarios of this property."""
        unset = {} if self.required else {self.name: LEFT_OUT}
        one, other = {self.name: self.value}, {self.name: self.other}
        yield self._cell("changed", self.op, one, other)
        yield self._cell(
            "re-spelt", "same", one, {self.name: LEFT_OUT, to_camel_case(self.name): self.value}
        )
        if not self.required:
            # AWS has what is declared now, and the state does not say so yet.
            yield self._cell("set", "update" if self.op == "same" else self.op, unset, other)
            yield self._cell("removed", self.removed or self.op, one, unset)
        if self.default is not UNSET:
            written_out = {self.name: self.default}
            yield self._cell("default written out", "update", unset, written_out)
            yield self._cell("default left out", "same", written_out, unset)
        if self.same is not UNSET:
            yield self._cell("another order or spelling", "same", one, {self.name: self.same})

    def _cell(self, what: str, op: Op, before: dict[str, Any], after: dict[str, Any]) -> Scenario:
        # A value that appears or goes, or that has no parts, is one line of the preview.
        is_one_line = what in ("set", "removed") or isinstance(self.value, str)
        camel_case = (to_camel_case(self.name),)
        return Scenario(
            name=f"{self.name.replace('_', '-')}--{what.replace(' ', '-')}",
            op=op,
            after=declaration(**after),
            before=declaration(**before),
            reasons=camel_case if op == "replace" else (),
            detailed=camel_case if op != "same" and is_one_line else None,
        )


_YES, _NO = {"is_responsible": True}, {"isResponsible": False}
_ENCRYPTION = {
    "allow_cleartext": True,
    "allow_duplicates": True,
    "allow_joins_on_columns_with_different_names": True,
    "preserve_nulls": False,
}
_QUERIER = member(ADS, member_abilities=["CAN_QUERY", "CAN_RECEIVE_RESULTS"])
_MODEL_OUTPUT, _INFERENCE_OUTPUT = (
    {"custom_ml_member_abilities": [f"CAN_RECEIVE_{output}"]}
    for output in ("MODEL_OUTPUT", "INFERENCE_OUTPUT")
)

MATRIX = (
    PropertyRow("name", "A", "B", "update", required=True),
    PropertyRow("description", "A", "B", "update", default=""),
    PropertyRow(
        "tags", {"a": "1", "b": "2"}, {"a": "2"}, "update", default={}, same={"b": "2", "a": "1"}
    ),
    PropertyRow(
        "members",
        [_QUERIER, member(BROKER)],
        [_QUERIER],
        default=[],
        same={
            BROKER: {
                "displayName": "Member 3333",
                "memberAbilities": [],
                "paymentConfiguration": responsible(jobCompute=False),
            },
            ADS: {
                "displayName": "Member 2222",
                "memberAbilities": ["CAN_RECEIVE_RESULTS", "CAN_QUERY"],
            },
        },
    ),
    PropertyRow("creator_display_name", "A", "B", required=True),
    PropertyRow(
        "creator_member_abilities",
        ["CAN_RECEIVE_RESULTS", "CAN_RUN_JOB"],
        ["CAN_RECEIVE_RESULTS"],
        same=["CAN_RUN_JOB", "CAN_RECEIVE_RESULTS"],
        required=True,
    ),
    PropertyRow(
        "creator_ml_member_abilities",
        _MODEL_OUTPUT,
        _INFERENCE_OUTPUT,
        default={"custom_ml_member_abilities": []},
    ),
    PropertyRow(
        "creator_payment_configuration",
        {"query_compute": _YES},
        {"query_compute": _YES, "job_compute": _YES},
        default={"query_compute": _NO, "machine_learning": {"model_training": _NO}},
        same={"queryCompute": {"isResponsible": True}, "jobCompute": _NO},
    ),
    PropertyRow("data_encryption_metadata", _ENCRYPTION, _ENCRYPTION | {"preserve_nulls": True}),
    PropertyRow("query_log_status", "ENABLED", "DISABLED", required=True),
    PropertyRow("job_log_status", "ENABLED", "ENABLED", default="DISABLED"),
    PropertyRow(
        "auto_approved_change_request_types",
        ["ADD_MEMBER"],
        ["ADD_MEMBER", "GRANT_RECEIVE_RESULTS_ABILITY"],
        default=[],
    ),
    # What AWS chooses, it fills in: here SPARK, and the region of the collaboration.
    PropertyRow("analytics_engine", "SPARK", "SPARK", "same", default="SPARK"),
    PropertyRow(
        "allowed_result_regions",
        ["eu-west-1", "us-east-1"],
        ["eu-west-1"],
        removed="same",
        default=["us-east-1"],
        same=["us-east-1", "eu-west-1"],
    ),
    PropertyRow("is_metrics_enabled", value=True, other=True, default=False),
    PropertyRow("region", "us-east-1", "eu-west-1", removed="same", default="us-east-1"),
)

CELLS = tuple(
    cell for row in MATRIX for cell in row.cells() if cell.op == "same" or cell.before != cell.after
)
"""Without the cells of properties that have one value but their default: nothing changes from it to itself."""
