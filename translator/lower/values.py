"""What the author wrote as values, in Step Functions' terms: `$trigger`, `$run` and nothing made plain."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from translator.expressions.construct import condition, has_expression, to_object_constructor
from translator.expressions.folding import folded
from translator.expressions.rewrite import rewrite
from translator.expressions.syntax import parse_expression
from translator.expressions.template import parse_template
from translator.json_value import JsonObject, JsonValue
from translator.lower.draft import expression
from translator.lower.pinning import PINS
from translator.projection.views import NOBODY, Answering, find_views, text_of_view

TRIGGER: Final = "$states.context.Execution.Input.trigger"
CAUGHT: Final = "error__caught"
"""The variable behind `$error`, whose own name is a function of JSONata."""
RUN_ID: Final = "$states.context.Execution.Name"
RUN_NAMES: Final = MappingProxyType(
    {
        "run__id": RUN_ID,
        "run__root": f"[$states.context.Execution.Input.run.root, {RUN_ID}][0]",
        "run__trigger": TRIGGER,
        "run__version": (
            "($value__ := $states.context.Execution.Input.run.version; $exists($value__) ? $value__ : null)"
        ),
        "run__started": "$states.context.Execution.StartTime",
        "run__pins": PINS,
    }
)
"""By variable that a child execution is given, because it has a context object of its own: what it is."""


def ran_flag(node: str) -> str:
    """The variable that says whether a node succeeded."""
    return f"{node}__ran"


def round_of(header: str) -> str:
    """The variable that counts the iterations of a loop, 0 in the first."""
    return f"{header}__round"


def next_round(header: str) -> dict[str, JsonValue]:
    """Counts an iteration more."""
    return {round_of(header): expression(f"${round_of(header)} + 1")}


def first_value(variable: str) -> bool | int | None:
    """What a variable of the compiler's own is before anything happened: a flag false, a value null."""
    if variable.endswith("__round"):
        return 0
    return False if "__" in variable and not variable.endswith("__caught") else None


def passes_of(body: str) -> str:
    """The variable that counts the iterations of a `while`, 0 before the first."""
    return f"{body}__body__round"


def item_of(body: str) -> str:
    """The variable behind `$item` in the body of a `for_each`."""
    return f"{body}__item"


def index_of(body: str) -> str:
    """The variable behind `$index` in the body of a `for_each`."""
    return f"{body}__index"


def _run(fields: Mapping[str, str]) -> Mapping[str, str]:
    """What stands for `$run`, and for each of its fields where only that is read."""
    whole = ", ".join(f'"{name}": {text}' for name, text in fields.items())
    return {"run": f"{{{whole}}}", **{f"run.{name}": text for name, text in fields.items()}}


@dataclass(frozen=True)
class Names:
    """The names an expression of one workflow may read, and the texts of those that are no variables."""

    workflow: str
    null_checked: Collection[str]
    """Nodes and variables: `$exists` of one asks whether it is null."""
    pinned: Mapping[str, str] = field(default_factory=dict)
    """By node that ended before the run the expression of its output."""
    caught: str = CAUGHT
    """The variable behind `$error`."""
    iterating: str | None = None
    """The innermost `for_each` around, which gives `$item` and `$index`."""
    functions: Answering = NOBODY
    """The nodes whose outputs functions answer."""
    views: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By such a node and by text, the calls that the function works out where its output is large, named."""
    is_child: bool = False
    """Whether it is an execution of its own that evaluates."""

    @property
    def run_id(self) -> str:
        """What stands for the run's id."""
        return "$run__id" if self.is_child else RUN_ID

    @property
    def root(self) -> str:
        """What stands for the id of the run that began it all."""
        return "$run__root" if self.is_child else RUN_NAMES["run__root"]

    @property
    def texts(self) -> Mapping[str, str]:
        """What stands for `$trigger` and `$run` in a state machine."""
        if self.is_child:
            return {**self._of_child, **self._of_iteration}
        run = {
            "id": RUN_ID,
            "workflow": f'"{self.workflow}"',
            "version": "$states.context.Execution.Input.run.version",
            "started_at": "$states.context.Execution.StartTime",
        }
        return {
            "trigger": TRIGGER,
            **_run(run),
            "error": f"${self.caught}",
            **self.pinned,
            **self._of_iteration,
        }

    @property
    def _of_iteration(self) -> Mapping[str, str]:
        if self.iterating is None:
            return {}
        return {"item": f"${item_of(self.iterating)}", "index": f"${index_of(self.iterating)}"}

    @property
    def _of_child(self) -> Mapping[str, str]:
        run = {
            "id": "$run__id",
            "workflow": f'"{self.workflow}"',
            "version": "$run__version",
            "started_at": "$run__started",
        }
        pinned = {name: text.replace(PINS, "$run__pins") for name, text in self.pinned.items()}
        return {"trigger": "$run__trigger", **_run(run), "error": f"${self.caught}", **pinned}

    def rewritten(self, source: str) -> str:
        """An expression of the definition, still with the definition's node and variable names."""
        text = rewrite(self._with_views(source), self.texts, null_checked=self.null_checked)
        return folded(text) if "$run.workflow" in source else text

    def _with_views(self, source: str) -> str:
        """The source with each call that a function may have worked out already asking for that first."""
        for view in reversed(find_views(parse_expression(source), self.functions)):
            name = self.views.get(view.node, {}).get(view.source)
            if name is not None:
                text = text_of_view(view, name)
                source = f"{source[: view.start]}{text}{source[view.end :]}"
        return source

    def condition(self, text: str) -> str:
        """The source of a `{% … %}` that counts as true or false."""
        whole = parse_template(text).whole
        if whole is None:
            return "true" if text else "false"
        return condition(self.rewritten(whole.source))

    def value(self, template: JsonValue) -> JsonValue:
        """A template as one value; where it yields nothing it is null, a key of an object left out."""
        constructor = to_object_constructor(template, self.rewritten)
        return template if constructor is None else expression(constructor)

    def evaluation(self, template: JsonValue) -> tuple[str, list[str]]:
        """A template as one expression in the definition's own names, and those names; `$error` is CAUGHT."""

        def rewriting(source: str) -> str:
            return rewrite(source, {"error": f"${CAUGHT}"}, null_checked=self.null_checked)

        source = to_object_constructor(template, rewriting) or json.dumps(template)
        return source, sorted(parse_expression(source).free_names)

    def parameters(self, template: JsonValue) -> JsonValue:
        """Parameters, each a value of its own, so that what is fixed stays legible in the machine."""
        if not isinstance(template, Mapping) or not has_expression(template):
            return template
        values: JsonObject = {name: self.value(inner) for name, inner in template.items()}
        return values
