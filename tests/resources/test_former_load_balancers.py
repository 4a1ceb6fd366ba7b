"""OS::Neutron::Pool and LoadBalancer: what cannot be is refused, with the place."""

from __future__ import annotations

from typing import Any

import pytest

from isotherm.core.errors import Gone
from isotherm.kit import Ready, Unknown
from isotherm.kit.services.load_balancer import MEMBER, POOL
from isotherm.resources.load_balancer.lbaas_v1 import LoadBalancer, Pool
from isotherm.testing.cloud import RecordingCloud
from isotherm.testing.resource_run import ResourceRun

NO_REFERENCE = "is no reference of an OS::Neutron::HealthMonitor"
COOKIE = "vip.session_persistence.cookie_name"


@pytest.mark.parametrize(
    ("properties", "problems"),
    [
        ({"monitors": [Unknown("monitor")]}, []),
        ({"monitors": ['{"type": "TCP"}']}, []),
        ({"monitors": ["an-id-of-old"]}, [("monitors.0", NO_REFERENCE)]),
        ({"monitors": [7]}, [("monitors.0", NO_REFERENCE)]),
        ({"monitors": ["[1]"]}, [("monitors.0", NO_REFERENCE)]),
        ({"vip": {"session_persistence": {"type": "SOURCE_IP"}}}, []),
        (
            {"vip": {"session_persistence": {"type": "APP_COOKIE"}}},
            [(COOKIE, "must be given where type is APP_COOKIE")],
        ),
        (
            {"vip": {"session_persistence": {"type": "SOURCE_IP", "cookie_name": "c"}}},
            [(COOKIE, "is for type APP_COOKIE only")],
        ),
    ],
)
def test_a_pool(properties: Any, problems: Any) -> None:
    assert list(Pool().validate(properties)) == problems


async def test_servers_are_balanced_by_pools_that_there_are() -> None:
    cloud = RecordingCloud(entities=(POOL, MEMBER))
    with pytest.raises(Gone):
        await ResourceRun.begin(
            LoadBalancer(), {"pool_id": "a", "protocol_port": 80}, cloud
        ).create()
    cloud.put(POOL, "a")
    run = ResourceRun.begin(LoadBalancer(), {"pool_id": "a", "protocol_port": 80}, cloud)
    assert isinstance(await run.create(), Ready)
    with pytest.raises(Gone):
        await run.update({"pool_id": "b", "protocol_port": 80})
