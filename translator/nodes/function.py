"""function: calls a Python function of the project."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import Field, StringConstraints
from pydantic_core import PydanticSerializationError, to_jsonable_python

from translator.error_classes import Network, NodeError, Permission, Timeout, Unknown, Validation
from translator.json_value import JsonValue
from translator.node_type import Fixed, Invoking, NodeType, Parameters, RunContext, Template, checked
from translator.work.registered_function import PACKAGE, RegisteredFunction, discover


class FunctionParameters(Parameters):
    """Which function, and with what."""

    function: Annotated[str, Fixed, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    """The name of a function of `workflows/functions/`, registered with `@function`."""
    arguments: dict[str, Template] | str = Field(default_factory=dict)
    """By the function's parameter names."""


class Function(NodeType):
    """Calls a Python function registered with `@function` in a file of `workflows/functions/`.

    The arguments are checked against the function's type annotations; one that does not fit is the
    error Validation and the function is not called. What it returns is the node's output. An error
    of `translator.error_classes`, or a subclass of one, keeps its name; Python's TimeoutError is
    Timeout, ConnectionError is Network, PermissionError is Permission, ValueError is Validation, and
    any other is Unknown.
    """

    name: ClassVar[str] = "function"
    summary: ClassVar[str] = "Call a Python function of the project"
    example: ClassVar[str] = """\
id: price
type: function
name: Work out the price
parameters:
  function: order_total
  arguments:
    items: "{% $trigger.body.items %}"
effect: read
"""
    Parameters: ClassVar[type[Parameters]] = FunctionParameters

    def __init__(self, package: str = PACKAGE) -> None:
        self._package = package

    def lower(self, parameters: Mapping[str, Any]) -> Invoking:
        """A Task."""
        return Invoking(parameters=dict(parameters))

    def run(self, parameters: Mapping[str, Any], context: RunContext) -> JsonValue:
        """Finds the function, checks the arguments and calls it."""
        given = checked(FunctionParameters, parameters)
        if isinstance(given.arguments, str):
            raise Validation(
                f'parameter "arguments": expected an object, got the text {given.arguments[:80]!r}'
            )
        registered = self._find(given.function)
        arguments = checked(registered.arguments_model(), given.arguments)
        values = {name: getattr(arguments, name) for name in type(arguments).model_fields}
        if registered.context_parameter:
            values[registered.context_parameter] = context
        return _as_json(given.function, _call(registered, values))

    def _find(self, name: str) -> RegisteredFunction[..., Any]:
        registry = discover(self._package)
        if name in registry.functions:
            return registry.functions[name]
        known = ", ".join(f'"{one}"' for one in sorted(registry.functions)) or "none"
        broken = "".join(
            f'; module "{module}" cannot be imported: {why}' for module, why in registry.broken.items()
        )
        raise Validation(f'there is no registered function "{name}"; registered are: {known}{broken}')


def _call(registered: RegisteredFunction[..., Any], values: Mapping[str, Any]) -> object:
    try:
        return registered(**values)
    except NodeError:
        raise
    except Exception as error:
        raise _classified(registered.name, error) from error


def _classified(name: str, error: Exception) -> NodeError:
    message = f'function "{name}" raised {type(error).__name__}: {error}'
    for python_class, node_error in (
        (TimeoutError, Timeout),
        (ConnectionError, Network),
        (PermissionError, Permission),
        (ValueError, Validation),
    ):
        if isinstance(error, python_class):
            return node_error(message)
    return Unknown(message)


def _as_json(name: str, value: object) -> JsonValue:
    try:
        plain: JsonValue = to_jsonable_python(value, inf_nan_mode="constants")
        json.dumps(plain, allow_nan=False)
    except (PydanticSerializationError, ValueError, TypeError) as error:
        raise Validation(f'function "{name}" returned what JSON cannot hold: {error}') from error
    return plain


NODE_TYPE = Function()
