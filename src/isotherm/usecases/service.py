"""What the service says of itself."""

from __future__ import annotations

from isotherm.usecases.services import Services


async def build_info(services: Services) -> dict[str, dict[str, str]]:
    revision = {"revision": services.settings.revision}
    return {"api": revision, "engine": revision}
