"""The code of what nests too deep: WF590."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry


def _nested(bodies: int) -> str:
    lines = ["id: nested", "nodes:"]
    for number in range(bodies):
        parent = f", parent: turn_{number - 1}" if number else ""
        parameters = f'{{condition: "{{% $turn_{number} = null %}}"}}'
        lines.append(f"  - {{id: turn_{number}, type: while{parent}, parameters: {parameters}}}")
    innermost = "type: function, parameters: {function: measure}"
    lines.append(f"  - {{id: measure, {innermost}, parent: turn_{bodies - 1}}}")
    return "\n".join(lines) + "\n"


ENTRIES: Final = (
    Entry(
        "WF590",
        "forks, loops and bodies nest too deep",
        "A node may stand in at most 16 loops and bodies that are inside each other: what a run takes is "
        "worked out for every one of them, once as what is repeated and once as what is left. In all it may "
        "stand in 64 forks and bodies, and in 150 parts that need no scope of their own: one fork alone "
        "never nests so deep. A workflow "
        "of its own, which a node of type workflow calls, begins anew.",
        _nested(17),
        _nested(16),
    ),
)
