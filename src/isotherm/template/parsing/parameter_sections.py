"""Checks that the parameter sections of both dialects share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from isotherm.core.coercion import to_number
from isotherm.core.patterns import PatternError, compile_pattern
from isotherm.core.schema import ABSENT
from isotherm.core.suggestions import suggest
from isotherm.template.document import Findings, Path
from isotherm.template.parameters import (
    CONSTRAINT_FITS,
    ParameterDeclaration,
    ParameterType,
    ParameterValueError,
)
from isotherm.template.vocabulary.keys import read_as_meant, wrong_keys
from isotherm.template.vocabulary.versions import TemplateVersion

INVALID = "InvalidSchemaError"


def check_keys(
    path: Path, data: dict[str, Any], version: TemplateVersion, findings: Findings
) -> None:
    """Whether all keys of a parameter are known; misspelt ones are read as what is meant."""
    for key in list(wrong_keys(data, version, lambda each: each.parameter_keys)):
        is_constraint = key.name in version.constraint_kinds
        findings.add(
            (*path, key.name),
            f"Invalid key {key.name!r} for parameter ({path[-1]})",
            hint=f"write constraints: [{{{key.name}: …}}]" if is_constraint else key.hint,
            error=INVALID,
            key=True,
            shown=path,
        )
        read_as_meant(findings, path, data, key)


def check_settled(
    declaration: ParameterDeclaration, findings: Findings, *, default_path: Path
) -> None:
    """Whether constraints fit the type, and the default fits both."""
    for constraint in declaration.constraints:
        if declaration.type not in CONSTRAINT_FITS[type(constraint)]:
            findings.add(
                declaration.path,
                f"Parameter '{declaration.name}' is invalid: "
                f"{type(constraint).__name__} constraint does not fit {declaration.type.value}",
                hint=f"it fits {', '.join(sorted(CONSTRAINT_FITS[type(constraint)]))}",
                error=INVALID,
                key=True,
            )
            return
    if declaration.default is ABSENT or declaration.default is None:
        return
    try:
        flaw = declaration.flaw_of_default()
    except ParameterValueError as error:
        # Mostly it only matters to those who give no value; they are refused.
        text = f"Parameter '{declaration.name}' is invalid: the default {error}"
        grave = declaration.constraints or declaration.type is ParameterType.LIST
        warning = "" if grave else "unusable-default"
        findings.add(default_path, text, error=INVALID, warning=warning)
        return
    if flaw:
        findings.add(
            default_path,
            f"Parameter '{declaration.name}' is invalid: Invalid default ({flaw})",
            error=INVALID,
        )


def read_numbers(
    value: Any, names: Sequence[str], at: Path, findings: Findings, *, whole: bool
) -> dict[str, Any] | None:
    """The named numbers of a map such as ``{min: 1, max: 5}``; None where it is no such map."""
    if not isinstance(value, dict):
        findings.add(at, f"{at[-1]} must be a map of {' and '.join(names)}", error=INVALID)
        return None
    result: dict[str, Any] = {}
    for key, each in value.items():
        if key not in names:
            findings.add(
                (*at, key),
                f"Invalid key {key!r} for {at[-1]} constraint",
                hint=suggest(key, names),
                error=INVALID,
                key=True,
            )
        elif each is None:
            continue  # no bound
        elif (number := read_number(each, (*at, key), findings, whole=whole)) is not None:
            result[key] = number
    if all(each is None for each in value.values()):
        findings.add(at, f"{at[-1]} must give {' or '.join(names)}", error=INVALID)
    return result or None


def read_number(value: Any, at: Path, findings: Findings, *, whole: bool) -> Any:
    """The number, or None with a finding."""
    if isinstance(value, bool):
        text = f"{value!r} is not a number"
        findings.add(at, text, hint=f"it counts as {int(value)}", error=INVALID, slip=True)
        return int(value)
    if str(value).lower() in ("inf", "-inf"):
        hint = "leave it out where there is no limit"
        findings.add(at, f"{value!r} is not a finite number", hint=hint, error=INVALID, slip=True)
        return float(value)
    try:
        number = to_number(value)
    except ValueError:
        findings.add(at, f"{value!r} is not a number", error=INVALID)
        return None
    if whole and isinstance(number, float):
        findings.add(at, f"{value!r} is not a whole number", error=INVALID)
        return None
    return number


def check_regular_expression(value: Any, at: Path, findings: Findings) -> bool:
    """Whether ``value`` is a usable pattern; a finding if not."""
    if not isinstance(value, str):
        findings.add(at, f"{at[-1]} must be text", error=INVALID)
        return False
    try:
        compile_pattern(value)
    except PatternError as error:
        findings.add(at, f"{value!r} is not a regular expression: {error}", error=INVALID)
        return False
    return True
