"""Answers of a running orchestration service to small expressions are ours, too."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.template.support import Resources, definition, output, refusals

from isotherm.core.diagnostics import InvalidDocument
from isotherm.core.values import reveal

ANSWERS = sorted((Path(__file__).parent / "answers").glob("*.json"))

# What AWS users write today is understood, although the reference refuses it.
MORE_ON_PURPOSE = [
    {"Fn::GetAtt": "V.value"},
    {"Fn::If": [{"Condition": "T"}, "a", "b"]},
    {"Ref": "AWS::NoValue"},
    {"Ref": "AWS::AccountId"},
    {"Fn::Sub": "${S}"},
]


def answer(recorded: dict[str, Any], case: Any) -> list[Any]:
    hot = "heat_template_version" in recorded["template"]
    outputs, value = ("outputs", "value") if hot else ("Outputs", "Value")
    source = {**recorded["template"], outputs: {"o": {value: case}}}
    attributes = {"value": recorded["attribute"], "show": None}
    if any("Attribute" in found.text for found in refusals(source)):
        return ["refused"]
    try:
        got = output(definition(source, files={"f": "content"}), Resources(attributes))
    except InvalidDocument:
        return ["refused"]
    got = reveal(got)
    if isinstance(got, dict) and "show" in got:
        del got["show"]  # Only asked for by name, like all that is read from the cloud.
    return ["value", got]


@pytest.mark.parametrize("file", ANSWERS, ids=lambda file: file.stem)
def test_same_answers(file: Path) -> None:
    recorded = json.loads(file.read_text())
    different = {
        json.dumps(case): (expected, got)
        for case, *expected in recorded["cases"]
        if case not in MORE_ON_PURPOSE and (got := answer(recorded, case)) != expected
    }
    assert not different
    assert len(recorded["cases"]) > 90
