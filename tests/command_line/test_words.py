"""What explain tells of loops, conditions and failures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest
from click.testing import Result

Steploom = Callable[..., Result]

CONSTRUCTS: Final = Path(__file__).parent.parent / "golden" / "constructs"


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
    """The sentences below the line that begins so."""
    paragraphs = [one.rstrip() for one in text.split("\n\n")]
    (found,) = (one for one in paragraphs if one.lstrip().startswith(beginning))
    lines = found.splitlines()[1:]
    margin = min((len(line) - len(line.lstrip()) for line in lines), default=0)
    return "\n".join(line[margin:] for line in lines).replace("\n  ", " ").splitlines()


def explained(steploom: Steploom, folder: Path, text: str) -> str:
    """The words for a definition."""
    file = folder / "told.yaml"
    file.write_text(text)
    result = steploom("explain", file)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def on_one_line(text: str) -> str:
    """The words without their lines."""
    return " ".join(text.split())


def calls(*names: str) -> str:
    """Nodes that call a service."""
    work = "type: http_request, parameters: {url: https://example.com}"
    return "".join(f"  - {{id: {name}, {work}}}\n" for name in names)


def test_a_loop_is_told_where_it_repeats_and_where_it_is_left(told: Callable[..., str]) -> None:
    text = told()
    assert 'A loop: what follows runs again each time enough leads back to "Count".' in text
    assert part(text, "enough") == [
        "If $ask.status = 200 or $tries > 5, leaves the loop for told.",
        'Otherwise goes back to "Count".',
    ]
    assert "loop" not in " ".join(part(text, "told"))


def test_what_is_in_a_loop_stands_to_the_right_of_what_is_not(told: Callable[..., str]) -> None:
    lines = told().splitlines()
    assert "    Count (try_again)" in lines
    assert "    enough" in lines
    assert "told" in lines


def test_an_edge_that_repeats_a_loop_is_nothing_that_its_beginning_waits_for(
    told: Callable[..., str],
) -> None:
    assert "Waits until" not in told()


def test_a_node_that_leads_to_itself_is_a_loop_of_its_own(told: Callable[..., str]) -> None:
    text = told(("to: try_again}", "to: enough}"))
    assert "A loop: enough runs again each time it leads back to itself." in text


def test_a_round_that_starts_several_things_is_told_to_end_with_the_last(
    tmp_path: Path, steploom: Steploom
) -> None:
    again = '  - {id: more, type: condition, parameters: {when: "{% $a.more %}"}}\n'
    edges = "".join(
        f"  - {{from: {way}}}\n" for way in ("a, to: b", "a, to: more", 'more, port: "true", to: a')
    )
    text = explained(steploom, tmp_path, f"id: side\nnodes:\n{calls('a', 'b')}{again}edges:\n{edges}")
    assert "leads back to a, as soon as all that the round has started has ended." in on_one_line(text)


def test_circles_with_several_ways_in_are_told_as_such(steploom: Steploom) -> None:
    text = steploom("explain", CONSTRUCTS / "loop-with-two-ways-in.yaml").stdout
    assert "What follows goes in circles that can be entered in several places" in on_one_line(text)
    assert "A loop" not in text
    assert part(text, "decide") == [
        "If $reviews >= 3 (fine), leaves the circles for publish.",
        "Else if $trigger.body.patient (again), goes back to review.",
        "Otherwise (rewrite) goes back to write.",
    ]
    assert part(text, "review")[1:] == ["Goes on with counted."]


def test_a_handler_tells_for_which_failures_it_runs_and_how_the_run_then_ends(
    told: Callable[..., str],
) -> None:
    assert part(told(), "After a failure") == [
        'After Timeout or Network, "Raise the alarm" runs, and the run ends failed with that error.',
        "After anything else the run ends failed.",
    ]


def test_a_handler_that_resolves_takes_what_the_one_before_it_left(told: Callable[..., str]) -> None:
    more = ("node: alarm}]", "node: alarm}, {node: quiet, resolve: true}]")
    text = told(more, ("edges:\n", "  - {id: quiet, type: transform, parameters: {output: 1}}\nedges:\n"))
    last = "After anything else, quiet runs, and the run counts as succeeded."
    assert part(text, "After a failure")[1] == last


def test_what_runs_only_after_a_failure_is_told_below_the_handlers(told: Callable[..., str]) -> None:
    lines = told().splitlines()
    places = [lines.index(line) for line in ("told", "Raise the alarm (alarm)", "noted")]
    (handlers,) = (place for place, line in enumerate(lines) if line.startswith("After a failure"))
    assert sorted([*places, handlers]) == [places[0], handlers, *places[1:]]


def test_a_condition_with_cases_tells_them_in_their_order_and_what_happens_if_none_fits(
    told: Callable[..., str],
) -> None:
    cases = 'value: "{% $ask.status %}", cases: [{port: good, equals: 200}, {port: bad, one_of: [500, 503]}]'
    text = told(
        ('when: "{% $ask.status = 200 or $tries > 5 %}"', cases),
        ('port: "false"', "port: bad"),
        ('port: "true"', "port: good"),
    )
    assert part(text, "enough") == [
        "If $ask.status = 200 (good), leaves the loop for told.",
        'Else if $ask.status in [500, 503] (bad), goes back to "Count".',
        "If none of these is true, it fails with NoMatch.",
    ]


def test_a_port_that_leads_nowhere_is_told(tmp_path: Path, steploom: Steploom) -> None:
    choice = '  - {id: a, type: condition, parameters: {when: "{% $trigger.body.a %}"}}\n'
    edge = 'edges: [{from: a, port: "true", to: b}]\n'
    text = explained(steploom, tmp_path, f"id: nowhere\nnodes:\n{choice}{calls('b')}{edge}")
    assert part(text, "a\n") == ["If $trigger.body.a, goes on with b.", "Otherwise nothing follows."]


def test_a_misspelt_node_type_is_told_which_one_was_meant(steploom: Steploom) -> None:
    result = steploom("explain", "htp_request")
    assert result.exit_code == 2
    assert '"htp_request" is neither a file nor a node type: did you mean "http_request"?' in result.stderr
    assert "did you mean" not in steploom("explain", "nowhere.yaml").stderr


def test_edges_that_are_taken_together_are_told_together(tmp_path: Path, steploom: Steploom) -> None:
    edges = "".join(f"  - {{from: a, to: {name}}}\n" for name in "bc")
    errors = "  - {from: a, port: error, errors: [Timeout], to: d}\n  - {from: a, port: error, to: e}\n"
    text = explained(steploom, tmp_path, f"id: fork\nnodes:\n{calls(*'abcde')}edges:\n{edges}{errors}")
    assert part(text, "a\n") == [
        "Sends GET https://example.com.",
        "Goes on with b and c, side by side.",
        "If it fails with Timeout, goes on with d.",
        "If it fails with anything else, goes on with e.",
    ]
    assert "In the console" not in text


def test_a_join_tells_what_it_waits_for_and_what_is_enough(tmp_path: Path, steploom: Steploom) -> None:
    def joined(join: str, sources: str) -> str:
        last = calls("z").replace("type:", f"join: {join}, type:")
        edges = "".join(f"  - {{from: {name}, to: z}}\n" for name in sources)
        text = f"id: joined\nnodes:\n{calls(*sources)}{last}edges:\n{edges}"
        return part(explained(steploom, tmp_path, text), "z\n")[0]

    assert (
        joined("any", "ab") == "Waits until a and b have ended, and runs if at least one of them leads here."
    )
    assert joined("all", "ab") == "Waits until a and b have ended, and runs only if both lead here."
    assert (
        joined("all", "abc") == "Waits until a, b and c have ended, and runs only if all of them lead here."
    )
    first = "Runs as soon as the first of a or b leads here; what the others still do is cancelled."
    assert joined("first", "ab") == first


def test_a_node_that_only_one_of_several_can_lead_to_waits_for_none(
    tmp_path: Path, steploom: Steploom
) -> None:
    choice = '  - {id: a, type: condition, parameters: {when: "{% $trigger.body.a %}"}}\n'
    ways = ('a, port: "true", to: b', 'a, port: "false", to: c', "b, to: d", "c, to: d")
    edges = "".join(f"  - {{from: {way}}}\n" for way in ways)
    text = explained(steploom, tmp_path, f"id: merged\nnodes:\n{choice}{calls(*'bcd')}edges:\n{edges}")
    assert part(text, "d\n") == ["Sends GET https://example.com."]


def test_a_body_stands_below_its_node_with_for_what_and_how_often_it_is_repeated(
    tmp_path: Path, steploom: Steploom
) -> None:
    text = explained(
        steploom,
        tmp_path,
        "id: bodies\n"
        "nodes:\n"
        "  - {id: pages, type: while, parameters: {condition: '{% $pages = null %}', max_iterations: 1}}\n"
        "  - {id: page, parent: pages, type: for_each, parameters: {items: '{% $trigger.body %}',"
        " concurrency: 5, tolerated_failures: 2}}\n"
        "  - {id: line, parent: page, type: transform, parameters: {output: '{% $item %}'}}\n",
    )
    assert part(text, "pages")[0] == (
        "Repeats what follows as long as $pages = null, at most once; "
        "if it holds once more, fails with TooManyIterations."
    )
    assert part(text, "page\n")[:2] == [
        "Repeats what follows for each of $trigger.body, at most 5 at once.",
        "Up to 2 of them may fail; the others go on.",
    ]
    assert "        line" in text.splitlines()


def test_what_handles_the_failure_of_a_body_is_told_with_its_node(steploom: Steploom) -> None:
    text = steploom("explain", CONSTRUCTS / "body-handler-of-a-while.yaml").stdout
    assert "If its body fails, note runs; after that it has failed all the same." in part(text, "tries")
    assert "note" in text.splitlines()


def test_retries_tell_the_pauses_between_them(tmp_path: Path, steploom: Steploom) -> None:
    def tried(entry: str) -> str:
        node = calls("a").replace("type:", f"retry_policy: [{entry}], type:")
        return part(explained(steploom, tmp_path, f"id: tried\nnodes:\n{node}"), "a\n")[1]

    growing = "{errors: [Network], max_attempts: 6, interval_seconds: 2, max_delay_seconds: 10}"
    assert tried(growing) == (
        "If it fails with Network, it is tried up to 6 times more, after 2, 4, 8, 10 s and so on."
    )
    assert tried("{errors: ['*'], max_attempts: 1}") == "If it fails, it is tried once more, after 1 s."
    steady = "{errors: [Timeout, System], max_attempts: 2, interval_seconds: 5, backoff_rate: 1}"
    assert tried(steady) == (
        "If it fails with Timeout or System, it is tried up to 2 times more, after 5 s each."
    )


def test_a_wait_that_only_nesting_asks_for_is_told_at_the_end(tmp_path: Path, steploom: Steploom) -> None:
    ways = ("left, to: both", "right, to: both", "right, to: alone")
    edges = "".join(f"  - {{from: {way}}}\n" for way in ways)
    nodes = calls("left", "right", "both", "alone")
    text = explained(steploom, tmp_path, f"id: crossing\nnodes:\n{nodes}edges:\n{edges}")
    assert "Nesting adds a wait: alone waits until left has ended, though no edge says so." in on_one_line(
        text
    )
