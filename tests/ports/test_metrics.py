"""The metrics port: a process that nobody watches is counted by nobody."""

from __future__ import annotations

from isotherm.ports.metrics import NO_METRICS


def test_figures_that_nobody_wants_go_nowhere() -> None:
    NO_METRICS.called_cloud("compute", "GET", 200, 0.1)
    NO_METRICS.ended_step("create", "done", 0.1)
    NO_METRICS.polled(3)
    NO_METRICS.committed(2, 0.1)
