"""map_merge, map_replace: maps made from maps."""

from __future__ import annotations

from typing import Any

import pytest
from tests.template.support import refusal, value_of

X = {"get_param": "x"}


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ({"map_merge": [{"a": 1, "b": 1}, None, {"b": 2}]}, {"a": 1, "b": 2}),
        ({"map_merge": []}, {}),
        ({"map_merge": ""}, {}),
        ({"map_replace": [{"a": "x", "b": "y"}, {"keys": {"a": "c"}}]}, {"c": "x", "b": "y"}),
        ({"map_replace": [{"a": "x", "b": "y"}, {"values": {"x": 5}}]}, {"a": 5, "b": "y"}),
        ({"map_replace": [{"a": "a"}, {"keys": {"a": "b"}, "values": {"a": "c"}}]}, {"b": "c"}),
        ({"map_replace": [{"a": [1], "b": None}, {"values": {"None": 1}}]}, {"a": [1], "b": None}),
        ({"map_replace": [{"a": 1}, {"keys": {"a": None}}]}, {"a": 1}),
        ({"map_replace": [{"a": 1}, {"keys": {"a": "a"}}]}, {"a": 1}),
        ({"map_replace": [{"a": 1}, {"keys": {"a": 5}}]}, {"5": 1}),
        ({"map_replace": [{"a": 1}, {"keys": {"a": True}}]}, {"true": 1}),
        ({"map_replace": [{"a": 1}, None]}, {"a": 1}),
        ({"map_replace": [None, {"keys": {"a": "b"}}]}, {}),
    ],
)
def test_values(call: dict[str, Any], value: Any) -> None:
    ((name, argument),) = call.items()
    assert value_of(call) == value
    assert value_of({name: X}, given={"x": argument}) == value


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"map_merge": {"a": 1}}, "write map_merge: [MAP, …]"),
        ({"map_merge": [{"a": 1}, "b"]}, "only maps can be merged, not 'b'"),
        ({"map_replace": [{"a": 1}]}, "write map_replace: [MAP,"),
        ({"map_replace": ["a", {}]}, "write map_replace: [MAP,"),
        ({"map_replace": [{"a": 1}, {"kays": {}}]}, "write map_replace: [MAP,"),
        ({"map_replace": [{"a": 1}, {"keys": ["a"]}]}, "write map_replace: [MAP,"),
        ({"map_replace": [{"a": 1}, {"keys": {"a": ["b"]}}]}, "write map_replace: [MAP,"),
        (
            {"map_replace": [{"a": 1, "b": 2}, {"keys": {"a": "b"}}]},
            "the new key 'b' is in the map already",
        ),
    ],
)
def test_refusals(call: dict[str, Any], words: str) -> None:
    ((name, argument),) = call.items()
    assert words in refusal(call)
    assert words in refusal({name: X}, given={"x": argument})
