"""The catalogue of resource types, one package per service."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml


def read_table(name: str) -> Mapping[str, Any]:
    """A table that lies beside the types as YAML."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    table: Mapping[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return table


def _modules(index: Mapping[str, Any], package: str) -> Iterator[tuple[str, str]]:
    for name, inside in index.items():
        if isinstance(inside, Mapping):
            yield from _modules(inside, f"{package}.{name}")
        else:
            yield from ((each, f"{package}.{name}") for each in inside)


TYPES: Mapping[str, str] = dict(_modules(read_table("index.yaml"), __name__))
"""The module of each type: it is imported when the type is first needed."""

STAND_INS: Mapping[str, str] = {
    "AWS::ElasticLoadBalancing::LoadBalancer": f"{__name__}.load_balancer.elastic",
    "AWS::RDS::DBInstance": f"{__name__}.database.rds_instance",
}
"""Types for which a stack stands in where the cloud lacks their service, and its module."""
