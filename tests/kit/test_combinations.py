"""What types declare of properties that go together, and of those that do not."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.values import Unknown
from isotherm.kit import Properties, ResourceType, Where, prop


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
