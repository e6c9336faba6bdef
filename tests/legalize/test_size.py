"""What is sent is compact, and its size is measured with ARNs in place of the placeholders."""

from __future__ import annotations

import json

from tests.structure.test_depth import forking_chain
from translator.compiler import CompileOptions, compile_data, compile_text
from translator.legalize import sent_bytes
from translator.structure.decompose import DEEPEST

CALL = """\
id: hello
nodes:
  - {id: call, type: http_request, parameters: {url: "https://example.com"}}
"""
LONGEST = f"arn:aws-us-gov:lambda:us-gov-east-1:123456789012:function:{'n' * 64}:1234567890"


def test_what_is_sent_is_the_printed_definition_without_spaces() -> None:
    compilation = compile_text(CALL)
    assert json.loads(compilation.sent_text) == json.loads(compilation.asl_text)
    assert len(compilation.sent_text) < 0.8 * len(compilation.asl_text)
    assert "\n" not in compilation.sent_text


def test_a_placeholder_counts_as_the_longest_arn_that_may_take_its_place() -> None:
    text = compile_text(CALL).sent_text
    assert sent_bytes(text) >= len(text.replace("${NodeTaskFunction}", LONGEST).encode())
    assert sent_bytes(text) > len(text.encode())


def test_letters_beyond_ascii_count_as_their_bytes() -> None:
    assert sent_bytes("äöü") == 6


def test_a_definition_that_only_its_arns_make_too_large_is_split_or_refused() -> None:
    size = sent_bytes(compile_text(CALL).sent_text)
    assert len(compile_text(CALL).sent_text) < size
    exact = compile_text(CALL, options=CompileOptions(most_bytes=size))
    assert exact.diagnostics == ()
    small = compile_text(CALL, options=CompileOptions(most_bytes=size - 1))
    assert [one.code for one in small.diagnostics] == ["WF501"]


def test_a_refusal_names_what_is_largest_and_where_it_stands() -> None:
    large = "x" * 5_000
    text = (
        f"{CALL}  - {{id: fixed, type: function, parameters: {{function: f, arguments: {{a: {large}}}}}}}\n"
    )
    (refusal,) = compile_text(text, options=CompileOptions(most_bytes=5_000)).diagnostics
    assert refusal.code == "WF501"
    assert 'what is largest in it is the state "Fixed", with 5,' in refusal.message
    assert refusal.position.line == 4


def test_a_loop_above_the_size_is_cut_inside_what_it_repeats() -> None:
    nodes = "".join(f"  - {{id: a{n}, type: function, parameters: {{function: f}}}}\n" for n in range(20))
    edges = "".join(f"  - {{from: a{n}, to: a{n + 1}}}\n" for n in range(19))
    text = (
        f"id: around\nnodes:\n{nodes}"
        '  - {id: again, type: condition, parameters: {when: "{% $a19 %}"}}\n'
        f"edges:\n{edges}  - {{from: a19, to: again}}\n"
        '  - {from: again, port: "true", to: a0}\n'
        "triggers: [{id: hand, type: manual, entry: a0}]\n"
    )
    compilation = compile_text(text, options=CompileOptions(most_bytes=9_000))
    assert [one.code for one in compilation.diagnostics] == ["WF502"]
    texts = (compilation.sent_text, *compilation.sent_parts.values())
    assert max(map(sent_bytes, texts)) <= 9_000


def test_deep_forks_that_cannot_be_made_small_enough_are_refused_with_figures_and_not_tried_for_ever() -> (
    None
):
    definition = forking_chain(DEEPEST)
    small = compile_data(definition, options=CompileOptions(most_bytes=12_000))
    assert [one.code for one in small.diagnostics] == ["WF502"]
    assert all(sent_bytes(text) <= 12_000 for text in (small.sent_text, *small.sent_parts.values()))
    (refusal,) = compile_data(definition, options=CompileOptions(most_bytes=8_000)).diagnostics
    assert refusal.code == "WF501"
    assert "and the service takes 8,000" in refusal.message
