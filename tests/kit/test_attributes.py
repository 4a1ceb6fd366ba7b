"""Attributes that show what properties say."""

from __future__ import annotations

from isotherm.core.schema import ValueType
from isotherm.kit import Properties, former, hidden, prop, shown


class Lamp(Properties):
    colour: str | None = prop("Colour; by default white.")
    room_id: str | None = former("room", support=hidden())
    room: str = prop("Room that it is in.", finds="acme.room")
    bulbs: list[str] | None = prop("Bulbs.", items=prop())


def test_attributes_mean_what_the_properties_of_their_names_do() -> None:
    attributes = {each.name: each.schema for each in shown(Lamp, "colour", "room_id", bulbs=list)}
    assert {name: each.description for name, each in attributes.items()} == {
        "colour": "Colour.",
        "room_id": "Room that it is in.",
        "bulbs": "Bulbs.",
    }
    assert attributes["bulbs"].type is ValueType.LIST
    assert attributes["colour"].type is ValueType.STRING
