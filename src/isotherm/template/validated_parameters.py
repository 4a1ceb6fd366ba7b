"""Parameters as the validate API describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    Constraint,
    CustomConstraint,
    Length,
    Modulo,
    Range,
)
from isotherm.core.schema import ABSENT
from isotherm.core.values import REDACTED, first_unknown, redact
from isotherm.template.binding.definition import StackDefinition
from isotherm.template.environments.environment import EMPTY_ENVIRONMENT, Environment
from isotherm.template.model import Template
from isotherm.template.parameters import ParameterDeclaration


def parameter_schemas(
    template: Template | StackDefinition, environment: Environment = EMPTY_ENVIRONMENT
) -> dict[str, dict[str, Any]]:
    """For each parameter what the validate API answers about it (Type, Default, NoEcho …)."""
    if isinstance(template, StackDefinition):
        environment = template.environment
        template = template.template
    return {
        name: _described(declared, environment) for name, declared in template.parameters.items()
    }


def _described(declared: ParameterDeclaration, environment: Environment) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "Type": declared.type.value,
        "Description": declared.description,
        "NoEcho": "true" if declared.hidden else "false",
        "Label": declared.label,
    }
    usual = environment.parameter_defaults.get(declared.name)
    default = declared.default if usual is None else usual
    if default is not ABSENT and default is not None:
        # The template's own default is no secret: whoever has the template knows it.
        shown["Default"] = REDACTED if declared.hidden and usual is not None else default
    value = environment.parameters.get(declared.name)
    if value is not None and first_unknown(value) is None:
        shown["Value"] = REDACTED if declared.hidden else redact(value)
    if declared.tags:
        shown["Tags"] = list(declared.tags)
    for constraint in declared.constraints:
        shown.update(_constraint(constraint))
    if reasons := [each.description for each in declared.constraints if each.description]:
        shown["ConstraintDescription"] = " ".join(reasons)
    return shown


def _constraint(constraint: Constraint) -> Mapping[str, Any]:
    match constraint:
        case Range(minimum, maximum):
            return _given(MinValue=minimum, MaxValue=maximum)
        case Length(minimum, maximum):
            return _given(MinLength=minimum, MaxLength=maximum)
        case Modulo(step, offset):
            return {"Step": step, "Offset": offset}
        case AllowedValues(values):
            return {"AllowedValues": list(values)}
        case AllowedPattern(pattern):
            return {"AllowedPattern": pattern}
    assert isinstance(constraint, CustomConstraint)  # parameters have no other kinds
    return {"CustomConstraint": constraint.name}


def _given(**limits: float | None) -> dict[str, float]:
    return {key: value for key, value in limits.items() if value is not None}
