"""How operations went, and how long steps take, in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from isotherm.ports.records import Duration, Report
from isotherm.testing.copies import copied

_KEPT = 10


class Reports:
    """The last ones of each stack."""

    def __init__(self) -> None:
        self._reports: dict[tuple[str, int], Report] = {}
        self._durations: dict[tuple[str, str], Duration] = {}

    def put(self, report: Report) -> None:
        self._reports[report.stack_id, report.number] = copied(report)
        self._reports.pop((report.stack_id, report.number - _KEPT), None)

    def one(self, stack_id: str, number: int | None) -> Report | None:
        """The newest where ``number`` is None."""
        found = [each for each in self._of({stack_id}) if number in (None, each.number)]
        return found[-1] if found else None

    def asked_between(
        self, stack_ids: Collection[str], start: datetime, end: datetime
    ) -> list[Report]:
        return [each for each in self._of(stack_ids) if start <= each.asked_at <= end]

    def learn(self, durations: Iterable[Duration]) -> None:
        self._durations |= {(each.type, each.kind): each for each in durations}

    def durations(self) -> list[Duration]:
        return list(self._durations.values())

    def drop_with(self, stack_ids: Collection[str]) -> None:
        self._reports = {k: each for k, each in self._reports.items() if k[0] not in stack_ids}

    def _of(self, stack_ids: Collection[str]) -> list[Report]:
        return [each for key, each in sorted(self._reports.items()) if key[0] in stack_ids]
