"""A stack that is only looked at: its types find nothing beside it, and keep nothing there."""

from __future__ import annotations

import pytest

from isotherm.core.errors import Refused
from isotherm.kit.software import Deployment, NoSoftware, SoftwareConfig
from isotherm.kit.watches import NoWatches
from isotherm.testing.virtual_time import EPOCH


async def test_there_are_no_software_configurations() -> None:
    software = NoSoftware()
    config = SoftwareConfig(id="c", project_id="p", created_at=EPOCH)
    deployment = Deployment(id="d", project_id="p", server_id="s", config_id="c", created_at=EPOCH)
    assert await software.config("c") is None
    assert await software.deployment("d") is None
    for change in (
        software.keep_config(config),
        software.remove_config("c"),
        software.keep_deployment(deployment),
        software.remove_deployment("d"),
        software.conclude_deployment(deployment),
        software.tell_server("s", "web"),
    ):
        with pytest.raises(LookupError):
            await change
    await software.forget_server("s")


async def test_alarms_may_be_there_and_cannot_be_changed() -> None:
    watches = NoWatches()
    assert await watches.show("high") == {}
    for change in (watches.put("high", {}), watches.remove("high")):
        with pytest.raises(Refused, match="no alarms here"):
            await change
