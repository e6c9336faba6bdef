"""Where the failure of a body goes, run on the interpreter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import pytest

from translator.compiler import compile_data


class Ended(Protocol):
    ended: tuple[str, Any, str | None]
    cause: str | None


class Runner(Protocol):
    def __call__(self, definition: Mapping[str, Any], body: Any, answer: Any) -> Ended: ...


def node(name: str, kind: str, parent: str | None = None, **parameters: Any) -> dict[str, Any]:
    given = {"parent": parent} if parent else {}
    return {"id": name, "type": kind, "parameters": parameters, **given}


def call(name: str, parent: str | None = None) -> dict[str, Any]:
    return node(name, "function", parent, function="f", arguments={})


def tell(name: str, parent: str | None = None, output: str = "{% $error %}") -> dict[str, Any]:
    return node(name, "transform", parent, output=output)


def edge(source: str, target: str, **more: Any) -> dict[str, Any]:
    return {"from": source, "to": target, **more}


def failing(**errors: str) -> Any:
    def answer(payload: Mapping[str, Any]) -> Any:
        if payload["node"] in errors:
            raise ValueError(errors[payload["node"]])
        return payload["node"]

    return answer


def test_an_error_edge_of_a_body_in_a_branch_is_taken_there_and_the_other_branch_goes_on(run: Runner) -> None:
    nodes = [call("begin"), node("every", "for_each", items=[1, 2]), call("ask", "every")]
    nodes += [tell("mend"), call("aside"), tell("last", output="{% [$every, $mend, $aside] %}")]
    edges = [edge("begin", "every"), edge("begin", "aside"), edge("every", "mend", port="error")]
    edges += [edge("every", "last"), edge("mend", "last"), edge("aside", "last")]
    made = run({"nodes": nodes, "edges": edges}, None, failing(ask="Network"))
    error = {"error": "Network", "cause": "", "node": "ask"}
    assert made.ended == ("SUCCEEDED", {"last": [None, error, "aside"]}, None)


def test_an_inner_body_that_fails_is_taken_by_its_own_error_edge_in_each_iteration(run: Runner) -> None:
    nodes = [node("outer", "for_each", items=[1, 2]), node("inner", "parallel", "outer")]
    nodes += [
        call("ask", "inner"),
        call("look", "inner"),
        tell("mend", "outer", "{% [$error.node, $item] %}"),
    ]
    made = run(
        {"nodes": nodes, "edges": [edge("inner", "mend", port="error")]}, None, failing(look="Timeout")
    )
    assert made.ended[1] == {"outer": [{"mend": ["look", 1]}, {"mend": ["look", 2]}]}


def test_a_handler_of_the_outer_body_takes_what_an_inner_one_leaves(run: Runner) -> None:
    nodes = [node("outer", "for_each", items=[1]), node("inner", "while", "outer", condition="{% true %}")]
    nodes += [call("ask", "inner"), tell("mend", output="{% $error.node %}")]
    nodes += [tell("last", output="{% {'outer': $outer} %}")]
    handlers = [
        {"of": "inner", "node": "note", "errors": ["Permission"]},
        {"of": "outer", "node": "mend", "resolve": True},
    ]
    nodes += [tell("note", "outer")]
    definition = {"nodes": nodes, "edges": [edge("outer", "last")], "error_handlers": handlers}
    assert run(definition, None, failing(ask="Network")).ended[1] == {"last": {"outer": None}}
    assert run(definition, None, failing(ask="Permission")).ended[1] == {"last": {"outer": None}}
    endless = run(definition, None, failing())
    assert endless.ended[1] == {"last": {"outer": None}}


def test_a_failure_inside_the_handling_of_a_body_fails_its_node_with_that(run: Runner) -> None:
    nodes = [
        node("every", "parallel"),
        call("ask", "every"),
        call("note"),
        tell("mend", output="{% $error %}"),
    ]
    handlers = [{"of": "every", "node": "note", "resolve": True}]
    definition = {
        "nodes": nodes,
        "edges": [edge("every", "mend", port="error", errors=["Timeout"])],
        "error_handlers": handlers,
    }
    made = run(definition, None, failing(ask="Network", note="Timeout"))
    assert made.ended[1] == {"mend": {"error": "Timeout", "cause": "", "node": "note"}}
    assert run(definition, None, failing(ask="Network", note="Permission")).ended[2] == "Permission"


def test_what_runs_beside_the_failure_inside_a_while_is_cancelled_before_its_error_edge(run: Runner) -> None:
    nodes = [call("begin"), call("aside"), node("tries", "while", condition="{% $tries = null %}")]
    nodes += [call("fork", "tries"), call("ask", "tries"), call("look", "tries"), tell("mend")]
    nodes += [tell("last", output="{% [$mend.error, $mend.node, $tries, $aside] %}")]
    edges = [edge("begin", "aside"), edge("begin", "tries"), edge("fork", "ask"), edge("fork", "look")]
    edges += [edge("tries", "mend", port="error"), edge("mend", "last"), edge("aside", "last")]
    made = run({"nodes": nodes, "edges": edges}, None, failing(look="Unknown"))
    assert made.ended[1] == {"last": ["Unknown", "look", None, "aside"]}


def test_a_handler_of_the_workflow_hears_which_node_inside_a_body_in_a_branch_failed(run: Runner) -> None:
    nodes = [call("begin"), call("aside"), node("every", "for_each", items=[1]), call("ask", "every")]
    nodes += [tell("alarm", output="{% [$error.error, $error.node] %}")]
    edges = [edge("begin", "aside"), edge("begin", "every")]
    handlers = [{"node": "alarm", "resolve": True}]
    made = run({"nodes": nodes, "edges": edges, "error_handlers": handlers}, None, failing(ask="Network"))
    assert made.ended[1] == {"alarm": ["Network", "ask"]}


def test_the_run_ends_from_a_branch_of_a_body_in_a_branch(run: Runner) -> None:
    nodes = [call("begin"), call("aside"), node("both", "parallel"), call("ask", "both")]
    nodes += [node("stop", "terminate", "both", status="failed", error="Enough", cause="why")]
    edges = [edge("begin", "aside"), edge("begin", "both"), edge("both", "mend", port="error")]
    nodes += [tell("mend")]
    assert run({"nodes": nodes, "edges": edges}, None, failing()).ended == ("FAILED", None, "Enough")


def test_a_tolerated_iteration_may_fail_by_a_body_inside_it(run: Runner) -> None:
    nodes = [node("every", "for_each", items=[1, 2], tolerated_failures=2, output="{% $inner %}")]
    nodes += [
        node("inner", "while", "every", condition="{% $item = 2 %}", max_iterations=1),
        call("ask", "inner"),
    ]
    made = run({"nodes": nodes}, None, failing())
    failed = [{"error": "TooManyIterations", "index": 1}]
    assert made.ended[1] == {"every": {"items": [None], "failed": failed}}


def test_a_failure_that_was_handled_and_not_resolved_ends_the_run_with_its_own_cause(run: Runner) -> None:
    """Also in a branch, where somebody further out asks for the names of nodes, but not for this error."""
    nodes = [call("begin"), call("aside"), node("every", "for_each", items=[1]), call("ask", "every")]
    edges = [edge("begin", "every"), edge("begin", "aside")]
    handlers = [{"of": "every", "node": "note"}, {"node": "alert", "errors": ["Timeout"]}]
    failures = {"nodes": [*nodes, tell("note"), tell("alert")], "edges": edges, "error_handlers": handlers}
    alone = {"nodes": [*nodes[2:], tell("note")], "error_handlers": handlers[:1]}
    for definition in (failures, alone):
        made = run(definition, None, failing(ask="Network"))
        assert (made.ended, made.cause) == (("FAILED", None, "Network"), "")
    assert run(failures, None, failing(ask="Timeout")).ended == ("FAILED", None, "Timeout")


def test_what_the_condition_fails_with_is_the_failure_of_the_while(run: Runner) -> None:
    nodes = [node("tries", "while", condition="{% $number($trigger.body) > 1 %}"), call("ask", "tries")]
    nodes += [tell("mend", output="{% $error.error %}")]
    made = run({"nodes": nodes, "edges": [edge("tries", "mend", port="error")]}, "x", failing())
    assert made.ended[1] == {"mend": "States.QueryEvaluationError"}
    alone = run({"nodes": nodes[:2]}, "x", failing())
    assert alone.ended[2] == "States.QueryEvaluationError"


def test_the_error_that_an_edge_inside_gave_is_not_seen_outside(run: Runner) -> None:
    nodes = [
        node("tries", "while", condition="{% $tries = null %}"),
        call("ask", "tries"),
        tell("mend", "tries"),
    ]
    nodes += [tell("last")]
    edges = [edge("ask", "mend", port="error"), edge("tries", "last")]
    assert run({"nodes": nodes, "edges": edges}, None, failing(ask="Network")).ended[1] == {"last": None}


def test_a_workflow_of_which_nothing_runs_without_a_failure_is_refused() -> None:
    definition = {"id": "w", "nodes": [call("mend")], "error_handlers": [{"node": "mend"}]}
    assert [found.code for found in compile_data(definition).diagnostics] == ["WF301"]


def test_a_body_of_which_nothing_runs_without_a_failure_is_none() -> None:
    nodes = [node("outer", "for_each", items=[1]), node("inner", "while", "outer", condition="{% true %}")]
    definition = {"id": "w", "nodes": [*nodes, call("ask", "inner")]}
    handlers = [{"of": "inner", "node": "inner"}]
    found = compile_data({**definition, "error_handlers": handlers}).diagnostics
    assert [each.code for each in found] == ["WF341"]


@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("place", ["branch", "iteration", "iteration in a branch"])
def test_the_node_is_told_whose_expression_failed_inside(run: Runner, level: int, place: str) -> None:
    """No call fails here: the Cause names the state only."""
    inner, fails = None if place == "branch" else "every", "{% $number($aside.word) %}"
    nodes = [call("begin"), call("aside", inner), node("wrong", "transform", inner, output=fails)]
    nodes += [node("every", "for_each", items=[1])] if inner else []
    edges = [edge("begin", "aside")] if not inner else []
    edges += [edge("begin", "every")] if place == "iteration in a branch" else []
    definition = {
        "nodes": [*nodes, tell("mend", output="{% $error.node %}"), call("beside")],
        "edges": [*edges, edge("aside", "wrong"), edge("begin", "beside")],
        "error_handlers": [{"node": "mend", "resolve": True}],
        "settings": {"optimize": level},
    }

    def answer(payload: Mapping[str, Any]) -> Any:
        return {"word": "x"}

    assert run(definition, None, answer).ended == ("SUCCEEDED", {"mend": "wrong"}, None)
