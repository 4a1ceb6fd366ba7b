"""Every type that is offered has the properties and attributes that its users know."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.resources.additions import ATTRIBUTES, NOT_IMPLEMENTED_THERE

from isotherm.core.constraints import (
    AllowedPattern,
    AllowedValues,
    Constraint,
    CustomConstraint,
    Length,
    Modulo,
    Range,
)
from isotherm.core.schema import (
    ABSENT,
    AttributeSchema,
    PropertySchema,
    SupportStatus,
    Told,
    TypeSchema,
)
from isotherm.kit import load_registry
from isotherm.kit.properties import Lookup

FACTS = Path(__file__).parent / "facts"
REGISTRY = load_registry()


def facts_of(type_name: str) -> dict[str, Any]:
    path = FACTS / f"{type_name.replace('::', '__')}.json"
    assert path.exists(), f"the facts of {type_name} are missing"
    facts: dict[str, Any] = json.loads(path.read_text())
    return facts


def support_fact(support: SupportStatus) -> dict[str, Any]:
    fact: dict[str, Any] = {"status": support.status}
    if support.version:
        fact["version"] = support.version
    if support.previous:
        fact["previous"] = support_fact(support.previous)
    return fact


def limits(**numbers: Any) -> dict[str, Any]:
    return {name: number for name, number in numbers.items() if number is not None}


def constraint_fact(constraint: Constraint) -> dict[str, Any]:
    match constraint:
        case Range(low, high):
            return {"range": limits(min=low, max=high)}
        case Length(low, high):
            return {"length": limits(min=low, max=high)}
        case Modulo(step, offset):
            return {"modulo": {"step": step, "offset": offset}}
        case AllowedValues(values):
            return {"allowed_values": list(values)}
        case AllowedPattern(pattern):
            return {"allowed_pattern": pattern}
        case CustomConstraint(name):
            return {"custom_constraint": name}
    raise AssertionError(constraint)


def property_fact(schema: PropertySchema) -> dict[str, Any]:
    fact: dict[str, Any] = {"type": str(schema.type)}
    for flag in ("required", "update_allowed", "immutable"):
        if getattr(schema, flag):
            fact[flag] = True
    if schema.told is Told.AS_REQUIRED:
        fact["required"] = True
    if not schema.implemented:
        fact["implemented"] = False
    if schema.default is not ABSENT:
        fact["default"] = schema.default
    if schema.constraints:
        fact["constraints"] = [constraint_fact(each) for each in schema.constraints]
    if schema.support != SupportStatus():
        fact["support_status"] = support_fact(schema.support)
    if schema.items:
        fact["schema"] = {"*": property_fact(schema.items)}
    elif schema.fields:
        fact["schema"] = property_facts(schema.fields)
    return fact


def property_facts(properties: Mapping[str, PropertySchema]) -> dict[str, Any]:
    """Without those that go beyond."""
    told = {name: each for name, each in properties.items() if each.told is not Told.NOT_AT_ALL}
    return {name: property_fact(each) for name, each in told.items()}


def attribute_fact(schema: AttributeSchema) -> dict[str, Any]:
    fact: dict[str, Any] = {"type": str(schema.type) if schema.type else None}
    if schema.support != SupportStatus():
        fact["support_status"] = support_fact(schema.support)
    return fact


def type_fact(schema: TypeSchema) -> dict[str, Any]:
    support = support_fact(schema.support)
    if schema.successor and schema.name in REGISTRY[schema.successor].formerly:
        support["substitute_class"] = schema.successor.rpartition("::")[2]
    return {
        "support_status": support,
        "properties": property_facts(schema.properties),
        "attributes": {name: attribute_fact(each) for name, each in schema.attributes.items()},
        "update_policy": property_facts(schema.update_policy),
    }


@pytest.mark.parametrize("type_name", sorted(REGISTRY))
@pytest.mark.parametrize("section", ["support_status", "properties", "attributes", "update_policy"])
def test_type_offers_what_its_users_know(type_name: str, section: str) -> None:
    schema = REGISTRY.lookup(type_name)
    assert schema is not None
    facts = facts_of(type_name).get(section, {})
    if section == "attributes":
        facts = {
            name: {key: value for key, value in fact.items() if key != "volatile"}
            for name, fact in facts.items()
        }
    ours = type_fact(schema)[section]
    if section == "attributes":
        more = ATTRIBUTES.get(type_name, set())
        assert more <= ours.keys() - facts.keys()
        ours = {name: each for name, each in ours.items() if name not in more}
    if section == "properties":
        hidden = {name for name in facts if name in schema.properties and name not in ours}
        assert hidden == NOT_IMPLEMENTED_THERE.get(type_name, set())
        assert not any(facts.pop(name).get("implemented", True) for name in hidden)
    assert ours == facts


@pytest.mark.parametrize("type_name", sorted(REGISTRY))
def test_what_clients_know_to_change_by_itself_is_read_afresh(type_name: str) -> None:
    """And more: clients of the reference see some old values that are no use to anybody."""
    schema = REGISTRY.lookup(type_name)
    assert schema is not None
    facts = facts_of(type_name)["attributes"]
    ours = {name for name, each in schema.attributes.items() if each.volatile}
    assert {name for name, each in facts.items() if each.get("volatile")} <= ours


SERVICES = {
    "barbican": "key-manager",
    "aodh": "alarm",
    "cinder": "block-storage",
    "designate": "dns",
    "glance": "image",
    "keystone": "identity",
    "neutron": "network",
    "nova": "compute",
    "octavia": "load-balancer",
    "heat": "",
    "blazar": "reservation",
    "ironic": "baremetal",
    "magnum": "container-infrastructure-management",
    "trove": "database",
    "zun": "application-container",
    "manila": "shared-file-system",
    "openstack": "network",
    "swift": "object-store",
    "mistral": "workflow",
    "zaqar": "message",
}
MADE_OTHERWISE = {"AWS::RDS::DBInstance": "database"}
"""Types whose objects another service makes than the reference's, which needs it."""


@pytest.mark.parametrize("type_name", sorted(REGISTRY))
def test_type_is_offered_where_its_service_is_and_keeps_to_its_names(type_name: str) -> None:
    resource_type, facts = REGISTRY[type_name], facts_of(type_name)
    service = MADE_OTHERWISE.get(type_name, SERVICES.get(facts.get("client", ""), ""))
    assert resource_type.service == service
    assert resource_type.extension == facts.get("extension", "")
    assert resource_type.name_limit == facts.get("name_limit", 255)


def translated(lookups: Mapping[str, Lookup], above: str = "") -> dict[str, dict[str, str]]:
    """Former names and finders by the path of the property."""
    found: dict[str, dict[str, str]] = {}
    for name, lookup in lookups.items():
        if finder := lookup.finder or lookup.element_finder:
            found.setdefault(above + name, {})["finds"] = finder
        if lookup.renamed_to:
            found.setdefault(above + lookup.renamed_to, {})["was"] = above + name
        found |= translated(lookup.nested, f"{above}{name}.")
    return found


@pytest.mark.parametrize("type_name", sorted(REGISTRY))
def test_former_names_move_and_names_become_ids(type_name: str) -> None:
    ours = translated(REGISTRY[type_name].Properties.lookups)
    for path, rule in facts_of(type_name).get("translation", {}).items():
        assert rule.items() <= ours[path].items(), path


@pytest.mark.parametrize("type_name", sorted(REGISTRY))
def test_everything_offered_is_described(type_name: str) -> None:
    schema = REGISTRY.lookup(type_name)
    assert schema is not None
    assert schema.description.endswith((".", ")", "!")), "a whole sentence"
    assert [name for name, each in described(schema.properties) if not each] == []
    assert [name for name, each in schema.attributes.items() if not each.description] == []


def described(fields: Mapping[str, PropertySchema]) -> list[tuple[str, str]]:
    """Names and descriptions, of nested fields too."""
    found: list[tuple[str, str]] = []
    for name, schema in fields.items():
        found.append((name, schema.description))
        inner = schema.items.fields if schema.items else schema.fields
        found.extend((f"{name}.{each}", text) for each, text in described(inner or {}))
    return found
