"""condition: takes exactly one port, by whether an expression is true or by the first case that fits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, StringConstraints, model_validator

from translator.json_value import JsonObject, JsonValue
from translator.node_type import Choosing, Effect, Expression, Fixed, NodeType, Parameters, inner

Port = Annotated[str, Fixed, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Scalar = str | int | float | bool | None


class Case(Parameters):
    """One way out: its port is taken if its test is true and no case above it was."""

    port: Port
    when: Expression | None = None
    equals: Annotated[Scalar, Fixed] = None
    one_of: Annotated[tuple[Annotated[Scalar, Fixed], ...] | None, Fixed, Field(min_length=1)] = None

    @model_validator(mode="after")
    def _has_one_test(self) -> Self:
        if len(self.model_fields_set & {"when", "equals", "one_of"}) != 1:
            raise ValueError(f'case "{self.port}" needs exactly one of "when", "equals" and "one_of"')
        if self.port == "error":
            raise ValueError('a case cannot be called "error": that port is for failures')
        return self


class ConditionParameters(Parameters):
    """Either `when` alone, or `cases` with what they need."""

    when: Expression | None = None
    """Ports `true` and `false`."""
    value: Expression | None = None
    """What the cases' `equals` and `one_of` are compared with."""
    cases: Annotated[tuple[Case, ...] | None, Fixed, Field(min_length=1)] = None
    """Looked at in order."""
    default: Port | None = None
    """The port taken if no case fits; without one that is the error `NoMatch`."""

    @model_validator(mode="after")
    def _is_if_or_switch(self) -> Self:
        if (self.when is None) == (self.cases is None):
            raise ValueError('needs either "when" (ports true and false) or "cases"')
        if self.when is not None and (self.value is not None or self.default is not None):
            raise ValueError('"value" and "default" belong to "cases", not to "when"')
        compares = any("when" not in case.model_fields_set for case in self.cases or ())
        if compares and self.value is None:
            raise ValueError('"equals" and "one_of" compare with "value": give it')
        if self.value is not None and not compares:
            raise ValueError('"value" is used by no case: compare with "equals" or "one_of", or remove it')
        return self


class Condition(NodeType):
    """Takes exactly one of its ports.

    With `when` it is an *if*: the port is `true` or `false`; an expression that yields nothing is
    false. With `cases` it is a *switch*: the first case that fits gives the port, by an expression of
    its own (`when`) or by comparing the node's `value` (`equals`, `one_of`). If none fits the port is
    `default`; without a `default` the node fails with the error `NoMatch`. Step Functions decides it,
    without a Lambda call.
    """

    name: ClassVar[str] = "condition"
    summary: ClassVar[str] = "Go one way or another"
    example: ClassVar[str] = """\
id: route
type: condition
name: How large is the order?
parameters:
  cases:
    - {port: large, when: "{% $totals.total >= 1000 %}"}
    - {port: free, when: "{% $totals.total = 0 %}"}
  default: usual
"""
    Parameters: ClassVar[type[Parameters]] = ConditionParameters

    def ports(self, parameters: Mapping[str, Any]) -> tuple[str, ...]:
        """`true` and `false`, or the cases' ports in their order and then the default's."""
        if "cases" not in parameters:
            return ("true", "false")
        named = [case["port"] for case in parameters["cases"]]
        return tuple(dict.fromkeys([*named, parameters["default"]] if parameters.get("default") else named))

    def default_effect(self, parameters: Mapping[str, Any]) -> Effect:
        """Nothing outside the run changes."""
        del parameters
        return "read"

    def output_schema(self, parameters: Mapping[str, Any]) -> JsonObject:
        """The port that was taken."""
        ports = list(self.ports(parameters))
        return {
            "type": "object",
            "properties": {"port": {"enum": ports}},
            "required": ["port"],
            "additionalProperties": False,
        }

    def lower(self, parameters: Mapping[str, Any]) -> Choosing:
        """A Choice."""
        if "cases" not in parameters:
            return Choosing(cases=(("true", parameters["when"]),), default="false")
        value = parameters.get("value")
        return Choosing(
            cases=tuple((case["port"], _test(case, value)) for case in parameters["cases"]),
            default=parameters.get("default"),
        )


def _test(case: Mapping[str, Any], value: str | None) -> str:
    if "when" in case:
        return str(case["when"])
    if "equals" in case:
        return f"{{% ({inner(value or '')}) = {_literal(case['equals'])} %}}"
    return f"{{% ({inner(value or '')}) in {_literal(case['one_of'])} %}}"


def _literal(value: JsonValue) -> str:
    # JSON's own notation is JSONata's; escaped to ASCII so that no character can close the marks.
    return json.dumps(value).replace("%}", "\\u0025}")


NODE_TYPE = Condition()
