"""The synthesised template, once per session, with empty folders in place of the downloaded libraries."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from infra.topology import Topology, topology

ROOT = Path(__file__).parent.parent.parent
MACHINE = json.dumps(
    {
        "QueryLanguage": "JSONata",
        "StartAt": "Greet",
        "States": {
            "Greet": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": {"FunctionName": "${NodeTaskFunction}", "Payload": {"node": "greet"}},
                "End": True,
            }
        },
    }
)
"""A state machine as the compiler leaves it, with the placeholder of the function."""


@dataclass(frozen=True, slots=True)
class Synthesised:
    """A template, and how to find things in it."""

    path: Path
    template: Mapping[str, Any]

    def of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """Logical name -> properties, of every resource of a type."""
        resources = self.template["Resources"]
        return {
            name: made.get("Properties", {})
            for name, made in resources.items()
            if made["Type"] == resource_type
        }

    def function(self, name: str) -> tuple[str, dict[str, Any]]:
        """Logical name and properties of the topology's function of that name."""
        wanted = f"main-steploom-{name.replace('_', '-')}"
        functions = self.of_type("AWS::Lambda::Function")
        [found] = [item for item in functions.items() if item[1]["FunctionName"] == wanted]
        return found

    def role_of(self, name: str) -> str:
        """Logical name of the role that a function runs as."""
        return str(self.function(name)[1]["Role"]["Fn::GetAtt"][0])

    def statements(self, role: str) -> list[dict[str, Any]]:
        """Every statement of every policy attached to a role, actions and resources always as lists."""
        policies = self.of_type("AWS::IAM::Policy").values()
        attached = [policy for policy in policies if {"Ref": role} in policy["Roles"]]
        return [
            {**statement, "Action": _listed(statement["Action"]), "Resource": _listed(statement["Resource"])}
            for policy in attached
            for statement in policy["PolicyDocument"]["Statement"]
        ]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(scope="session")
def parts() -> Topology:
    return topology()


@pytest.fixture(scope="session")
def synthesised(tmp_path_factory: pytest.TempPathFactory, parts: Topology) -> Synthesised:
    os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "20")
    # Imported here: loading the CDK starts Node.
    from aws_cdk import App  # noqa: PLC0415

    from infra.stacks.deployment import Deployment  # noqa: PLC0415
    from infra.stacks.functions import Sources  # noqa: PLC0415
    from infra.stacks.workflow import CompiledWorkflow  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("synthesis")
    layers = {name: folder / name for name in ("layer", "compiler")}
    for name, layer in layers.items():
        (layer / "python").mkdir(parents=True)
        (layer / "python" / f"{name}.py").write_text(f'"""Stands for the libraries of {name}."""\n')
    context = {**json.loads((ROOT / "cdk.json").read_text())["context"], "aws:cdk:bundling-stacks": []}
    app = App(outdir=str(folder / "cdk.out"), context=context)
    sources = Sources(root=ROOT, layers=layers, staging=folder / "assets")
    workflow = CompiledWorkflow("greeting", MACHINE)
    Deployment(app, "steploom-main", topology=parts, sources=sources, workflows=[workflow])
    app.synth()
    path = folder / "cdk.out" / "steploom-main.template.json"
    return Synthesised(path, json.loads(path.read_text()))
