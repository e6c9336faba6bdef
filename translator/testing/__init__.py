"""Runs a workflow's own tests on virtual time."""

from translator.testing.case import CaseResult, NodeRun, run_case

__all__ = ["CaseResult", "NodeRun", "run_case"]
