"""What newer clients of AWS say: CBOR and JSON, taken apart and put together."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import Any

import pytest

from isotherm.api.aws import cbor
from isotherm.api.aws.description import Description, Operation, Shape
from isotherm.api.aws.faults import AwsFault, InvalidParameterValue
from isotherm.api.aws.rpc import CBOR, JSON, _read, codec_of

AT = datetime(2026, 1, 1, 12, 0, 0, 500000, tzinfo=UTC)
SHAPES = {
    "In": Shape(
        type="structure",
        members={"n": "Int", "f": "Float", "b": "Bool", "t": "Time", "l": "List", "m": "Map",
                 "e": "Enum", "x": "Blob", "s": "In"},
        required=("n",),
    ),
    "Int": Shape(type="integer", low=0, high=9),
    "Float": Shape(type="double"),
    "Bool": Shape(type="boolean"),
    "Time": Shape(type="timestamp"),
    "List": Shape(type="list", member="Int"),
    "Map": Shape(type="map", key="Enum", value="Int"),
    "Enum": Shape(type="string", enum=("a", "b")),
    "Blob": Shape(type="blob"),
}  # fmt: skip
WRONG: list[dict[str, Any]] = [
    {"b": 1}, {"t": "x"}, {"t": 1e300}, {"t": True}, {"l": {}}, {"m": []}, {"e": "c"}, {"e": 1},
    {"x": "="}, {"f": "x"},
]  # fmt: skip
DESCRIPTION = Description(
    service="s", version="1", operations={"Do": Operation(input="In")}, shapes=SHAPES
)


def read(value: Any) -> Any:
    return _read(DESCRIPTION, SHAPES["In"], value, "")


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, False, 0, 23, 24, 255, 256, 65536, 2**40, -1, -300, 1.5, "ä", b"\x00"),
        *([], [1, [2]], {"a": {"b": None}}, AT),
    ],
)
def test_what_is_encoded_is_decoded(value: Any) -> None:
    assert cbor.decode(cbor.encode(value)) == value


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\x9f\x01\x02\xff", [1, 2]),
        (b"\xbf\x61a\x01\xff", {"a": 1}),
        (b"\x7f\x61a\x61b\xff", "ab"),
        (b"\x5f\x41a\x41b\xff", b"ab"),
        (b"\xf9" + struct.pack(">e", 1.5), 1.5),
        (b"\xfa" + struct.pack(">f", 1.5), 1.5),
        (b"\xf7", None),
        (b"\xc1\x00", datetime(1970, 1, 1, tzinfo=UTC)),
        (b"\xc2\x41\x01", b"\x01"),
    ],
)
def test_what_others_write(body: bytes, value: Any) -> None:
    assert cbor.decode(body) == value


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"\xff", b"\x18", b"\x1c", b"\x61\xff", b"\x01\x01", b"\x81\xff", b"\xa1\x01\x01"),
        *(b"\x1f", b"\xf8\x00", b"\x9f\x01", b"\x5a\xff\xff\xff\xff", b"\x9a\xff\xff\xff\xff"),
        *(b"\x81" * 40 + b"\x01", b"\xc1\x1b\xff\xff\xff\xff\xff\xff\xff\xff"),
        b"\x9f" + b"\x01" * 10_001 + b"\xff",
    ],
)
def test_what_is_no_cbor(body: bytes) -> None:
    with pytest.raises(InvalidParameterValue):
        cbor.decode(body)


def test_values_are_as_the_description_has_them() -> None:
    said = {"n": 1.0, "f": 2, "b": True, "t": AT.timestamp(), "l": [1], "m": {"a": 2}, "e": "a"}
    told = read({**said, "x": "YQ==", "s": {"n": 2, "t": "2026-01-01T00:00:00", "f": None}})
    assert told["n"] == 1
    assert told["t"] == AT
    assert told["x"] == b"a"
    assert told["s"]["t"] == datetime(2026, 1, 1, tzinfo=UTC)
    assert read({"n": 1, "t": AT, "x": b"b"})["x"] == b"b"


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ([], "InvalidParameterValue"),
        ({}, "MissingParameter"),
        ({"n": 1, "z": 1}, "InvalidQueryParameter"),
        *(({"n": each}, "InvalidParameterValue") for each in (True, "1", 1.5, -1, 10)),
        *(({"n": 1, **wrong}, "InvalidParameterValue") for wrong in WRONG),
    ],
)  # fmt: skip
def test_what_no_operation_takes(value: Any, code: str) -> None:
    with pytest.raises(AwsFault) as fault:
        read(value)
    assert fault.value.code == code


def test_how_a_client_says_which_protocol_it_speaks() -> None:
    assert codec_of({"smithy-protocol": "rpc-v2-cbor"}) is CBOR
    assert codec_of({"x-amz-target": "G.Do"}) is JSON
    assert codec_of({}) is None
    assert JSON.decode(b"") == CBOR.decode(b"") == {}
    assert JSON.encode({"t": AT}) == b'{"t":1767268800.5}'
    with pytest.raises(InvalidParameterValue):
        JSON.decode(b"{")
