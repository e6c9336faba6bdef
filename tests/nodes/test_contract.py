"""Every node type is held to one contract, found by walking the folder."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml

from translator import nodes
from translator.definition.reader import read_definition
from translator.node_type import (
    Branching,
    Choosing,
    Ending,
    Invoking,
    Iterating,
    Parameters,
    Passing,
    Repeating,
    RunContext,
    Starting,
    Waiting,
)

BY_THE_MACHINE = Passing | Choosing | Waiting | Ending | Iterating | Repeating | Branching | Starting
CONTEXT = RunContext(node_key="run-1/node", attempt=0, timeout_seconds=1.0)


def example(name: str) -> dict[str, Any]:
    node: dict[str, Any] = yaml.safe_load(nodes.load(name).example)
    return node


def invokes(name: str) -> bool:
    return isinstance(nodes.load(name).lower(example(name)["parameters"]), Invoking)


every_type = pytest.mark.parametrize("name", nodes.names())


def test_the_folder_holds_the_types_of_the_language() -> None:
    assert {
        "transform",
        "set_variable",
        "condition",
        "http_request",
        "function",
        "delay",
        "terminate",
        "workflow",
    } <= set(nodes.names())


def test_a_type_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        nodes.load("teleport")


@every_type
def test_the_name_is_that_of_the_file(name: str) -> None:
    assert nodes.load(name).name == name


@every_type
def test_it_is_documented(name: str) -> None:
    node_type = nodes.load(name)
    assert len((type(node_type).__doc__ or "").split()) > 10
    assert 2 < len(node_type.summary.split()) < 12
    assert not node_type.summary.endswith(".")


@every_type
def test_the_example_is_a_node_of_the_type_with_valid_parameters(name: str) -> None:
    text = json.dumps({"id": "example", "nodes": [example(name)]})
    (node,) = read_definition(text).definition.nodes
    assert node.type == name
    assert isinstance(nodes.load(name).Parameters.model_validate(node.parameters), Parameters)


@every_type
def test_parameters_have_a_json_schema_and_every_one_a_default_or_a_need(name: str) -> None:
    model = nodes.load(name).Parameters
    assert issubclass(model, Parameters)
    schema = model.model_json_schema()
    assert json.dumps(schema)
    assert any("description" in field for field in schema["properties"].values())


@every_type
def test_an_unknown_parameter_is_refused(name: str) -> None:
    node_type = nodes.load(name)
    with pytest.raises(ValueError, match="Extra inputs are not permitted"):
        node_type.Parameters.model_validate({**example(name)["parameters"], "no_such_parameter": 1})


@every_type
def test_ports_are_distinct_and_none_is_the_error_port(name: str) -> None:
    ports = nodes.load(name).ports(example(name)["parameters"])
    assert len(set(ports)) == len(ports)
    assert "error" not in ports


@every_type
def test_it_lowers_to_the_same_thing_twice_and_changes_nothing(name: str) -> None:
    node_type, parameters = nodes.load(name), example(name)["parameters"]
    first = node_type.lower(parameters)
    assert isinstance(first, BY_THE_MACHINE | Invoking)
    assert node_type.lower(parameters) == first
    assert parameters == example(name)["parameters"]


@every_type
def test_only_what_invokes_runs_and_all_that_invokes_runs(name: str) -> None:
    has_run = type(nodes.load(name)).run is not nodes.NodeType.run
    assert has_run == invokes(name)


@pytest.mark.parametrize("name", [name for name in nodes.names() if invokes(name)])
def test_run_refuses_evaluated_parameters_of_a_wrong_shape_as_validation(name: str) -> None:
    with pytest.raises(nodes.Validation, match="parameter"):
        nodes.load(name).run({"no_such_parameter": {}}, CONTEXT)


@every_type
def test_the_default_effect_is_known(name: str) -> None:
    assert nodes.load(name).default_effect(example(name)["parameters"]) in ("read", "idempotent", "once")
