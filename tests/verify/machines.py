"""State machines in a few words, as the compiler would write them and as it must not."""

from __future__ import annotations

from typing import Any, TypeAlias

from translator.verify import find_problems

Scope: TypeAlias = dict[str, Any]
State: TypeAlias = tuple[str, dict[str, Any]]


def scope(*states: State, start: str | None = None) -> Scope:
    return {"StartAt": start or states[0][0], "States": dict(states)}


def passing(name: str, following: str | None = None, **fields: Any) -> State:
    way = {"End": True} if following is None else {"Next": following}
    return name, {"Type": "Pass", **fields, **way}


def task(name: str, following: str | None = None, **fields: Any) -> State:
    way = {"End": True} if following is None else {"Next": following}
    return name, {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", **fields, **way}


def choice(name: str, rules: list[dict[str, Any]], **fields: Any) -> State:
    return name, {"Type": "Choice", "Choices": rules, **fields}


def parallel(name: str, *branches: Scope, following: str | None = None, **fields: Any) -> State:
    way = {"End": True} if following is None else {"Next": following}
    return name, {"Type": "Parallel", "Branches": list(branches), **fields, **way}


def rule(target: str, condition: str = "{% true %}", **fields: Any) -> dict[str, Any]:
    return {"Condition": condition, "Next": target, **fields}


def catch(target: str, *errors: str, **fields: Any) -> dict[str, Any]:
    return {"ErrorEquals": list(errors or ("Timeout",)), "Next": target, **fields}


def problem(machine: Scope) -> str:
    """The only thing that is wrong with a machine."""
    (found,) = find_problems(machine)
    return found
