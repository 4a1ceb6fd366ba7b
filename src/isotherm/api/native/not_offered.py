"""Routes of what the service does not do yet: each is refused with the feature's name."""

from __future__ import annotations

from isotherm.api.native.paths import ROOT
from isotherm.api.native.routing import Route
from isotherm.api.native.service import refuse

NOT_OFFERED: tuple[Route, ...] = tuple(
    Route(name, method, path, refuse(feature), rule, success, summary=f"{feature} (not yet)")
    for name, method, path, rule, success, feature in (
        ("service_index", "GET", f"{ROOT}/services", "service:index", 200, "Listing engines"),
    )
)
