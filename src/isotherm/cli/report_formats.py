"""Findings in the forms that other programs read: JSON, GitHub annotations, SARIF."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from isotherm import __version__
from isotherm.cli.findings import Finding, as_data
from isotherm.template import WARNINGS

_SARIF_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_json(findings: Sequence[Finding]) -> str:
    return json.dumps({"diagnostics": as_data(findings)}, indent=2)


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands: each finding becomes an annotation of the line in a pull request."""
    return "\n".join(map(_annotation, as_data(findings)))


def as_sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0, as code scanning and editors take it."""
    found = as_data(findings)
    run = {
        "tool": {
            "driver": {
                "name": "isotherm",
                "version": __version__,
                "rules": [_rule(name) for name in _names(found)],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(each) for each in found],
    }
    return json.dumps({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


FORMATS: Mapping[str, Callable[[Sequence[Finding]], str]] = {
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def _annotation(found: Mapping[str, Any]) -> str:
    places = {
        "file": found["file"],
        "line": found["line"],
        "col": found["column"],
        "endLine": found["end_line"],
        "endColumn": found["end_column"],
        "title": _rule_name(found),
    }
    told = ",".join(f"{key}={_escaped(each)}" for key, each in places.items() if each is not None)
    return f"::{found['severity']} {told}::{_escaped_text(_message(found))}"


def _escaped_text(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escaped(value: object) -> str:
    return _escaped_text(str(value)).replace(":", "%3A").replace(",", "%2C")


def _rule_name(found: Mapping[str, Any]) -> str:
    return str(found["name"] or found["error"])


def _names(found: Iterable[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(map(_rule_name, found)))


def _rule(name: str) -> dict[str, Any]:
    told = WARNINGS.get(name, "The service would refuse this.")
    return {"id": name, "shortDescription": {"text": told}}


def _result(found: Mapping[str, Any]) -> dict[str, Any]:
    result = {
        "ruleId": _rule_name(found),
        "level": found["severity"],
        "message": {"text": _message(found)},
        "locations": [_location(found)],
    }
    notes = [
        {**_location(note), "message": {"text": note["text"]}}
        for note in found["notes"]
        if note["file"]
    ]
    return {**result, "relatedLocations": notes} if notes else result


def _location(found: Mapping[str, Any]) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(found["file"])}}
    names = {
        "startLine": "line",
        "startColumn": "column",
        "endLine": "end_line",
        "endColumn": "end_column",
    }
    region = {ours: found[theirs] for ours, theirs in names.items() if found.get(theirs)}
    return {"physicalLocation": {**place, "region": region} if region else place}


def _message(found: Mapping[str, Any]) -> str:
    path = f"{found['path']}: " if found["path"] else ""
    hint = f" ({found['hint']})" if found["hint"] else ""
    return f"{path}{found['text']}{hint}"
