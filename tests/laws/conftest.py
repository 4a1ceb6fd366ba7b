"""Tells how much the sweep of faults has tried."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in getattr(report, "user_properties", ())
        if name == "sweep"
    ]
    if counts:
        tried, every, calls = (sum(each) for each in zip(*counts, strict=True))
        terminalreporter.write_line(
            f"sweep: {len(counts)} courses with {calls} cloud calls; "
            f"{tried} of {every} faults tried, one at a time"
        )
