"""What the models cannot say: names that clash, and fields that only go together or apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from translator.definition.names import propose_name, why_reserved
from translator.definition.positions import Positions, join_pointer
from translator.definition.wording import owner, quoted
from translator.diagnostics.model import Diagnostic

DUPLICATE_NAME: Final = "WF120"
RESERVED_NAME: Final = "WF121"
EXACTLY_ONE: Final = "WF122"
ERRORS_NEED_PORT: Final = "WF123"
VARIABLE_TYPE: Final = "WF124"
VERIFY: Final = "WF125"
TIME: Final = "WF126"
MOCK: Final = "WF127"


@dataclass(frozen=True, slots=True)
class Element:
    """One object of a list of the definition, of any shape: its fields are asked for one by one."""

    data: Mapping[str, Any]
    collection: str
    index: int
    fields: Mapping[str, Any]

    @property
    def words(self) -> str:
        """`node "charge"`."""
        return owner(self.data, (self.collection, self.index))

    def pointer(self, *parts: str | int) -> str:
        """The pointer of a field of the element, or of the element itself."""
        pointer = ""
        for part in (self.collection, self.index, *parts):
            pointer = join_pointer(pointer, part)
        return pointer


@dataclass(slots=True)
class _Report:
    positions: Positions
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, message: str, hint: str, pointer: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, hint, self.positions.at(pointer)))


def check_rules(data: Mapping[str, Any], positions: Positions) -> list[Diagnostic]:
    """Every breach, also in data that does not fit the models."""
    report = _Report(positions)
    _names(data, report)
    for collection in ("triggers", "tests"):
        _unique(elements(data, collection), "id" if collection == "triggers" else "name", report)
    for collection, check in _CHECKS:
        for element in elements(data, collection):
            check(element, report)
    return report.diagnostics


def elements(data: Mapping[str, Any], collection: str) -> Iterator[Element]:
    """The objects of a list field; whatever is no object is passed over."""
    found = data.get(collection)
    for index, fields in enumerate(found if isinstance(found, list) else ()):
        if isinstance(fields, Mapping):
            yield Element(data, collection, index, fields)


def _names(data: Mapping[str, Any], report: _Report) -> None:
    """Nodes and variables share one namespace: both are read as `$name`."""
    named = [(element, "id") for element in elements(data, "nodes")]
    named += [(element, "name") for element in elements(data, "variables")]
    taken = {name for element, key in named if isinstance(name := element.fields.get(key), str)}
    first: dict[str, Element] = {}
    for element, key in named:
        name = element.fields.get(key)
        if not isinstance(name, str):
            continue
        ending = "node" if key == "id" else "value"
        _duplicate(element, key, first, taken, report)
        reason = why_reserved(name)
        if reason is not None:
            message = f'{element.words} may not have the name "{name}": {reason}'
            hint = f'call it "{propose_name(name, taken, ending=ending)}"'
            report.add(RESERVED_NAME, message, hint, element.pointer(key))


def _unique(found: Iterator[Element], key: str, report: _Report) -> None:
    listed = list(found)
    taken = {name for element in listed if isinstance(name := element.fields.get(key), str)}
    first: dict[str, Element] = {}
    for element in listed:
        _duplicate(element, key, first, taken, report)


def _duplicate(
    element: Element, key: str, first: dict[str, Element], taken: set[str], report: _Report
) -> None:
    name = element.fields.get(key)
    if not isinstance(name, str):
        return
    earlier = first.setdefault(name, element)
    if earlier is element:
        return
    line = report.positions.at(earlier.pointer()).line
    where = f" (line {line})" if line else ""
    message = f"{element.words} has the name of {earlier.words}{where}; both would be read as ${name}"
    if element.collection == earlier.collection:
        message = f'the name "{name}" is already that of another {element.collection[:-1]}{where}'
    proposal = f"{name} 2" if element.collection == "tests" else propose_name(f"{name}_2", taken)
    report.add(DUPLICATE_NAME, message, f'call one of the two "{proposal}"', element.pointer(key))


def _one_of(*fields: str) -> Callable[[Element, _Report], None]:
    listed = ", ".join(f'"{name}"' for name in fields)

    def check(element: Element, report: _Report) -> None:
        given = [name for name in fields if element.fields.get(name) is not None]
        if len(given) == 1:
            return
        if given:
            both = " and ".join(f'"{name}"' for name in given)
            report.add(
                EXACTLY_ONE, f"{element.words} has {both}", "keep one of them", element.pointer(given[1])
            )
        else:
            report.add(
                EXACTLY_ONE, f"{element.words} has none of {listed}", "add one of them", element.pointer()
            )

    return check


def _schedule(element: Element, report: _Report) -> None:
    if element.fields.get("type") == "schedule":
        _one_of("cron", "rate", "at")(element, report)


def _errors_port(element: Element, report: _Report) -> None:
    if element.fields.get("errors") is not None and element.fields.get("port") != "error":
        message = f'{element.words} lists "errors" but does not leave by the port "error"'
        report.add(
            ERRORS_NEED_PORT, message, "add `port: error`, or remove `errors`", element.pointer("errors")
        )


_JSON_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "boolean": (bool,),
    "object": (dict,),
    "array": (list,),
}


def is_of_type(value: object, wanted: object) -> bool:
    """Whether a variable of a type may begin with a value; null is of every type."""
    types = _JSON_TYPES.get(wanted) if isinstance(wanted, str) else None
    if types is None or value is None:
        return True
    return isinstance(value, types) and (wanted == "boolean" or not isinstance(value, bool))


def _variable(element: Element, report: _Report) -> None:
    wanted, value = element.fields.get("type"), element.fields.get("value")
    if not is_of_type(value, wanted):
        message = f'{element.words} is of type "{wanted}", but its value is {quoted(value)}'
        report.add(VARIABLE_TYPE, message, "change the type or the value", element.pointer("value"))


def _verify(element: Element, report: _Report) -> None:
    verify = element.fields.get("verify")
    if not isinstance(verify, Mapping):
        return
    preset = verify.get("preset", "none")
    if not isinstance(preset, str) or preset == "none":
        return
    needed = ["secret", "header"] if preset == "header" else ["secret"]
    for name in needed:
        if verify.get(name) is None:
            message = f'{element.words} verifies by {quoted(preset)}, but "verify" has no "{name}"'
            hint = f"add `{name}:` with the name of the {name}"
            report.add(VERIFY, message, hint, element.pointer("verify"))


def _test_case(element: Element, report: _Report) -> None:
    start = element.fields.get("start")
    if isinstance(start, str) and not _is_time(start):
        message = f'{element.words} starts at "{start}", which is no time'
        report.add(TIME, message, 'write it like "2026-01-31T09:00:00Z"', element.pointer("start"))
    mocks = element.fields.get("mocks")
    for node, mock in (mocks if isinstance(mocks, Mapping) else {}).items():
        _mock(element, str(node), mock, report)


def _mock(element: Element, node: str, mock: Any, report: _Report) -> None:
    answers = mock if isinstance(mock, list) else [mock]
    for number, answer in enumerate(answers):
        if (
            isinstance(answer, Mapping)
            and answer.get("error") is not None
            and answer.get("output") is not None
        ):
            message = f'the mock of "{node}" in {element.words} gives both an output and an error'
            parts = ("mocks", node, number) if isinstance(mock, list) else ("mocks", node)
            report.add(MOCK, message, "keep one of the two", element.pointer(*parts))


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


_CHECKS: Final[tuple[tuple[str, Callable[[Element, _Report], None]], ...]] = (
    ("triggers", _schedule),
    ("triggers", _verify),
    ("on_end", _one_of("emit", "start", "notify")),
    ("edges", _errors_port),
    ("variables", _variable),
    ("tests", _test_case),
)
