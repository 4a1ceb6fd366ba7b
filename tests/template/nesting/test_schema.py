"""A template stands for a type."""

from __future__ import annotations

from isotherm.core.coercion import coerce_properties
from isotherm.core.diagnostics import Diagnostics
from isotherm.core.schema import ValueType
from isotherm.core.values import Secret
from isotherm.template import load_template, schema_of_template

TEMPLATE = """\
heat_template_version: 2021-04-16
description: a web server
parameters:
  size: {type: number, description: how big, constraints: [{range: {max: 4}}]}
  data: {type: json, default: {a: 1}}
  names: {type: comma_delimited_list, default: a, immutable: true}
  password: {type: string, default: x, hidden: true}
outputs:
  url: {value: x, description: where it is}
"""


def test_parameters_are_properties_and_outputs_attributes() -> None:
    schema = schema_of_template("web.yaml", load_template(TEMPLATE))
    assert schema.description == "a web server"
    assert schema.properties["size"].required
    assert schema.properties["size"].update_allowed
    assert schema.properties["names"].immutable
    assert schema.properties["data"].type is ValueType.ANY
    assert schema.attributes["url"].description == "where it is"
    found = Diagnostics()
    values = coerce_properties(schema.properties, {"size": "3"}, "p", found)
    assert values == {"size": 3, "data": {"a": 1}, "names": ["a"], "password": Secret("x")}
    coerce_properties(schema.properties, {"size": "5"}, "p", found)
    coerce_properties(schema.properties, {}, "p", found)
    assert len(found) == 2
