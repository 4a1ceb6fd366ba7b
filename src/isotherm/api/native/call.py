"""One authenticated call of a route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from isotherm.api.native.links import Links
from isotherm.api.native.queries import Query
from isotherm.api.web.bodies import (
    details_in,
    read_bytes,
    read_object,
    read_optional_object,
)
from isotherm.ports.cloud import Caller
from isotherm.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Call:
    """``path`` holds the path arguments."""

    services: Services
    caller: Caller
    request: Request
    path: Mapping[str, str]
    query: Query
    links: Links

    @property
    def stack(self) -> tuple[str, str]:
        """Name and id of the stack in the path."""
        return self.path["stack_name"], self.path["stack_id"]

    async def body(self) -> dict[str, Any]:
        """The JSON object in the body; raises BadRequest or RequestLimitExceeded."""
        return await read_object(self.request, self.services.settings.max_json_body_size)

    async def optional_body(self) -> dict[str, Any] | None:
        """The same where there may be none."""
        return await read_optional_object(self.request, self.services.settings.max_json_body_size)

    async def details(self) -> dict[str, Any] | None:
        """What a signal tells; raises the same."""
        limit = self.services.settings.max_json_body_size
        return details_in(await read_bytes(self.request, limit))
