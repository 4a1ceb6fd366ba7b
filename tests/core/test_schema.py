"""Schemas tell apart what was not declared from what was declared as nothing."""

from __future__ import annotations

from isotherm.core.schema import ABSENT, PropertySchema, ValueType


def test_no_default_is_not_a_default_of_nothing() -> None:
    undeclared, nothing = (PropertySchema(ValueType.STRING, default=d) for d in (ABSENT, None))
    assert undeclared != nothing
    assert "default=ABSENT" in repr(PropertySchema(ValueType.STRING))
