"""The CDK app: one stack per project (`-c project=name`, default `main`)."""

from __future__ import annotations

import os
from pathlib import Path

from aws_cdk import App

from infra.stacks.deployment import Deployment
from infra.stacks.functions import Sources
from infra.topology import topology
from layers.build import build_layers

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Synthesises into the folder that the CDK's command line names, else into cdk.out."""
    app = App(outdir=os.environ.get("CDK_OUTDIR", str(ROOT / "cdk.out")))
    project = str(app.node.try_get_context("project") or "main")
    sources = Sources(
        root=ROOT,
        layers=build_layers(ROOT, ("layer", "compiler")),
        staging=ROOT / "build" / "assets" / project,
    )
    Deployment(app, f"steploom-{project}", topology=topology(project), sources=sources)
    app.synth()


if __name__ == "__main__":
    main()
