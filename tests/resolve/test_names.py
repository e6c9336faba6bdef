"""What is told of a name that is no node and no variable."""

from __future__ import annotations

import pytest

from translator.compiler import compile_text

BODY = """
id: body
nodes:
  - {id: every, type: for_each, parameters: {items: "{% $trigger.body %}"}}
  - {id: work, parent: every, type: transform, parameters: {output: "{% $NAME %}"}}
"""

EVERY_NAME = (
    "an expression reads nodes and variables of this workflow, $trigger, $run, $item, $index and $error"
)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("itm", 'did you mean "$item"?'),
        (
            "qqqq",
            EVERY_NAME,
        ),
    ],
)
def test_inside_a_for_each_its_item_and_index_are_proposed_too(name: str, hint: str) -> None:
    (found,) = compile_text(BODY.replace("NAME", name)).diagnostics
    assert (found.code, found.hint) == ("WF210", hint)
