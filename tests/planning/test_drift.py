"""What counts as changed by somebody else, and what the cloud only says in other words."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.values import Secret
from isotherm.kit import Change, Properties, ResourceType, prop
from isotherm.planning.drift import drift


class Many(Properties):
    size: int | None = prop("", update_allowed=True)
    fixed: str | None = prop("")
    image: str | None = prop("", update_allowed=True)
    tags: list[str] | None = prop("", update_allowed=True)
    labels: dict[str, Any] | None = prop("", update_allowed=True)


class Thing(ResourceType[Many]):
    """Anything."""


def changed(live: Any, wanted: Any, resolved: Any = None) -> dict[str, Change]:
    return dict(drift(Thing(), live, wanted, resolved or {}))


@pytest.mark.parametrize(
    ("live", "wanted"),
    [
        ({"size": 1}, {"size": 1}),
        ({"size": "1"}, {"size": 1}),
        ({"size": True}, {"size": "true"}),
        ({"size": 5}, {}),
        ({"size": 5}, {"size": None}),
        ({"fixed": "a"}, {"fixed": "b"}),
        ({"unheard": "a"}, {"unheard": "b"}),
        ({"tags": ["b", "a"]}, {"tags": ["a", "b"]}),
        ({"labels": {"a": "1", "more": "2"}}, {"labels": {"a": 1, "b": None}}),
        ({"image": Secret("word")}, {"image": "word"}),
    ],
)
def test_what_is_as_wanted_or_not_asked_for_is_left_alone(live: Any, wanted: Any) -> None:
    assert changed(live, wanted) == {}


@pytest.mark.parametrize(
    ("name", "live", "wanted"),
    [
        ("size", 2, 1),
        ("tags", ["a"], ["a", "b"]),
        ("tags", ["a", "a"], ["a", "b"]),
        ("tags", "a", ["a"]),
        ("labels", {"a": "2"}, {"a": "1"}),
        ("labels", {}, {"a": "1"}),
        ("labels", "a", {"a": "1"}),
    ],
)
def test_what_somebody_has_changed_is_found(name: str, live: Any, wanted: Any) -> None:
    assert changed({name: live}, {name: wanted}) == {name: Change(live, wanted)}


def test_names_are_compared_by_what_they_mean() -> None:
    assert changed({"image": "id-1"}, {"image": "cirros"}, {"image": "id-1"}) == {}
    found = changed({"image": "id-2"}, {"image": "cirros"}, {"image": "id-1"})
    assert found == {"image": Change("id-2", "cirros")}
