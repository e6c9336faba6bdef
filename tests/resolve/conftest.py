"""Compiles definitions that are wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from translator.compiler import compile_text
from translator.diagnostics import Diagnostic, DiagnosticsError

Findings = Callable[..., list[Diagnostic]]


@pytest.fixture
def findings() -> Findings:
    """What is said of a text, in whatever phase."""

    def found(text: str, file_name: str = "workflow.yaml") -> list[Diagnostic]:
        try:
            return list(compile_text(text, file_name=file_name).diagnostics)
        except DiagnosticsError as error:
            return list(error.diagnostics)

    return found
