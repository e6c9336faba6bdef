"""Of the complaints about a value that may have several forms, those about the form that was meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from translator.definition.shape_messages import EXPECTED, TYPES, Misfit
from translator.node_type import EXPRESSION_REFUSED, EXPRESSION_REQUIRED, is_expression

_FORMS: Final[Mapping[str, str]] = {**TYPES, EXPRESSION_REQUIRED: "an expression"}


FIXED: Final = "fixed"
"""In a misfit's context: true inside a parameter that shapes the machine, where nothing is for later."""
_NEVER_LATER: Final = frozenset({EXPRESSION_REFUSED, "extra_forbidden"})


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error of pydantic: what is left of its location, and what stands there.

    A location names fields and indexes of the data and, between them, each form that was tried.
    """

    location: tuple[str | int, ...]
    misfit: Misfit

    @property
    def is_about_the_form(self) -> bool:
        """Whether the value was not even of the form that was tried."""
        return not self.location and self.misfit.kind in _FORMS


def meant(complaints: Sequence[Complaint], value: Any) -> list[Misfit]:
    """One misfit for each mistake in `value`; what only the run can give is none."""
    found = [one.misfit for one in complaints if not one.location and not _is_for_later(one.misfit)]
    inside, forms = _grouped(complaints, value)
    for part, group in inside.items():
        found += meant(group, value[part] if _has(value, part) else None)
    if forms:
        found += _best(forms, value)
    return found


def _grouped(
    complaints: Iterable[Complaint], value: Any
) -> tuple[dict[str | int, list[Complaint]], dict[str | int, list[Complaint]]]:
    """The complaints about fields and elements of the value, and those about the value in each form."""
    inside: dict[str | int, list[Complaint]] = defaultdict(list)
    forms: dict[str | int, list[Complaint]] = defaultdict(list)
    for complaint in complaints:
        if not complaint.location:
            continue
        part, rest = complaint.location[0], complaint.location[1:]
        is_missing = complaint.misfit.kind == "missing" and not rest
        if _has(value, part) or is_missing:
            misfit = complaint.misfit._replace(parts=(*complaint.misfit.parts, part))
            inside[part].append(Complaint(rest, misfit))
        else:
            forms[part].append(replace(complaint, location=rest))
    return inside, forms


def _has(value: Any, part: str | int) -> bool:
    if isinstance(value, list):
        return isinstance(part, int) and part < len(value)
    return isinstance(value, Mapping) and part in value


def _is_for_later(misfit: Misfit) -> bool:
    text = misfit.value
    if (
        not isinstance(text, str)
        or "{%" not in text
        or misfit.kind in _NEVER_LATER
        or misfit.context.get(FIXED)
    ):
        return False
    # What has no end is reported as that; text around an expression makes a text of the whole.
    return "%}" not in text or is_expression(text) or misfit.kind not in _FORMS


def _best(forms: Mapping[str | int, Sequence[Complaint]], value: Any) -> list[Misfit]:
    tried = {form: meant(complaints, value) for form, complaints in forms.items()}
    if not all(tried.values()):
        return []
    if all(complaint.is_about_the_form for complaints in forms.values() for complaint in complaints):
        return [_merged([misfit for misfits in tried.values() for misfit in misfits])]
    fitting = [
        tried[form]
        for form, complaints in forms.items()
        if not all(complaint.is_about_the_form for complaint in complaints)
    ]
    return fitting[0]


def _merged(misfits: Sequence[Misfit]) -> Misfit:
    """One misfit for a value that has none of several forms."""
    words = list(dict.fromkeys(_FORMS[misfit.kind] for misfit in misfits))
    if "a number" in words and "a whole number" in words:
        words.remove("a whole number")
    if words[-1] == "a text" and not {"a number", "true or false"} & set(words):
        # Where a list or an object is wanted a text is only taken because it may be an expression.
        words[-1] = "an expression"
    expected = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
    return misfits[0]._replace(context={EXPECTED: expected})
