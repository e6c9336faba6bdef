"""What explain tells of loops, conditions and failures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Steploom = Callable[..., Result]


@pytest.fixture
def told(retrying: Path, steploom: Steploom) -> Callable[..., str]:
    """The words for the retrying workflow, with some of its text replaced."""

    def explain(*changes: tuple[str, str]) -> str:
        text = retrying.read_text()
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        retrying.write_text(text)
        result = steploom("explain", retrying)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    return explain


def part(text: str, beginning: str) -> list[str]:
    """The lines below the one that begins so."""
    (found,) = (one for one in text.split("\n\n") if one.startswith(beginning))
    return [line.strip() for line in found.splitlines()[1:]]


def test_a_loop_is_told_where_it_begins_where_it_repeats_and_where_it_is_left(
    told: Callable[..., str],
) -> None:
    text = told()
    begin = "Begins a loop: it runs again, and ask and enough with it, when enough leads back here."
    assert begin in part(text, "try_again")
    assert part(text, "enough")[1:3] == [
        'Otherwise ("false"), goes back to try_again.',
        'If $ask.status = 200 or $tries > 5 ("true"), leaves the loop and goes on with told.',
    ]
    assert "loop" not in " ".join(part(text, "told"))


def test_an_edge_that_repeats_a_loop_is_nothing_that_its_beginning_waits_for(
    told: Callable[..., str],
) -> None:
    assert "Joins" not in told()


def test_a_node_that_leads_to_itself_is_a_loop_of_its_own(told: Callable[..., str]) -> None:
    text = told(("to: try_again}", "to: enough}"))
    assert "Is a loop of its own: it runs again each time it leads back to itself." in part(text, "enough")


def test_a_handler_tells_for_which_failures_it_runs_and_how_the_run_then_ends(
    told: Callable[..., str],
) -> None:
    assert part(told(), "After a failure") == [
        (
            "On Timeout or Network, alarm runs, and what it leads to; "
            "the run then ends failed, with the error that set this off."
        ),
        "On anything else the run ends failed.",
    ]


def test_a_handler_that_resolves_takes_what_the_one_before_it_left(told: Callable[..., str]) -> None:
    more = ("node: alarm}]", "node: alarm}, {node: quiet, resolve: true}]")
    text = told(more, ("edges:\n", "  - {id: quiet, type: transform, parameters: {output: 1}}\nedges:\n"))
    assert (
        part(text, "After a failure")[1] == "On anything else, quiet runs; the run then counts as succeeded."
    )


def test_what_runs_only_after_a_failure_is_told_below_the_handlers(told: Callable[..., str]) -> None:
    text = told()
    assert text.index("told [") < text.index("After a failure") < text.index("alarm:") < text.index("noted [")


def test_a_condition_with_cases_tells_their_order_and_what_happens_if_none_fits(
    told: Callable[..., str],
) -> None:
    cases = 'value: "{% $ask.status %}", cases: [{port: good, equals: 200}, {port: bad, one_of: [500, 503]}]'
    text = told(
        ('when: "{% $ask.status = 200 or $tries > 5 %}"', cases),
        ('port: "false"', "port: bad"),
        ('port: "true"', "port: good"),
    )
    assert part(text, "enough")[1:5] == [
        "Asks for good and bad in this order; the first that is true counts.",
        "If none is true it fails with NoMatch.",
        'If ($ask.status) in [500, 503] ("bad"), goes back to try_again.',
        'If ($ask.status) = 200 ("good"), leaves the loop and goes on with told.',
    ]


def test_a_misspelt_node_type_is_told_which_one_was_meant(steploom: Steploom) -> None:
    result = steploom("explain", "htp_request")
    assert result.exit_code == 2
    assert '"htp_request" is neither a file nor a node type: did you mean "http_request"?' in result.stderr
    assert "did you mean" not in steploom("explain", "nowhere.yaml").stderr


def test_edges_that_are_taken_together_are_told_together(tmp_path: Path, steploom: Steploom) -> None:
    file = tmp_path / "fork.yaml"
    nodes = "".join(
        f"  - {{id: {name}, type: http_request, parameters: {{url: https://example.com}}}}\n"
        for name in "abcd"
    )
    edges = "".join(f"  - {{from: a, to: {name}}}\n" for name in "bc")
    errors = "  - {from: a, port: error, errors: [Timeout], to: d}\n"
    file.write_text(f"id: fork\nnodes:\n{nodes}edges:\n{edges}{errors}")
    told = steploom("explain", file).stdout
    assert "    Goes on with b and c, side by side.\n" in told
    assert "    On Timeout, goes on with d.\n" in told
    assert "In the machine" not in told


def test_a_body_that_repeats_tells_for_what_and_how_often(tmp_path: Path, steploom: Steploom) -> None:
    definition = tmp_path / "bodies.yaml"
    definition.write_text(
        "id: bodies\n"
        "nodes:\n"
        "  - {id: pages, type: while, parameters: {condition: '{% $pages = null %}', max_iterations: 1}}\n"
        "  - {id: page, parent: pages, type: for_each, parameters: {items: '{% $trigger.body %}',"
        " concurrency: 5, tolerated_failures: 2}}\n"
        "  - {id: line, parent: page, type: transform, parameters: {output: '{% $item %}'}}\n"
    )
    text = steploom("explain", definition).stdout
    assert "As long as $pages = null, at most once." in part(text, "pages ")
    lines = part(text, "page ")
    assert "Its items: $trigger.body, at most 5 at once." in lines
    assert "Up to 2 of them may fail; the others go on." in lines
