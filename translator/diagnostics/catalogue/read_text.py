"""The codes of a text that cannot be read as data: WF101 to WF109."""

from __future__ import annotations

from typing import Final

from translator.diagnostics.catalogue.entry import Entry

_GOOD: Final = """\
id: hello
nodes:
  - {id: greet, type: transform, parameters: {output: "{% 'hello' %}"}}
"""

ENTRIES: Final = (
    Entry(
        "WF101",
        "the text is not valid YAML or JSON",
        "Reading stops at the first place that the syntax does not allow, so other mistakes of the file "
        "show only after this one is repaired. The most common cause is an expression without quotes: in "
        "YAML a value that begins with { is a mapping.",
        "id: hello\nnodes:\n  - {id: greet, type: transform, parameters: {output: {% 'hello' %}}}\n",
        _GOOD,
    ),
    Entry(
        "WF102",
        "the definition is empty",
        "The text holds nothing, or nothing but comments.",
        "# to be written\n",
        _GOOD,
    ),
    Entry(
        "WF103",
        "the definition is not an object",
        "A definition is an object with fields such as `id` and `nodes`, not a list and not a single value.",
        "- {id: greet, type: transform}\n",
        _GOOD,
    ),
    Entry(
        "WF104",
        "a key stands twice in one object",
        "Most readers of YAML and JSON keep one of the two without a word, and which one depends on the "
        "reader.",
        "id: hello\nname: Hello\nname: Good morning\nnodes:\n"
        '  - {id: greet, type: transform, parameters: {output: ""}}\n',
        'id: hello\nname: Good morning\nnodes:\n  - {id: greet, type: transform, parameters: {output: ""}}\n',
    ),
    Entry(
        "WF105",
        "the text holds several documents",
        "A file holds one workflow. `---` begins a new YAML document.",
        f"{_GOOD}---\nid: second\n",
        _GOOD,
    ),
    Entry(
        "WF106",
        "a key is not a text",
        "YAML allows numbers, true, null and even lists as keys; JSON, and so the state machine, does not. "
        "A key in quotes is a text.",
        "id: hello\nnodes:\n  - {id: greet, type: transform, parameters: {output: {200: fine}}}\n",
        'id: hello\nnodes:\n  - {id: greet, type: transform, parameters: {output: {"200": fine}}}\n',
    ),
    Entry(
        "WF107",
        "a value has no form in JSON",
        "Infinite numbers, numbers that are none, YAML tags, merge keys (`<<`) and values that hold "
        "themselves cannot be written as JSON. Dates are taken as texts.",
        "id: hello\nnodes:\n  - {id: greet, type: transform, parameters: {output: .nan}}\n",
        "id: hello\nnodes:\n  - {id: greet, type: transform, parameters: {output: null}}\n",
    ),
    Entry(
        "WF108",
        "the definition is too deep or too large",
        "Objects and lists may be nested 64 deep. A text may have five million characters, counted after "
        "aliases are followed.",
        f"id: hello\nnodes: []\noutput: {'[' * 80}{']' * 80}\n",
        _GOOD,
    ),
    Entry(
        "WF109",
        "the text holds a character that no text may hold",
        "Control characters and halves of surrogate pairs are signs of a file that is not text, or not in "
        "UTF-8.",
        _GOOD.replace("hello'", "hello\x07'"),
        _GOOD,
    ),
)
