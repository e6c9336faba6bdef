"""What is sent is compact, and its size is measured with ARNs in place of the placeholders."""

from __future__ import annotations

import json

from translator.compiler import CompileOptions, compile_text
from translator.legalize import sent_bytes

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
