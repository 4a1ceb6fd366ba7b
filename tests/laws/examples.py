"""How many examples each law is tried on: few by default, more by ``ISOTHERM_LAW_EXAMPLES``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("ISOTHERM_LAW_EXAMPLES", "40"))

examples = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
