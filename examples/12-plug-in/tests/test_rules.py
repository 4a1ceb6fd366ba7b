"""Acme's rules."""

import asyncio

import pytest
from acme_isotherm.rules import Freeze, cost_centre

from isotherm.kit import OperationRefused, Refused, StackOperation
from isotherm.testing.cloud import RecordingCloud


def operation(name: str) -> StackOperation:
    return StackOperation("id", "web", "project", "user", name, 1)


def test_cost_centres_are_written_in_one_way() -> None:
    api = RecordingCloud().api
    asyncio.run(cost_centre(api, "CC-0815"))
    with pytest.raises(Refused, match="written like"):
        asyncio.run(cost_centre(api, "815"))


def test_nothing_is_changed_during_a_freeze(monkeypatch: pytest.MonkeyPatch) -> None:
    asyncio.run(Freeze().before(operation("UPDATE")))
    monkeypatch.setenv("ACME_FREEZE", "end of the year")
    asyncio.run(Freeze().before(operation("CREATE")))
    with pytest.raises(OperationRefused, match="end of the year"):
        asyncio.run(Freeze().before(operation("DELETE")))
