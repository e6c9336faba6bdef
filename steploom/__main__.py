"""The entry of the command line."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import click

from steploom import commands
from steploom.screen import print_diagnostics, print_failure
from translator.diagnostics import DiagnosticsError, InternalError

BAD_DEFINITION: Final = 2
INTERRUPTED: Final = 130
OUR_BUG: Final = 70


class CommandLine(click.Group):
    """Turns the two kinds of errors, and Ctrl-C, into messages and exit codes."""

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; exits with 2 for bad definitions, 70 for our bugs, 130 on Ctrl-C."""
        # The project's own functions stand below the folder one works in; last, so that it can hide nothing.
        sys.path.append(str(Path.cwd()))
        try:
            return super().invoke(ctx)
        except DiagnosticsError as error:
            print_diagnostics(error.diagnostics, ctx.obj)
            ctx.exit(BAD_DEFINITION)
        except InternalError as error:
            print_failure(str(error))
            ctx.exit(OUR_BUG)
        except (click.exceptions.Exit, click.Abort, click.ClickException, OSError):
            raise
        except Exception as error:
            traceback.print_exception(error)
            print_failure(f"{type(error).__name__}: {error} (this is a bug in Steploom: please report it)")
            ctx.exit(OUR_BUG)
        except KeyboardInterrupt:
            print_failure("interrupted")
            ctx.exit(INTERRUPTED)


def _version() -> str:
    try:
        return metadata.version("steploom")
    except metadata.PackageNotFoundError:
        return "of a checkout that is not installed"


@click.group(cls=CommandLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="steploom")
def main() -> None:
    """Workflows as quick to author as a canvas and as durable as AWS Step Functions."""


for _module in pkgutil.iter_modules(commands.__path__):
    main.add_command(importlib.import_module(f"{commands.__name__}.{_module.name}").command)

if __name__ == "__main__":
    main()
