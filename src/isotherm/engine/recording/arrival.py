"""Messages in the moment in which the owner of their stack looks at them."""

from __future__ import annotations

from collections.abc import Sequence
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
    stack does nothing at the moment.

    Several messages come at once where they can be taken in together.
    """

    messages: Sequence[Message]
    row: Resource | None
    types: Registry
    idle: bool = False

    @property
    def message(self) -> Message:
        """The first one."""
        return self.messages[0]
