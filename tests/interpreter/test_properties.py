"""What holds for every machine, on machines drawn at random."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from translator.interpreter import (
    Execution,
    StateMachine,
    TaskAnswer,
    TaskFailed,
    TaskRequest,
    TaskSucceeded,
    run_virtual,
)

_LEAVES: tuple[dict[str, Any], ...] = (
    {"Type": "Pass", "Assign": {"x": "{% $states.context.State.Name %}"}, "Output": "{% $random() < 2 %}"},
    {"Type": "Wait", "Seconds": 2},
    {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"},
    {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "TimeoutSeconds": 3,
        "Retry": [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 1, "JitterStrategy": "FULL"}],
    },
    {"Type": "Pass", "Output": "{% $nobody %}"},
)
_Tree = Any


def _trees() -> st.SearchStrategy[_Tree]:
    """A scope: a list of leaves (numbers) and forks (a kind, whether it catches, and the scopes inside)."""
    leaf = st.integers(0, len(_LEAVES) - 1)
    return st.recursive(
        st.lists(leaf, min_size=1, max_size=3),
        lambda inner: st.lists(
            st.one_of(
                leaf,
                st.tuples(
                    st.sampled_from(["Parallel", "Map"]),
                    st.booleans(),
                    st.lists(inner, min_size=1, max_size=3),
                ),
            ),
            min_size=1,
            max_size=3,
        ),
        max_leaves=6,
    )


def _scope(tree: _Tree, prefix: str) -> dict[str, Any]:
    names = [f"{prefix}{index}" for index in range(len(tree))]
    states = {}
    for index, (name, item) in enumerate(zip(names, tree, strict=True)):
        state = dict(_LEAVES[item]) if isinstance(item, int) else _fork(item, name)
        if "Assign" in state:
            state["Assign"] = {f"x{prefix}": state["Assign"]["x"]}
        last = index == len(names) - 1
        following = {"End": True} if last else {"Next": names[index + 1]}
        if state.pop("Catch", False) and not last:
            state["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": names[index + 1]}]
        states[name] = {**state, **following}
    return {"StartAt": names[0], "States": states}


def _fork(item: tuple[str, bool, list[_Tree]], name: str) -> dict[str, Any]:
    kind, catches, scopes = item
    if kind == "Parallel":
        branches = [_scope(tree, f"{name}p{index}_") for index, tree in enumerate(scopes)]
        return {"Type": kind, "Branches": branches, "Catch": catches}
    body = {"Items": [1, 2, 3], "MaxConcurrency": 2, "ItemProcessor": _scope(scopes[0], f"{name}m")}
    return {"Type": kind, **body, "Catch": catches}


def _execute(tree: _Tree, answers: list[int]) -> Execution:
    execution = Execution(
        StateMachine.parse({"QueryLanguage": "JSONata", **_scope(tree, "s")}),
        input={"n": 1},
        name="run-1",
        arn="arn:aws:states:eu-west-1:111122223333:execution:random:run-1",
        state_machine_arn="arn:aws:states:eu-west-1:111122223333:stateMachine:random",
        started_at=1_700_000_000.0,
        seed=3,
    )
    left = iter(answers)

    def answer(_request: TaskRequest) -> TaskAnswer:
        drawn = next(left, 0)
        outcome = TaskFailed("Bad", "drawn") if drawn % 4 == 3 else TaskSucceeded(drawn)
        return TaskAnswer(outcome, float(drawn))

    run_virtual(execution, answer)
    return execution


@settings(max_examples=150, deadline=None)
@given(_trees(), st.lists(st.integers(0, 7), max_size=12))
def test_every_history_holds_together_and_repeats(tree: _Tree, answers: list[int]) -> None:
    execution = _execute(tree, answers)
    events = execution.history
    assert [event["id"] for event in events] == list(range(1, len(events) + 1))
    assert all(event["previousEventId"] < event["id"] for event in events)
    assert all(one["timestamp"] <= other["timestamp"] for one, other in pairwise(events))
    assert events[-1]["type"] == f"Execution{execution.status.capitalize()}"
    assert execution.open_requests == ()
    kinds = [event["type"] for event in events]
    for kind in ("Pass", "Wait", "Task", "Parallel", "Map"):
        left = kinds.count(f"{kind}StateExited") + kinds.count(f"{kind}StateAborted")
        assert left <= kinds.count(f"{kind}StateEntered")
        if (
            execution.status == "SUCCEEDED"
            and "ParallelStateFailed" not in kinds
            and "MapStateFailed" not in kinds
        ):
            assert left == kinds.count(f"{kind}StateEntered")
    assert _execute(tree, answers).history == events
