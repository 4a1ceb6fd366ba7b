"""A message in the moment in which the owner of its stack looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from isotherm.kit.registry import Registry
from isotherm.ports.records import Message, Resource


class Taken(Enum):
    """What has become of a message."""

    IN = "its effect is written"
    NOT_YET = "it has to wait"
    AND_BEGUN = "its effect is written, and has set something going"


@dataclass(frozen=True, slots=True)
class Arrival:
    """``row`` is the one that the message is about, if that is still there; ``idle``: the
    stack does nothing at the moment."""

    message: Message
    row: Resource | None
    types: Registry
    idle: bool = False
