"""Values as elements of XML: how those of a shape are written is worked out once."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from isotherm.api.aws.description import Description

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_Writer = Callable[[Any], str]
"""Gives what stands within the element of a value."""


def escaped(value: object) -> str:
    text = str(value)
    if not (text.isascii() and text.isprintable()):
        text = _NOT_IN_XML.sub("\ufffd", text)
    return escape(text)


def time_text(at: datetime) -> str:
    return f"{at.replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def scalar_text(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case datetime():
            return time_text(value)
        case bytes():
            return base64.b64encode(value).decode()
    return str(value)


class Elements:
    """Of the shapes of a description."""

    def __init__(self, description: Description) -> None:
        self.description = description
        self._writers: dict[str, _Writer] = {}

    def content(self, shape: str, value: Any) -> str:
        """What stands within the element of a value of that shape; nothing if it has no name."""
        return self._writer(shape)(value) if shape else ""

    def _writer(self, name: str) -> _Writer:
        if name not in self._writers:
            # A shape may have members of itself: they find it here.
            self._writers[name] = lambda value: self.content(name, value)
            self._writers[name] = self._made(name)
        return self._writers[name]

    def _made(self, name: str) -> _Writer:
        shape = self.description.shapes[name]
        match shape.type:
            case "structure":
                return self._structure(shape.members)
            case "list":
                return self._list("member", shape.member)
            case "map":
                return self._map(shape.value)
        return _scalar

    def _structure(self, members: Mapping[str, str]) -> _Writer:
        """In the order of the description; what is None is left out."""
        known = [(name, *self._around(name, inner)) for name, inner in members.items()]

        def write(values: Mapping[str, Any]) -> str:
            parts = []
            for name, begin, writer, end in known:
                if (value := values.get(name)) is not None:
                    parts.append(f"{begin}{writer(value)}{end}")
            return "".join(parts)

        return write

    def _around(self, name: str, inner: str) -> tuple[str, _Writer, str]:
        """The items of a flattened list stand in no element of their own."""
        shape = self.description.shapes[inner]
        if shape.type == "list" and shape.flattened:
            return "", self._list(name, shape.member), ""
        return f"<{name}>", self._writer(inner), f"</{name}>"

    def _list(self, name: str, inner: str) -> _Writer:
        writer = self._writer(inner)
        return lambda values: "".join([f"<{name}>{writer(each)}</{name}>" for each in values])

    def _map(self, inner: str) -> _Writer:
        writer = self._writer(inner)
        return lambda values: "".join(
            [
                f"<entry><key>{escaped(key)}</key><value>{writer(each)}</value></entry>"
                for key, each in values.items()
            ]
        )


def _scalar(value: Any) -> str:
    return escaped(value if type(value) is str else scalar_text(value))
