"""The constraints of parameters in HOT templates."""

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
from isotherm.template.document import Findings, Path
from isotherm.template.parsing.parameter_sections import (
    INVALID,
    check_regular_expression,
    read_numbers,
)
from isotherm.template.vocabulary.advice import about_word
from isotherm.template.vocabulary.versions import TemplateVersion


def read_constraints(
    path: Path, written: Any, version: TemplateVersion, findings: Findings
) -> tuple[Constraint, ...]:
    """Those that can be understood, with findings for all others."""
    if written is None:
        return ()
    if not isinstance(written, list):
        findings.add(path, "constraints must be a list", error=INVALID)
        return ()
    found: list[Constraint] = []
    for index, each in enumerate(written):
        at = (*path, index)
        if isinstance(each, dict):
            found += _read_entry(each, at, version, findings)
        else:
            findings.add(at, "a constraint must be a map", error=INVALID)
    return tuple(found)


def _read_entry(
    entry: Mapping[str, Any], path: Path, version: TemplateVersion, findings: Findings
) -> list[Constraint]:
    """The constraint of one entry, which has one kind; of several, the first counts."""
    known = version.constraint_kinds
    kinds = [key for key in entry if key != "description"]
    if not kinds:
        findings.add(path, "No constraint expressed", error=INVALID)
    for kind in kinds:
        if kind not in known:
            findings.add(
                (*path, kind),
                f"Invalid key {kind!r} for parameter constraints",
                hint=about_word(kind, version, lambda each: each.constraint_kinds),
                error=INVALID,
                key=True,
            )
    used, *ignored = [kind for kind in known if kind in entry] or [""]
    for kind in ignored:
        text = f"{kind} has no effect beside {used}"
        hint = "make it an entry of its own"
        findings.add((*path, kind), text, hint=hint, key=True, warning="ignored-constraint")
    if not used:
        return []
    text = str(entry.get("description", ""))
    return _READERS[used](entry[used], text, (*path, used), findings)


def _length(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    bounds = read_numbers(value, ("min", "max"), at, findings, whole=True)
    if bounds is None:
        return []
    return [Length(bounds.get("min"), bounds.get("max"), text)]


def _range(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    bounds = read_numbers(value, ("min", "max"), at, findings, whole=False)
    return [] if bounds is None else [Range(bounds.get("min"), bounds.get("max"), text)]


def _modulo(value: Any, text: str, at: Path, findings: Findings) -> list[Constraint]:
    parts = read_numbers(value, ("step", "offset"), at, findings, whole=False)
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
