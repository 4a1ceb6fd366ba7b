"""The parameters section of HOT templates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from isotherm.core.schema import ABSENT
from isotherm.core.suggestions import near_or_all
from isotherm.template.document import Findings, Path
from isotherm.template.parameters import ParameterDeclaration, ParameterType
from isotherm.template.parsing.hot.constraints import read_constraints
from isotherm.template.parsing.parameter_sections import (
    INVALID,
    check_keys,
    check_settled,
)
from isotherm.template.vocabulary.versions import TemplateVersion

_TYPES = {
    "string": ParameterType.STRING,
    "number": ParameterType.NUMBER,
    "comma_delimited_list": ParameterType.LIST,
    "json": ParameterType.JSON,
    "boolean": ParameterType.BOOLEAN,
}
_OTHER_NAMES = {
    "text": "string",
    "str": "string",
    "integer": "number",
    "int": "number",
    "float": "number",
    "bool": "boolean",
    "list": "comma_delimited_list",
    "array": "comma_delimited_list",
    "map": "json",
    "dict": "json",
    "object": "json",
}


def read_parameter(
    name: str, data: Any, version: TemplateVersion, findings: Findings
) -> ParameterDeclaration | None:
    """The declaration, or None with findings where it cannot be understood."""
    path: Path = ("parameters", name)
    if not isinstance(data, dict):
        findings.add(path, f"Invalid parameter ({name}): a map is expected", error=INVALID)
        return None
    check_keys(path, data, version, findings)
    if "type" not in data:
        findings.add(path, f"Missing parameter type for parameter: {name}", error=INVALID, key=True)
        return None
    kind = _TYPES.get(data["type"]) if isinstance(data["type"], str) else None
    if kind is None:
        hint = _about_type(str(data["type"]))
        findings.add((*path, "type"), f"Invalid type ({data['type']})", hint=hint, error=INVALID)
        return None
    declaration = ParameterDeclaration(
        name=name,
        type=kind,
        path=path,
        default=data.get("default", ABSENT),
        description=data.get("description") or "",
        label=data.get("label") or name,
        constraints=read_constraints(
            (*path, "constraints"), data.get("constraints"), version, findings
        ),
        hidden=bool(data.get("hidden")),
        immutable=bool(data.get("immutable")),
        tags=_tags(path, data, findings),
    )
    check_settled(declaration, findings, default_path=(*path, "default"))
    return declaration


def _about_type(written: str) -> str:
    """Names of AWS-style templates and of other languages are known, too."""
    of_aws = {each.value: hot for hot, each in _TYPES.items()}
    meant = of_aws.get(written) or _OTHER_NAMES.get(written.lower())
    return f"did you mean {meant!r}?" if meant else near_or_all(written, _TYPES)


def _tags(path: Path, data: Mapping[str, Any], findings: Findings) -> tuple[str, ...]:
    tags = data.get("tags", [])
    if isinstance(tags, list):
        return tuple(str(each) for each in tags)
    findings.add((*path, "tags"), "tags must be a list", error=INVALID)
    return ()
