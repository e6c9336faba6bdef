"""The commands: what they print, where, and their exit codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from steploom.__main__ import main
from steploom.demo.shop import REFUSED_CARD, Shop
from steploom.demo.shop_server import serving
from steploom.demo.story import order
from translator import nodes

WORKFLOWS = Path(__file__).parents[2] / "workflows"
EVERY = sorted(WORKFLOWS.glob("*.yaml"))
ORDER = str(WORKFLOWS / "order-fulfilment.yaml")

GREETING = """\
id: greeting
variables: [{name: word, value: hello}]
nodes:
  - {id: greet, type: transform, parameters: {output: "{% $word & ' ' & $trigger.body.name %}"}}
output: {said: "{% $greet %}"}
tests:
  - {name: it greets, trigger: {body: {name: Ada}}, expect: {output: {said: hello Ada}}}
"""


def steploom(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="steploom")


@pytest.fixture
def greeting(tmp_path: Path) -> Path:
    file = tmp_path / "greeting.yaml"
    file.write_text(GREETING)
    return file


def broken(greeting: Path, old: str, new: str) -> Path:
    greeting.write_text(greeting.read_text().replace(old, new))
    return greeting


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.stem)
def test_compiling_twice_gives_the_same_bytes(file: Path) -> None:
    first, second = steploom("compile", file), steploom("compile", file)
    assert first.exit_code == 0
    assert first.stdout == second.stdout
    assert json.loads(first.stdout)["StartAt"]


@pytest.mark.parametrize("form", ["graph", "regions", "asl", "source-map", "manifest", "forecast"])
def test_every_form_is_printed_or_written_into_a_folder(form: str, greeting: Path, tmp_path: Path) -> None:
    printed = steploom("compile", greeting, "--to", form)
    assert printed.exit_code == 0
    written = steploom("compile", greeting, "--to", form, "-o", tmp_path / "out")
    assert written.stdout == ""
    (file,) = (tmp_path / "out").iterdir()
    assert file.read_text() == printed.stdout


def test_a_good_definition_is_good(greeting: Path) -> None:
    result = steploom("check", greeting)
    assert result.exit_code == 0
    assert result.stderr.endswith("greeting.yaml: good (1 nodes)\n")


@pytest.mark.parametrize(
    ("old", "new", "line", "name"),
    [
        ("parameters", "paramters", 4, "paramters"),
        ("$word &", "$wrod &", 4, "wrod"),
        ("type: transform", "type: transfrom", 4, "transfrom"),
        ('output: "{%', 'outptu: "{%', 4, "outptu"),
        ("$trigger.body.name %}", "$trigger.body.name) %}", 4, ")"),
        ("id: greeting", "id: Greeting!", 1, "Greeting!"),
    ],
)
@pytest.mark.parametrize(
    "command", ["check", "compile", "test", "run", "draw", "explain", "where", "forecast"]
)
def test_a_mistake_is_told_with_its_line_and_exits_with_2(
    command: str, old: str, new: str, line: int, name: str, greeting: Path
) -> None:
    file = broken(greeting, old, new)
    result = steploom(command, *(["--of", "machine"] if command == "draw" else []), file)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert f"{file}:{line}:" in result.stderr
    assert name in result.stderr
    assert "hint: " in result.stderr


@pytest.mark.parametrize(
    ("call", "complaint", "hint"),
    [
        ("function: order_totl", 'calls the function "order_totl"', 'did you mean "order_total"?'),
        ("function: bake", 'calls the function "bake"', "put it into a file of workflows/functions"),
        (
            "function: order_total",
            'does not give "order_total" the argument "items"',
            "it takes: items, country",
        ),
        (
            'function: order_total, arguments: {items: "{% 1 %}", land: IT}',
            'the argument "land", which it does not take',
            "it takes: items, country",
        ),
    ],
)
def test_a_call_that_no_function_takes_is_warned_about(
    call: str, complaint: str, hint: str, tmp_path: Path
) -> None:
    definition = tmp_path / "calls.yaml"
    definition.write_text(f"id: calls\nnodes:\n  - {{id: priced, type: function, parameters: {{{call}}}}}\n")
    result = steploom("check", definition)
    assert result.exit_code == 0
    assert f"{definition}:3:" in result.stderr
    assert complaint in result.stderr
    assert hint in result.stderr


def test_a_definition_that_could_never_end_is_refused(tmp_path: Path) -> None:
    circle = tmp_path / "circle.yaml"
    nodes_in_a_circle = ", ".join(f"{{id: {name}, type: delay, parameters: {{days: 1}}}}" for name in "ab")
    circle.write_text(
        f"id: circle\nnodes: [{nodes_in_a_circle}]\nedges: [{{from: a, to: b}}, {{from: b, to: a}}]\n"
    )
    result = steploom("check", circle)
    assert result.exit_code == 2
    assert "never ends" in result.stderr


def test_every_mistake_is_told_at_once(greeting: Path) -> None:
    greeting.write_text(
        GREETING.replace("type: transform", "type: transfrom").replace("said:", "sad: $x, said:")
    )
    broken(greeting, "$greet %}", "$gret %}")
    assert steploom("check", greeting).stderr.count(": error ") >= 2


@pytest.mark.parametrize(
    "command", ["check", "compile", "test", "run", "draw", "explain", "where", "forecast"]
)
def test_a_file_that_is_not_there_exits_with_2(command: str, tmp_path: Path) -> None:
    result = steploom(command, tmp_path / "nothing.yaml")
    assert result.exit_code == 2
    assert "nothing.yaml" in result.stderr
    assert "No such file" in result.stderr


def test_a_folder_without_definitions_exits_with_2(tmp_path: Path) -> None:
    assert steploom("test", tmp_path).exit_code == 2


def test_all_tests_of_all_examples_pass() -> None:
    result = steploom("test", WORKFLOWS)
    assert result.exit_code == 0, result.stderr
    assert " 0 failed" in result.stderr
    assert "(3 d 5 s of virtual time)" in result.stderr


def test_a_test_that_fails_is_explained_and_exits_with_1(greeting: Path) -> None:
    result = steploom("test", broken(greeting, "said: hello Ada", "said: hi Ada"))
    assert result.exit_code == 1
    assert "✗ it greets" in result.stderr
    assert 'output: expected {"said": "hi Ada"}' in result.stderr
    assert 'was {"said": "hello Ada"}' in result.stderr


def test_a_run_prints_its_output_alone_to_stdout(greeting: Path) -> None:
    result = steploom("run", greeting, "--input", '{"name": "Ada"}')
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"said": "hello Ada"}
    assert "✓ greet" in result.stderr


def test_a_run_takes_its_input_from_a_file_and_other_values_for_variables(
    greeting: Path, tmp_path: Path
) -> None:
    given = tmp_path / "input.json"
    given.write_text('{"name": "Bo"}')
    result = steploom("run", greeting, "-i", f"@{given}", "-v", "word=bye")
    assert json.loads(result.stdout) == {"said": "bye Bo"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["-i", "{name: Ada}"], "the input is not JSON"),
        (["-i", "@missing.json"], "cannot be read"),
        (["-v", "word"], "not NAME=VALUE"),
        (["-v", "wrod=x"], 'no variable "wrod": it has "word"'),
        (["--trigger", "hook"], "no trigger 'hook'"),
    ],
)
def test_what_a_run_cannot_use_exits_with_2(arguments: Sequence[str], complaint: str, greeting: Path) -> None:
    result = steploom("run", greeting, *arguments)
    assert result.exit_code == 2
    assert complaint in result.stderr


def test_an_order_runs_against_a_real_service_without_any_server_of_ours() -> None:
    shop = Shop()
    with serving(shop) as url:
        given = json.dumps({**order("A-7", "Via Roma 1"), "card": REFUSED_CARD})
        result = steploom("run", ORDER, "-v", f"shop={url}", "-i", given)
    assert json.loads(result.stdout)["status"] == "refused"
    assert "✗ charge" in result.stderr
    assert "the bank refuses this card" in result.stderr
    assert [entry.what for entry in shop.ledger] == [
        "reserved 2 × lamp, 4 × bulb for A-7",
        "released the goods of A-7",
        "mailed ada@example.com: Your order A-7 is waiting",
    ]


def test_a_run_that_fails_says_why_and_exits_with_1() -> None:
    result = steploom("run", ORDER, "-i", '{"id": "A-1", "customer": {"country": "IT"}, "items": []}')
    assert result.exit_code == 1
    assert "the run failed with Validation: the order has no items" in result.stderr
    assert result.stdout == ""


def test_the_picture_follows_the_name_of_the_file(greeting: Path, tmp_path: Path) -> None:
    for name, beginning in (("a.svg", "<svg"), ("a.html", "<!doctype html>"), ("a.mmd", "flowchart TD")):
        result = steploom("draw", greeting, "--of", "both", "-o", tmp_path / name)
        assert result.exit_code == 0, result.output
        assert (tmp_path / name).read_text().startswith(beginning)
    assert steploom("draw", greeting, "--format", "svg").stdout.startswith("<svg")


@pytest.mark.parametrize("file", EVERY, ids=lambda file: file.stem)
def test_a_definition_is_told_in_words(file: Path) -> None:
    result = steploom("explain", file)
    assert result.exit_code == 0
    assert "nodes become" in result.stdout


def test_a_code_is_explained_by_an_example() -> None:
    result = steploom("explain", "wf120")
    assert result.exit_code == 0
    assert "a name is given twice" in result.stdout


@pytest.mark.parametrize("name", nodes.names())
def test_a_node_type_is_told_with_its_parameters_and_an_example(name: str) -> None:
    result = steploom("explain", name)
    assert result.exit_code == 0
    assert nodes.load(name).summary in result.stdout
    assert f"type: {name}" in result.stdout


def test_an_unknown_code_exits_with_2() -> None:
    assert steploom("explain", "WF999").exit_code == 2


def test_an_input_that_is_no_json_number_is_refused(greeting: Path) -> None:
    result = steploom("run", greeting, "--input", "NaN")
    assert result.exit_code == 2
    assert "NaN is not JSON" in result.stderr


def test_a_picture_whose_kind_its_name_does_not_tell_is_refused(greeting: Path, tmp_path: Path) -> None:
    result = steploom("draw", greeting, "-o", tmp_path / "picture.png")
    assert result.exit_code == 2
    assert "picture.png" in result.stderr


def test_a_picture_is_drawn_into_a_folder_that_is_not_there_yet(greeting: Path, tmp_path: Path) -> None:
    target = tmp_path / "new" / "picture.svg"
    assert steploom("draw", greeting, "-o", target).exit_code == 0
    assert target.read_text().startswith("<svg")
