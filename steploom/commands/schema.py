"""steploom schema: the definition language's JSON Schema, for editors."""

from __future__ import annotations

import click

from steploom.definition_schema import definition_schema
from steploom.screen import print_json


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of definitions, so that an editor can complete and check them.

    For an editor that knows the YAML language server:

    \b
      steploom schema > steploom.schema.json
      # yaml-language-server: $schema=steploom.schema.json   (the definition's first line)
    """
    print_json(definition_schema())
