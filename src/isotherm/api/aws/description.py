"""What Amazon's own description of a service says of its operations.

Compiled from botocore's by ``scripts/compile-aws-descriptions``, so that neither botocore nor
what nobody asks for is loaded when the service runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from importlib.resources import files

import msgspec


class Shape(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One type of value. ``members`` of a structure by name, ``member`` of a list; ``key`` and
    ``value`` of a map: each names a shape. ``low`` and ``high`` bound numbers."""

    type: str
    members: dict[str, str] = {}
    required: tuple[str, ...] = ()
    member: str = ""
    key: str = ""
    value: str = ""
    enum: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    flattened: bool = False
    code: str = ""
    """Of an error: what clients know it by."""


class Operation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """``input`` and ``output`` name shapes; empty where there is nothing to tell. ``wrapper`` is
    what stands around the result in XML."""

    input: str = ""
    output: str = ""
    wrapper: str = ""


class Description(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """``target`` is how JSON requests name the service, before the operation. ``absent``: the
    operations that AWS has besides."""

    service: str
    version: str
    target: str = ""
    absent: tuple[str, ...] = ()
    operations: Mapping[str, Operation]
    shapes: Mapping[str, Shape]

    @cached_property
    def empty(self) -> Shape:
        return Shape(type="structure")

    def input(self, operation: str) -> Shape:
        return self.shapes.get(self.operations[operation].input, self.empty)

    def output(self, operation: str) -> Shape:
        return self.shapes.get(self.operations[operation].output, self.empty)


def load_description(package: str) -> Description:
    """That of the door in a package. Takes a few milliseconds."""
    text = files(package).joinpath("description.json").read_bytes()
    return msgspec.json.decode(text, type=Description)
