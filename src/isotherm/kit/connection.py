"""The one port to a cloud: a request goes out, a reply comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from isotherm.core.errors import Refused
from isotherm.kit.place import HERE, Place

READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Request:
    """``path`` lies below the service's endpoint and is quoted already; a query may follow it.
    ``body`` is sent as JSON, bytes as they are. ``microversion`` counts where the service
    knows microversions. ``keeps_token``: a 401 is about what is asked, not about the token that
    it is asked with, which is not made anew then."""

    service: str
    method: str
    path: str
    body: Any = field(default=None, repr=False)
    microversion: str = ""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    place: Place = HERE
    keeps_token: bool = False

    @property
    def reads(self) -> bool:
        """Whether it changes nothing, and so may be sent again."""
        return self.method in READS


@dataclass(frozen=True, slots=True)
class Reply:
    """``body`` is parsed: JSON, text, bytes; None where there was none."""

    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Connection(Protocol):
    """A cloud as one project's delegate, or one caller, reaches it."""

    async def send(self, request: Request) -> Reply:
        """The reply of a request that was a success.

        Raises the ``RemoteError`` classes of ``core.errors`` and nothing else of its own.
        """
        ...

    async def address(self, service: str) -> str:
        """Where users of the project reach the service, without a slash at the end. Raises
        RemoteError."""
        raise Refused(f"Nobody here knows where users reach {service}.")
