"""Operands, however many, become an expression that nests little and means the same."""

from __future__ import annotations

import json

import pytest

from translator.compiler import compile_text
from translator.expressions.construct import mixed_to_expression
from translator.expressions.depth import MOST_NESTED, evaluated_depth
from translator.expressions.evaluator import compile_expression
from translator.expressions.joining import appended, chosen, first_other_than, joined
from translator.expressions.parsing import parse
from translator.expressions.template import parse_template
from translator.json_value import JsonValue

SIZES = (1, 2, 20, 21, 400)


def value(source: str, **variables: JsonValue) -> object:
    assert evaluated_depth(parse(source)) < MOST_NESTED
    return compile_expression(source).evaluate(variables)


@pytest.mark.parametrize("size", SIZES)
def test_a_text_of_many_parts_is_joined_in_their_order(size: int) -> None:
    template = parse_template("".join(f"a{{% $x{index} %}}" for index in range(size)))
    given: dict[str, JsonValue] = {f"x{index}": index for index in range(size)}
    assert value(mixed_to_expression(template), **given) == "".join(f"a{index}" for index in range(size))


@pytest.mark.parametrize("size", SIZES)
def test_a_sum_of_many_is_their_sum(size: int) -> None:
    assert value(joined([str(index) for index in range(size)], "+")) == sum(range(size))


@pytest.mark.parametrize("size", SIZES)
def test_the_first_that_is_another_value_is_found_wherever_it_stands(size: int) -> None:
    sources = [f"$x[{index}]" for index in range(size)]
    for at in {0, size // 2, size - 1}:
        given = [index if index >= at else None for index in range(size)]
        assert value(first_other_than("null", sources, "$z"), x=given, z="none") == at
    assert value(first_other_than("null", sources, "$z"), x=[None] * size, z="none") == "none"


@pytest.mark.parametrize("size", SIZES)
def test_the_first_case_that_holds_is_chosen(size: int) -> None:
    cases = [(f"$x = {index}", f'"{index}"') for index in range(size)]
    assert value(chosen(cases, '"no"'), x=size - 1) == str(size - 1)
    assert value(chosen(cases, '"no"'), x=size) == "no"


@pytest.mark.parametrize("size", SIZES)
def test_lists_are_appended_in_their_order_and_nothing_is_none(size: int) -> None:
    lists = [f"[{index}, {index}]" if index % 3 else "$nobody" for index in range(1, size + 1)]
    wanted = [index for index in range(1, size + 1) if index % 3 for _ in range(2)]
    assert value(appended(lists)) == wanted


def test_a_join_of_many_ways_asks_in_no_expression_that_nests_too_deeply() -> None:
    names = [f"n{index}" for index in range(150)]
    function = {"type": "function", "parameters": {"function": "work"}}
    edges = [{"from": name, "to": "last", "when": f"{{% ${name}.ok %}}"} for name in names]
    nodes = [{"id": name, **function} for name in (*names, "last")]
    text = compile_text(json.dumps({"id": "wide", "nodes": nodes, "edges": edges})).asl_text
    sources = [part.partition("%}")[0].strip() for part in json.loads(f"[{json.dumps(text)}]")[0].split("{%")]
    assert max(evaluated_depth(parse(json.loads(f'"{one}"'))) for one in sources[1:]) < MOST_NESTED
