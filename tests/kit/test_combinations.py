"""What types declare of properties that go together, and of those that do not."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.values import Unknown
from isotherm.kit import Problems, Properties, ResourceType, Values, Where, prop


class ZoneProperties(Properties):
    kind: str = prop("Kind.", default="own")
    mail: str | None = prop("Who to ask.")
    post: str | None = prop("The same.", renamed_to="mail")
    source: str | None = prop("Where it comes from.")
    port: int | None = prop("Where to ask there.")
    least: int | None = prop("Least time.")
    usual: int | None = prop("Usual time.")
    most: int | None = prop("Most time.")


class Zone(ResourceType[ZoneProperties]):
    needs = (("port", "source"), ("usual", "least", "most"))
    rising = (("least", "usual", "most"),)
    where = (
        Where("kind", ("own",), needs=("mail",), bars=("source",), default="own"),
        Where("kind", ("copy", "mirror"), needs=("source",)),
    )


OWN = {"mail": "me"}
COPY = {"kind": "copy", "source": "there"}


@pytest.mark.parametrize(
    ("properties", "problems"),
    [
        (OWN, []),
        ({"post": "me"}, []),
        ({}, [("mail", "must be given where kind is own")]),
        ({"mail": Unknown()}, []),
        ({"kind": "own", "mail": ""}, [("mail", "must be given where kind is own")]),
        ({**OWN, "source": "there"}, [("source", "cannot be given where kind is own")]),
        ({**OWN, "source": Unknown()}, []),
        ({**OWN, "source": Unknown("a")}, [("source", "cannot be given where kind is own")]),
        (COPY, []),
        ({"kind": "mirror"}, [("source", "must be given where kind is mirror")]),
        ({"kind": Unknown("a")}, []),
        ({**COPY, "port": 1}, []),
        ({"kind": "else", "port": 1}, [("source", "must be given with port")]),
        ({**COPY, "usual": 2}, [("least", "must be given with usual unless most is")]),
        ({**COPY, "usual": 2, "most": 3}, []),
        ({**COPY, "usual": 2, "most": 1}, [("most", "must not be smaller than usual")]),
        ({**COPY, "least": 2, "most": 1}, [("most", "must not be smaller than least")]),
        ({**COPY, "least": 2, "usual": Unknown("a"), "most": 2}, []),
    ],
)
def test_what_does_not_go_together_is_told(
    properties: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    assert list(Zone().validate(properties)) == problems


class Card(Properties):
    port: str | None = prop("Its port.")
    network: str | None = prop("Its network.")

    @classmethod
    def problems(cls, given: Values) -> Problems:
        if not given:
            yield "", "needs a port or a network"
        if given.get("port") == given.get("network") == "same":
            yield "port", "is no network"


class Machine(Properties):
    cards: list[Card] | None = prop("Its cards.")
    first: Card | None = prop("The first one.")
    name: str | None = prop("Its name.")


class RackProperties(Properties):
    machines: list[Machine] | None = prop("What is in it.")


class Rack(ResourceType[RackProperties]):
    pass


def test_groups_of_properties_have_rules_of_their_own_however_deep_they_lie() -> None:
    same = {"port": "same", "network": "same"}
    machines = [{"cards": [{}, same], "first": same}, Unknown("other"), {"first": Unknown("it")}]
    assert list(Rack().validate({"machines": machines})) == [
        ("machines.0.cards.0", "needs a port or a network"),
        ("machines.0.cards.1.port", "is no network"),
        ("machines.0.first.port", "is no network"),
    ]
    assert list(Rack().validate({"machines": Unknown("other")})) == []
