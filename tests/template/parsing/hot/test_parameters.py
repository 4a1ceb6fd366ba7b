"""The parameters section of HOT templates."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusals

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    CustomConstraint,
    Length,
    Modulo,
    Range,
)
from isotherm.core.diagnostics import Severity
from isotherm.template import load_template
from isotherm.template.parameters import ParameterDeclaration, ParameterType


def declared(**parameter: Any) -> ParameterDeclaration:
    source = {"heat_template_version": "2021-04-16", "parameters": {"p": parameter}}
    return load_template(source).parameters["p"]


def constraints(kind: str, *written: Any) -> tuple[Any, ...]:
    return declared(type=kind, constraints=list(written)).constraints


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("string", ParameterType.STRING),
        ("number", ParameterType.NUMBER),
        ("comma_delimited_list", ParameterType.LIST),
        ("json", ParameterType.JSON),
        ("boolean", ParameterType.BOOLEAN),
    ],
)
def test_types(written: str, kind: ParameterType) -> None:
    assert declared(type=written).type is kind


def test_what_is_not_said_has_its_usual_value() -> None:
    plain = declared(type="string")
    assert (plain.required, plain.label, plain.description) == (True, "p", "")
    assert (plain.hidden, plain.immutable, plain.tags, plain.constraints) == (False, False, (), ())
    empty = declared(type="string", label=None, description=None, hidden=None, constraints=None)
    assert (empty.label, empty.description, empty.hidden) == ("p", "", False)
    said = declared(type="string", default="d", label="L", description="D", tags=["a", 1])
    assert (said.required, said.label, said.description, said.tags) == (False, "L", "D", ("a", "1"))


def test_any_wish_for_secrecy_or_stability_is_granted() -> None:
    flags = declared(type="string", hidden="perhaps", immutable=[1])
    assert (flags.hidden, flags.immutable) == (True, True)
    assert not declared(type="string", hidden=False).hidden


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        ("string", {"length": {"min": 1, "max": 2}}, Length(1, 2)),
        ("string", {"length": {"max": "2"}}, Length(None, 2)),
        ("string", {"length": {"min": 1, "max": None}}, Length(1, None)),
        ("number", {"range": {"min": 0.5}}, Range(0.5, None)),
        ("number", {"range": {"max": 0}}, Range(None, 0)),
        ("number", {"modulo": {"step": 3, "offset": 1}}, Modulo(3, 1)),
        ("number", {"modulo": {"step": -3, "offset": -1}}, Modulo(-3, -1)),
        ("string", {"allowed_values": ["a", "b"]}, AllowedValues(("a", "b"))),
        ("string", {"allowed_pattern": "a+"}, AllowedPattern("a+")),
        ("string", {"custom_constraint": "ip_addr"}, CustomConstraint("ip_addr")),
    ],
)
def test_constraints(kind: str, written: dict[str, Any], read: Any) -> None:
    assert constraints(kind, written) == (read,)
    (described,) = constraints(kind, {**written, "description": "why"})
    assert described.description == "why"


@pytest.mark.parametrize(
    ("modulo", "words"),
    [
        ({"step": 2}, "must give step and offset"),
        ({"step": 0, "offset": 0}, "step must not be 0"),
        ({"step": 2, "offset": 2}, "offset must lie between 0 and step"),
        ({"step": 2, "offset": -1}, "offset must lie between 0 and step"),
        ({"step": 2.5, "offset": 0}, "must be whole numbers"),
        ([2, 0], "a map of step and offset"),
    ],
)
def test_a_modulo_that_no_number_can_meet_is_refused(modulo: Any, words: str) -> None:
    parameter = {"type": "number", "constraints": [{"modulo": modulo}]}
    source = {"heat_template_version": "2021-04-16", "parameters": {"p": parameter}}
    (found,) = refusals(source)
    assert words in found.text
    assert found.path == "parameters.p.constraints.0.modulo"


def test_of_several_constraints_in_one_entry_one_counts_and_the_rest_is_told() -> None:
    text = """\
heat_template_version: 2021-04-16
parameters:
  p: {type: string, constraints: [{allowed_pattern: a+, length: {min: 1}}]}
"""
    (found,) = refusals(text)
    assert found.severity is Severity.WARNING
    assert found.path == "parameters.p.constraints.0.allowed_pattern"
    assert found.text == "allowed_pattern has no effect beside length"
    assert load_template(text).parameters["p"].constraints == (Length(1, None),)
