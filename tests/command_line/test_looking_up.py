"""The commands that look something up: node types, the schema, where a state comes from, what a run takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from cfnlint.jsonschema import StandardValidator
from click.testing import Result

from steploom.definition_schema import definition_schema
from translator import nodes
from translator.compiler import compile_text
from translator.diagnostics import DiagnosticsError

Steploom = Callable[..., Result]
WORKFLOWS = Path(__file__).parents[2] / "workflows"
EVERY = sorted(WORKFLOWS.glob("*.yaml"))


def misfits(definition: object) -> list[tuple[str, str]]:
    """Where a definition does not fit the schema, as an outside validator sees it, and why."""
    found = StandardValidator(schema=definition_schema()).iter_errors(definition)
    return [("/".join(str(part) for part in error.path), error.message) for error in found]


def workflow(**node: Any) -> dict[str, Any]:
    return {"id": "small", "nodes": [{"id": "only", **node}]}


def test_every_node_type_is_listed_with_its_summary(steploom: Steploom) -> None:
    lines = steploom("nodes").stdout.splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [
        [name, nodes.load(name).summary] for name in nodes.names()
    ]


@pytest.mark.parametrize("name", nodes.names())
def test_a_node_type_is_told_with_a_row_for_each_parameter(name: str, steploom: Steploom) -> None:
    told = steploom("nodes", name).stdout
    table = told.partition("Parameters:\n")[2].partition("\n\n")[0]
    assert [row.split()[0] for row in table.splitlines()] == list(nodes.load(name).Parameters.model_fields)
    assert f"type: {name}" in told.partition("Example:\n")[2]


def test_a_row_tells_type_default_and_meaning(steploom: Steploom) -> None:
    rows = {
        row.split()[0]: row.split() for row in steploom("nodes", "http_request").stdout.splitlines() if row
    }
    assert rows["response"][:4] == ["response", "auto|json|text", "(default", '"auto")']
    assert rows["url"] == ["url", "text", "(needed)"]
    assert rows["body"][1:] == ["any", "JSON", "(optional)", "Sent", "as", "JSON."]


def test_a_misspelt_node_type_exits_with_2_and_the_one_that_was_meant(steploom: Steploom) -> None:
    result = steploom("nodes", "htp_request")
    assert result.exit_code == 2
    assert 'there is no node type "htp_request": did you mean "http_request"?' in result.stderr


def test_the_printed_schema_is_json(steploom: Steploom) -> None:
    assert json.loads(steploom("schema").stdout) == definition_schema()


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.stem)
def test_every_example_fits_the_schema(file: Path) -> None:
    assert misfits(yaml.safe_load(file.read_text())) == []


@pytest.mark.parametrize("name", nodes.names())
def test_the_example_of_every_node_type_fits_the_schema(name: str) -> None:
    assert misfits(workflow(**{**yaml.safe_load(nodes.load(name).example), "id": "only"})) == []


@pytest.mark.parametrize(
    ("node", "place"),
    [
        ({"type": "transfrom", "parameters": {"output": 1}}, "nodes/0/type"),
        ({"type": "transform", "parameters": {"outptu": 1}}, "nodes/0/parameters"),
        ({"type": "transform"}, "nodes/0"),
        ({"type": "delay", "parameters": {"seconds": -1}}, "nodes/0/parameters/seconds"),
        ({"type": "delay", "parameters": {"seconds": 1}, "join": "some"}, "nodes/0/join"),
        ({"type": "condition", "parameters": {"cases": [{"prt": "a"}]}}, "nodes/0/parameters/cases"),
    ],
)
def test_what_the_schema_refuses_the_compiler_refuses_too(node: dict[str, Any], place: str) -> None:
    assert place in {where[: len(place)] for where, _ in misfits(workflow(**node))}
    with pytest.raises(DiagnosticsError):
        _ = compile_text(json.dumps(workflow(**node))).machine


def test_every_reference_of_the_schema_leads_somewhere() -> None:
    text = json.dumps(definition_schema())
    named = {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}
    assert named <= set(definition_schema()["$defs"])


def test_a_state_leads_to_its_node_and_its_line(retrying: Path, steploom: Steploom) -> None:
    result = steploom("where", retrying, "--state", "Raise the alarm")
    assert result.stdout.split() == ["Raise", "the", "alarm", "task", "alarm", f"{retrying}:9:5"]


def test_a_node_leads_to_all_its_states(retrying: Path, steploom: Steploom) -> None:
    lines = steploom("where", retrying, "--node", "try_again").stdout.splitlines()
    source_map = json.loads(steploom("compile", retrying, "--to", "source-map").stdout)
    assert [line.split("  ")[0] for line in lines] == source_map["nodes"]["try_again"]["states"]
    assert all(line.endswith(f"{retrying}:5:5") for line in lines)


def test_without_a_choice_every_state_is_placed(retrying: Path, steploom: Steploom) -> None:
    lines = steploom("where", retrying).stdout.splitlines()
    source_map = json.loads(steploom("compile", retrying, "--to", "source-map").stdout)
    assert [line.split("  ")[0] for line in lines] == list(source_map["states"])


def test_a_node_that_no_trigger_reaches_becomes_no_state(retrying: Path, steploom: Steploom) -> None:
    retrying.write_text(retrying.read_text().replace("path: ask", "path: ask, entry: told"))
    result = steploom("where", retrying, "--node", "ask")
    assert "(no state of its own)" in result.stdout
    assert f"{retrying}:6:5" in result.stdout


def test_the_end_of_a_branch_with_a_name_of_its_own_leads_to_its_parallel(
    tmp_path: Path, steploom: Steploom
) -> None:
    definition = tmp_path / "branches.yaml"
    definition.write_text(
        "id: branches\nnodes:\n"
        "  - {id: ask, type: parallel, parameters: {branches: {here: look}}}\n"
        "  - {id: look, parent: ask, type: condition, parameters: {when: '{% $trigger.body %}'}}\n"
        "  - {id: tell, parent: ask, type: transform, parameters: {output: 1}}\n"
        "edges:\n  - {from: look, port: 'true', to: tell}\n"
    )
    result = steploom("where", definition, "--state", "End of branch: here")
    assert result.stdout.split() == ["End", "of", "branch:", "here", "join", "ask", f"{definition}:3:5"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--state", "Raise the alrm"], 'no state "Raise the alrm": did you mean "Raise the alarm"?'),
        (["--node", "alrm"], 'no node "alrm": did you mean "alarm"?'),
        (["--node", "alarm", "--state", "Count"], "not both"),
    ],
)
def test_what_is_not_there_exits_with_2(
    arguments: list[str], complaint: str, retrying: Path, steploom: Steploom
) -> None:
    result = steploom("where", retrying, *arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_forecast_is_a_table_with_a_row_for_each_file(retrying: Path, steploom: Steploom) -> None:
    result = steploom("forecast", WORKFLOWS / "order-fulfilment.yaml", retrying)
    rows = [re.split(r"  +", line) for line in result.stdout.splitlines()]
    forecast = compile_text((WORKFLOWS / "order-fulfilment.yaml").read_text()).forecast
    transitions = f"{forecast.least('transitions')} to {forecast.most('transitions')}"
    assert rows[1][:3] == ["order-fulfilment", str(forecast.states), transitions]
    assert rows[1][-1] == f"{forecast.most_dollars:f}"
    assert rows[2][0] == "retrying*"
    assert 'the loop at "try_again" is repeated, taken to be 10' in result.stderr
    assert 'the loop at "try_again" reaches 25,000 history events at iteration 2,7' in result.stderr


def test_a_forecast_as_json_is_a_list(steploom: Steploom) -> None:
    figures = json.loads(steploom("forecast", WORKFLOWS, "--json").stdout)
    assert [one["workflow"] for one in figures] == [file.stem for file in EVERY]
    assert all(one["transitions"]["most"] >= one["transitions"]["least"] > 0 for one in figures)


def test_a_forecast_tells_its_formulas_at_the_counts_that_are_given(
    retrying: Path, steploom: Steploom
) -> None:
    text = steploom("forecast", retrying, "--formulas", "--count", "try_again=3").stdout
    assert "·try_again" in text
    assert "taken to be 3" in text


@pytest.mark.parametrize(
    ("count", "complaint"),
    [
        ("try_agan=3", 'nothing is counted as "try_agan": did you mean "try_again"?'),
        ("zebra=3", 'nothing is counted as "zebra"; there is try_again'),
        ("try_again", '"try_again" is no count: write a name and a number'),
    ],
)
def test_a_count_that_is_none_exits_with_2(
    count: str, complaint: str, retrying: Path, steploom: Steploom
) -> None:
    result = steploom("forecast", retrying, "--count", count)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_a_forecast_of_a_bad_file_exits_with_2_and_still_tells_the_others(
    retrying: Path, tmp_path: Path, steploom: Steploom
) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\n")
    result = steploom("forecast", bad, retrying)
    assert result.exit_code == 2
    assert "retrying" in result.stdout
    assert f"{bad}:1:" in result.stderr


def test_a_state_that_ends_a_race_leads_to_the_node_that_waits_for_it(
    tmp_path: Path, steploom: Steploom
) -> None:
    definition = tmp_path / "race.yaml"
    definition.write_text(
        "id: race\nnodes:\n"
        "  - {id: left, type: http_request, parameters: {url: https://example.com}}\n"
        "  - {id: right, type: http_request, parameters: {url: https://example.com}}\n"
        "  - {id: won, type: transform, join: first, parameters: {output: 1}}\n"
        "edges:\n  - {from: left, to: won}\n  - {from: right, to: won}\n"
    )
    result = steploom("where", definition, "--state", "Left: first")
    assert result.stdout.split() == ["Left:", "first", "first", "won", f"{definition}:5:5"]
