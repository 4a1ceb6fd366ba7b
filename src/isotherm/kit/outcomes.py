"""What a verb of a resource type answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from isotherm.core.failures import Failure

Remote = Mapping[str, Any]
"""An object as the cloud describes it."""


IN_ERROR = "ResourceInError"
"""The kind of failure in which the cloud made an object that came to nothing."""


@dataclass(frozen=True, slots=True)
class Started:
    """The object exists under this id; the id is recorded before anything else happens.

    ``remote`` is judged at once if given, otherwise the object is observed next.
    """

    physical_id: str
    remote: Remote | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """Done. ``remote`` saves an observation where the verb already holds the object."""

    remote: Remote | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Not there yet: observe again after ``poll_after`` seconds.

    ``stage`` names where a verb of several calls stands; it is recorded, so that
    ``advance`` goes on from it after a restart. None leaves the stage as it is.
    """

    poll_after: float = 1.0
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """It will not come right by waiting; ``reason`` is shown to the user.

    ``kind`` stands before the reason in statuses and events, as clients know it; ``inside``
    is the failure of a culprit within the object, if it is a stack.
    """

    reason: str
    kind: str = IN_ERROR
    inside: Failure | None = None

    @property
    def transient(self) -> bool:
        """Whether another object may do better."""
        return self.kind == IN_ERROR


Outcome = Started | Ready | Pending | Failed


class ReplaceInstead(Exception):
    """Raised by ``update``: the change cannot be made in place, replace the resource."""
