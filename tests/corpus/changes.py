"""What people change of a stack: of each resource one property, where one may be changed."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from tests.corpus.entries import Entry

from isotherm.core.constraints import AllowedValues, Length, Range
from isotherm.core.schema import PropertySchema, ValueType
from isotherm.template import dump_template

_TEXTS = ("description", "Description", "name")


_HELD = frozenset({"OS::Neutron::IKEPolicy", "OS::Neutron::IPsecPolicy"})
"""The network service lets nobody change them while a connection uses them."""


def changed(entry: Entry) -> tuple[str, set[str]]:
    """The template with other values, and the resources whose update in place they ask for."""
    template: dict[str, Any] = copy.deepcopy(entry.template.data)
    section = next((name for name in ("resources", "Resources") if name in template), "")
    updated = set()
    for name in entry.definition.resources:
        resource = template[section].get(name, {})
        resource_type = entry.types.get(entry.definition.resources[name].type)
        if resource_type is None or "external_id" in resource or resource_type.name in _HELD:
            continue
        key = "Properties" if section == "Resources" else "properties"
        properties = resource.setdefault(key, {})
        if isinstance(properties, dict) and _change(properties, resource_type.Properties.schema):
            updated.add(name)
    if not updated:
        template["Description" if section == "Resources" else "description"] = "Another one"
    return dump_template(template), updated


def _change(properties: dict[str, Any], schemas: Mapping[str, PropertySchema]) -> bool:
    for name in _TEXTS:
        schema = schemas.get(name)
        if schema is not None and _takes_any_text(schema):
            properties[name] = "changed"
            return True
    for name, value in properties.items():
        schema = schemas.get(name)
        if schema is not None and type(value) is int and _takes(schema, value + 1):
            properties[name] = value + 1
            return True
    return False


def _takes_any_text(schema: PropertySchema) -> bool:
    fine = all(isinstance(each, Length) for each in schema.constraints)
    return _changes_in_place(schema) and schema.type is ValueType.STRING and fine


def _takes(schema: PropertySchema, number: int) -> bool:
    for each in schema.constraints:
        if not isinstance(each, (AllowedValues, Range)) or each.violation(number):
            return False
    return _changes_in_place(schema)


def _changes_in_place(schema: PropertySchema) -> bool:
    return schema.update_allowed and not schema.renamed_to and schema.implemented
