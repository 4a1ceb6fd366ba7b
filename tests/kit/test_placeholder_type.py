"""A type that stands in for any other."""

from __future__ import annotations

from isotherm.kit import PlaceholderType, Ready
from isotherm.testing.resource_run import ResourceRun


class Nothing(PlaceholderType):
    """Stands for what is not there."""


async def test_it_has_a_name_of_its_own_and_says_nothing_of_itself() -> None:
    run = ResourceRun.begin(Nothing(), {})
    assert isinstance(await run.create(), Ready)
    assert run.ctx.physical_id == run.ctx.intent.uuid
    assert await run.attribute("whatever") is None
    assert run.cloud.calls == []


def test_every_property_is_taken() -> None:
    assert Nothing.open
