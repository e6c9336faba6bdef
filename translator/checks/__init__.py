"""Phase 3: rules about what a definition means, one file each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from translator.checks import (
    after,
    calendar,
    child_execution,
    concurrency,
    data_types,
    dead_error_edge,
    dead_handler,
    endless_loop,
    error_name,
    error_reader,
    event_pattern,
    idle_setting,
    impossible_join,
    input_schema,
    iteration_variable,
    long_timeout,
    loop,
    nesting,
    poll,
    race,
    schedule,
    schedule_span,
    shared_handling,
    shared_name,
    shared_webhook,
    sub_run,
    trigger_expression,
    undeclared_variable,
    unfinished_value,
    unmarked_expression,
    unread_variable,
    variable_writers,
    webhook_answer,
    webhook_network,
    webhook_verification,
)
from translator.checks.facts import Facts
from translator.diagnostics import Diagnostic, in_order


class Rule(Protocol):
    """A module of this folder."""

    def check(self, facts: Facts) -> Iterator[Diagnostic]:
        """What it finds, in any order."""


PART_RULES: Final[Sequence[Rule]] = (
    undeclared_variable,
    long_timeout,
    idle_setting,
    shared_name,
    shared_webhook,
    error_name,
    dead_handler,
    shared_handling,
    unmarked_expression,
    input_schema,
    schedule,
    schedule_span,
    event_pattern,
    calendar,
    concurrency,
    webhook_verification,
    webhook_answer,
    webhook_network,
    after,
    poll,
    trigger_expression,
)
"""Ask about one part at a time, so that mistakes elsewhere do not disturb them."""

GRAPH_RULES: Final[Sequence[Rule]] = (
    nesting,
    loop,
    race,
    endless_loop,
    unfinished_value,
    error_reader,
    variable_writers,
    iteration_variable,
    child_execution,
    impossible_join,
    dead_error_edge,
    unread_variable,
    data_types,
    sub_run,
)
"""Ask about the graph as a whole, which has to be right so far."""


def check_parts(facts: Facts) -> tuple[Diagnostic, ...]:
    """What the rules about single parts find, also in a definition with other mistakes."""
    return in_order(diagnostic for rule in PART_RULES for diagnostic in rule.check(facts))


def check(facts: Facts) -> tuple[Diagnostic, ...]:
    """What the rules about the graph find, in the order of the definition."""
    return in_order(diagnostic for rule in GRAPH_RULES for diagnostic in rule.check(facts))
