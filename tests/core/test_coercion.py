"""Values become what a schema asks for, or a diagnostic says why not."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.coercion import coerce, coerce_properties, to_boolean, to_number
from isotherm.core.constraints import AllowedValues, Length
from isotherm.core.diagnostics import Diagnostics, Severity
from isotherm.core.schema import PropertySchema, ValueType
from isotherm.core.values import Secret, Unknown


def schema(kind: str, **options: Any) -> PropertySchema:
    return PropertySchema(ValueType(kind), **options)


def coerced(of: PropertySchema, value: Any) -> Any:
    found = Diagnostics()
    result = coerce(of, value, "p", found)
    assert not found.found, list(found)
    return result


def findings(of: PropertySchema, value: Any) -> list[str]:
    found = Diagnostics()
    coerce(of, value, "p", found)
    return [str(each) for each in found]


@pytest.mark.parametrize(
    ("kind", "value", "result"),
    [
        ("string", "a", "a"),
        ("string", 5, "5"),
        ("string", True, "True"),
        ("string", 1.5, "1.5"),
        ("integer", "5", 5),
        ("integer", 5.0, 5),
        ("number", "1.5", 1.5),
        ("number", "5", 5),
        ("boolean", "TRUE", True),
        ("boolean", False, False),
        ("map", {"a": 1}, {"a": 1}),
        ("map", '{"a": 1}', {"a": 1}),
        ("list", [1], [1]),
        ("list", "a,b", ["a", "b"]),
        ("any", {"x": [1]}, {"x": [1]}),
        ("integer", None, None),
        ("integer", Unknown("a"), Unknown("a")),
        ("integer", Secret("5"), Secret(5)),
    ],
)
def test_coerces(kind: str, value: Any, result: Any) -> None:
    got = coerced(schema(kind), value)
    assert got == result
    assert type(got) is type(result)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("string", ["a"]),
        ("integer", "x"),
        ("integer", float("inf")),
        ("number", "x"),
        ("number", "inf"),
        ("number", float("nan")),
        ("number", [1]),
        ("boolean", "yes"),
        ("boolean", 1),
        ("integer", "1e1"),
        ("map", "x"),
        ("map", "[1]"),
        ("map", [1]),
        ("list", {"a": 1}),
        ("list", 5),
    ],
)
def test_refuses(kind: str, value: Any) -> None:
    (text,) = findings(schema(kind), value)
    assert text.startswith("p: ")


@pytest.mark.parametrize(
    ("wanted", "value", "result"),
    [
        (schema("integer"), 1.5, 1),
        (schema("integer"), True, 1),
        (schema("number"), False, 0),
        (schema("list", items=schema("map", fields={"n": schema("integer")})), [None], [{}]),
        (schema("list", items=schema("string")), [None, "a"], ["", "a"]),
    ],
)
def test_slips_have_a_value(wanted: PropertySchema, value: Any, result: Any) -> None:
    found = Diagnostics()
    got = coerce(wanted, value, "p", found)
    assert got == result
    assert type(got) is type(result)
    assert [each.severity for each in found] == [Severity.SLIP]


def test_nested_places_are_named() -> None:
    of = schema("list", items=schema("map", fields={"n": schema("integer", required=True)}))
    assert findings(of, [{"n": "x"}, {}, {"n": 1, "m": 1}]) == [
        "p.0.n: Value 'x' is not an integer",
        "p.1.n: Property n not assigned",
        "p.2.m: Unknown property m",
    ]


def test_secrets_are_not_shown() -> None:
    assert findings(schema("integer"), Secret("s3cret")) == ["p: the (hidden) value does not fit"]
    limited = schema("string", constraints=(AllowedValues(("a",)),))
    assert "s3cret" not in findings(limited, Secret("s3cret"))[0]
    assert coerced(schema("string", secret=True), "x") == Secret("x")


def test_constraints_wait_for_unknown_items() -> None:
    of = schema("list", constraints=(AllowedValues(("a",)),))
    assert coerced(of, ["a", Unknown("r")]) == ["a", Unknown("r")]
    assert findings(of, ["a", "b"])
    assert findings(schema("string", constraints=(Length(2, 3),)), "x")


def test_defaults_and_missing_properties() -> None:
    fields = {
        "a": schema("integer", default="3"),
        "b": schema("string", required=True),
        "c": schema("string"),
        "d": schema("string", implemented=False),
        "f": schema("list", default={}),
    }
    found = Diagnostics()
    given = {"c": None, "d": "x", "e": 1}
    assert coerce_properties(fields, given, "p", found) == {"a": 3, "f": []}
    assert [str(each) for each in found] == [
        "p.e: Unknown property e",
        "p.b: Property b not assigned",
        "p.d: Property d not implemented yet",
    ]


def test_null_is_a_value_for_what_takes_anything() -> None:
    found = Diagnostics()
    fields = {"a": schema("any", required=True)}
    assert coerce_properties(fields, {"a": None}, "p", found) == {"a": None}
    assert not found.found
    coerce_properties(fields, {}, "p", found)
    assert [str(each) for each in found] == ["p.a: Property a not assigned"]


def test_words_and_numbers() -> None:
    assert to_boolean(True) is True
    assert to_boolean(" Off ") is False
    assert to_number(1.5) == 1.5
    for bad in (True, None, "x", "nan", "inf", "1" * 5000):
        with pytest.raises(ValueError, match=r".+"):
            to_number(bad)


def test_a_former_name_gives_what_its_successor_requires() -> None:
    fields = {
        "net_id": schema("string", renamed_to="net"),
        "net": schema("string", required=True),
    }
    found = Diagnostics()
    assert coerce_properties(fields, {"net_id": "n"}, "p", found) == {"net_id": "n"}
    assert not found.found
    coerce_properties(fields, {"net_id": None}, "p", found)
    assert [str(each) for each in found] == ["p.net: Property net not assigned"]


def test_maps_inside_maps_may_be_written_as_json() -> None:
    of = schema("map", fields={"inner": schema("map", fields={"n": schema("integer")})})
    assert coerced(of, '{"inner": "{\\"n\\": \\"5\\"}"}') == {"inner": {"n": 5}}
    assert findings(of, '{"inner": "{"}')[0].startswith("p.inner: Value must be a map")


def test_null_may_stand_for_a_value() -> None:
    fields = {"a": schema("string", required=True, null="")}
    found = Diagnostics()
    assert coerce_properties(fields, {"a": None}, "p", found) == {"a": ""}
    assert not found.found
    coerce_properties(fields, {}, "p", found)
    assert [str(each) for each in found] == ["p.a: Property a not assigned"]


def test_of_a_secret_whose_form_is_declared_the_form_is_no_secret() -> None:
    net = schema("map", fields={"net": schema("string"), "ports": schema("list")})
    assert coerced(net, Secret({"net": 5})) == {"net": Secret("5")}
    nets = schema("list", items=net)
    given = Secret([{"net": "a", "ports": [1]}])
    assert coerced(nets, given) == [{"net": Secret("a"), "ports": Secret([1])}]
    assert coerced(schema("map"), Secret({"net": "a"})) == Secret({"net": "a"})
    assert coerced(schema("list", items=schema("string")), Secret(["a"])) == Secret(["a"])
