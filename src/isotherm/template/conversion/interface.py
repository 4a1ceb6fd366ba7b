"""How parameters are shown to people: groups and labels, which AWS-style templates keep in
their metadata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from isotherm.template.document import Findings, Path
from isotherm.template.model import Template

METADATA, INTERFACE = "Metadata", "AWS::CloudFormation::Interface"
_GROUPS, _LABELS = "ParameterGroups", "ParameterLabels"


@dataclass(frozen=True, slots=True)
class Interface:
    """Groups as HOT writes them, and the labels of parameters."""

    groups: list[dict[str, Any]] = field(default_factory=list)
    labels: Mapping[str, str] = field(default_factory=dict)


def read_interface(template: Template, findings: Findings) -> Interface:
    """What the metadata of an AWS-style template say, with findings for all else in them."""
    metadata = template.data.get(METADATA) or {}
    if not isinstance(metadata, Mapping):
        findings.add((METADATA,), "HOT has no place for metadata of a template", key=True)
        return Interface()
    for key in metadata:
        if key != INTERFACE:
            findings.add((METADATA, key), f"HOT has no place for the metadata {key}", key=True)
    written = metadata.get(INTERFACE) or {}
    at = (METADATA, INTERFACE)
    if not isinstance(written, Mapping) or not written.keys() <= {_GROUPS, _LABELS}:
        findings.add(at, f"{INTERFACE} has {_GROUPS} and {_LABELS} only", key=True)
        return Interface()
    groups, labels = written.get(_GROUPS) or [], written.get(_LABELS) or {}
    if not isinstance(groups, list) or not isinstance(labels, Mapping):
        findings.add(at, f"{_GROUPS} are a list and {_LABELS} a map", key=True)
        return Interface()
    return Interface(_groups(groups, template, findings), _labels(labels, template, findings))


def _groups(written: list[Any], template: Template, findings: Findings) -> list[dict[str, Any]]:
    at = (METADATA, INTERFACE, _GROUPS)
    found: list[dict[str, Any]] = []
    grouped: set[str] = set()
    for index, each in enumerate(written):
        names = each.get("Parameters") if isinstance(each, Mapping) else None
        if not isinstance(names, list) or not each.keys() <= {"Label", "Parameters"}:
            findings.add((*at, index), "a group has Label and Parameters only")
            continue
        for name in _misplaced(names, grouped, template):
            text = f"HOT wants parameters in a group that are declared, and once: {name}"
            findings.add((*at, index, "Parameters"), text)
        grouped.update(map(str, names))
        label = _text(each.get("Label"))
        found.append({**({"label": label} if label else {}), "parameters": names})
    return found


def _misplaced(names: list[Any], grouped: set[str], template: Template) -> Iterator[str]:
    for name in map(str, names):
        if name in grouped or name not in template.parameters or names.count(name) > 1:
            yield name


def _labels(written: Mapping[str, Any], template: Template, findings: Findings) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, label in written.items():
        text = _text(label)
        if name in template.parameters and text:
            found[name] = text
        else:
            path: Path = (METADATA, INTERFACE, _LABELS, name)
            findings.add(path, f"{name} is no parameter that has a label in words", key=True)
    return found


def _text(label: Any) -> str:
    """The words of ``{default: WORDS}``."""
    words = label.get("default") if isinstance(label, Mapping) else None
    return words if isinstance(words, str) else ""


def write_groups(template: Template, findings: Findings) -> dict[str, Any]:
    """The groups of a template in HOT as metadata of an AWS-style one."""
    groups = []
    for index, group in enumerate(template.parameter_groups):
        written = group.written
        for key in written.keys() - {"label", "parameters"}:
            path = ("parameter_groups", index, key)
            findings.add(path, f"the AWS format has no {key} for groups", key=True)
        label = {"Label": {"default": written["label"]}} if written.get("label") else {}
        groups.append({**label, "Parameters": written.get("parameters") or []})
    return {INTERFACE: {_GROUPS: groups}} if groups else {}
