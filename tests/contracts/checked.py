"""What the contract tests found on real services: kept in `checked.json`, told by the docs.

A run on a real cloud takes the place of what was known of the tests that it ran, if it is told
what runs there:

    ISOTHERM_TEST_RELEASES="identity: keystone 30.0.0, compute: nova 34.0.0" make test-openstack
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "checked.json"


@dataclass(frozen=True)
class Checked:
    """``releases``: what ran, by type of service. ``passed``: the types of resources that each
    test saw complete and go. ``skipped``: why; on a cloud without the service, say."""

    releases: Mapping[str, str] = field(default_factory=dict)
    passed: Mapping[str, list[str]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    skipped: Mapping[str, str] = field(default_factory=dict)

    @property
    def types(self) -> frozenset[str]:
        return frozenset(name for names in self.passed.values() for name in names)

    def tests_of(self, types: Iterable[str]) -> int:
        """How many passed that had one of these types."""
        wanted = frozenset(types)
        return sum(1 for names in self.passed.values() if wanted & set(names))


def load() -> Checked:
    return Checked(**json.loads(FILE.read_text()))


class Run:
    """The reports of one run, as they come in."""

    def __init__(self) -> None:
        self._passed: dict[str, list[str]] = {}
        self._failed: set[str] = set()
        self._skipped: dict[str, str] = {}

    def take_in(self, report: Any) -> None:
        if "[real" not in report.nodeid:
            return
        name = _short(report.nodeid)
        if report.failed:
            self._failed.add(name)
        elif report.skipped:
            self._skipped[name] = str(report.longrepr[2]).removeprefix("Skipped: ")
        elif report.when == "teardown":
            told = [names for key, names in report.user_properties if key == "types"]
            self._passed[name] = sorted({each for names in told for each in names})

    def keep(self) -> None:
        """Write it down, if anybody told what runs there."""
        told = os.environ.get("ISOTHERM_TEST_RELEASES", "")
        seen = {*self._passed, *self._failed, *self._skipped}
        if not told or not seen:
            return
        before = load()
        passed = {
            name: types
            for name, types in self._passed.items()
            if name not in self._failed and name not in self._skipped
        }
        checked = {
            "releases": {**before.releases, **_parsed(told)},
            "passed": _renewed(before.passed, passed, seen),
            "failed": sorted({*before.failed} - seen | self._failed),
            "skipped": _renewed(before.skipped, self._skipped, seen),
        }
        FILE.write_text(_one_a_line(checked))


def _one_a_line(checked: Mapping[str, Any]) -> str:
    parts = []
    for name, each in checked.items():
        rows = (
            [json.dumps(row) for row in each]
            if isinstance(each, list)
            else [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in each.items()]
        )
        left, right = "[]" if isinstance(each, list) else "{}"
        inner = ",\n  ".join(rows)
        parts.append(f" {json.dumps(name)}: {left}\n  {inner}\n {right}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _renewed(before: Mapping[str, Any], now: Mapping[str, Any], seen: set[str]) -> dict[str, Any]:
    kept = {name: each for name, each in before.items() if name not in seen}
    return dict(sorted({**kept, **now}.items()))


def _short(node_id: str) -> str:
    """`dns::test_zone[PRIMARY]` of `…/test_dns.py::test_zone[real-PRIMARY]`."""
    file, _, test = node_id.partition("::")
    name = test.replace("[real-", "[").replace("-real]", "]").replace("[real]", "")
    return f"{Path(file).stem.removeprefix('test_')}::{name}"


def _parsed(told: str) -> dict[str, str]:
    pairs = (each.split(":", 1) for each in told.split(","))
    return {service.strip(): release.strip() for service, release in pairs}
