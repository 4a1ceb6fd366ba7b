"""What the service says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from isotherm.engine.owning.attendance import REPORT_SECONDS
from isotherm.ports.attendance import Engine
from isotherm.usecases.services import Services

_MISSED_AFTER = timedelta(seconds=2 * REPORT_SECONDS)


@dataclass(frozen=True, slots=True)
class EngineDetail:
    """``up``: it has said so lately; it does every ``report_seconds``."""

    engine: Engine
    up: bool
    report_seconds: int = REPORT_SECONDS


async def build_info(services: Services) -> dict[str, dict[str, str]]:
    revision = {"revision": services.settings.revision}
    return {"api": revision, "engine": revision}


async def list_engines(services: Services) -> list[EngineDetail]:
    """Those that run, and those that broke off within a day."""
    now = services.clock.now()
    engines = await services.store.attendance.engines()
    return [EngineDetail(each, now - each.seen_at <= _MISSED_AFTER) for each in engines]
