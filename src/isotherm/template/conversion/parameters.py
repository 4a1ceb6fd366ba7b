"""Parameters in the words of the other format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from isotherm.core.constraints import AllowedPattern, AllowedValues, Constraint, Length, Range
from isotherm.template.document import Findings
from isotherm.template.parameters import ParameterDeclaration, ParameterType
from isotherm.template.vocabulary.versions import TemplateVersion

_HOT_TYPES = {
    ParameterType.STRING: "string",
    ParameterType.NUMBER: "number",
    ParameterType.LIST: "comma_delimited_list",
    ParameterType.JSON: "json",
    ParameterType.BOOLEAN: "boolean",
}


def convert_parameter(
    declared: ParameterDeclaration,
    written: Mapping[str, Any],
    target: TemplateVersion,
    findings: Findings,
) -> dict[str, Any]:
    """The declaration for ``target``, with findings for what it cannot say there."""
    if target.is_hot:
        return _to_hot(declared, written)
    for key in ("immutable", "tags"):
        if getattr(declared, key):
            text = f"the AWS format has no {key} for parameters"
            findings.add((*declared.path, key), text, key=True)
    return _to_cfn(declared, written, findings)


def _to_hot(declared: ParameterDeclaration, written: Mapping[str, Any]) -> dict[str, Any]:
    names = {"Description": "description", "Label": "label", "Default": "default"}
    return {
        "type": _HOT_TYPES[declared.type],
        **{new: written[old] for old, new in names.items() if old in written},
        **({"hidden": True} if declared.hidden else {}),
        **(
            {"constraints": list(map(_hot_constraint, declared.constraints))}
            if declared.constraints
            else {}
        ),
    }


def _hot_constraint(constraint: Constraint) -> dict[str, Any]:
    described = {"description": constraint.description} if constraint.description else {}
    match constraint:
        case Length(minimum, maximum):
            return {"length": _given(min=minimum, max=maximum), **described}
        case Range(minimum, maximum):
            return {"range": _given(min=minimum, max=maximum), **described}
        case AllowedValues(values):
            return {"allowed_values": list(values), **described}
    assert isinstance(constraint, AllowedPattern)  # AWS-style templates have no other kinds
    return {"allowed_pattern": constraint.pattern, **described}


def _to_cfn(
    declared: ParameterDeclaration, written: Mapping[str, Any], findings: Findings
) -> dict[str, Any]:
    names = {"description": "Description", "label": "Label", "default": "Default"}
    result: dict[str, Any] = {
        "Type": declared.type.value,
        **{new: written[old] for old, new in names.items() if old in written},
        **({"NoEcho": True} if declared.hidden else {}),
    }
    path = (*declared.path, "constraints")
    for constraint in declared.constraints:
        said = dict(_cfn_constraint(constraint))
        if not said:
            text = f"the AWS format has no {type(constraint).__name__} for parameters"
            findings.add(path, text, key=True)
        elif said.keys() & result.keys():
            findings.add(path, "the AWS format has one constraint of a kind only", key=True)
        result |= said
    reasons = {each.description for each in declared.constraints}
    if len(reasons) > 1:
        findings.add(path, "the AWS format has one description for all constraints", key=True)
    if reason := max(reasons, default=""):
        result["ConstraintDescription"] = reason
    return result


def _cfn_constraint(constraint: Constraint) -> Iterator[tuple[str, Any]]:
    match constraint:
        case Length(minimum, maximum):
            yield from _given(MinLength=minimum, MaxLength=maximum).items()
        case Range(minimum, maximum):
            yield from _given(MinValue=minimum, MaxValue=maximum).items()
        case AllowedValues(values):
            yield "AllowedValues", list(values)
        case AllowedPattern(pattern):
            yield "AllowedPattern", pattern


def _given(**limits: float | None) -> dict[str, float]:
    return {key: value for key, value in limits.items() if value is not None}
