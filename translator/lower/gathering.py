"""A `for_each` whose items and results are objects: what a function does before its Map and behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from translator.expressions.sources import source_of
from translator.graph import FlowNode
from translator.json_value import JsonObject, JsonValue
from translator.lower.context import TOO_MANY_FAILED, Context
from translator.lower.draft import Draft, Transition, expression
from translator.lower.function_task import RESULT, machine_task, node_key
from translator.lower.merging import of_iterations
from translator.lower.node import evaluation
from translator.node_type import Iterating
from translator.projection.want import NOTHING

KEPT_ELSEWHERE: Final = ("States.ItemReaderFailed", "States.ResultWriterFailed")
"""How a Map fails that cannot read its items or write its results: failures of the class System."""


@dataclass(frozen=True)
class Apart:
    """The node's way through objects; `merged` are the variables that its iterations give together."""

    context: Context
    node: FlowNode
    lowering: Iterating
    merged: tuple[str, ...]

    @property
    def map_key(self) -> str:
        """The Map's key: what comes first in the node has the node's."""
        return f"map:{self.node.id}" if self.lowering.is_read else f"node:{self.node.id}"

    @property
    def _items(self) -> str:
        return f"{self.node.id}__items"

    @property
    def _written(self) -> str:
        return f"{self.node.id}__written"

    def places(self) -> dict[str, JsonValue]:
        """The Map's fields that say where items are read and results are written."""
        key = source_of(node_key(self.context, self.node.id))
        places: dict[str, JsonValue] = {"written": expression(f'"{self.context.project}/runs/" & {key}')}
        return places | ({"read": expression(f"${self._items}")} if self.lowering.is_read else {})

    def prepare(self) -> Draft | None:
        """The state that evaluates the items and keeps them as an object."""
        if not self.lowering.is_read:
            return None
        source, values = evaluation(self.context, self.lowering.items)
        want = self.context.wants.get("item", NOTHING)
        payload: dict[str, JsonValue] = {
            "items": {"evaluate": source, "keep": want.to_json()},
            "parameters": values,
        }
        success = Transition(self.map_key, assign={self._items: expression(RESULT)})
        return machine_task(self.context, self.node, "prepare", "items", payload, success)

    def written(self, out: Transition, gather: Draft | None) -> Transition:
        """Where the Map leads; if nothing asks what the iterations gave, right on."""
        if gather is None:
            out.assign[self.node.id] = expression("$states.result")
            return out
        key = expression("$states.result.ResultWriterDetails.Key")
        return Transition(gather.key, assign={self._written: key})

    def gather(self, out: Transition, refused: Transition) -> Draft | None:
        """The state that makes the node's output of what was written."""
        if not (self._is_asked or self.merged or self._counts_failures):
            return None
        out.assign[self.node.id] = expression(RESULT)
        out.assign |= {name: expression(f"$states.result.Payload.variables.{name}") for name in self.merged}
        parameters: JsonObject = {"manifest": expression(f"${self._written}")}
        if self.merged:
            parameters = {**parameters, "before": {name: expression(f"${name}") for name in self.merged}}
        payload: dict[str, JsonValue] = {"gather": self._form(), "parameters": parameters}
        payload |= self.context.keep(self.node.id)
        if self._counts_failures:
            payload["errors"] = [TOO_MANY_FAILED]
        draft = machine_task(self.context, self.node, "gather", "results", payload, out)
        if self._counts_failures:
            again = replace(refused, assign=dict(refused.assign), then=dict(refused.then))
            draft.catches.append(((TOO_MANY_FAILED,), again))
        return draft

    @property
    def _is_asked(self) -> bool:
        wants, views = self.context.wants, self.context.names.views
        return wants.get(self.node.id, NOTHING) != NOTHING or self.node.id in views

    @property
    def _counts_failures(self) -> bool:
        """Whether iterations tell of their failures themselves, so that the service counts none."""
        each = self.lowering
        return each.tolerates and each.batch_size is not None and each.tolerated_percentage != 100

    def _form(self) -> JsonObject:
        """How the results are to be read."""
        form: JsonObject = {"name": self.node.name}
        if self.lowering.tolerates:
            form = {**form, "tolerates": True}
        if self._counts_failures and self.lowering.tolerated_count is not None:
            form = {**form, "most_failed": self.lowering.tolerated_count}
        elif self._counts_failures:
            form = {**form, "most_failed_percentage": self.lowering.tolerated_percentage}
        if self.merged:
            how = self.context.merged
            form = {**form, "variables": {name: of_iterations(name, how[name]) for name in self.merged}}
        return form
