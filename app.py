"""The CDK app: one stack per project (`-c project=name`, default `main`), with the workflows of a folder."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from aws_cdk import App

from functions.activate.firing.stack_resources import stack_resources
from infra.stacks.deployment import Deployment
from infra.stacks.functions import Sources
from infra.stacks.workflow import CompiledWorkflow
from infra.topology import topology
from layers.build import build_layers
from translator.compiler import CompileOptions, compile_text
from translator.diagnostics import DiagnosticsError

ROOT = Path(__file__).resolve().parent


def compile_workflows(folder: Path, project: str, now: datetime) -> list[CompiledWorkflow]:
    """Every definition of a folder, in the order of their file names; raises DiagnosticsError.

    Schedules of which all times have passed by now are left out: the service would refuse them.
    """
    compiled = []
    for file in sorted(folder.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        compilation = compile_text(text, file_name=file.name, options=CompileOptions(project=project))
        definition = compilation.definition
        triggers = [one.model_dump(mode="json", exclude_none=True) for one in definition.triggers]
        compiled.append(
            CompiledWorkflow(
                definition.id,
                compilation.sent_text,
                compilation.machine_type,
                compilation.sent_parts,
                stack_resources(project, definition.id, triggers, now),
            )
        )
    return compiled


def main() -> None:
    """Synthesises into the folder that the CDK's command line names, else into cdk.out."""
    app = App(outdir=os.environ.get("CDK_OUTDIR", str(ROOT / "cdk.out")))
    project = str(app.node.try_get_context("project") or "main")
    try:
        workflows = compile_workflows(ROOT / "workflows", project, datetime.now(UTC))
    except DiagnosticsError as error:
        sys.exit(f"A definition in workflows/ has mistakes, nothing was synthesised:\n{error}")
    sources = Sources(
        root=ROOT,
        layers=build_layers(ROOT, ("layer", "compiler")),
        staging=ROOT / "build" / "assets" / project,
    )
    Deployment(app, f"steploom-{project}", topology=topology(project), sources=sources, workflows=workflows)
    app.synth()


if __name__ == "__main__":
    main()
