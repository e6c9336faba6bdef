"""Random expressions, and what they are evaluated on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pytest
from hypothesis import strategies as st

FREE: Final = ("a", "b", "c")
"""The names that expressions take from outside; they also bind them themselves, to shadow them."""


def _expressions() -> st.SearchStrategy[str]:
    names = st.sampled_from([*FREE, "x", "y"])
    variable = names.map("${}".format)
    leaf = st.one_of(
        variable,
        variable,
        st.sampled_from(
            ["1", "2.5", "'$a'", '"b $c"', "true", "null", "[]", "{}", "/* $b */ 3", "$a.f", "$b.g.f"]
        ),
    )

    def extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        two = st.tuples(inner, inner)
        return st.one_of(
            st.tuples(inner, st.sampled_from(["+", "&", "=", "!=", "<", "and", "or", "in", "*"]), inner).map(
                " ".join
            ),
            st.tuples(names, inner, inner).map(lambda p: f"(${p[0]} := {p[1]}; {p[2]})"),
            st.tuples(names, inner, inner).map(lambda p: f"function(${p[0]}){{ {p[1]} }}({p[2]})"),
            two.map(lambda p: f"($f := function(){{ {p[0]} }}; $late := {p[1]}; $f())"),
            st.tuples(inner, names, inner).map(lambda p: f"({p[0]}).f#${p[1]}.({p[2]})"),
            st.tuples(inner, names, inner).map(lambda p: f"({p[0]}).f@${p[1]}.({p[2]})"),
            two.map(lambda p: f"({p[0]})[{p[1]}]"),
            two.map(lambda p: f"({p[0]}).({p[1]})"),
            two.map(lambda p: f"[{p[0]}, {p[1]}]"),
            two.map(lambda p: f"{{'f': {p[0]}, 'g': {p[1]}}}"),
            st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} ? {p[1]} : {p[2]})"),
            st.tuples(names, inner).map(lambda p: f"$map([1, 2], function(${p[0]}){{ {p[1]} }})"),
            variable.map("$exists({})".format),
            inner.map("$string({})".format),
            inner.map("$not({})".format),
            two.map(lambda p: f"({p[0]} ~> |$|{{'g': {p[1]}}}|)"),
            variable.map("{}[0].f".format),
        )

    return st.recursive(leaf, extend, max_leaves=7)


_SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "s", "$a"])
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["f", "g"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@pytest.fixture(scope="session")
def expressions() -> st.SearchStrategy[str]:
    """Sources that read `$a`, `$b` and `$c`, and sometimes bind the same names."""
    return _expressions()


@pytest.fixture(scope="session")
def bindings() -> st.SearchStrategy[Mapping[str, Any]]:
    """JSON values for the names that expressions take from outside."""
    return st.fixed_dictionaries(dict.fromkeys(FREE, _VALUES))
