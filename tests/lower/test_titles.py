"""What states are called that no node asked for."""

from __future__ import annotations

from typing import Any, Final

from translator.compiler import compile_data
from translator.emit import emit

WORK: Final = {"type": "function", "parameters": {"function": "work"}}


def names(nodes: list[dict[str, Any]], *edges: dict[str, Any]) -> list[str]:
    """The names of all states of a workflow."""
    definition = {"id": "titled", "nodes": nodes, "edges": list(edges)}
    return [name for name, _ in compile_data(definition).source_map.states]


def work(node: str, name: str) -> dict[str, Any]:
    return {"id": node, "name": name, **WORK}


def fork(count: int, name: str) -> list[str]:
    nodes = [work("a", "Begin"), *(work(f"b{number}", f"{name} {number}") for number in range(count))]
    return names(nodes, *({"from": "a", "to": f"b{number}"} for number in range(count)))


def test_a_fork_is_called_by_what_it_runs_and_by_how_many_more_where_they_are_many() -> None:
    assert "Ask 0 + Ask 1 + Ask 2" in fork(3, "Ask")
    assert "Send the offer 0 + Send the offer 1 + Send the offer 2 + 3 more" in fork(6, "Send the offer")


def test_of_names_too_long_for_a_list_the_first_one_is_told() -> None:
    assert f"{'Z' * 60} 0 + 1 more" in fork(2, "Z" * 60)


def test_a_choice_about_a_node_that_is_a_question_asks_once() -> None:
    when = {"when": "{% $a.more %}"}
    question = {
        "id": "b",
        "name": "Is it done?",
        "type": "condition",
        "parameters": {"when": "{% $a.done %}"},
    }
    found = names(
        [work("a", "Begin"), question, work("c", "Go on"), work("d", "Log it")],
        {"from": "a", "to": "b", **when},
        {"from": "a", "to": "d"},
        {"from": "b", "port": "true", "to": "c"},
    )
    assert "On to Is it done?" in found
    assert "End of branch: Is it done?" in found
    assert not [name for name in found if "??" in name]


def test_the_rule_of_a_port_says_so_in_a_comment_and_that_of_an_if_does_not() -> None:
    def comments(parameters: dict[str, Any], port: str) -> list[str | None]:
        nodes = [{"id": "a", "type": "condition", "parameters": parameters}, work("b", "Go on")]
        edges = [{"from": "a", "port": port, "to": "b"}]
        compilation = compile_data({"id": "ports", "nodes": nodes, "edges": edges})
        (choice,) = (one for one in emit(compilation.typed_machine)["States"].values() if "Choices" in one)
        return [rule.get("Comment") for rule in choice["Choices"]]

    flag = "{% $trigger.body.large %}"
    assert comments({"cases": [{"port": "large", "when": flag}], "default": "small"}, "large") == ["large"]
    assert comments({"when": flag}, "true") == [None]
