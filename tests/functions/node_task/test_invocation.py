"""What one invocation of node_task does with a node, its errors and its records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import pytest

from functions.node_task.invocation import invoke_node
from functions.node_task.records import MemoryRecords
from translator.error_classes import OutcomeUnknown, Permission, Unknown, Validation, named_error
from translator.json_value import JsonValue
from translator.node_type import Invoking, Lowering, NodeType, Parameters, RunContext


class Amount(Parameters):
    amount: int


class Charging(NodeType):
    """A type whose work is given by the test."""

    name: ClassVar[str] = "charging"
    summary: ClassVar[str] = "charges"
    example: ClassVar[str] = ""
    Parameters: ClassVar[type[Parameters]] = Amount

    def __init__(self, work: Callable[[Mapping[str, Any]], Any]) -> None:
        self.work = work
        self.contexts: list[RunContext] = []

    def lower(self, parameters: Mapping[str, Any]) -> Lowering:
        return Invoking(dict(parameters))

    def run(self, parameters: Mapping[str, Any], context: RunContext) -> JsonValue:
        self.contexts.append(context)
        output: JsonValue = self.work(parameters)
        return output


PAYLOAD: dict[str, Any] = {
    "project": "main",
    "run": "main-order-1",
    "node": "charge",
    "type": "charging",
    "node_key": "main-order-1/charge",
    "attempt": 1,
    "effect": "once",
    "timeout_seconds": 20,
    "parameters": {"amount": 30},
}


@dataclass
class Bench:
    """One function instance with one node type."""

    node_type: Charging
    records: MemoryRecords = field(default_factory=MemoryRecords)

    def invoke(self, **changes: Any) -> Mapping[str, JsonValue]:
        return invoke_node(PAYLOAD | changes, self.records, lambda: 0.0, lambda name: self.node_type)


def failing(error: Exception) -> Callable[[Mapping[str, Any]], Any]:
    def work(parameters: Mapping[str, Any]) -> Any:
        raise error

    return work


def test_a_node_gets_its_parameters_and_context_and_its_output_is_answered() -> None:
    bench = Bench(Charging(lambda parameters: {"paid": parameters["amount"]}))
    assert bench.invoke() == {"output": {"paid": 30}}
    assert bench.node_type.contexts == [RunContext("main-order-1/charge", 1, 20.0)]


def test_a_once_node_is_not_run_again_under_the_same_key() -> None:
    bench = Bench(Charging(lambda parameters: {"receipt": len(bench.node_type.contexts)}))
    assert [bench.invoke(), bench.invoke(attempt=2)] == [{"output": {"receipt": 1}}] * 2
    assert len(bench.node_type.contexts) == 1


@pytest.mark.parametrize("effect", ["read", "idempotent"])
def test_other_effects_are_repeated_and_leave_no_record(effect: str) -> None:
    bench = Bench(Charging(lambda parameters: 1))
    bench.invoke(effect=effect)
    bench.invoke(effect=effect)
    assert (len(bench.node_type.contexts), bench.records.outcomes) == (2, {})
    assert bench.node_type.contexts[0].effect == effect


def test_a_failed_once_node_leaves_no_record_and_runs_again() -> None:
    bench = Bench(Charging(failing(Permission("declined"))))
    with pytest.raises(Permission, match="declined"):
        bench.invoke()
    bench.node_type.work = lambda parameters: "ok"
    assert bench.invoke(attempt=2) == {"output": "ok"}


def test_an_error_that_the_definition_mentions_keeps_its_name() -> None:
    bench = Bench(Charging(failing(named_error("InsufficientFunds", "too poor"))))
    with pytest.raises(Exception, match="too poor") as raised:
        bench.invoke(errors=["InsufficientFunds"])
    assert type(raised.value).__name__ == "InsufficientFunds"


def test_a_named_error_that_the_definition_does_not_mention_becomes_unknown_so_that_a_star_takes_it() -> None:
    with pytest.raises(Unknown, match="InsufficientFunds: too poor"):
        Bench(Charging(failing(named_error("InsufficientFunds", "too poor")))).invoke(errors=["SoldOut"])


def test_an_error_of_a_known_class_that_the_definition_does_not_mention_stays_in_its_class() -> None:
    class SoldOut(Validation):
        pass

    with pytest.raises(Validation, match="SoldOut: none left") as raised:
        Bench(Charging(failing(SoldOut("none left")))).invoke()
    assert type(raised.value) is Validation


def test_an_unforeseen_exception_becomes_unknown_with_its_class_and_message() -> None:
    with pytest.raises(Unknown, match="ZeroDivisionError: division by zero"):
        Bench(Charging(lambda parameters: 1 / 0)).invoke()


def test_parameters_that_do_not_fit_are_named() -> None:
    bench = Bench(Charging(lambda parameters: Amount.model_validate(parameters).amount))
    with pytest.raises(
        Validation, match=r"parameters of node 'charge'.*'amount': Input should be a valid integer"
    ):
        bench.invoke(parameters={"amount": "many"})


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, "\ud800"], ids=["nan", "set", "surrogate"])
def test_an_output_that_is_not_json_is_refused(value: Any) -> None:
    with pytest.raises(Validation, match="node 'charge' gave something that is not JSON"):
        Bench(Charging(lambda parameters: value)).invoke()


def test_a_type_that_is_not_installed_is_named() -> None:
    with pytest.raises(Validation, match="node 'charge' is of type 'teleport'"):
        invoke_node(PAYLOAD | {"type": "teleport"}, MemoryRecords(), lambda: 0.0)


def test_a_payload_of_another_machine_is_refused() -> None:
    with pytest.raises(Validation, match="only machines compiled by Steploom"):
        invoke_node({"hello": "world"}, MemoryRecords(), lambda: 0.0)


def test_a_once_node_that_may_have_acted_is_not_run_again_unless_the_outside_knows_its_key() -> None:
    bench = Bench(Charging(lambda parameters: "paid"))
    with pytest.raises(OutcomeUnknown, match="it may have acted"):
        bench.invoke(repeated=True)
    assert bench.node_type.contexts == []
    assert bench.invoke(repeated=True, effect="idempotent") == {"output": "paid"}


def test_a_once_node_that_has_acted_answers_its_record_when_it_is_asked_again() -> None:
    bench = Bench(Charging(lambda parameters: "paid"))
    bench.invoke()
    assert bench.invoke(repeated=True) == {"output": "paid"}
    assert len(bench.node_type.contexts) == 1
