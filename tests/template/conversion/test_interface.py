"""How parameters are grouped and labelled, in both formats."""

from __future__ import annotations

import pytest

from isotherm.core.diagnostics import InvalidDocument
from isotherm.template import convert, load_template
from isotherm.template.printing import dump_template

HOT = """heat_template_version: 2021-04-16
parameter_groups:
- {label: Network, parameters: [net, port]}
- {parameters: [name]}
parameters:
  net: {type: string, label: Which network, default: a}
  port: {type: number, default: 80}
  name: {type: string, default: web}
"""
AWS = """AWSTemplateFormatVersion: '2010-09-09'
Metadata:
  AWS::CloudFormation::Interface: INTERFACE
Parameters:
  Net: {Type: String, Default: a}
  Port: {Type: Number, Default: 80, Label: Its port}
"""
GROUPS = """
    ParameterGroups:
    - {Label: {default: Network}, Parameters: [Net, Port]}
    ParameterLabels:
      Net: {default: Which network}
      Port: {default: Another port}
"""


def test_groups_become_metadata() -> None:
    found = convert(load_template(HOT))
    assert found["Metadata"] == {
        "AWS::CloudFormation::Interface": {
            "ParameterGroups": [
                {"Label": {"default": "Network"}, "Parameters": ["net", "port"]},
                {"Parameters": ["name"]},
            ]
        }
    }
    back = convert(load_template(dump_template(found)))
    assert back == load_template(HOT).data


def test_metadata_become_groups_and_labels() -> None:
    found = convert(load_template(AWS.replace("INTERFACE", GROUPS)))
    assert found["parameter_groups"] == [{"label": "Network", "parameters": ["Net", "Port"]}]
    assert found["parameters"]["Net"]["label"] == "Which network"
    assert found["parameters"]["Port"]["label"] == "Its port"
    assert "Metadata" not in found


@pytest.mark.parametrize(
    ("interface", "words"),
    [
        ("[a]", "has ParameterGroups and ParameterLabels only"),
        ("{Other: 1}", "has ParameterGroups and ParameterLabels only"),
        ("{ParameterGroups: x}", "ParameterGroups are a list"),
        ("{ParameterLabels: [x]}", "and ParameterLabels a map"),
        ("{ParameterGroups: [x]}", "a group has Label and Parameters only"),
        ("{ParameterGroups: [{Parameters: [Nope]}]}", "declared, and once: Nope"),
        ("{ParameterGroups: [{Parameters: [Net, Net]}]}", "declared, and once: Net"),
        (
            "{ParameterGroups: [{Parameters: [Net]}, {Parameters: [Net]}]}",
            "declared, and once: Net",
        ),
        ("{ParameterLabels: {Net: text}}", "Net is no parameter that has a label"),
        ("{ParameterLabels: {Nope: {default: x}}}", "Nope is no parameter"),
        ("{}\n  Other: 1", "HOT has no place for the metadata Other"),
    ],
)
def test_other_metadata_cannot_be_said(interface: str, words: str) -> None:
    with pytest.raises(InvalidDocument, match=words):
        convert(load_template(AWS.replace("INTERFACE", interface)))


def test_metadata_that_are_no_map_cannot_be_said() -> None:
    source = AWS.replace("\n  AWS::CloudFormation::Interface: INTERFACE", " [x]")
    with pytest.raises(InvalidDocument):
        convert(load_template(source))
