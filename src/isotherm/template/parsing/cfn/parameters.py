"""The Parameters section of AWS-style templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.coercion import to_boolean
from isotherm.core.constraints import AllowedPattern, AllowedValues, Constraint, Length, Range
from isotherm.core.schema import ABSENT
from isotherm.core.suggestions import near_or_all
from isotherm.template.document import Findings, Path
from isotherm.template.parameters import ParameterDeclaration, ParameterType
from isotherm.template.parsing.parameter_sections import (
    INVALID,
    check_keys,
    check_regular_expression,
    check_settled,
    read_number,
)
from isotherm.template.vocabulary.versions import TemplateVersion

_TYPES = {each.value: each for each in ParameterType}


def read_parameter(
    name: str, data: Any, version: TemplateVersion, findings: Findings
) -> ParameterDeclaration | None:
    """The declaration, or None with findings where it cannot be understood."""
    path: Path = ("Parameters", name)
    if not isinstance(data, dict):
        findings.add(path, f"Invalid parameter ({name}): a map is expected", error=INVALID)
        return None
    check_keys(path, data, version, findings)
    kind = _type(data.get("Type"))
    if kind is None:
        if "Type" not in data:
            findings.add(
                path, f"Missing parameter type for parameter: {name}", error=INVALID, key=True
            )
        else:
            hint = near_or_all(str(data["Type"]), _TYPES)
            text = f"Invalid type ({data['Type']})"
            findings.add((*path, "Type"), text, hint=hint, error=INVALID)
        return None
    declaration = ParameterDeclaration(
        name=name,
        type=kind,
        path=path,
        default=data.get("Default", ABSENT),
        description=_said(data, "Description", ""),
        label=_said(data, "Label", name),
        constraints=tuple(_constraints(path, data, findings)),
        hidden=_flag(_said(data, "NoEcho", False) or False),
    )
    check_settled(declaration, findings, default_path=(*path, "Default"))
    return declaration


def _type(written: Any) -> ParameterType | None:
    """Our type for an AWS one: typed ids and names are text, typed lists are lists."""
    if not isinstance(written, str):
        return None
    if written in _TYPES:
        return _TYPES[written]
    if written.startswith("List<") and written.endswith(">"):
        return ParameterType.LIST
    if written.startswith(("AWS::EC2::", "AWS::Route53::", "AWS::SSM::")):
        return ParameterType.LIST if "List<" in written else ParameterType.STRING
    return None


def _said(data: Mapping[str, Any], key: str, otherwise: Any) -> Any:
    """What stands under a key; an empty key says nothing."""
    return otherwise if data.get(key) is None else data[key]


def _flag(value: Any) -> bool:
    try:
        return to_boolean(value)
    except ValueError:
        return True


def _constraints(path: Path, data: Mapping[str, Any], findings: Findings) -> list[Constraint]:
    text = str(_said(data, "ConstraintDescription", ""))
    found: list[Constraint] = []
    low, high = (_limit(path, data, key, findings) for key in ("MinLength", "MaxLength"))
    if low is not None or high is not None:
        found.append(Length(low, high, text))
    low, high = (_limit(path, data, key, findings) for key in ("MinValue", "MaxValue"))
    if low is not None or high is not None:
        found.append(Range(low, high, text))
    if "AllowedValues" in data:
        values = data["AllowedValues"]
        if isinstance(values, list):
            found.append(AllowedValues(tuple(values), text))
        else:
            at = (*path, "AllowedValues")
            findings.add(at, "AllowedValues must be a list", error=INVALID)
    if "AllowedPattern" in data:
        pattern = data["AllowedPattern"]
        if check_regular_expression(pattern, (*path, "AllowedPattern"), findings):
            found.append(AllowedPattern(pattern, text))
    return found


def _limit(path: Path, data: Mapping[str, Any], key: str, findings: Findings) -> Any:
    if key not in data:
        return None
    return read_number(data[key], (*path, key), findings, whole=key.endswith("Length"))
