"""Shapes stay small enough to reckon with, whatever an expression or a schema makes of them."""

from __future__ import annotations

import time
from typing import Any

import pytest

from translator.compiler import compile_data
from translator.shapes import kinds
from translator.shapes.expression import infer, unknown_name
from translator.shapes.json_schema import shape_of_schema
from translator.shapes.literal import shape_of
from translator.shapes.shape import DEEPEST, join

_DOUBLED = " ".join(f"$v{n + 1} := {{'a': $v{n}, 'b': $v{n}}};" for n in range(60))


@pytest.mark.parametrize(
    "source",
    [
        f"($v0 := 1; {_DOUBLED} $v60 = $v59 ? $v60 : {{'a': $v59}})",
        "{'a': 1}" + ".{'a': $, 'b': $}" * 60,
        "($f := function($x){ {'a': $x, 'b': $x} }; " + "$f(" * 60 + "1" + ")" * 60 + ")",
        "[1]" + " ~> $map(function($x){ {'a': $x, 'b': $x} })" * 60,
        "{}" + " ~> |$|{'a': $, 'b': $}|" * 60,
        "[" * 60 + "1" + "]" * 60,
        "($f := function($x){ $f($x) & $f($x) & $f($x) }; $f(1))",
        "$reduce([1..9], function($a, $x){ {'a': $a, 'b': $a} })",
    ],
)
def test_what_doubles_with_every_step_is_inferred_at_once(source: str) -> None:
    start = time.process_time()
    inferred = infer(source, unknown_name)
    assert inferred.findings == ()
    assert join(inferred.shape, infer(f"({source})", unknown_name).shape).kinds
    assert time.process_time() - start < 2


def test_a_schema_that_refers_to_itself_often_is_read_at_once() -> None:
    branches = {f"branch{number}": {"$ref": "#"} for number in range(8)}
    start = time.process_time()
    shape = shape_of_schema({"type": "object", "properties": branches, "additionalProperties": False})
    assert shape.kinds == kinds.OBJECT
    assert time.process_time() - start < 2


def test_deep_data_is_known_to_some_depth_only() -> None:
    value: Any = 1
    for _ in range(400):
        value = {"inner": [value]}
    shape = shape_of(value)
    for _ in range(DEEPEST):
        assert shape.kinds
        shape = (
            shape.element if shape.kinds == kinds.ARRAY or shape.fields is None else shape.fields.get("inner")
        )
    assert shape.kinds & kinds.JSON


def test_a_deep_schema_is_read_to_some_depth_only() -> None:
    schema: Any = {"$ref": "#"}
    for _ in range(300):
        schema = {"type": "array", "items": {"anyOf": [schema]}}
    assert shape_of_schema(schema).kinds == kinds.ARRAY


def test_nodes_that_each_wrap_the_one_before_compile() -> None:
    count = 300
    nodes: list[dict[str, Any]] = [{"id": "n0", "type": "transform", "parameters": {"output": {"a": 1}}}]
    for number in range(1, count):
        before = f"$n{number - 1}"
        output = {"left": f"{{% {before} %}}", "right": f"{{% [{before}] %}}"}
        nodes.append({"id": f"n{number}", "type": "transform", "parameters": {"output": output}})
    edges = [{"from": f"n{number}", "to": f"n{number + 1}"} for number in range(count - 1)]
    for _ in range(2):
        assert compile_data({"id": "wrapped", "nodes": nodes, "edges": edges}).diagnostics == ()
