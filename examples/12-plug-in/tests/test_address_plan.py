"""Acme::AddressPlan, on a cloud in memory."""

import asyncio

from acme_isotherm.address_plan import AddressPlan

from isotherm.kit import Ready
from isotherm.testing.resource_run import ResourceRun


def test_its_name_says_who_pays() -> None:
    async def live() -> None:
        run = ResourceRun.begin(AddressPlan(), {"cost_centre": "CC-0001", "purpose": "anvils"})
        assert isinstance(await run.create(), Ready)
        (made,) = run.cloud.made("create")
        assert made.body["name"] == "CC-0001 anvils (stack-it-token)"
        changed = {"cost_centre": "CC-0002", "purpose": "anvils"}
        assert isinstance(await run.update(changed), Ready)
        assert await run.attribute("label") == "CC-0002 anvils (stack-it-token)"
        assert isinstance(await run.delete(), Ready)

    asyncio.run(live())


def test_it_is_found_again_after_a_lost_answer() -> None:
    async def live() -> None:
        run = ResourceRun.begin(AddressPlan(), {"cost_centre": "CC-0001", "purpose": "anvils"})
        await run.create()
        (found,) = await run.type.find(run.crash().ctx)
        assert found.physical_id == run.ctx.physical_id

    asyncio.run(live())
