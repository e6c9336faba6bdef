"""Names and targets: unique, short enough, there, and all reachable; every scope can end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from translator.verify.walk import scopes, ways

_MAX_NAME: Final = 80


def problems(document: Mapping[str, Any]) -> Iterator[str]:
    """Every breach, scope by scope."""
    names: Counter[str] = Counter()
    for scope in scopes(document):
        names.update(list(scope["States"]))
        yield from _scope_problems(scope)
    for name, count in names.items():
        if count > 1:
            yield f"state name {name!r} is used {count} times"
        if len(name) > _MAX_NAME:
            yield f"state name {name!r} has more than {_MAX_NAME} characters"


def _scope_problems(scope: Mapping[str, Any]) -> Iterator[str]:
    states = scope["States"]
    if scope["StartAt"] not in states:
        yield f"StartAt {scope['StartAt']!r} is no state"
        return
    reached: set[str] = set()
    pending = [scope["StartAt"]]
    ends = False
    while pending:
        name = pending.pop()
        if name in reached:
            continue
        reached.add(name)
        following = [way.target for way in ways(states[name])]
        ends = ends or not following or None in following
        for target in following:
            if target is not None and target not in states:
                yield f"{name!r} leads to {target!r}, which is no state of its scope"
            elif target is not None:
                pending.append(target)
    for name in states:
        if name not in reached:
            yield f"state {name!r} is never reached"
    if not ends:
        yield f"the scope of {scope['StartAt']!r} never ends"
