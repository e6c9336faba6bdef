"""The schedules and rules that fire a deployed workflow, with the parts of this stack in their places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from aws_cdk import CfnResource, Fn
from constructs import Construct

_PLACEHOLDER: Final = re.compile(r"\$\{([A-Za-z]+)\}")


_AUTHORS_OWN: Final = frozenset({"EventPattern"})
"""Properties whose texts are the author's, where `${…}` is no placeholder."""


class FiredBy(Construct):
    """Makes CloudFormation resources whose texts hold `${part}` for each of `parts`."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        resources: Mapping[str, Mapping[str, Any]],
        parts: Mapping[str, str],
    ) -> None:
        super().__init__(scope, name)
        self._parts = parts
        for resource, described in resources.items():
            filled = self._filled(described["Properties"])
            CfnResource(self, resource, type=described["Type"], properties=filled)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: inner if name in _AUTHORS_OWN else self._filled(inner) for name, inner in value.items()
            }
        if isinstance(value, list):
            return [self._filled(inner) for inner in value]
        return self._text(value) if isinstance(value, str) else value

    def _text(self, text: str) -> str:
        names = [name for name in _PLACEHOLDER.findall(text) if name in self._parts]
        if not names:
            return text
        if text == f"${{{names[0]}}}":
            return self._parts[names[0]]
        values = {name: self._parts[name] for name in names}
        # What is no placeholder of ours is to stay as it is.
        kept = _PLACEHOLDER.sub(lambda found: found[0] if found[1] in values else f"${{!{found[1]}}}", text)
        return Fn.sub(kept, values)
