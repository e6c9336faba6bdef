"""Names are replaced, and the value stays the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import jsonata2py
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from translator.diagnostics.model import InternalError
from translator.expressions.restrictions import ambiguous_names
from translator.expressions.rewrite import rewrite
from translator.expressions.syntax import ExpressionTree, parse_expression

TRIGGER = "$states.context.Execution.Input.trigger"


def _result(source: str, bindings: Mapping[str, Any]) -> str:
    """The value as text, `nothing`, or the code of the error."""
    compiled = jsonata2py.compile(source)
    for name, value in bindings.items():
        compiled.assign(name, value)
    try:
        # On no input at all this evaluator yields nothing wherever `#` or `@` binds.
        value = compiled.evaluate({})
    except jsonata2py.JsonataEvaluationError as error:
        return f"error {error.error_code}"
    return "nothing" if value is jsonata2py.MISSING else json.dumps(value, default=lambda _: "a function")


@pytest.mark.parametrize(
    ("source", "rewritten"),
    [
        ("$charge.total", "$charge__1.total"),
        ("$trigger.body[0]", f"{TRIGGER}.body[0]"),
        ("$trigger[0].body", f"({TRIGGER})[0].body"),
        ("$charge[0].total", "$charge__1[0].total"),
        ("$order.items.$trigger", f"$order.items.({TRIGGER})"),
        ("'$charge' & $charge /* $charge */", "'$charge' & $charge__1 /* $charge */"),
        ("($charge := $charge; $charge)", "($charge := $charge__1; $charge)"),
        ("$map($charge, function($charge){ $charge })", "$map($charge__1, function($charge){ $charge })"),
        ("$order.`$charge`.charge", "$order.`$charge`.charge"),
        ("{'charge': $charge}", "{'charge': $charge__1}"),
        ("$run.id", "$states.context.Execution.Name"),
        ("$run.`id`[0]", "$states.context.Execution.Name[0]"),
        ("$run.version.x", '({"version": 1}).version.x'),
        ("$exists($charge)", "($charge__1 != null)"),
        ("$exists ( $charge ) and $exists($charge.id)", "($charge__1 != null) and $exists($charge__1.id)"),
        ("$exists($order)", "($order != null)"),
        ("$exists($limit)", "$exists($limit)"),
    ],
)
def test_references_are_replaced_and_nothing_else(source: str, rewritten: str) -> None:
    replace = {
        "charge": "$charge__1",
        "trigger": TRIGGER,
        "run": '{"version": 1}',
        "run.id": "$states.context.Execution.Name",
    }
    assert rewrite(source, replace, null_checked={"charge", "order"}) == rewritten


def test_rewriting_nothing_gives_the_source_itself() -> None:
    source = "( $x  := $order ; $x.y[ $ >1 ] /* c */ )"
    assert rewrite(source, {}) == source


def test_a_source_that_cannot_be_read_is_our_own_mistake() -> None:
    with pytest.raises(InternalError):
        rewrite("$x +", {})


def _binds_beside_an_empty_array(tree: ExpressionTree, values: Mapping[str, Any]) -> bool:
    """Behind `#` and `@` JSONata drops an empty array that a variable holds, but not one at a path's end."""
    kinds = set() if tree.root is None else {node.kind for node in tree.root.walk()}
    return bool(kinds & {"index", "focus"}) and "[]" in json.dumps(values)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_rewritten_expression_gives_what_the_original_gives(
    expressions: st.SearchStrategy[str], bindings: st.SearchStrategy[Mapping[str, Any]], data: st.DataObject
) -> None:
    source, values = data.draw(expressions), data.draw(bindings)
    tree = parse_expression(source)
    assume(tree.root is not None and not ambiguous_names(tree.late, values))
    assume(not _binds_beside_an_empty_array(tree, values))
    replaced = rewrite(source, {"a": "$a__1", "b": "$states.context.b", "c": "$c__2"})
    moved = {"a__1": values["a"], "states": {"context": {"b": values["b"]}}, "c__2": values["c"]}
    assert _result(replaced, moved) == _result(source, values)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_exists_of_a_bare_reference_asks_whether_it_is_null(
    expressions: st.SearchStrategy[str], bindings: st.SearchStrategy[Mapping[str, Any]], data: st.DataObject
) -> None:
    source, values = data.draw(expressions), data.draw(bindings)
    assume(parse_expression(source).root is not None)
    calls = [call for call in parse_expression(source).exists_on_bare_reference if call.name in values]
    replaced = rewrite(source, {}, null_checked={"a", "b", "c"})
    assert replaced.count("!= null)") == source.count("!= null)") + len(calls)
    # Where nothing is null, to exist and not to be null are the same.
    known = {name: value for name, value in values.items() if value is not None}
    assume(len(known) == len(values))
    assert _result(replaced, known) == _result(source, known)
