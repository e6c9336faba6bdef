"""What a barrier is told to hold up: only what would not wait anyway, and only for what takes time."""

from __future__ import annotations

from collections.abc import Sequence

from translator.compiler import compile_data

Ways = Sequence[tuple[str, str]]


def notes(ways: Ways, instant: str = "") -> list[str]:
    """The first half of every note on the barriers of a graph; `instant` are the nodes that take no time."""
    names = sorted({name for way in ways for name in way})
    work = {"type": "function", "parameters": {"function": "work"}}
    data = {"type": "transform", "parameters": {"output": "{% $trigger.body.text & 'x' %}"}}
    definition = {
        "id": "crossing",
        "nodes": [{"id": name, **(data if name in instant else work)} for name in names],
        "edges": [{"from": source, "to": target} for source, target in ways],
    }
    found = compile_data(definition).diagnostics
    return [one.message.split(", though no edge says so")[0] for one in found if one.code == "WF401"]


CROSSING: Ways = (("a", "c"), ("b", "c"), ("b", "d"))


def test_only_what_would_not_wait_anyway_is_told() -> None:
    assert notes(CROSSING) == ['"d" waits until "a" has ended']


def test_what_takes_no_time_is_not_waited_for() -> None:
    assert notes(CROSSING, instant="a") == []


def test_several_on_both_sides_are_told_together() -> None:
    assert notes((*CROSSING, ("b", "e"), ("z", "c"))) == ['"d" and "e" wait until "a" and "z" have ended']


def test_behind_the_first_that_waits_and_before_the_last_that_is_waited_for_nothing_is_told() -> None:
    """Each side is a chain of two behind a node that both share; the only cut is in the middle."""
    ways: Ways = (("a", "b"), ("a", "c"), ("b", "x"), ("c", "x"), ("c", "y"), ("x", "z"), ("y", "z"))
    assert notes(ways) == ['"y" waits until "b" has ended']


def test_what_waits_for_different_nodes_is_told_apart() -> None:
    ways: Ways = (("a", "x"), ("b", "x"), ("b", "y"), ("c", "y"))
    (told,) = notes(ways)
    assert told == '"x" waits until "c" has ended, "y" until "a" has'
