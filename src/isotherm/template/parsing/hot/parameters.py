"""The parameters section of HOT templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from isotherm.core.diagnostics import near_or_all
from isotherm.core.schema import ABSENT
from isotherm.template.document import Findings, Path
from isotherm.template.parameters import ParameterDeclaration, ParameterType
from isotherm.template.parsing.parameter_sections import (
    INVALID,
    check_keys,
    check_regular_expression,
    check_settled,
    numbers,
)
from isotherm.template.vocabulary.advice import about_word
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
        constraints=_constraints(path, data, version, findings),
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


def _constraints(
    path: Path, data: Mapping[str, Any], version: TemplateVersion, findings: Findings
) -> tuple[Constraint, ...]:
    written = data.get("constraints")
    if written is None:
        return ()
    path = (*path, "constraints")
    if not isinstance(written, list):
        findings.add(path, "constraints must be a list", error=INVALID)
        return ()
    known = version.constraint_kinds
    found: list[Constraint] = []
    for index, each in enumerate(written):
        at = (*path, index)
        if not isinstance(each, dict):
            findings.add(at, "a constraint must be a map", error=INVALID)
            continue
        kinds = [key for key in each if key != "description"]
        if not kinds:
            findings.add(at, "No constraint expressed", error=INVALID)
        used, *ignored = [kind for kind in known if kind in each] or [""]
        if used:
            text = str(each.get("description", ""))
            found += _READERS[used](each[used], text, (*at, used), findings)
        for kind in ignored:
            text = f"{kind} has no effect beside {used}"
            hint = "make it an entry of its own"
            findings.add((*at, kind), text, hint=hint, key=True, warning="ignored-constraint")
        for kind in kinds:
            if kind not in known:
                findings.add(
                    (*at, kind),
                    f"Invalid key {kind!r} for parameter constraints",
                    hint=about_word(kind, version, lambda each: each.constraint_kinds),
                    error=INVALID,
                    key=True,
                )
    return tuple(found)


def _length(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    bounds = numbers(value, ("min", "max"), at, findings, whole=True)
    if bounds is None:
        return []
    return [Length(bounds.get("min"), bounds.get("max"), text)]


def _range(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    bounds = numbers(value, ("min", "max"), at, findings, whole=False)
    return [] if bounds is None else [Range(bounds.get("min"), bounds.get("max"), text)]


def _modulo(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    parts = numbers(value, ("step", "offset"), at, findings, whole=False)
    if parts is None:
        return []
    if len(parts) < 2:
        findings.add(at, "modulo must give step and offset", error=INVALID)
        return []
    step, offset = (int(parts[each]) for each in ("step", "offset"))
    if (step, offset) != (parts["step"], parts["offset"]):
        findings.add(at, "step and offset must be whole numbers", error=INVALID)
        return []
    if step == 0 or abs(offset) >= abs(step) or offset * step < 0:
        findings.add(
            at, "step must not be 0, and offset must lie between 0 and step", error=INVALID
        )
        return []
    return [Modulo(step, offset, text)]


def _allowed_values(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    if not isinstance(value, list):
        findings.add(at, "allowed_values must be a list", error=INVALID)
        return []
    return [AllowedValues(tuple(value), text)]


def _allowed_pattern(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    if not check_regular_expression(value, at, findings):
        return []
    return [AllowedPattern(value, text)]


def _custom(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    if not isinstance(value, str):
        findings.add(at, "custom_constraint must be a name", error=INVALID)
        return []
    return [CustomConstraint(value, text)]


_READERS: Mapping[str, Callable[[Any, str, Path, Findings], list[Constraint]]] = {
    "length": _length,
    "range": _range,
    "modulo": _modulo,
    "allowed_values": _allowed_values,
    "allowed_pattern": _allowed_pattern,
    "custom_constraint": _custom,
}
