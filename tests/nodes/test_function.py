"""function: finding, checking, calling and classifying."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from translator.error_classes import Network, NodeError, Permission, Timeout, Unknown, Validation
from translator.node_type import RunContext
from translator.nodes.function import Function
from translator.work.registered_function import discover, function

CONTEXT = RunContext(node_key="run-7/price", attempt=1, timeout_seconds=5.0)

SHOP = '''
from dataclasses import dataclass
from datetime import date

from translator.error_classes import NodeError
from translator.node_type import RunContext
from translator.work.registered_function import function
from decimal import Decimal


class OutOfStock(NodeError):
    """Nothing left."""


@dataclass
class Price:
    cents: int
    day: date


@function
def price(sku: str, quantity: int = 1) -> Price:
    return Price(100 * quantity, date(2026, 11, 20))


@function
def reserve(sku: str):
    raise OutOfStock(f"no {sku} left")


@function
def fail(kind: str):
    errors = {"timeout": TimeoutError, "connection": ConnectionResetError, "permission": PermissionError,
              "value": ValueError, "key": KeyError}
    raise errors[kind]("why")


@function
def who(context: RunContext, greeting: str) -> str:
    return f"{greeting} {context.node_key} {context.attempt}"


@function
def endless() -> float:
    return float("inf")


@function
def opaque() -> object:
    return object()


def not_registered() -> None: ...
'''


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    package = tmp_path / "shop_functions"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "shop.py").write_text(SHOP)
    (package / "borrower.py").write_text("from shop_functions.shop import price\n")
    (package / "broken.py").write_text("import no_such_library\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield Function("shop_functions")
    discover.cache_clear()
    for name in [name for name in sys.modules if name.startswith("shop_functions")]:
        del sys.modules[name]


def call(shop: Function, name: str, **arguments: Any) -> Any:
    return shop.run({"function": name, "arguments": arguments}, CONTEXT)


def test_what_it_returns_is_the_output_as_json(shop: Function) -> None:
    assert call(shop, "price", sku="a-1", quantity=3) == {"cents": 300, "day": "2026-11-20"}


def test_defaults_of_the_signature_hold(shop: Function) -> None:
    assert call(shop, "price", sku="a-1")["cents"] == 100


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ({}, '"sku": Field required'),
        ({"sku": "a", "quantity": "many"}, '"quantity": Input should be a valid integer'),
        ({"sku": "a", "colour": "red"}, '"colour": Extra inputs'),
    ],
)
def test_arguments_that_do_not_fit_the_signature_are_a_validation_error(
    shop: Function, arguments: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(Validation, match=complaint):
        call(shop, "price", **arguments)


def test_arguments_that_are_no_object_are_a_validation_error(shop: Function) -> None:
    with pytest.raises(Validation, match='"arguments"'):
        shop.run({"function": "price", "arguments": "text"}, CONTEXT)


def test_an_error_of_its_own_keeps_its_name(shop: Function) -> None:
    with pytest.raises(NodeError, match="no a-1 left") as raised:
        call(shop, "reserve", sku="a-1")
    assert type(raised.value).__name__ == "OutOfStock"


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("timeout", Timeout),
        ("connection", Network),
        ("permission", Permission),
        ("value", Validation),
        ("key", Unknown),
    ],
)
def test_errors_of_python_become_classes(shop: Function, kind: str, error: type[NodeError]) -> None:
    with pytest.raises(error, match='function "fail" raised'):
        call(shop, "fail", kind=kind)


def test_a_function_may_ask_for_its_context(shop: Function) -> None:
    assert call(shop, "who", greeting="hello") == "hello run-7/price 1"


@pytest.mark.parametrize("name", ["endless", "opaque"])
def test_a_result_that_json_cannot_hold_is_a_validation_error(shop: Function, name: str) -> None:
    with pytest.raises(Validation, match=f'function "{name}" returned what JSON cannot hold'):
        call(shop, name)


def test_an_unknown_function_names_the_known_and_the_broken_modules(shop: Function) -> None:
    with pytest.raises(Validation, match='no registered function "prize"') as raised:
        call(shop, "prize")
    assert '"endless", "fail", "opaque", "price", "reserve", "who"' in str(raised.value)
    assert 'module "broken" cannot be imported: ModuleNotFoundError' in str(raised.value)


def test_a_project_without_functions_has_none() -> None:
    with pytest.raises(Validation, match="registered are: none"):
        Function("no_such_package").run({"function": "x"}, CONTEXT)


def test_a_registered_function_can_be_called_in_python() -> None:
    @function
    def double(x: int) -> int:
        return 2 * x

    assert double(21) == 42


def test_the_functions_of_this_project_can_be_imported() -> None:
    registry = discover()
    assert "order_total" in registry.functions
    assert not registry.broken
