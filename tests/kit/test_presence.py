"""Which properties are given, and what lists of maps hold."""

from __future__ import annotations

import pytest

from isotherm.core.values import Unknown, Value
from isotherm.kit import maps_in


def test_maps_in_a_list_come_with_their_paths_as_far_as_they_are_known() -> None:
    values = {"mounts": [{"path": "/a"}, Unknown("volume"), {"path": "/b"}]}
    assert list(maps_in(values, "mounts")) == [
        ("mounts.0", {"path": "/a"}),
        ("mounts.2", {"path": "/b"}),
    ]


@pytest.mark.parametrize("value", [None, Unknown("volume"), "none"])
def test_what_is_no_list_holds_no_maps(value: Value) -> None:
    assert list(maps_in({"mounts": value}, "mounts")) == []
