"""Generates a first template for a resource type: a parameter for every property."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from isotherm.core.constraints import AllowedPattern, AllowedValues, Constraint, Length, Range
from isotherm.core.schema import ABSENT, PropertySchema, TypeSchema, ValueType
from isotherm.ports.cloud import Caller
from isotherm.usecases.refusals import BadRequest
from isotherm.usecases.resource_types import (
    constraint_data,
    find_type,
    offered_attributes,
    offered_properties,
)
from isotherm.usecases.services import Services

_HOT_TYPES = {
    ValueType.STRING: "string",
    ValueType.INTEGER: "number",
    ValueType.NUMBER: "number",
    ValueType.BOOLEAN: "boolean",
    ValueType.MAP: "json",
    ValueType.LIST: "comma_delimited_list",
    ValueType.ANY: "json",
}
_CFN_TYPES = {
    ValueType.STRING: "String",
    ValueType.INTEGER: "Number",
    ValueType.NUMBER: "Number",
    ValueType.BOOLEAN: "Boolean",
    ValueType.MAP: "Json",
    ValueType.LIST: "CommaDelimitedList",
    ValueType.ANY: "Json",
}


async def generate_template(
    services: Services, caller: Caller, name: str, dialect: str
) -> dict[str, Any]:
    """A template in ``dialect`` (hot or cfn) with one resource of the type.

    Raises EntityNotFound, Forbidden, ResourceTypeUnavailable or BadRequest.
    """
    makers = {"cfn": _cfn, "hot": _hot}
    if dialect not in makers:
        raise BadRequest(
            f'Template type is not supported: Invalid template type "{dialect}", '
            "valid types are: cfn, hot."
        )
    resource_type = await find_type(services, caller, name)
    # An alias stays what the caller calls the type.
    return makers[dialect](replace(resource_type.type_schema(), name=name))


def _hot(schema: TypeSchema) -> dict[str, Any]:
    name = schema.name.rpartition("::")[2]
    properties = offered_properties(schema)
    outputs: dict[str, Any] = {
        key: _described({"value": {"get_attr": [name, key]}}, "description", each.description)
        for key, each in offered_attributes(schema).items()
    }
    outputs["OS::stack_id"] = {"value": {"get_resource": name}}
    return {
        "heat_template_version": "2016-10-14",
        "description": f"Initial template of {name}",
        "parameters": {key: _hot_parameter(each) for key, each in properties.items()},
        "outputs": outputs,
        "resources": {
            name: {
                "type": schema.name,
                "properties": {key: {"get_param": key} for key in properties},
            }
        },
    }


def _cfn(schema: TypeSchema) -> dict[str, Any]:
    name = schema.name.rpartition("::")[2]
    properties = offered_properties(schema)
    outputs: dict[str, Any] = {
        key: _described({"Value": {"Fn::GetAtt": [name, key]}}, "Description", each.description)
        for key, each in offered_attributes(schema).items()
    }
    outputs["OS::stack_id"] = {"Value": {"Ref": name}}
    return {
        "HeatTemplateFormatVersion": "2012-12-12",
        "Description": f"Initial template of {name}",
        "Parameters": {key: _cfn_parameter(each) for key, each in properties.items()},
        "Resources": {
            name: {
                "Type": schema.name,
                "Properties": {key: _cfn_value(key, each) for key, each in properties.items()},
            }
        },
        "Outputs": outputs,
    }


def _hot_parameter(schema: PropertySchema) -> dict[str, Any]:
    data = _described({"type": _HOT_TYPES[schema.type]}, "description", schema.description)
    if schema.default is not ABSENT and schema.default is not None:
        data["default"] = schema.default
    if schema.constraints:
        data["constraints"] = [constraint_data(each) for each in schema.constraints]
    return data


def _cfn_parameter(schema: PropertySchema) -> dict[str, Any]:
    data = _described({"Type": _CFN_TYPES[schema.type]}, "Description", schema.description)
    if schema.default is not ABSENT and schema.default is not None:
        data["Default"] = schema.default
    if schema.type is ValueType.BOOLEAN:
        data["AllowedValues"] = ["True", "true", "False", "false"]
    for constraint in schema.constraints:
        data |= _cfn_constraint(constraint)
    return data


def _cfn_constraint(constraint: Constraint) -> Mapping[str, Any]:
    match constraint:
        case Range(minimum, maximum):
            found = {"MinValue": minimum, "MaxValue": maximum}
        case Length(minimum, maximum):
            found = {"MinLength": minimum, "MaxLength": maximum}
        case AllowedValues(values):
            return {"AllowedValues": list(values)}
        case AllowedPattern(pattern):
            return {"AllowedPattern": pattern}
        case _:
            return {}
    return {key: limit for key, limit in found.items() if limit is not None}


def _cfn_value(name: str, schema: PropertySchema) -> dict[str, Any]:
    if schema.type is ValueType.LIST:
        return {"Fn::Split": [",", {"Ref": name}]}
    return {"Ref": name}


def _described(data: dict[str, Any], key: str, text: str) -> dict[str, Any]:
    if text:
        data[key] = text
    return data
