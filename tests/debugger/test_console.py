"""The debugger at its prompt: commands from a pipe, mistakes that are told, sessions that are kept."""

from __future__ import annotations

import json
import re
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner, Result

from steploom.__main__ import main
from steploom.debugging.all_commands import ALL, BY_NAME
from steploom.debugging.console import Console
from tests.debugger.conftest import ORDERS, Calls, Made
from tests.debugger.recordings import recorded_text
from translator.compiler import compile_text
from translator.debugger import Outside

PAGE = Path(__file__).parent.parent.parent / "docs" / "debugging.md"
CASES = """\
tests:
  - name: a small order
    trigger: {body: {total: 50}}
    mocks: {reserve: {output: {id: r}}, charge: {output: {id: c}}, ship: {output: {id: s}}}
    expect: {status: succeeded}
  - name: a large order
    trigger: {body: {total: 5000}}
    mocks: {reserve: {output: {id: r}}, charge: {output: {id: c}}, ship: {output: {id: s}}}
    expect: {status: succeeded}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.yaml"
    path.write_text(ORDERS + CASES)
    return path


def debug(*arguments: str | Path, commands: str = "") -> Result:
    given = ["debug", *(str(argument) for argument in arguments)]
    return CliRunner().invoke(main, given, input=commands, prog_name="steploom")


def shown(session_text: str, command: str) -> str:
    """What a command gave, up to the next prompt."""
    _, _, after = session_text.partition(f"(debug) {command}\n")
    return after.partition("(debug) ")[0]


def test_commands_come_through_a_pipe(file: Path) -> None:
    ran = debug(
        file, "--mock", "small", commands="break charge\ncontinue\nprint $price.total\nquit\nprint 1\n"
    )
    assert ran.exit_code == 0, ran.stderr
    assert shown(ran.stdout, "print $price.total") == "50\n"
    assert "print 1" not in ran.stdout


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("brake charge", 'DBG107: there is no command "brake"\n    hint: did you mean "break"?'),
        ("break chrage", 'DBG101: there is no node "chrage"\n    hint: did you mean "charge"?'),
        ("break", "DBG107: break where?"),
        ("break charge -> price", 'DBG101: no edge leads from "charge" to "price"'),
        ("break charge -> shi", 'did you mean "ship"?'),
        ("break ship -> price", 'none leaves "ship"'),
        ("break error chrage", 'did you mean "charge"?'),
        (
            "break charge if $prise.total > 5",
            'there is no node or variable "prise"\n    hint: did you mean "price"?',
        ),
        ("break if", "DBG102: there is no expression"),
        ("print", "DBG107: print what?"),
        ("print $nodes.charge", "a node's output is its id and `$` before it: $charge"),
        ("print $price.(", "DBG102"),
        ("print $price.total ?? 3", "DBG102"),
        ("print 1 + 'a'", "DBG102: the expression fails here"),
        ("print $item", "there is no iteration here"),
        ("set", "DBG107"),
        ("set $run.id = 3", "cannot be set"),
        ("set $trigger.body =", "there is no value"),
        ("set $trigger.body = @missing.json", '"missing.json" cannot be read as JSON'),
        ("pin charge", "DBG107"),
        ("pin large = 1", 'node "large" is a condition, which calls nothing'),
        ("pin charge[x] = 1", '"charge[x]" is no node'),
        ("fail charge", "fail what, with which error?"),
        ('fail charge Timeout "no answer', "close the quotes"),
        ("fail charge Timeout no answer", "put the whole cause in quotes"),
        ("unpin charge", "neither pinned nor made to fail"),
        ("undo", "nothing was set at this point"),
        ("delete 4", "there is no breakpoint 4"),
        ("step two", '"two" is no number'),
        ("back", "this is the first point"),
        ("goto 0", '"0" is no number'),
        ("goto 99", "the run has ended before it came to point 99"),
        ("diff", "between which points?"),
        ("diff 99", "the run has not been at point 99"),
        ("fork", "fork is for runs of --from-history"),
        ("where now", '"now" means nothing here'),
        ("list nothing", 'there is no node "nothing"'),
        ("forget nothing", 'there is no node "nothing"'),
        ("save", "save where?"),
        ("help brake", 'there is no command "brake"'),
    ],
)
def test_a_mistake_is_told_with_what_to_do_and_the_session_goes_on(
    file: Path, command: str, told: str
) -> None:
    ran = debug(file, "--mock", "1", commands=f"{command}\nrestart\nstep\nprint $trigger.body.total\n")
    assert told in shown(ran.stdout, command)
    assert "hint: " in shown(ran.stdout, command)
    assert shown(ran.stdout, "print $trigger.body.total") == "50\n"
    assert (ran.exit_code, ran.exception.__class__) == (1, SystemExit)


def test_a_run_that_ends_before_the_point_that_was_asked_for_is_told_where_it_stands(file: Path) -> None:
    ran = debug(file, "--mock", "1", commands="goto 99\n")
    assert "point 12: the run has succeeded" in shown(ran.stdout + "(debug) ", "goto 99")


def test_a_saved_session_does_the_same_again(file: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    commands = f"break charge\nbrake\ncontinue\nset price.total = 5000\ncontinue\ncontinue\nsave {kept}\n"
    first = debug(file, "--mock", "a small", commands=commands)
    obeyed = ["break charge", "continue", "set price.total = 5000", "continue"]
    assert [line for line in kept.read_text().splitlines() if not line.startswith("#")] == obeyed
    again = debug(file, "--mock", "a small", "--commands", kept)
    assert again.exit_code == 0, again.stdout
    end = "the run has succeeded"
    assert (
        first.stdout.partition(end)[2].splitlines()[1:6] == again.stdout.partition(end)[2].splitlines()[1:6]
    )
    assert not list(tmp_path.glob("*.new"))


def test_a_file_that_is_no_saved_session_is_not_written_over(file: Path) -> None:
    before = file.read_text()
    ran = debug(
        file, "--mock", "1", commands=f"save {file}\nsave {file.parent}\nsave {file.parent}/no/such\n"
    )
    assert file.read_text() == before
    assert ran.stdout.count("DBG107") == 3


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--mock", "nothing"], 'no case is called "nothing": there are: a small order, a large order'),
        (["--mock", "order"], 'several cases fit "order"'),
        (["--commands", "missing.txt"], 'the command file "missing.txt" cannot be read'),
        (["--definition", "asl.json"], "--definition goes with --from-history"),
        (["--from-history", "missing.json"], '"missing.json" cannot be read'),
        (["--from-history", "h.json", "--input", "{}"], "a recorded run has its own input"),
        (["--variable", "limt=3"], 'has no variable "limt": did you mean "limit"?'),
        (["--trigger", "nobody"], "there is no trigger 'nobody': the workflow has \"asked\""),
        (["--input", "{"], "the input is not JSON"),
    ],
)
def test_what_cannot_be_begun_is_refused_at_once(file: Path, arguments: list[str], told: str) -> None:
    ran = debug(file, *arguments)
    assert told in ran.stderr
    assert (ran.exit_code, ran.stdout) == (2, "")


def test_other_first_values_of_variables_are_those_of_the_run(file: Path) -> None:
    ran = debug(file, "--mock", "1", "-v", "limit=7", commands="step\nprint $limit\ncontinue\n")
    assert shown(ran.stdout, "print $limit") == "7\n"
    assert '"gift": "c"' in ran.stdout


@pytest.mark.parametrize("level", ["0", "1", "2"])
def test_every_level_can_be_stepped_through(file: Path, level: str) -> None:
    ran = debug(file, "--mock", "2", "-O", level, commands="step\nstep\nstep\nwhere\nhistory\ncontinue\n")
    assert ran.exit_code == 0, ran.stdout
    assert '"gift": "c"' in ran.stdout


def test_a_history_is_told_apart_from_what_is_none(file: Path, tmp_path: Path) -> None:
    text = recorded_text(compile_text(file.read_text()), Outside(Calls()), {"total": 50})
    (tmp_path / "history.json").write_text(text)
    (tmp_path / "no.json").write_text("{}")
    good = debug(file, "--from-history", tmp_path / "history.json", commands="back\nwhere\n")
    assert good.exit_code == 0, good.stderr
    assert "the run has succeeded" in good.stdout
    bad = debug(file, "--from-history", tmp_path / "no.json")
    assert (bad.exit_code, bad.stdout) == (2, "")
    assert "DBG201" in bad.stderr
    changed = tmp_path / "changed.yaml"
    changed.write_text(file.read_text().replace("Charge the card", "Take the money"))
    foreign = debug(changed, "--from-history", tmp_path / "history.json")
    assert (foreign.exit_code, foreign.stdout) == (2, "")
    assert 'the state "Charge the card" is not in this one' in foreign.stderr


def test_the_machine_that_ran_is_taken_in_every_form_and_what_differs_is_told(
    file: Path, tmp_path: Path
) -> None:
    compilation = compile_text(file.read_text())
    (tmp_path / "history.json").write_text(recorded_text(compilation, Outside(Calls()), {"total": 50}))
    changed = tmp_path / "changed.yaml"
    changed.write_text(file.read_text().replace("Charge the card", "Take the money"))
    machine = compilation.sent_text.replace(
        "${NodeTaskFunction}", "arn:aws:lambda:eu-south-1:1:function:node"
    )
    forms = (machine, json.dumps(machine), json.dumps({"definition": machine}))
    for form in forms:
        (tmp_path / "asl.json").write_text(form)
        ran = debug(
            changed, "--from-history", tmp_path / "history.json", "--definition", tmp_path / "asl.json"
        )
        assert ran.exit_code == 0, ran.stderr
        assert 'note: the machine that ran has the state "Charge the card"' in ran.stdout
    for broken in ("{", '{"a": 1}', '{"StartAt": "A", "States": {"A": {"Type": "Nothing"}}}'):
        (tmp_path / "asl.json").write_text(broken)
        ran = debug(
            changed, "--from-history", tmp_path / "history.json", "--definition", tmp_path / "asl.json"
        )
        assert (ran.exit_code, ran.stdout) == (2, "")


def test_an_empty_line_at_a_terminal_moves_on_again(debugger: Made) -> None:
    lines: list[str] = []
    console = Console(debugger(), BY_NAME, lines.append)
    console.read("step", is_interactive=True)
    console.read("", is_interactive=True)
    assert console.debugger.nodes == ("charge",)
    console.read("print 1", is_interactive=True)
    console.read("", is_interactive=True)
    assert console.debugger.nodes == ("charge",)
    console.read("")
    assert console.obeyed == ["step", "step", "print 1"]


def test_every_command_that_the_page_names_exists_and_every_command_is_on_the_page() -> None:
    text = PAGE.read_text()
    named = {
        span.split()[0]
        for span in re.findall(r"^\| (.*?) \|", text, re.MULTILINE)
        for span in re.findall(r"`([a-z][^`]*)`", span)
    }
    assert named <= BY_NAME.keys()
    on_page = {span.split()[0] for span in re.findall(r"`([a-z][^`]*)`", text)}
    assert {command.name for command in ALL} <= on_page


def test_help_tells_of_every_command(file: Path) -> None:
    told = shown(debug(file, "--mock", "1", commands="help\nquit\n").stdout, "help")
    assert [command.usage for command in ALL if command.usage not in told] == []


WORDS = [
    "break",
    "step",
    "into",
    "back",
    "continue",
    "reverse",
    "goto",
    "restart",
    "print",
    "vars",
    "set",
    "undo",
    "pin",
    "fail",
    "unpin",
    "pins",
    "list",
    "where",
    "history",
    "diff",
    "events",
    "forget",
    "live",
    "fork",
    "delete",
    "breaks",
    "help",
    "charge",
    "price",
    "$price",
    "$price.total",
    "$trigger.body",
    "->",
    "if",
    "=",
    "{",
    "}",
    "[0]",
    "[1,2]",
    "1",
    "-1",
    "0",
    "7",
    '"',
    "'",
    "$",
    "$$",
    ".",
    "error",
    "once",
    "times",
    "Timeout",
    "large",
    "ship",
    "$sum(",
    ")",
    "null",
    "@",
    "*",
    "%}",
    "{%",
    "$error.cause",
    "$item",
    "#",
]


@pytest.mark.parametrize("seed", range(40))
def test_no_line_breaks_the_debugger(debugger: Made, seed: int) -> None:
    random = Random(seed)
    told: list[str] = []
    console = Console(debugger(), BY_NAME, told.append)
    for _ in range(25):
        glue = random.choice([" ", " ", ""])
        console.read(
            glue.join(random.choice(WORDS) for _ in range(random.randint(1, 6))), is_interactive=True
        )
    console.read("restart")
    assert console.debugger.point == 1
