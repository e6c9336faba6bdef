"""How deep loops and bodies may nest."""

from __future__ import annotations

import pytest

from tests.checks.conftest import Check
from translator.analyses.deepest import MOST_NESTED


def loops(count: int) -> str:
    """So many hand-drawn loops, each inside the one before."""
    numbers, last = range(count), count - 1
    work, asked = "type: transform, parameters: {output: 1}", 'when: "{% $trigger.body.on %}"'
    nodes = "".join(f"  - {{id: a{each}, {work}}}\n" for each in numbers)
    nodes += "".join(f"  - {{id: c{each}, type: condition, parameters: {{{asked}}}}}\n" for each in numbers)
    edges = [f"{{from: a{each}, to: a{each + 1}}}" for each in range(last)]
    edges.append(f"{{from: a{last}, to: c{last}}}")
    edges += [f'{{from: c{each}, to: a{each}, port: "true"}}' for each in numbers]
    edges += [f'{{from: c{each}, to: c{each - 1}, port: "false"}}' for each in range(1, count)]
    trigger = "triggers: [{id: by_hand, type: manual, entry: a0}]\n"
    return f"nodes:\n{nodes}{trigger}edges: [{', '.join(edges)}]\n"


def bodies(count: int) -> str:
    """So many bodies, each inside the one before."""
    items = 'type: for_each, parameters: {items: "{% [1] %}"}'
    nodes = [f"  - {{id: b{each}, {items}, parent: b{each - 1}}}\n" for each in range(1, count)]
    work = f"  - {{id: work, type: transform, parameters: {{output: 1}}, parent: b{count - 1}}}\n"
    return f"nodes:\n  - {{id: b0, {items}}}\n{''.join(nodes)}{work}"


@pytest.mark.parametrize("count", [MOST_NESTED + 1, 100, 1_500])
def test_too_many_loops_inside_each_other_are_refused_with_the_bound(check: Check, count: int) -> None:
    (found,) = (one for one in check(loops(count)) if one.code == "WF590")
    assert f"more than {MOST_NESTED} loops" in found.message


@pytest.mark.parametrize("count", [MOST_NESTED + 1, 100, 1_500])
def test_too_many_bodies_inside_each_other_are_refused_with_the_bound(check: Check, count: int) -> None:
    (found,) = (one for one in check(bodies(count)) if one.code == "WF590")
    assert f"more than {MOST_NESTED} loops" in found.message


def test_as_many_as_may_be_are_compiled(check: Check) -> None:
    assert "WF590" not in {one.code for one in (*check(loops(12)), *check(bodies(MOST_NESTED)))}
