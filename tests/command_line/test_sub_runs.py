"""Workflows that run one another, with no server at all."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import Steploom

ASKING = """\
id: asking
nodes:
  - {id: ask, type: workflow, parameters: {workflow: answering, body: {n: 4}}}
  - {id: tell, type: workflow, parameters: {workflow: answering, body: {n: 1}}}
  - {id: told, type: transform, parameters: {output: "{% $error.error %}"}}
edges: [{from: ask, to: tell}, {from: tell, port: error, errors: [TooSmall], to: told}]
output: "{% [$ask, $told] %}"
tests:
  - {name: both are run, expect: {status: succeeded, output: [8, TooSmall], elapsed_seconds: 2}}
"""
ANSWERING = """\
id: answering
nodes:
  - {id: wait, type: delay, parameters: {seconds: 1}}
  - {id: large, type: condition, parameters: {when: "{% $trigger.body.n > 1 %}"}}
  - {id: twice, type: transform, parameters: {output: "{% 2 * $trigger.body.n %}"}}
  - {id: small, type: terminate, parameters: {status: failed, error: TooSmall}}
edges:
  - {from: wait, to: large}
  - {from: large, port: "true", to: twice}
  - {from: large, port: "false", to: small}
output: "{% $twice %}"
"""
ENDLESS = """\
id: endless
nodes: [{id: again, type: workflow, parameters: {workflow: endless}}]
tests: [{name: without end, expect: {status: failed}}]
"""


def test_a_workflow_runs_another_one_of_its_folder(steploom: Steploom, tmp_path: Path) -> None:
    file = tmp_path / "asking.yaml"
    file.write_text(ASKING)
    missing = steploom("test", file)
    assert 'would run "answering": give it a mock' in " ".join(missing.stderr.split())
    (tmp_path / "other.yaml").write_text(ANSWERING)
    (tmp_path / "notes.json").write_text("[")
    assert steploom("test", file).exit_code == 0
    assert json.loads(steploom("run", file).stdout) == [8, "TooSmall"]


def test_a_workflow_that_runs_itself_without_end_is_warned_about_and_stopped_in_a_test(
    steploom: Steploom, tmp_path: Path
) -> None:
    file = tmp_path / "endless.yaml"
    file.write_text(ENDLESS)
    assert "WF376" in steploom("check", file).stderr
    tested = steploom("test", file)
    assert tested.exit_code == 1
    assert '"endless" would be run 21 times within one another' in " ".join(tested.stderr.split())


def test_a_sub_run_of_what_the_folder_does_not_have_is_warned_about(
    steploom: Steploom, tmp_path: Path
) -> None:
    file = tmp_path / "asking.yaml"
    file.write_text(ASKING.replace("workflow: answering, body: {n: 4}", "workflow: anserwing"))
    assert steploom("check", file).stderr.count("warning") == 0
    (tmp_path / "other.yaml").write_text(
        ANSWERING.replace("nodes:", "triggers: [{id: go, type: manual}]\nnodes:")
    )
    told = " ".join(steploom("check", file).stderr.split())
    for words in (
        'runs the workflow "anserwing", which is not in the folder',
        'did you mean "answering"?',
        'fires the trigger "manual", which the workflow "answering" does not have',
        "it has: go",
    ):
        assert words in told


CIRCLE = "id: {own}\nnodes: [{{id: on, type: workflow, parameters: {{workflow: {other}}}}}]\n"


def test_workflows_that_run_one_another_without_end_are_warned_about(
    steploom: Steploom, tmp_path: Path
) -> None:
    for own, other in (("one", "two"), ("two", "three"), ("three", "one")):
        (tmp_path / f"{own}.yaml").write_text(CIRCLE.format(own=own, other=other))
    told = " ".join(steploom("check", tmp_path / "one.yaml").stderr.split())
    assert 'another one of this same workflow, by way of "two", "three"' in told
    ending = "id: three\nnodes: [{id: end, type: delay, parameters: {seconds: 1}}]\n"
    (tmp_path / "three.yaml").write_text(ending)
    assert "no end" not in steploom("check", tmp_path / "one.yaml").stderr


def test_workflows_that_come_after_one_another_in_a_circle_are_refused_over_a_folder(
    steploom: Steploom, tmp_path: Path
) -> None:
    for name, before in (("orders", "stock"), ("stock", "posting"), ("posting", "orders")):
        (tmp_path / f"{name}.yaml").write_text(
            f"id: {name}\n"
            f"triggers: [{{id: ended, type: workflow, after: [{before}]}}]\n"
            "nodes: [{id: seen, type: transform, parameters: {output: 1}}]\n"
        )
    answered = steploom("check", str(tmp_path))
    assert answered.exit_code == 2
    assert '"orders", which comes after "stock", which comes after "posting"' in answered.output
    (tmp_path / "posting.yaml").unlink()
    assert steploom("check", str(tmp_path)).exit_code == 0
