"""The machines of the deployment itself in the template."""

from __future__ import annotations

import json
from typing import Any

from infra.bulk_machine import bulk_machine

Synthesised = Any
"""The conftest's own class: a test folder is not a package to import from."""


def test_the_machine_of_bulk_starts_invokes_its_function_and_reaches_itself_and_objects_only(
    synthesised: Synthesised,
) -> None:
    machines = synthesised.of_type("AWS::StepFunctions::StateMachine")
    [machine] = [one for one in machines.values() if one["StateMachineName"] == "main--bulk"]
    [role] = [name for name in synthesised.of_type("AWS::IAM::Role") if name.startswith("MachinesBulkRole")]
    assert machine["RoleArn"] == {"Fn::GetAtt": [role, "Arn"]}
    bulk = {"Fn::GetAtt": [synthesised.function("bulk")[0], "Arn"]}
    assert machine["DefinitionSubstitutions"] == {"Bulk": bulk}
    assert (
        json.loads(machine["DefinitionString"])["States"].keys() == bulk_machine().definition["States"].keys()
    )
    assert "{function:" not in machine["DefinitionString"]
    found = {tuple(one["Action"]): one["Resource"] for one in synthesised.statements(role)}
    assert found["lambda:InvokeFunction",] == [bulk]
    [itself] = found["states:StartExecution",]
    assert itself["Fn::Join"][1][-1] == ":stateMachine:main--bulk"
    [objects] = [resource for actions, resource in found.items() if "s3:GetObject" in actions]
    assert objects[0]["Fn::Join"][1][-1] == "/main/runs/*"


def test_the_api_is_told_of_the_machine_of_bulk_starts(synthesised: Synthesised) -> None:
    variables = synthesised.function("api")[1]["Environment"]["Variables"]
    assert variables["STEPLOOM_BULK_MACHINE"]["Fn::Join"][1][-1] == ":stateMachine:main--bulk"
