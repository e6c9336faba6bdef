"""Mocks that answer in one iteration of the loops and bodies around a node."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from layers.runtime.timeline import build_timeline
from translator.compiler import compile_text
from translator.definition.model import TestCase
from translator.testing import CaseResult, run_case

REPEATED = """
id: repeated
nodes:
  - id: pages
    type: while
    parameters: {condition: "{% $pages = null or $pages.next %}", output: "{% $fetch %}", max_iterations: 9}
  - {id: fetch, parent: pages, type: http_request, timeout_seconds: 5, parameters: {url: "https://x.example"}}
  - {id: again, type: condition, parameters: {when: "{% $pages.value < 3 %}"}}
edges:
  - {from: pages, to: again}
  - {from: again, port: "true", to: pages}
output: "{% $pages.value %}"
"""


def no_work(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    raise AssertionError(payload)


def run_text(text: str, case: Mapping[str, Any]) -> CaseResult:
    compilation = compile_text(text)
    return run_case(
        compilation,
        TestCase.model_validate({"name": "a case", "expect": {}, **case}),
        no_work,
        build_timeline,
    )


def test_mocks_may_differ_from_iteration_to_iteration() -> None:
    answers = [
        {"output": {"next": True}, "seconds": 1},
        {"iteration": [0, 1], "output": {"next": False, "value": 1}, "seconds": 1},
        {"iteration": [1, 0], "output": {"next": False, "value": 3}, "seconds": 1},
    ]
    result = run_text(REPEATED, {"mocks": {"fetch": answers}})
    assert (result.output, result.elapsed_seconds) == (3, 3)


def test_an_iteration_that_is_none_of_the_node_is_told() -> None:
    answers = [{"output": {"next": False, "value": 3}}, {"iteration": [1], "output": 1}]
    (problem,) = run_text(REPEATED, {"mocks": {"fetch": answers}}).problems
    assert problem == (
        'node "fetch" is in 2 loops and bodies that repeat, its mock\'s `iteration` has 1: '
        "give a number from 0 for each, outermost first, as in [0, 0]"
    )
