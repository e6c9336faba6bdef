"""The value that a variable has behind branches or iterations that have set it."""

from __future__ import annotations

from collections.abc import Sequence

from translator.expressions.joining import appended, first_other_than, joined


def of_branches(name: str, branches: Sequence[int], how: str | None) -> str:
    """An expression of the results of a Parallel; without a merge the first value that is not null."""
    texts = [f"$states.result[{index}].{name}" for index in branches]
    if how is None or len(texts) == 1:
        return first_other_than("null", texts[:-1], texts[-1])
    if how == "sum":
        return joined([f"${name}", *(f"({text} - ${name})" for text in texts)], "+")
    if how == "append":
        return _appended(name, texts)
    if how == "last":
        return first_other_than(f"${name}", texts[::-1], f"${name}")
    return f"${how}([${name}, {', '.join(texts)}])"


def of_iterations(name: str, how: str) -> str:
    """An expression of the results of a Map, in the order of its items; one that failed has none."""
    if how == "sum":
        return f"${name} + $sum([0, $states.result.({name} - ${name})])"
    if how == "append":
        tail = f"$filter($one__.{name}, function($v__, $i__) {{$i__ >= $count(${name})}})[]"
        return _reduced(f"$append($all__, {tail})", f"${name}")
    if how == "last":
        is_set = f"$exists($one__.{name}) and $one__.{name} != ${name}"
        return _reduced(f"{is_set} ? $one__.{name} : $all__", f"${name}")
    return f"${how}([${name}, $states.result.{name}])"


def _reduced(step: str, first: str) -> str:
    return f"$reduce($states.result, function($all__, $one__) {{{step}}}, {first})"


def _appended(name: str, texts: Sequence[str]) -> str:
    tails = [f"$filter({text}, function($v__, $i__) {{$i__ >= $count(${name})}})[]" for text in texts]
    return appended([f"${name}", *tails])
