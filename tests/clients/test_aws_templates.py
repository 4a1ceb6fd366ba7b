"""AWS-style templates on a running service: zones of the cloud, exports between stacks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from tests.clients.service import Service

pytestmark = pytest.mark.slow

ZONES = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  zones: {Type: OS::Heat::Value, Properties: {value: {"Fn::GetAZs": ""}}}
  disk:
    Type: OS::Cinder::Volume
    Properties:
      size: 1
      availability_zone: {"Fn::Select": [0, {"Fn::GetAZs": {Ref: "AWS::Region"}}]}
Outputs:
  all: {Value: {"Fn::GetAZs": ""}}
  property: {Value: {"Fn::GetAtt": [zones, value]}}
  disk: {Value: {"Fn::GetAtt": [disk, availability_zone]}}
"""
GIVER = """\
AWSTemplateFormatVersion: "2010-09-09"
Outputs: {o: {Value: v, Export: {Name: net}}}
"""
TAKER = """\
AWSTemplateFormatVersion: "2010-09-09"
Outputs: {o: {Value: {"Fn::ImportValue": net}}}
"""
NOTHING = """\
AWSTemplateFormatVersion: "2010-09-09"
Outputs: {o: {Value: v}}
"""


def written(folder: Path, name: str, template: str) -> str:
    file = folder / f"{name}.yaml"
    file.write_text(template)
    return str(file)


@contextmanager
def stack(service: Service, folder: Path, name: str, template: str) -> Iterator[str]:
    service.create_stack(written(folder, name, template), name)
    try:
        yield name
    finally:
        service.delete_stack(name)


def outputs(service: Service, name: str) -> dict[str, object]:
    shown = service.read("stack", "show", name)
    return {each["output_key"]: each["output_value"] for each in shown["outputs"]}


def test_zones_are_those_of_the_cloud(service: Service, tmp_path: Path) -> None:
    with stack(service, tmp_path, "zones", ZONES) as name:
        found = outputs(service, name)
    assert found == {"all": ["nova"], "property": ["nova"], "disk": "nova"}


def test_exports_between_stacks(service: Service, tmp_path: Path) -> None:
    with ExitStack() as cleanup:
        giver = cleanup.enter_context(stack(service, tmp_path, "giver", GIVER))
        taker = cleanup.enter_context(stack(service, tmp_path, "taker", TAKER))
        assert outputs(service, taker) == {"o": "v"}
        other = written(tmp_path, "other", GIVER)
        refused = service.refused("stack", "create", "-t", other, "other")
        assert "already exported by stack giver" in refused
        without = written(tmp_path, "without", NOTHING)
        assert "in use by taker" in service.refused("stack", "update", "-t", without, giver)
        assert "in use by taker" in service.refused("stack", "delete", "--yes", giver)
