"""A project's own Python functions: registered by a decorator, found by walking their folder."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, Final, Generic, ParamSpec, TypeVar, get_type_hints

from pydantic import create_model

from translator.node_type import Parameters, RunContext

PACKAGE: Final = "workflows.functions"

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class RegisteredFunction(Generic[P, R]):
    """A function that workflows may call by its name; calling it in Python calls the function itself."""

    call: Callable[P, R]

    @property
    def name(self) -> str:
        """The name by which nodes call it."""
        return self.call.__name__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The function itself."""
        return self.call(*args, **kwargs)

    @property
    def context_parameter(self) -> str | None:
        """The parameter annotated `RunContext`, which the caller of the node fills."""
        hints = get_type_hints(self.call)
        return next((name for name, hint in hints.items() if hint is RunContext and name != "return"), None)

    def arguments_model(self) -> type[Parameters]:
        """The signature as a model: names, types and defaults; unknown names are refused."""
        hints = get_type_hints(self.call, include_extras=True)
        fields: dict[str, Any] = {
            name: (hints.get(name, Any), ... if parameter.default is parameter.empty else parameter.default)
            for name, parameter in inspect.signature(self.call).parameters.items()
            if name != self.context_parameter
        }
        return create_model(f"{self.name}_arguments", __base__=Parameters, **fields)


def function(call: Callable[P, R]) -> RegisteredFunction[P, R]:
    """Registers a function under its own name for nodes of type `function`.

    Its parameters, by name and type annotation, are the node's arguments; what it returns is the
    node's output. To fail by class raise an error of `translator.error_classes` or a subclass.
    """
    return RegisteredFunction(call)


@dataclass(frozen=True, slots=True)
class Registry:
    """What a folder of functions holds: functions by name, and modules that cannot be imported, with why."""

    functions: Mapping[str, RegisteredFunction[..., Any]]
    broken: Mapping[str, str]


@cache
def discover(package: str = PACKAGE) -> Registry:
    """The functions of all modules of a package; a module that cannot be imported hides no other."""
    functions: dict[str, RegisteredFunction[..., Any]] = {}
    broken: dict[str, str] = {}
    for name in _module_names(package):
        try:
            module = importlib.import_module(f"{package}.{name}")
        except Exception as error:
            broken[name] = f"{type(error).__name__}: {error}"
            continue
        functions.update(_registered_in(module))
    return Registry(MappingProxyType(functions), MappingProxyType(broken))


def _module_names(package: str) -> list[str]:
    try:
        path = importlib.import_module(package).__path__
    except ModuleNotFoundError:
        return []
    return sorted(module.name for module in pkgutil.iter_modules(path))


def _registered_in(module: ModuleType) -> dict[str, RegisteredFunction[..., Any]]:
    members = (value for value in vars(module).values() if isinstance(value, RegisteredFunction))
    return {member.name: member for member in members if member.call.__module__ == module.__name__}
